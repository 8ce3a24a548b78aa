"""Carrying out requests for a file: the worker does it, and the command line itself after an import."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from coordination.authority import OPERATOR
from coordination.calendars import local_date
from coordination.desk.file_requests import (
    AskedPupil,
    RequestRow,
    close_request,
    link_request,
    open_carried_out,
    refuse_request,
    waiting_requests,
)
from coordination.errors import NotFound, Refusal
from coordination.event import Command, CommandContext
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.moves.commands import EscalateFileRequest, RequestFile
from coordination.pupil.profile.commands import RecordProvision
from coordination.service import Coordination


def carry_out_requests(service: Coordination, *, now: datetime) -> int:
    """Carries out every waiting request: how many.

    A number that nobody has registers the pupil for the school that asked, and answers the request. For a known number
    the request goes onto the pupil's stream, for the school that has the pupil to answer.
    """
    done = 0
    while True:
        with service.record.desk() as conn:
            waiting = waiting_requests(conn, service.record.outer)
        if not waiting:
            return done
        for row in waiting:
            _carry_out(service, row, now)
        done += len(waiting)


def _carry_out(service: Coordination, row: RequestRow, now: datetime) -> None:
    """Carries out one request. One that cannot be opened, or is refused, waits for the school, which is told why."""
    if row.asked is None or row.context is None:
        with service.record.desk() as conn:
            refuse_request(conn, row.request, "request_not_readable")
        return
    upn = row.asked.register.upn
    known = service.record.pupils_by_upn([upn]).get(upn)
    try:
        if known is None:
            pupil = _register(service, row.asked, row.context)
        else:
            pupil = known
            service.perform(_request(row, row.asked, pupil), _order(row.context, "request", now))
    except Refusal as refused:
        if refused.code == "upn_of_another_pupil":  # another save registered the number meanwhile
            return
        with service.record.desk() as conn:
            if refused.code == "already_registered":  # the pupil came onto the own roll meanwhile
                close_request(conn, row.request, now)
            else:
                refuse_request(conn, row.request, refused.code)
        return
    with service.record.desk() as conn:
        link_request(conn, row.request, pupil)
        if known is None:
            close_request(conn, row.request, now)


def _register(service: Coordination, asked: AskedPupil, context: CommandContext) -> UUID:
    """Registers a pupil whose number nobody has, with all that the asking school knows."""
    pupil = asked.register.pupil
    commands: list[Command] = [asked.register]
    commands += [
        RecordProvision(occurred_on=on, pupil=pupil, provision=provision)
        for on, provision in asked.provisions
    ]
    service.perform_all(
        (command, _order(context, f"register {number}", context.recorded_at))
        for number, command in enumerate(commands)
    )
    return pupil


def _request(row: RequestRow, asked: AskedPupil, pupil: UUID) -> RequestFile:
    described = asked.register
    return RequestFile(
        occurred_on=described.occurred_on,
        pupil=pupil,
        request=row.request,
        school=row.school,
        upn=described.upn,
        surname=described.surname,
        forename=described.forename,
        date_of_birth=described.date_of_birth,
        sex=described.sex,
        confidential=asked.confidential,
        why=asked.why,
    )


def _order(context: CommandContext, step: str, now: datetime) -> CommandContext:
    """The context of the person who asked, for one step of the request."""
    return msgspec.structs.replace(context, command_id=f"{context.command_id}/{step}", recorded_at=now)


def escalate_requests(service: Coordination, *, now: datetime) -> int:
    """Puts the requests that a closed or silent school did not answer to the authority, and deletes what was typed in
    those that were answered meanwhile: how many were put to the authority."""
    with service.record.desk() as conn:
        rows = open_carried_out(conn, service.record.outer)
    escalated = 0
    for row in rows:
        if row.pupil is None:
            continue
        request = service.batch().state(PUPIL_STREAM, row.pupil).moves.requests.get(row.request)
        if request is None or not request.open:
            with service.record.desk() as conn:
                close_request(conn, row.request, now)
        elif request.ground is None:
            escalated += _escalate(service, row.request, row.pupil, now)
    return escalated


def _escalate(service: Coordination, request: UUID, pupil: UUID, now: datetime) -> bool:
    command = EscalateFileRequest(occurred_on=local_date(now), pupil=pupil, request=request)
    try:
        service.perform(command, schedule_order(f"escalate {request}", now))
    except (NotFound, Refusal):
        return False
    return True


def schedule_order(command_id: str, now: datetime) -> CommandContext:
    """The context of what the service does by itself."""
    return CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="schedule",
        command_id=command_id,
        recorded_at=now,
    )
