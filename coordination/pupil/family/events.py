"""What may be sent to a family, and what it supplies for a referral."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Personal, Special

HoldReason = Literal["court_order", "safeguarding", "bereavement", "asked_not_to"]
"""Why nothing is sent: a court order restricts what the person may receive; a safeguarding concern; a death in the
family; the person asked for it."""
FamilyRoute = Literal["paper", "verbal", "online"]
"""How the family gave it: codes of the table `consent_route`."""


class FamilyEvent(PupilEvent, frozen=True, kw_only=True):
    """About what is sent to the family or comes from it. The school's: no service sees it."""


class FamilyHoldPlaced(FamilyEvent, frozen=True, kw_only=True):
    """From the day of the event to the last day `until` (None: until it is lifted), nothing is sent to the contact, and
    links that they have show nothing. `contact` None: to nobody of the family."""

    topic = "pupil.family_hold_placed"
    hold: Operational[UUID]
    contact: Operational[UUID | None] = None
    until: Operational[date | None] = None
    because: Coded[HoldReason] = SEALED
    why: Special[str] = SEALED


class FamilyHoldLifted(FamilyEvent, frozen=True, kw_only=True):
    """From the day of the event on the hold no longer applies."""

    topic = "pupil.family_hold_lifted"
    hold: Operational[UUID]
    why: Special[str] = SEALED


class FamilyRecipientsDecided(FamilyEvent, frozen=True, kw_only=True):
    """The social worker of a looked-after child decided who of the family receives what is sent: these contacts, and
    nobody else. `social_worker` names the social worker and the authority."""

    topic = "pupil.family_recipients_decided"
    contacts: Operational[tuple[UUID, ...]]
    social_worker: Personal[str] = SEALED
    why: Special[str | None] = SEALED


class FamilyItemsSupplied(FamilyEvent, frozen=True, kw_only=True):
    """What a contact (None: the pupil) supplied for referrals: times at which an appointment is not possible, the
    interpreter that is needed, the NHS number, the doctor's practice, and the parent's form. What is None was not
    supplied this time. `paper_form` is the printed form that was typed in."""

    topic = "pupil.family_items_supplied"
    contact: Operational[UUID | None] = None
    route: Operational[FamilyRoute] = "online"
    paper_form: Operational[UUID | None] = None
    times_not_possible: Personal[str | None] = SEALED
    interpreter: Personal[str | None] = SEALED
    statement: Special[str | None] = SEALED
    nhs_number: Personal[str | None] = SEALED
    gp: Personal[str | None] = SEALED


AnyFamilyEvent = FamilyHoldPlaced | FamilyHoldLifted | FamilyRecipientsDecided | FamilyItemsSupplied
"""All of them, so that the type checker finds a `match` that forgets one."""
