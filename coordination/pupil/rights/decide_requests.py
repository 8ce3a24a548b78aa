"""Requests to see or correct what a controller holds: who records what, and what an answer needs first."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.authority import OPERATOR_ROLE, acting_organisation, require_not_in_future
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_words, strip_text
from coordination.permissions import Right, Thing, roles_with
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.rights.commands import (
    AcknowledgeRightsRequest,
    AnswerRightsRequest,
    PassOnRightsRequest,
    ReceiveRightsRequest,
    RecordHealthOpinion,
    StartRequestClock,
    StopRequestClock,
    WeighParentsRequest,
)
from coordination.pupil.rights.due import opinion_counts
from coordination.pupil.rights.events import (
    HealthOpinionRecorded,
    ParentsRequestWeighed,
    RequestAcknowledged,
    RequestAnswered,
    RequestClockStarted,
    RequestClockStopped,
    RequestPassedOn,
    RightsRequestReceived,
)
from coordination.pupil.rights.parties import controllers_of, schools_ever
from coordination.pupil.rights.request_state import RightsRequest
from coordination.pupil.rights.retention import HEALTH_BODIES, cases_of
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

ANSWERING = frozenset(
    roles_with(Thing.RIGHTS_DESK, Right.PROPOSE, Right.APPROVE, Right.OWN_PART, Right.OWN_ORGANISATION)
)
"""The roles that record and answer requests, each for its own organisation."""
OUTCOMES: dict[str, frozenset[str]] = {
    "subject_access": frozenset({"given", "given_in_part", "refused"}),
    "educational_record": frozenset({"given", "given_in_part", "refused"}),
    "rectification": frozenset({"corrected", "given_in_part", "refused"}),
    "complaint": frozenset({"upheld", "not_upheld"}),
}
CLOCKS_STOP = frozenset({"subject_access", "rectification"})


def decide_receive(
    case: CaseFile, command: ReceiveRightsRequest, header: Header, world: World
) -> list[RightsRequestReceived]:
    """By the controller that was asked. Raises NotFound for another organisation, and for one that holds nothing of the
    pupil. Refuses a future day, and the educational record of anybody but a school (`only_a_school`)."""
    _require_controller(case, command.controller, header, world)
    require_not_in_future(header, command.occurred_on)
    if command.request in case.rights.requests:
        return []
    if command.kind == "educational_record" and command.controller not in schools_ever(case):
        raise Refusal("only_a_school", "kind")
    return [
        RightsRequestReceived(
            header=header,
            request=command.request,
            kind=command.kind,
            asked_by=command.asked_by,
            controller=command.controller,
            contact=command.contact,
            details=strip_text(command.details),
        )
    ]


def decide_stop(
    case: CaseFile, command: StopRequestClock, header: Header, world: World
) -> list[RequestClockStopped]:
    """Refuses a request of another kind than access or correction (`clock_does_not_stop`), and one that stands still
    (`clock_stopped_already`)."""
    held = _open(case, command.request, header, world)
    _require_day(held, command, header)
    if held.kind not in CLOCKS_STOP:
        raise Refusal("clock_does_not_stop")
    if held.stopped:
        raise Refusal("clock_stopped_already")
    return [RequestClockStopped(header=header, request=command.request, reason=command.reason)]


def decide_start(
    case: CaseFile, command: StartRequestClock, header: Header, world: World
) -> list[RequestClockStarted]:
    """Refuses a request whose time runs (`clock_runs`), and a day before it stopped (`end_before_start`)."""
    held = _open(case, command.request, header, world)
    _require_day(held, command, header)
    if not held.stopped:
        raise Refusal("clock_runs")
    if command.occurred_on < held.stops[-1].from_on:
        raise Refusal("end_before_start", "occurred_on")
    return [RequestClockStarted(header=header, request=command.request)]


def decide_acknowledge(
    case: CaseFile, command: AcknowledgeRightsRequest, header: Header, world: World
) -> list[RequestAcknowledged]:
    """Once; a second time nothing happens."""
    held = _open(case, command.request, header, world)
    _require_day(held, command, header)
    if held.acknowledged_on is not None:
        return []
    return [RequestAcknowledged(header=header, request=command.request)]


def decide_weigh(
    case: CaseFile, command: WeighParentsRequest, header: Header, world: World
) -> list[ParentsRequestWeighed]:
    """Of a parent's request only (`not_a_parents_request`). What a competent child says is needed.
    Refused `cannot_be_empty`."""
    held = _open(case, command.request, header, world)
    _require_day(held, command, header)
    if held.asked_by != "parent":
        raise Refusal("not_a_parents_request")
    if command.competent and command.agrees is None:
        raise Refusal("cannot_be_empty", "agrees")
    return [
        ParentsRequestWeighed(
            header=header,
            request=command.request,
            competent=command.competent,
            agrees=command.agrees if command.competent else None,
            why=require_words(command.why, "why"),
        )
    ]


def decide_opinion(
    case: CaseFile, command: RecordHealthOpinion, header: Header, world: World
) -> list[HealthOpinionRecorded]:
    """The day is that of the opinion; it may be older than the request."""
    _open(case, command.request, header, world)
    require_not_in_future(header, command.occurred_on)
    return [
        HealthOpinionRecorded(
            header=header,
            request=command.request,
            serious_harm=command.serious_harm,
            professional=require_words(command.professional, "professional"),
            why=strip_text(command.why),
        )
    ]


def decide_pass_on(
    case: CaseFile, command: PassOnRightsRequest, header: Header, world: World
) -> list[RequestPassedOn]:
    """To an organisation of the directory other than the controller, once (again: nothing happens)."""
    held = _open(case, command.request, header, world)
    _require_day(held, command, header)
    if command.to == held.controller or world.directory.organisation(command.to) is None:
        raise Refusal("unknown_organisation", "to")
    if any(to == command.to for to, _ in held.passed_on):
        return []
    return [RequestPassedOn(header=header, request=command.request, to=command.to)]


def decide_answer(
    case: CaseFile, command: AnswerRightsRequest, header: Header, world: World
) -> list[RequestAnswered]:
    """Refuses an outcome that this kind does not have (`unknown_code`); a parent's request that was not weighed
    (`competence_not_weighed`) or that a competent child did not agree to (`child_does_not_agree`); health data without
    the opinion of a health professional (`health_opinion_missing`), or all of it where one found serious harm likely
    (`serious_harm`); a correction without its entry (`correction_missing`); a refusal without a reason."""
    held = _open(case, command.request, header, world)
    _require_day(held, command, header)
    if command.outcome not in OUTCOMES[held.kind]:
        raise Refusal("unknown_code", "outcome", table="outcome")
    gives = command.outcome in ("given", "given_in_part")
    if gives and held.kind in ("subject_access", "educational_record"):
        _require_weighed(held)
    if gives and held.kind == "subject_access":
        _require_opinion(case, held, command, world)
    if command.outcome == "corrected" and not command.corrected_by:
        raise Refusal("correction_missing", "corrected_by")
    if any(not 0 < version <= case.version for version in (*command.withheld, *command.corrected_by)):
        raise Refusal("unknown_code", "withheld", table="version")
    needs_reason = command.outcome in ("refused", "not_upheld") or bool(command.withheld)
    why = require_words(command.why or "", "why") if needs_reason else strip_text(command.why)
    return [
        RequestAnswered(
            header=header,
            request=command.request,
            outcome=command.outcome,
            withheld=command.withheld,
            corrected_by=command.corrected_by,
            why=why,
        )
    ]


def _require_weighed(held: RightsRequest) -> None:
    if held.asked_by != "parent":
        return
    if held.competent is None:
        raise Refusal("competence_not_weighed")
    if held.competent and held.agrees is not True:
        raise Refusal("child_does_not_agree")


def _require_opinion(case: CaseFile, held: RightsRequest, command: AnswerRightsRequest, world: World) -> None:
    if not needs_opinion(case, held, world):
        return
    if not opinion_counts(held, command.occurred_on):
        raise Refusal("health_opinion_missing")
    if held.opinion is not None and held.opinion.serious_harm and command.outcome == "given":
        raise Refusal("serious_harm", "outcome")


def needs_opinion(case: CaseFile, held: RightsRequest, world: World) -> bool:
    """Whether a health professional's opinion is needed: the record tells of health, and the controller is no health
    body itself (Data Protection Act 2018, Schedule 3, paragraph 6)."""
    controller = world.directory.organisation(held.controller)
    is_health_body = controller is not None and controller.agency_kind in HEALTH_BODIES
    return not is_health_body and "health" in cases_of(case, world.directory, None)


def _open(case: CaseFile, request: UUID, header: Header, world: World) -> RightsRequest:
    """A request that is not answered. Raises NotFound for another controller's; Refusal `already_answered`."""
    held = case.rights.requests.get(request)
    if held is None:
        raise NotFound
    _require_controller(case, held.controller, header, world)
    if held.outcome is not None:
        raise Refusal("already_answered")
    return held


def _require_day(held: RightsRequest, command: Command, header: Header) -> None:
    require_not_in_future(header, command.occurred_on)
    if command.occurred_on < held.received_on:
        raise Refusal("before_the_request", "occurred_on", received=held.received_on.isoformat())


def _require_controller(case: CaseFile, controller: UUID, header: Header, world: World) -> None:
    """The actor answers for the controller, and the controller holds something of the pupil: the school has or had the
    pupil, the authority is theirs, or something was disclosed to the agency."""
    if case.rights.erased:
        raise Refusal("record_erased")
    acts = acting_organisation(header) == controller and header.role in ANSWERING
    if not (acts or header.role == OPERATOR_ROLE) or controller not in controllers_of(case, world.directory):
        raise NotFound


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(ReceiveRightsRequest, decide_receive, PUPIL_STREAM),
        decides(StopRequestClock, decide_stop, PUPIL_STREAM),
        decides(StartRequestClock, decide_start, PUPIL_STREAM),
        decides(AcknowledgeRightsRequest, decide_acknowledge, PUPIL_STREAM),
        decides(WeighParentsRequest, decide_weigh, PUPIL_STREAM),
        decides(RecordHealthOpinion, decide_opinion, PUPIL_STREAM),
        decides(PassOnRightsRequest, decide_pass_on, PUPIL_STREAM),
        decides(AnswerRightsRequest, decide_answer, PUPIL_STREAM),
    ]
)
