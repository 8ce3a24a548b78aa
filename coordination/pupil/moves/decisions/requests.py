"""Asking for the file of a pupil who is on another school's roll, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.authority import (
    CASEWORKER_ROLE,
    SAFEGUARDING_ROLE,
    SCHOOL_ROLES,
    acting_organisation,
    command_day,
    require_not_in_future,
)
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import require_words, strip_text
from coordination.pupil.moves.commands import (
    AnswerFileRequest,
    EscalateFileRequest,
    RequestFile,
    WithdrawFileRequest,
)
from coordination.pupil.moves.events import (
    AnyMoveEvent,
    EscalationGround,
    FileRequestAnswered,
    FileRequested,
    FileRequestEscalated,
)
from coordination.pupil.moves.state import FileRequest
from coordination.pupil.moves.time_limits import is_silent
from coordination.pupil.profile.events import (
    AnyProfileEvent,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
)
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

MovingEvent = AnyMoveEvent | AnyProfileEvent


def decide_request(case: CaseFile, command: RequestFile, header: Header, world: World) -> list[MovingEvent]:
    """Records the request on the pupil's stream. The same school's second request while one waits records nothing.

    Refuses `already_registered` for a pupil on the school's own roll. Raises NotFound for another organisation and
    for a stream without a pupil.
    """
    if acting_organisation(header) != command.school or header.role not in SCHOOL_ROLES:
        raise NotFound
    school = world.directory.organisation(command.school)
    if school is None or school.kind != "school" or not case.profile.registered:
        raise NotFound
    schools = case.profile.schools()
    if command.school in schools:
        raise Refusal("already_registered", "upn")
    require_not_in_future(header, command.occurred_on)
    if command.confidential:
        require_words(command.why, "why")
    if case.moves.open_request_of(command.school) is not None:
        return []
    asked = FileRequested(
        header=header,
        request=command.request,
        school=command.school,
        put_to=tuple(sorted(schools)),
        confidential=command.confidential,
        upn=command.upn,
        surname=command.surname,
        forename=command.forename,
        date_of_birth=command.date_of_birth,
        sex=command.sex,
        why=strip_text(command.why),
    )
    ground: EscalationGround | None = "confidential" if command.confidential else _ground(case, header, world)
    return [asked, *_escalated(case, command.request, ground, header, world)]


def _ground(case: CaseFile, header: Header, world: World) -> EscalationGround | None:
    """Why no school can answer; None where one can."""
    schools = case.profile.schools()
    if not schools:
        return "on_no_roll"
    today = command_day(header)
    found = [world.directory.organisation(school) for school in schools]
    return None if any(s is not None and s.is_open(today) for s in found) else "school_closed"


def _escalated(
    case: CaseFile,
    request: UUID,
    ground: EscalationGround | None,
    header: Header,
    world: World,
    why: str | None = None,
) -> list[FileRequestEscalated]:
    """The event that puts a request to the authority of the last school; none without a ground or an authority."""
    last = case.profile.school() or case.profile.registrations[-1].school
    authority = world.directory.authority_of(last)
    if ground is None or authority is None:
        return []
    return [FileRequestEscalated(header=header, request=request, authority=authority, ground=ground, why=why)]


def decide_answer(
    case: CaseFile, command: AnswerFileRequest, header: Header, world: World
) -> list[MovingEvent]:
    """The answer of a school that has the pupil on its roll, or of the authority where it was escalated.

    Refuses `request_answered`, `pupil_moved_on` (the school no longer has the pupil on its roll),
    `before_registration` (a day before the pupil joined the school that answers), `cannot_be_empty` (a dispute
    without a reason), `authority_decides` (the authority
    cannot dispute) and `confidential_not_on_both`. Raises NotFound for anybody else.
    """
    request = case.moves.requests.get(command.request)
    if request is None:
        raise NotFound
    by_authority = _answers_for_authority(request, header)
    holder = None if by_authority else _holder(case, request, header)
    if not request.open:
        raise Refusal("request_answered", "answer")
    require_not_in_future(header, command.occurred_on)
    why = strip_text(command.why)
    if command.answer == "disputed":
        if by_authority:
            raise Refusal("authority_decides", "answer")
        words = require_words(command.why, "why")
        if request.ground is not None:
            raise Refusal("request_escalated", "answer")
        return [*_escalated(case, request.request, "disputed", header, world, words)]
    if command.answer == "kept_on_both" and request.confidential:
        raise Refusal("confidential_not_on_both", "answer")
    answered = FileRequestAnswered(
        header=header,
        request=request.request,
        school=request.school,
        answer=command.answer,
        authority=request.authority,
        why=why,
    )
    return [answered, *_roll(case, request, command, holder, header)]


def _answers_for_authority(request: FileRequest, header: Header) -> bool:
    """Whether the actor is the authority's person to whom the request was put."""
    role = SAFEGUARDING_ROLE if request.confidential else CASEWORKER_ROLE
    return request.authority == acting_organisation(header) and header.role == role


def _holder(case: CaseFile, request: FileRequest, header: Header) -> UUID:
    """The actor's school, when it has the pupil on its roll. Refuses `pupil_moved_on` when it had."""
    school = acting_organisation(header)
    if request.confidential or header.role not in SCHOOL_ROLES or school == request.school:
        raise NotFound
    if school in case.profile.schools():
        return school
    if school in request.put_to:
        raise Refusal("pupil_moved_on", "answer")
    raise NotFound


def _roll(
    case: CaseFile, request: FileRequest, command: AnswerFileRequest, holder: UUID | None, header: Header
) -> list[AnyProfileEvent]:
    """What the answer changes on the roll. `holder` is the school that answers; None: the authority does."""
    schools = case.profile.schools()
    if command.answer == "not_this_pupil" or request.school in schools:
        return []
    begun = [r.from_on for r in case.profile.registrations if r.until is None and holder in (None, r.school)]
    if begun and command.occurred_on < max(begun):
        raise Refusal("before_registration", "occurred_on", since=max(begun).isoformat())
    if command.answer == "kept_on_both" or not schools:
        return [RegistrationAdded(header=header, school=request.school)]
    leaving = [holder] if holder is not None else sorted(schools)
    moved = SchoolMoved(header=header, from_school=leaving[0], to_school=request.school)
    return [moved, *(RegistrationEnded(header=header, school=school) for school in leaving[1:])]


def decide_withdraw(
    case: CaseFile, command: WithdrawFileRequest, header: Header, world: World
) -> list[AnyMoveEvent]:
    """The school that asked takes its request back. Refuses `request_answered`."""
    request = case.moves.requests.get(command.request)
    if request is None or request.school != acting_organisation(header) or header.role not in SCHOOL_ROLES:
        raise NotFound
    if not request.open:
        raise Refusal("request_answered")
    return [
        FileRequestAnswered(
            header=header,
            request=request.request,
            school=request.school,
            answer="withdrawn",
            authority=request.authority,
            why=None,
        )
    ]


def decide_escalate(
    case: CaseFile, command: EscalateFileRequest, header: Header, world: World
) -> list[AnyMoveEvent]:
    """Puts an open request to the authority: of a closed school at once, of a silent one after five working days.

    Records nothing when it was answered or escalated before. Refuses `request_in_time`. Only the service itself.
    """
    request = case.moves.requests.get(command.request)
    if request is None or header.role != "operator":
        raise NotFound
    if not request.open or request.ground is not None:
        return []
    ground = _ground(case, header, world)
    if ground is None and is_silent(request.asked_on, command_day(header)):
        ground = "no_answer"
    if ground is None:
        raise Refusal("request_in_time")
    return [*_escalated(case, request.request, ground, header, world)]
