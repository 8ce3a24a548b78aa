"""Every command of an advice conversation and its decision.

A conversation is seen by the school that asked and by the service that was asked; for anyone else it does not exist
(NotFound). Without a pupil's name it needs no agreement. With a name it needs the service's basis on that day, as any
disclosure does: an agreement in force, a court order or a recorded lawful basis (facts.md, section 4).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from uuid import UUID

from coordination.advice.commands import (
    AnswerAdvice,
    AskAdvice,
    AskAdviceAboutPupil,
    EraseAdviceOfPupil,
    EraseOldAdvice,
    LinkAdvice,
    StrikeAdvice,
)
from coordination.advice.events import (
    AdviceAnswered,
    AdviceAsked,
    AdviceErased,
    AdviceNamed,
    AdviceStruck,
    AnyAdviceEvent,
)
from coordination.advice.state import ADVICE_STREAM, Conversation
from coordination.authority import (
    OPERATOR_ROLE,
    acting_organisation,
    command_day,
    require_not_in_future,
)
from coordination.decisions import Decision, decides
from coordination.directory.organisation import Service
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words, speaks_for_agency, strip_text
from coordination.permissions import Right, Thing, roles_with
from coordination.pupil.advice.events import AdviceLinked
from coordination.pupil.casefile import PUPIL_STREAM, AnyPupilEvent, CaseFile
from coordination.pupil.consent.bases import basis_in_force
from coordination.pupil.consent.events import DisclosureMade
from coordination.world import World

SCHOOL_ASKS = frozenset(roles_with(Thing.ADVICE, Right.OWN_SCHOOL)) | {OPERATOR_ROLE}
"""The school's roles that ask and record."""
KEPT_YEARS = 1
"""So many years after it was asked, the words of a conversation that is about no named pupil are destroyed."""


def decide_ask(held: Conversation, command: AskAdvice, header: Header, world: World) -> list[AnyAdviceEvent]:
    """A conversation without a name, by the school or by the service that was asked. Refuses `advice_exists`,
    `unknown_service`, `service_closed`, `in_the_future`, and what `_answer` refuses."""
    service = _require_party(command, header, world)
    return _asked(held, command, header, world, service, named=False)


def decide_ask_about(
    held: Conversation, case: CaseFile, command: AskAdviceAboutPupil, header: Header, world: World
) -> list[AnyAdviceEvent | AnyPupilEvent]:
    """A conversation about a named pupil. Refuses also `advice_needs_basis`, and an erased record; NotFound for a pupil
    who is not on the school's roll, or whom the service does not see."""
    service = _require_party(command, header, world)
    asked = _asked(held, command, header, world, service, named=True)
    return [
        *asked,
        *_linked(case, command.advice, command.school, service, header, command.occurred_on, None),
    ]


def decide_answer(
    held: Conversation, command: AnswerAdvice, header: Header, world: World
) -> list[AnyAdviceEvent]:
    """By the service, or reported by the school. The service's own answer takes the place of one that the school
    reported; any other second answer is refused (`advice_answered`)."""
    own = _require_own(held, command, header, world)
    if held.answer is not None and not (held.reported and own):
        raise Refusal("advice_answered", "answer")
    if command.occurred_on < held.asked_on:
        raise Refusal("before_previous_step", "occurred_on", since=held.asked_on.isoformat())
    return [_answer(command, held.service, header, world)]


def decide_link(
    held: Conversation, case: CaseFile, command: LinkAdvice, header: Header, world: World
) -> list[AnyAdviceEvent | AnyPupilEvent]:
    """Links a conversation to its pupil, once, and to the referral that it led to. Refuses `advice_of_another_pupil`,
    `advice_linked` (nothing would change), `advice_needs_basis`, and a referral of another service or from before the
    conversation (`not_after_advice`)."""
    _require_own(held, command, header, world)
    known = case.advice.get(command.advice)
    if held.named and known is None:
        raise Refusal("advice_of_another_pupil", "pupil")
    if known is not None and command.referral in (None, known.referral):
        raise Refusal("advice_linked", "referral")
    if command.referral is not None:
        _require_following(case, held, command.referral)
    service = world.directory.service(held.service)
    if service is None:
        raise NotFound
    linked: list[AnyAdviceEvent | AnyPupilEvent] = [] if held.named else [AdviceNamed(header=header)]
    return linked + _linked(
        case,
        command.advice,
        held.school,
        service,
        header,
        held.asked_on,
        command.referral,
        known=known is not None,
    )


def decide_strike(
    held: Conversation, command: StrikeAdvice, header: Header, world: World
) -> list[AnyAdviceEvent]:
    """By the organisation that recorded the conversation (`advice_of_the_other`), with a reason."""
    own = _require_own(held, command, header, world)
    if own != held.by_service:
        raise Refusal("advice_of_the_other", "why")
    return [AdviceStruck(header=header, why=require_words(command.why, "why"))]


def decide_erase_of_pupil(
    held: Conversation, case: CaseFile, command: EraseAdviceOfPupil, header: Header, world: World
) -> list[AnyAdviceEvent]:
    """With the erasure of the pupil's record, in the same save. NotFound for a conversation that was not about the
    pupil, and while the record is not erased."""
    erased = case.rights.erasure
    if erased is None or command.advice not in case.advice:
        raise NotFound
    if held.erased:
        return []
    return [
        AdviceErased(
            header=header,
            ground=erased.ground,
            proposed_by=erased.proposed_by,
            approved_by=erased.approved_by,
        )
    ]


def decide_erase_old(
    held: Conversation, command: EraseOldAdvice, header: Header, world: World
) -> list[AnyAdviceEvent]:
    """By the service itself, when the time of a conversation without a name is over (`retention_not_over`)."""
    if header.role != OPERATOR_ROLE or not held.recorded or held.named:
        raise NotFound
    if held.erased:
        return []
    until = kept_until(held.asked_on)
    if command_day(header) <= until:
        raise Refusal("retention_not_over", "advice", until=until.isoformat())
    return [
        AdviceErased(header=header, ground="retention", proposed_by=header.person, approved_by=header.person)
    ]


def kept_until(asked_on: date) -> date:
    """The last day on which the words of a conversation without a name are kept."""
    year = asked_on.year + KEPT_YEARS
    return asked_on.replace(year=year, day=min(asked_on.day, monthrange(year, asked_on.month)[1]))


# Who acts, and for whom


def _require_party(command: AskAdvice, header: Header, world: World) -> Service:
    """The service that was asked, where the actor is of the school that asked or of the service. Raises NotFound."""
    service = world.directory.service(command.service)
    school = world.directory.organisation(command.school)
    if service is None:
        raise Refusal("unknown_service", "service")
    if school is None or school.kind != "school":
        raise NotFound
    _of_the_service(command.school, service.agency, service.id, header, world)
    require_not_in_future(header, command.occurred_on)
    if not service.is_open(command.occurred_on):
        raise Refusal("service_closed", "service", service=service.code, on=command.occurred_on.isoformat())
    return service


def _require_own(held: Conversation, command: Command, header: Header, world: World) -> bool:
    """Whether the actor is of the service; else of the school. Raises NotFound for anyone else, StaleVersion, and
    refuses a conversation that counts no longer (`advice_ended`)."""
    if not held.recorded:
        raise NotFound
    own = _of_the_service(held.school, held.agency, held.service, header, world)
    require_current_version(command, held.version)
    if held.struck or held.erased:
        raise Refusal("advice_ended", "advice")
    require_not_in_future(header, command.occurred_on)
    return own


def _of_the_service(school: UUID, agency: UUID, service: UUID, header: Header, world: World) -> bool:
    if speaks_for_agency(header, agency) and world.acts_for(service):
        return True
    if acting_organisation(header) == school and header.role in SCHOOL_ASKS:
        return False
    raise NotFound


# What is recorded


def _asked(
    held: Conversation, command: AskAdvice, header: Header, world: World, service: Service, *, named: bool
) -> list[AnyAdviceEvent]:
    if held.recorded:
        raise Refusal("advice_exists", "advice")
    asked = AdviceAsked(
        header=header,
        school=command.school,
        agency=service.agency,
        service=service.id,
        channel=command.channel,
        named=named,
        question=strip_text(command.question),
    )
    if command.answer is None:
        return [asked]
    return [asked, _answer(command, service.id, header, world)]


def _answer(command: AskAdvice | AnswerAdvice, asked: UUID, header: Header, world: World) -> AdviceAnswered:
    """Refuses another service that is unknown or the one that was asked (`unknown_service`), and one that is named
    although the answer is not another service."""
    assert command.answer is not None
    other = command.other_service
    if other is not None and (
        command.answer != "another_service" or other == asked or world.directory.service(other) is None
    ):
        raise Refusal("unknown_service", "other_service")
    return AdviceAnswered(
        header=header, answer=command.answer, other_service=other, words=strip_text(command.words)
    )


def _linked(
    case: CaseFile,
    advice: UUID,
    school: UUID,
    service: Service,
    header: Header,
    asked_on: date,
    referral: UUID | None,
    *,
    known: bool = False,
) -> list[AnyAdviceEvent | AnyPupilEvent]:
    """The link on the pupil's stream, and the disclosure of the name on which it rests."""
    if case.version == 0 or case.rights.erased:
        raise NotFound
    by_school = acting_organisation(header) == school
    if by_school and school not in case.profile.schools():
        raise NotFound
    seen = _sees(case, service)
    if not by_school and not seen:
        raise NotFound
    linked = AdviceLinked(
        header=header,
        advice=advice,
        school=school,
        agency=service.agency,
        service=service.id,
        asked_on=asked_on,
        referral=referral,
    )
    if known:
        return [linked]
    basis = basis_in_force(case.consents, case.objections, service.agency, service.id, header.occurred_on)
    if basis is None:
        raise Refusal("advice_needs_basis", "pupil")
    if seen:
        return [linked]
    agreed = case.consents.questions.get(basis.consent) if basis.consent else None
    told = DisclosureMade(
        header=header,
        agency=service.agency,
        service=service.id,
        ground=advice,
        data_classes=("identity",),
        lawful_basis=basis.lawful_basis,
        consent=basis.consent,
        subject="advice",
        until=agreed.expires_on if agreed else None,
        override_reason=None,
    )
    return [linked, told]


def _sees(case: CaseFile, service: Service) -> bool:
    """Whether something about the pupil is shared with the service now."""
    return any(
        one.receives and one.agency == service.agency and one.service in (None, service.id)
        for one in case.consents.disclosures
    )


def _require_following(case: CaseFile, held: Conversation, referral: UUID) -> None:
    found = case.referrals.get(referral)
    if found is None or found.school != held.school:
        raise NotFound
    if held.service not in found.services or found.opened_on < held.asked_on:
        raise Refusal("not_after_advice", "referral")


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(AskAdvice, decide_ask, ADVICE_STREAM),
        decides(AskAdviceAboutPupil, decide_ask_about, ADVICE_STREAM, PUPIL_STREAM),
        decides(AnswerAdvice, decide_answer, ADVICE_STREAM),
        decides(LinkAdvice, decide_link, ADVICE_STREAM, PUPIL_STREAM),
        decides(StrikeAdvice, decide_strike, ADVICE_STREAM),
        decides(EraseAdviceOfPupil, decide_erase_of_pupil, ADVICE_STREAM, PUPIL_STREAM),
        decides(EraseOldAdvice, decide_erase_old, ADVICE_STREAM),
    ]
)
