"""Holds on what is sent to a family, the social worker's decision, and what the family supplies."""

from __future__ import annotations

from coordination.authority import require_not_in_future
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_words, strip_text
from coordination.identifiers import check_nhs_number
from coordination.permissions import FAMILY_ROLE
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.family.commands import (
    DecideFamilyRecipients,
    LiftFamilyHold,
    PlaceFamilyHold,
    SupplyFamilyItems,
)
from coordination.pupil.family.events import (
    FamilyHoldLifted,
    FamilyHoldPlaced,
    FamilyItemsSupplied,
    FamilyRecipientsDecided,
)
from coordination.pupil.family.speaking import require_holder_or_family
from coordination.pupil.holders import require_holder
from coordination.world import World


def decide_hold(
    case: CaseFile, command: PlaceFamilyHold, header: Header, world: World
) -> list[FamilyHoldPlaced]:
    """Places a hold, with a reason. Refuses `unknown_contact`, `ends_before_it_begins` and `cannot_be_empty`; the same
    hold again records nothing."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if command.contact is not None and case.profile.contact(command.contact) is None:
        raise Refusal("unknown_contact", "contact")
    if command.until is not None and command.until < command.occurred_on:
        raise Refusal("ends_before_it_begins", "until")
    why = require_words(command.why, "why")
    if command.hold in case.family.holds:
        return []
    return [
        FamilyHoldPlaced(
            header=header,
            hold=command.hold,
            contact=command.contact,
            until=command.until,
            because=command.because,
            why=why,
        )
    ]


def decide_lift(
    case: CaseFile, command: LiftFamilyHold, header: Header, world: World
) -> list[FamilyHoldLifted]:
    """Lifts a hold, with a reason. Raises NotFound; refuses `cannot_be_empty`; a lifted hold records nothing."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    held = case.family.holds.get(command.hold)
    if held is None:
        raise NotFound
    why = require_words(command.why, "why")
    if held.lifted_on is not None:
        return []
    return [FamilyHoldLifted(header=header, hold=command.hold, why=why)]


def decide_recipients(
    case: CaseFile, command: DecideFamilyRecipients, header: Header, world: World
) -> list[FamilyRecipientsDecided]:
    """Records whom the social worker named. Refuses `not_looked_after`, `unknown_contact` and `cannot_be_empty`."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if not world.looked_after():
        raise Refusal("not_looked_after", "contacts")
    if any(case.profile.contact(one) is None for one in command.contacts):
        raise Refusal("unknown_contact", "contacts")
    return [
        FamilyRecipientsDecided(
            header=header,
            contacts=tuple(dict.fromkeys(command.contacts)),
            social_worker=require_words(command.social_worker, "social_worker"),
            why=strip_text(command.why),
        )
    ]


def decide_supply(
    case: CaseFile, command: SupplyFamilyItems, header: Header, world: World
) -> list[FamilyItemsSupplied]:
    """Records what a family supplied: by its own link, or typed in by who holds the file. What is empty was not
    supplied; refuses `cannot_be_empty` where nothing was, `unknown_contact`, and `nhs_number_digits` and
    `nhs_number_check_digit`. Raises NotFound where the link's person may not receive anything now."""
    require_holder_or_family(case, header, world, command.contact)
    require_not_in_future(header, command.occurred_on)
    if command.contact is not None and case.profile.contact(command.contact) is None:
        raise Refusal("unknown_contact", "contact")
    given = {
        name: strip_text(getattr(command, name))
        for name in ("times_not_possible", "interpreter", "statement", "nhs_number", "gp")
    }
    if not any(given.values()):
        raise Refusal("cannot_be_empty", "statement")
    if given["nhs_number"]:
        checked = check_nhs_number(given["nhs_number"])
        if checked.problem == "nhs_number_digits":
            raise Refusal("nhs_number_digits", "nhs_number")
        if not checked.ok:
            raise Refusal("nhs_number_check_digit", "nhs_number")
        given["nhs_number"] = checked.value
    return [
        FamilyItemsSupplied(
            header=header,
            contact=command.contact,
            route="online" if header.role == FAMILY_ROLE else command.route,
            paper_form=command.paper_form,
            times_not_possible=given["times_not_possible"],
            interpreter=given["interpreter"],
            statement=given["statement"],
            nhs_number=given["nhs_number"],
            gp=given["gp"],
        )
    ]


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(PlaceFamilyHold, decide_hold, PUPIL_STREAM),
        decides(LiftFamilyHold, decide_lift, PUPIL_STREAM),
        decides(DecideFamilyRecipients, decide_recipients, PUPIL_STREAM),
        decides(SupplyFamilyItems, decide_supply, PUPIL_STREAM),
    ]
)
