"""Who may say that it got worse, and who answers.

The school that has the pupil on its roll (or the authority of a child on no roll) says it in the voice of a teacher,
the child or a parent; a parent or child says it through the family's own link. A class teacher tells it without
learning whether anybody waits: the ALNCo is told of a concern, and each service of an open referral that it got
worse. The service answers, or the school reports what the service told it. For anyone else there is nothing (NotFound).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, get_args
from uuid import UUID, uuid5

from coordination.authority import CLASS_TEACHER, acting_organisation, require_not_in_future
from coordination.calendars import wales
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words, strip_text
from coordination.permissions import FAMILY_ROLE
from coordination.pupil.aln.commands import TellConcern
from coordination.pupil.aln.decide import decide_tell
from coordination.pupil.aln.events import AnyAlnEvent
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.family.receiving import referrals_for
from coordination.pupil.family.speaking import require_holder_or_family
from coordination.pupil.referral.decisions.checks import held_referral
from coordination.pupil.referral.phase import phase
from coordination.pupil.referral.state import Referral
from coordination.pupil.support.events import Voice
from coordination.pupil.worse.events import WorseAnswered, WorseOutcome, WorseTold
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

ANSWER_WORKING_DAYS = 5
"""So many working days a service has for the new triage: a promise of this service, in no statute."""


class TellWorse(Command, frozen=True, kw_only=True):
    """It got worse. `worse` is a new random id. Without `referral` a class teacher tells it of every one that is open.
    `contact`: the parent who says it by link."""

    pupil: UUID
    worse: UUID
    voice: Voice
    words: str
    referral: UUID | None = None
    contact: UUID | None = None


class AnswerWorse(Command, frozen=True, kw_only=True):
    """What came of the new triage."""

    pupil: UUID
    worse: UUID
    outcome: WorseOutcome
    words: str | None = None


def decide_tell_worse(
    case: CaseFile, command: TellWorse, header: Header, world: World
) -> list[WorseTold | AnyAlnEvent]:
    """Refuses `unknown_voice`, `cannot_be_empty`, `worse_already_told` for an id that was used, `unknown_referral`,
    `not_waiting` for a referral that has ended or was not sent, `worse_before_referral`."""
    if header.role == CLASS_TEACHER:
        return _told_by_teacher(case, command, header, world)
    require_holder_or_family(case, header, world, command.contact)
    require_not_in_future(header, command.occurred_on)
    if command.voice not in get_args(Voice):
        raise Refusal("unknown_voice", "voice")
    if header.role == FAMILY_ROLE and (command.voice == "child") != (command.contact is None):
        raise NotFound
    named = referrals_for(case, command.contact) if header.role == FAMILY_ROLE else case.referrals.values()
    held = next((one for one in named if one.referral == command.referral), None)
    if held is None:
        raise Refusal("unknown_referral", "referral")
    if command.worse in case.worse:
        raise Refusal("worse_already_told", "worse")
    if not waits(held):
        raise Refusal("not_waiting", "referral")
    if command.occurred_on < held.opened_on:
        raise Refusal("worse_before_referral", "occurred_on", on=held.opened_on.isoformat())
    return [_told(command, held, command.worse, header)]


def waits(held: Referral) -> bool:
    """Whether a referral was sent and has not ended."""
    stands = phase(held.counting())
    return not stands.ended and any(step.name != "decided" for step in stands.steps)


def _told_by_teacher(
    case: CaseFile, command: TellWorse, header: Header, world: World
) -> list[WorseTold | AnyAlnEvent]:
    """The ALNCo is told of a concern; what else is recorded the teacher does not learn."""
    concern = TellConcern(
        occurred_on=command.occurred_on, pupil=command.pupil, concern=command.worse, words=command.words
    )
    told: list[WorseTold | AnyAlnEvent] = list(decide_tell(case, concern, header, world))
    for held in case.referrals.values():
        if waits(held) and held.opened_on <= command.occurred_on:
            told.append(
                _told(command, held, uuid5(command.worse, str(held.referral)), header, voice="teacher")
            )
    return told


def _told(
    command: TellWorse, held: Referral, worse: UUID, header: Header, voice: Voice | None = None
) -> WorseTold:
    return WorseTold(
        header=header,
        referral=held.referral,
        worse=worse,
        voice=voice or command.voice,
        service=held.service,
        answer_by=answer_by(command.occurred_on),
        contact=command.contact,
        words=require_words(command.words, "words"),
    )


def answer_by(on: date) -> date:
    """The last day of the new triage of what was told on a day."""
    return wales().add(on, ANSWER_WORKING_DAYS)


def decide_answer_worse(
    case: CaseFile, command: AnswerWorse, header: Header, world: World
) -> list[WorseAnswered]:
    """Refuses `unknown_worse_outcome`, `answer_before_worse`. NotFound for who has no part in the referral."""
    held = case.worse.get(command.worse)
    if held is None or header.role == FAMILY_ROLE:
        raise NotFound
    referral = held_referral(case, held.referral, header, None, world)
    require_current_version(command, held.last_version)
    require_not_in_future(header, command.occurred_on)
    if command.outcome not in get_args(WorseOutcome):
        raise Refusal("unknown_worse_outcome", "outcome")
    if command.occurred_on < held.told_on:
        raise Refusal("answer_before_worse", "occurred_on", on=held.told_on.isoformat())
    return [
        WorseAnswered(
            header=header,
            referral=held.referral,
            worse=command.worse,
            outcome=command.outcome,
            reported=acting_organisation(header) not in referral.agencies,
            words=strip_text(command.words),
        )
    ]


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(TellWorse, decide_tell_worse, PUPIL_STREAM),
        decides(AnswerWorse, decide_answer_worse, PUPIL_STREAM),
    ]
)
