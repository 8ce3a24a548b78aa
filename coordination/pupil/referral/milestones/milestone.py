"""What all milestones share: the fields of the event and the rules that each of them declares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal, get_args

import msgspec

from coordination.pupil.referral.events import ReferralEvent
from coordination.sensitivity import SEALED, Operational, Personal, Special

Word = Literal["own", "reported"]
# Who reads the words of a milestone: `shared` the school and every service that takes the referral on as far as agreed;
# `service` only the service whose note it is, which is recorded in an event of its own.
NoteFor = Literal["service", "shared"]

# `school_first`: the school is asked for it, and the agency that holds the referral may record it too.
SaidBy = Literal["school", "school_first", "agency", "either"]
# `as_asked`: the school or the family, as the event's `asked_of` says. `new_offer`: the agency; but after a missed
# appointment that followed a reasonable offer, the family until the new appointment.
NextStepWith = Literal["agency", "school", "family", "as_asked", "new_offer", "unchanged"]
# `voids`: the whole referral should not have been recorded.
Effect = Literal["continues", "passes_on", "ends", "reopens", "voids"]
# `until_ended`: it sets the phase of a referral that is open, and leaves the phase of one that has ended.
SetsPhase = Literal["always", "until_ended", "never"]
AppointmentPart = Literal["offered", "answered", "attended", "missed", "cancelled"]


class MilestoneRules(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that follows from a milestone, declared once on its event. No field has a default, so
    that a new milestone has to answer every question.

    - `said_by`: who says it in their own name. What only the agency can say, the school can only report.
    - `next_step_with`: who has to act after it; the days until the next step are theirs.
    - `effect`: what it does to the referral. `sets_phase`: whether the referral's phase is named after it.
    - `after_ending`: whether it may still be recorded after an ending.
    - `opening`: whether an episode opens with it: once an episode, and in the order of `rank` among the entries of a
      day. The other milestones of a day can come in either order.
    - `rank`: its natural place among the milestones of one day, in steps of ten; each milestone has its own.
    - `comes_after`: within one episode it may not come before the first of any of these. A missing one is no
      contradiction. What can be asked or offered again and again (an opt-in, an appointment) is not named here: an
      answer or a missed appointment may follow an earlier offer that was not recorded.
    - `never_after`: after any of these it may not come again in the part of the service that holds the referral, even
      if it was there before.
    - `usually_next`: what usually comes next, the likeliest first, when it sets the phase.
    - `codes`: the code table of each of its own fields that holds codes.
    - `detail_field`: the field that the column `detail` of a history file fills; None: `detail` is a note.
    - `appointment`: what it says about an appointment.
    - `at_once`: one press records it for today, since nothing but the day has to be said.
    - `sentence_tells_more`: its sentence on the timeline says more than its name and the day.
    - `only_by_sending`: it is recorded by sending the referral, which discloses it, and cannot be corrected or struck.
    """

    said_by: SaidBy
    next_step_with: NextStepWith
    effect: Effect
    sets_phase: SetsPhase
    after_ending: bool
    opening: bool
    rank: int
    comes_after: tuple[str, ...]
    never_after: tuple[str, ...]
    usually_next: tuple[str, ...]
    codes: Mapping[str, str]
    detail_field: str | None
    appointment: AppointmentPart | None
    at_once: bool
    sentence_tells_more: bool
    only_by_sending: bool


class Milestone(ReferralEvent, frozen=True, kw_only=True):
    """A step of a referral, on the day it occurred. `name` is its word in files, standards and reports.

    It is the party's own word, or *reported* by the school (by whom, how, on which day), which the agency can confirm
    or contest. It may supersede an earlier entry (its version in the pupil's stream) and then says why; both stay
    visible. `age_years` is the pupil's age on that day, in completed years, which is in the clear where the date of
    birth is not.

    `note_for` says who reads its words. None, as with entries from before there were two kinds of note: the writer's
    agency and the school, never a later holder.

    `answered_by` and `answered_as`: of a step that a service recorded by a one-time link, the name and job of who did.
    """

    name: ClassVar[str] = ""
    rules: ClassVar[MilestoneRules]

    word: Operational[Word] = "own"
    reported_how: Operational[str | None] = None
    reported_on: Operational[date | None] = None
    supersedes: Operational[int | None] = None
    age_years: Operational[int | None] = None
    note_for: Operational[NoteFor | None] = None
    reported_by: Personal[str | None] = SEALED
    answered_by: Personal[str | None] = SEALED
    answered_as: Personal[str | None] = SEALED
    why: Special[str | None] = SEALED
    note: Special[str | None] = SEALED


# Endings that say more than that the referral ended: the child moved away, or passed the age limit of the service. A
# reason with the same code means the same; the reason is sealed, this is not, so that erasure changes no figure.
Ending = Literal["moved_away", "aged_out"]
ENDINGS_OF_REASONS: tuple[Ending, ...] = get_args(Ending)

# The milestones that open an episode, for `comes_after`.
OPENING = ("decided", "submitted", "received")
# What an agency usually says first, for `usually_next`.
TRIAGE = ("accepted", "information_requested", "declined", "redirected")
