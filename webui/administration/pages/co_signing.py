"""What an administrator prepares waits for a co-signature: roles in which cases are handled, and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from psycopg import Connection

from coordination.desk.co_signing import is_stopped, prepare, withdraw
from coordination.desk.tokens import Token
from coordination.directory.commands import AppointPerson
from coordination.directory.organisation import Organisation
from coordination.errors import Refusal
from webui.administration.pages.shared import perform_form
from webui.forms import Form
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory


@contextmanager
def to_be_co_signed(found: Organisation, command: AppointPerson) -> Iterator[None]:
    """Appoint somebody within this block: the role waits before the person has it, and waits no more when it was
    refused. A role that the person has there already is left as it is."""
    if _has_already(found, command):
        yield
        return
    with runtime().desk() as connection:
        added = prepare(
            connection,
            "role",
            command.person,
            found,
            command.role,
            by=viewer().person,
            authority=_authority_of(found),
            now=runtime().now(),
        )
    try:
        yield
    except Refusal:
        if added is not None:
            with runtime().desk() as connection:
                withdraw(connection, added)
        raise


def perform_appointment(form: Form, found: Organisation, command: AppointPerson) -> bool:
    """Perform the appointment of a form; False: it was refused, which the form then shows."""
    try:
        with to_be_co_signed(found, command):
            if not perform_form(form, [command]):
                raise _RefusedForm("refused")
    except _RefusedForm:
        return False
    return True


class _RefusedForm(Refusal):
    """The form shows its refusal already."""


def prepare_token(connection: Connection, found: Organisation, made: Token) -> None:
    """Let a token wait, in the transaction that makes it."""
    prepare(
        connection,
        "token",
        made.token,
        found,
        made.role,
        by=viewer().person,
        authority=_authority_of(found),
        now=runtime().now(),
    )


def _authority_of(found: Organisation) -> UUID | None:
    """The authority that telephones an organisation without anybody who could co-sign: a school's own, for an agency
    that of the administrator."""
    if found.kind == "school":
        return found.authority
    own = directory().organisation(viewer().organisation)
    return own.id if found.kind == "agency" and own is not None and own.kind == "authority" else None


def _has_already(found: Organisation, command: AppointPerson) -> bool:
    """Whether the person works there in this role today, with nothing to wait for."""
    today = runtime().today()
    held = any(
        a.role == command.role
        and a.effective_from <= today
        and (a.effective_to is None or a.effective_to >= today)
        for a in found.people.get(command.person, ())
    )
    if not held:
        return False
    with runtime().desk() as connection:
        return not is_stopped(connection, "role", command.person, found.id, command.role)
