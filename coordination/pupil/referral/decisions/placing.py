"""Places in a resource base or specialist class: who says them, how many there are, and their reviews."""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from uuid import UUID

import msgspec

from coordination.authority import require_not_in_future
from coordination.errors import Refusal
from coordination.event import Header
from coordination.guards import strip_text
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.referral.commands import AgreeShortNotice, ReviewPlace
from coordination.pupil.referral.decisions.checks import held_referral, may_see
from coordination.pupil.referral.events import PlaceReviewed, ShortNoticeAgreed
from coordination.pupil.referral.milestones import OF_PLACES
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.milestones.placing import PlaceEnded, PlaceOffered, PlaceTaken
from coordination.pupil.referral.phase import ImpossibleOrder, in_order, phase
from coordination.pupil.referral.place_held import PlaceHeld, place_after, place_of
from coordination.pupil.referral.state import Referral, step_of
from coordination.world import World


def with_place(
    case: CaseFile, held: Referral, event: Milestone, version: int, header: Header, world: World
) -> Milestone:
    """A milestone of a place as it is recorded; any other as it is. It is judged by who held the referral, and how far
    the place had come, where it stands in the order of steps. Refuses one that is not of an authority's service
    (`not_a_place_service`) or not in the authority's own name (`only_the_authority_places`); a place beyond the number
    of places without a reason (`no_place_left`), or before the number is set (`places_not_set`); a pupil who has a
    place already (`placed_twice`); an end before the place began (`place_ended_before_placed`)."""
    if event.name not in OF_PLACES:
        return event
    before = _before(held, event, version)
    owner = world.directory.organisation(before.agency)
    if owner is None or owner.kind != "authority":
        raise Refusal("not_a_place_service", "milestone")
    if event.word == "reported":
        raise Refusal("only_the_authority_places", "milestone")
    match event:
        case PlaceTaken():
            _require_no_other_place(case, held, event.header.occurred_on, header, world)
            return _counted(before, event, event.header.occurred_on, world)
        case PlaceOffered():
            return _counted(before, event, event.starts_on or event.header.occurred_on, world)
        case PlaceEnded():
            _require_ending(before, event, version)
            return event
        case _:
            return event


class _Before(msgspec.Struct, frozen=True):
    """What led up to a step, in the order of steps: the agency that held the referral, and the place."""

    agency: UUID
    place: PlaceHeld


def _before(held: Referral, event: Milestone, version: int) -> _Before:
    gone = held.superseded if event.supersedes is None else held.superseded | {event.supersedes}
    after = msgspec.structs.replace(held, steps=(*held.steps, step_of(event, version)), superseded=gone)
    service, agency = after.holder_at(version)
    led_up = takewhile(lambda step: step.version != version, in_order(after.counting()))
    return _Before(agency, place_after(service, led_up))


def _require_no_other_place(case: CaseFile, held: Referral, on: date, header: Header, world: World) -> None:
    """No other place on that day. One that began later is no obstacle: the earlier one is recorded late, and its end
    after it. One that the actor may not know of leaves no trace."""
    for other in case.referrals.values():
        if other.referral == held.referral or not may_see(case, other, header, world.services):
            continue
        place = place_of(other)
        begun = place.placed_on is not None and place.placed_on <= on
        if begun and (place.ended_on is None or on < place.ended_on):
            raise Refusal("placed_twice", "occurred_on")


def _counted(
    before: _Before, event: PlaceOffered | PlaceTaken, on: date, world: World
) -> PlaceOffered | PlaceTaken:
    """With whether it is beyond the number of places on the first day. A place that was offered is not asked about
    again when it is taken up."""
    service = before.place.service
    number = world.places_on(service, on)
    if number is None:
        raise Refusal("places_not_set", "milestone")
    if isinstance(event, PlaceTaken) and before.place.state == "offered":
        return msgspec.structs.replace(event, beyond=before.place.beyond, beyond_reason=None)
    taken = sum(id != event.referral for id in world.places_taken(service))
    reason = strip_text(event.beyond_reason if isinstance(event.beyond_reason, str) else None)
    if taken < number:
        return msgspec.structs.replace(event, beyond=False, beyond_reason=None)
    if reason is None:
        raise Refusal("no_place_left", "beyond_reason", number=number, taken=taken)
    return msgspec.structs.replace(event, beyond=True, beyond_reason=reason)


def _require_ending(before: _Before, event: PlaceEnded, version: int) -> None:
    """An ending that is refused only because another came before it contradicts that one, and is left to the check of
    the order."""
    if before.place.placed_on is None:
        raise ImpossibleOrder(step_of(event, version), None)
    if not event.reason:
        raise Refusal("cannot_be_empty", "reason")


def decide_review(case: CaseFile, command: ReviewPlace, header: Header, world: World) -> list[AnyPupilEvent]:
    """A review of a place, by the pupil's school or by the authority whose place it is. Refuses `not_placed` (on that
    day), `in_the_future`, `next_review_not_later`."""
    held = held_referral(case, command.referral, header, command.seen, world)
    require_not_in_future(header, command.occurred_on)
    place = place_of(held)
    begun = place.placed_on is not None and place.placed_on <= command.occurred_on
    if place.state != "placed" or not begun:
        raise Refusal("not_placed", "occurred_on")
    if command.next_review_on <= command.occurred_on:
        raise Refusal("next_review_not_later", "next_review_on")
    return [
        PlaceReviewed(
            header=header,
            referral=held.referral,
            outcome=command.outcome,
            next_review_on=command.next_review_on,
            exit_due_on=command.exit_due_on,
            words=strip_text(command.words),
        )
    ]


def decide_short_notice(
    case: CaseFile, command: AgreeShortNotice, header: Header, world: World
) -> list[AnyPupilEvent]:
    """What the family said to the school or to the service. Refuses `referral_is_over`, `in_the_future`. The same again
    changes nothing."""
    held = held_referral(case, command.referral, header, command.seen, world)
    require_not_in_future(header, command.occurred_on)
    if phase(held.counting()).ended:
        raise Refusal("referral_is_over", "referral")
    if held.short_notice == command.agreed:
        return []
    return [ShortNoticeAgreed(header=header, referral=held.referral, agreed=command.agreed)]
