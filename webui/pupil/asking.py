"""Asking for a pupil of another school from a page or the API: the same for every number, known or not."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.authority import SCHOOL_ROLES
from coordination.desk import file_requests
from coordination.desk.file_requests import AskedPupil, RequestRow
from coordination.errors import NotFound, Refusal
from coordination.guards import require_words
from coordination.pupil.moves.commands import WithdrawFileRequest
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime


def ask_for_file(asked: AskedPupil, command_id: str) -> UUID:
    """Asks for the file, and returns the id of the request. The worker carries it out.

    Refuses `too_many_file_requests`, `in_the_future` and `cannot_be_empty` (a confidential request without its
    reason); raises NotFound for who may not ask.
    """
    if viewer().role not in SCHOOL_ROLES:
        raise NotFound
    for field in ("occurred_on", "date_of_birth"):
        if getattr(asked.register, field) > runtime().today():
            on = getattr(asked.register, field).isoformat()
            raise Refusal("in_the_future", field, on=on, today=runtime().today().isoformat())
    if asked.confidential:
        require_words(asked.why, "confidential_why")
    with runtime().desk() as conn:
        return file_requests.ask(
            conn,
            runtime().coordination.record.outer,
            asked,
            casework.command_context(command_id),
            now=runtime().now(),
            most=runtime().settings.file_requests,
        )


def own_requests() -> list[RequestRow]:
    """The requests of the user's school that wait for an answer, the newest first."""
    with runtime().desk() as conn:
        return file_requests.requests_of(conn, runtime().coordination.record.outer, viewer().organisation)


def own_request(request: UUID) -> RequestRow:
    """A request of the user's school, answered or not. Raises NotFound."""
    with runtime().desk() as conn:
        outer = runtime().coordination.record.outer
        found = file_requests.request_of(conn, outer, request, viewer().organisation)
    if found is None:
        raise NotFound
    return found


def withdraw(row: RequestRow, command_id: str) -> None:
    """Takes a request back, whether or not it was carried out. Refuses `request_answered`."""
    if row.pupil is not None:
        command = WithdrawFileRequest(occurred_on=runtime().today(), pupil=row.pupil, request=row.request)
        casework.perform(command, command_id)
    close(row.request)


def close(request: UUID) -> None:
    """Deletes what was typed for a request that was answered."""
    with runtime().desk() as conn:
        file_requests.close_request(conn, request, runtime().now())


def with_reason(asked: AskedPupil, confidential: bool | None, why: str | None) -> AskedPupil:
    """The request as confidential, with its reason, where the user says so."""
    return msgspec.structs.replace(asked, confidential=bool(confidential), why=why if confidential else None)
