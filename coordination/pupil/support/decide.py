"""What may be recorded about support, and by whom.

The school that has the pupil on its roll, or the authority that holds a child on no roll, starts and ends it. A class
teacher of the school reviews it; that the pupil is in a class of theirs is checked where the page is opened. For anyone
else the support does not exist (NotFound).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, get_args
from uuid import UUID

from coordination.authority import CLASS_TEACHER, acting_organisation, require_not_in_future
from coordination.decisions import Decision, decides
from coordination.directory.dated import in_force
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words, strip_text
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.holders import require_holder
from coordination.pupil.profile.decisions.checks import require_known_code
from coordination.pupil.support.commands import EndSupport, ReviewSupport, StartSupport, StrikeOutSupport
from coordination.pupil.support.commands import SupportCommand as AnyCommand
from coordination.pupil.support.events import (
    AnySupportEvent,
    NextStep,
    ReviewVoice,
    SupportEnded,
    SupportRecordedInError,
    SupportReviewed,
    SupportStarted,
    Voice,
)
from coordination.pupil.support.state import SupportRecord
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

HALF_TERM = timedelta(weeks=6)
"""After how long support is reviewed where no other day is given (Estyn 2020: half-termly)."""
LEVELS = (1, 2, 3)
NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,4})?")
GOES_ON: tuple[NextStep, ...] = ("go_on", "refer")
ENDS_BECAUSE = {"met": "aim_met", "same": "did_not_help", "worse": "did_not_help"}
"""Why support ended that a review ended, by the outcome of the review; otherwise `no_longer_needed`."""


def decide_start(
    case: CaseFile, command: StartSupport, header: Header, world: World
) -> list[AnySupportEvent]:
    """Refuses `unknown_support_level`, `phase_ends_before_start`, `review_outside_phase`, `measure_without_unit`,
    `measure_without_starting_point`, `measure_not_a_number`, `unknown_programme`, `unknown_referral`,
    `unknown_service`, `unknown_support`, and `support_already_recorded` for an id that was used."""
    by = require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if command.support in case.support.given or command.support in case.support.in_error:
        raise Refusal("support_already_recorded", "support")
    if command.level not in LEVELS:
        raise Refusal("unknown_support_level", "level")
    review_on = _days_of_phase(command)
    require_known_code(world, "need", command.need, command.occurred_on, "need")
    measure, unit, starting_point = _measure(command)
    earlier = _earlier(case, command)
    programme_of = _programme_of(command, by, world)
    if command.referral is not None and command.referral not in case.referrals:
        raise Refusal("unknown_referral", "referral")
    if command.advised_by is not None and world.directory.service(command.advised_by) is None:
        raise Refusal("unknown_service", "advised_by")
    return [
        SupportStarted(
            header=header,
            support=command.support,
            by=by,
            level=command.level,
            phase=earlier.phase + 1 if earlier is not None else 1,
            ends_by=command.ends_by,
            review_on=review_on,
            measurable=measure is not None,
            programme=command.programme if programme_of is not None else None,
            programme_of=programme_of,
            referral=command.referral,
            advised_by=command.advised_by,
            follows=command.follows,
            need=command.need,
            activity=require_words(command.activity, "activity"),
            aim=require_words(command.aim, "aim"),
            measure=measure,
            unit=unit,
            starting_point=starting_point,
        )
    ]


def _days_of_phase(command: StartSupport) -> date:
    """The day of the first review."""
    if command.ends_by < command.occurred_on:
        raise Refusal("phase_ends_before_start", "ends_by")
    if command.review_on is None:
        return min(command.occurred_on + HALF_TERM, command.ends_by)
    if not command.occurred_on <= command.review_on <= command.ends_by:
        raise Refusal("review_outside_phase", "review_on")
    return command.review_on


def _measure(command: StartSupport) -> tuple[str | None, str | None, str | None]:
    """The measure, its unit and the starting point; all empty where the aim cannot be measured."""
    measure, unit = strip_text(command.measure), strip_text(command.unit)
    start = number_of(command.starting_point, "starting_point")
    if measure is None and (unit is not None or start is not None):
        raise Refusal("unit_without_measure", "measure")
    if measure is not None and unit is None:
        raise Refusal("measure_without_unit", "unit")
    if measure is not None and start is None:
        raise Refusal("measure_without_starting_point", "starting_point")
    return measure, unit, start


def number_of(typed: str | None, field: str) -> str | None:
    """The decimal number that was typed, with a point; None when it is empty. Refuses `measure_not_a_number`."""
    text = strip_text(typed)
    if text is None:
        return None
    if not NUMBER.fullmatch(text):
        raise Refusal("measure_not_a_number", field)
    return text.replace(",", ".")


def _earlier(case: CaseFile, command: StartSupport) -> SupportRecord | None:
    if command.follows is None:
        return None
    earlier = case.support.given.get(command.follows)
    if earlier is None:
        raise Refusal("unknown_support", "follows")
    return earlier


def _programme_of(command: StartSupport, by: UUID, world: World) -> UUID | None:
    """Whose programme it is: the organisation's own before its authority's."""
    if not command.programme:
        return None
    for owner in (by, world.directory.authority_of(by)):
        found = world.directory.organisation(owner) if owner is not None else None
        versions = found.programmes.get(command.programme, ()) if found is not None else ()
        if found is not None and in_force(versions, command.occurred_on) is not None:
            return found.id
    raise Refusal("unknown_programme", "programme")


def decide_review(
    case: CaseFile, command: ReviewSupport, header: Header, world: World
) -> list[AnySupportEvent]:
    """Refuses `review_before_start`, `support_has_ended`, `no_voice`, `voice_twice`, `unknown_voice`,
    `unknown_next_step`, `value_without_measure`, `measure_not_a_number`, `review_outside_phase`,
    `phase_ends_before_start`."""
    held = _held(case, command, header, teacher=True)
    on = command.occurred_on
    if on < held.started_on:
        raise Refusal("review_before_start", "occurred_on", on=held.started_on.isoformat())
    if held.ended_on is not None and (on > held.ended_on or command.next_step in ("end", "change")):
        raise Refusal("support_has_ended", "occurred_on", on=held.ended_on.isoformat())
    if command.next_step not in get_args(NextStep):
        raise Refusal("unknown_next_step", "next_step")
    require_known_code(world, "support_outcome", command.outcome, on, "outcome")
    value = number_of(command.value, "value")
    if value is not None and not held.measurable:
        raise Refusal("value_without_measure", "value")
    reviewed = SupportReviewed(
        header=header,
        support=command.support,
        next_step=command.next_step,
        review_on=_next_review(command, held),
        ends_by=command.ends_by,
        outcome=command.outcome,
        voices=_voices(command, world),
        value=value,
    )
    if command.next_step in GOES_ON:
        return [reviewed]
    _require_nothing_later(held, on)
    changed = command.next_step == "change"
    reason = "changed" if changed else ENDS_BECAUSE.get(command.outcome, "no_longer_needed")
    return [reviewed, SupportEnded(header=header, support=command.support, reason=reason, words=None)]


def _next_review(command: ReviewSupport, held: SupportRecord) -> date | None:
    """The next review, where the support goes on: as given, else after half a term, within the phase."""
    on, last = command.occurred_on, command.ends_by or held.ends_by
    if command.ends_by is not None and command.ends_by < on:
        raise Refusal("phase_ends_before_start", "ends_by")
    if command.next_step not in GOES_ON:
        return None
    if command.review_on is None:
        return max(on, min(on + HALF_TERM, last))
    if not on <= command.review_on <= max(on, last):
        raise Refusal("review_outside_phase", "review_on")
    return command.review_on


def _voices(command: ReviewSupport, world: World) -> tuple[ReviewVoice, ...]:
    said = [voice.voice for voice in command.voices]
    if not said:
        raise Refusal("no_voice", "voices")
    if any(voice not in get_args(Voice) for voice in said):
        raise Refusal("unknown_voice", "voices")
    if len(said) != len(set(said)):
        raise Refusal("voice_twice", "voices")
    for voice in command.voices:
        require_known_code(world, "language", voice.language, command.occurred_on, "voices")
        require_known_code(world, "support_outcome", voice.outcome, command.occurred_on, "voices")
    return tuple(
        ReviewVoice(v.voice, require_words(v.words, "voices"), v.language, v.outcome) for v in command.voices
    )


def decide_end(case: CaseFile, command: EndSupport, header: Header, world: World) -> list[AnySupportEvent]:
    """Refuses `support_has_ended`, `ends_before_last_entry`."""
    held = _held(case, command, header)
    if held.ended_on is not None:
        raise Refusal("support_has_ended", "occurred_on", on=held.ended_on.isoformat())
    _require_nothing_later(held, command.occurred_on)
    require_known_code(world, "support_end", command.reason, command.occurred_on, "reason")
    words = strip_text(command.words)
    return [SupportEnded(header=header, support=command.support, reason=command.reason, words=words)]


def decide_strike_out(
    case: CaseFile, command: StrikeOutSupport, header: Header, _world: World
) -> list[AnySupportEvent]:
    """Refuses `cannot_be_empty` without a reason."""
    _held(case, command, header)
    why = require_words(command.why, "why")
    return [SupportRecordedInError(header=header, support=command.support, why=why)]


def _held(case: CaseFile, command: AnyCommand, header: Header, *, teacher: bool = False) -> SupportRecord:
    """The support, which the actor may change. Raises NotFound where either is not so."""
    school = acting_organisation(header)
    if not (teacher and header.role == CLASS_TEACHER and school in case.profile.schools()):
        require_holder(case.profile, header)
    held = case.support.given.get(command.support)
    if held is None:
        raise NotFound
    require_current_version(command, held.last_version)
    require_not_in_future(header, command.occurred_on)
    return held


def _require_nothing_later(held: SupportRecord, on: date) -> None:
    if on < held.last_day_recorded:
        raise Refusal("ends_before_last_entry", "occurred_on", on=held.last_day_recorded.isoformat())


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(StartSupport, decide_start, PUPIL_STREAM),
        decides(ReviewSupport, decide_review, PUPIL_STREAM),
        decides(EndSupport, decide_end, PUPIL_STREAM),
        decides(StrikeOutSupport, decide_strike_out, PUPIL_STREAM),
    ]
)
