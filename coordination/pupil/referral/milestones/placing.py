"""A place in a resource base or specialist class: decided by a panel, offered, taken up, ended. Only for a service of
an authority (Estyn 2008, paragraphs 14 and 39 to 44)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.pupil.referral.milestones.milestone import OPENING, Milestone, MilestoneRules
from coordination.sensitivity import SEALED, Coded, Operational, Special

# Each line of a milestone's rules answers one kind of question: whose word and step; order; what follows; fields;
# pages.
# fmt: off


class PanelDecided(Milestone, frozen=True, kw_only=True):
    """The panel decided on a place. `meeting`: the panel's meeting, where it is on the record. No place is followed by
    the referral being declined, with its reason."""

    topic = "referral.panel_decided"
    name = "panel_decided"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=232, comes_after=OPENING, never_after=("placed",),
        usually_next=("place_offered", "declined", "information_requested"),
        codes={}, detail_field="decision", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    decision: Operational[Literal["place", "wait", "no_place"]] = "place"
    meeting: Operational[UUID | None] = None


class PlaceOffered(Milestone, frozen=True, kw_only=True):
    """A place was offered to the family, from a day on. `beyond`: the base has no place left; the decision says so, and
    requires the reason."""

    topic = "referral.place_offered"
    name = "place_offered"
    rules = MilestoneRules(
        said_by="agency", next_step_with="family", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=234, comes_after=OPENING, never_after=("placed",),
        usually_next=("placed", "withdrawn"),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    starts_on: Operational[date | None] = None
    beyond: Operational[bool] = False
    beyond_reason: Special[str | None] = SEALED


class PlaceTaken(Milestone, frozen=True, kw_only=True):
    """The pupil has the place, from this day on. `exit_due_on`: by when the authority looks whether the exit criteria
    are met. The referral goes on until the place ends. `beyond`: as of an offer."""

    topic = "referral.placed"
    name = "placed"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=236, comes_after=(*OPENING, "panel_decided", "place_offered"), never_after=("placed",),
        usually_next=("place_ended",),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    exit_due_on: Operational[date | None] = None
    beyond: Operational[bool] = False
    beyond_reason: Special[str | None] = SEALED


class PlaceEnded(Milestone, frozen=True, kw_only=True):
    """The last day of the place; the reason is a code of `place_end_reason`. It ends the referral."""

    topic = "referral.place_ended"
    name = "place_ended"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="ends", sets_phase="always", after_ending=False,
        opening=False, rank=265, comes_after=("placed",), never_after=(),
        usually_next=("reopened",),
        codes={"reason": "place_end_reason"}, detail_field="reason", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    reason: Coded[str | None] = SEALED
