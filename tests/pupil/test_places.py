"""A place in a resource base: decided, offered, taken up, reviewed and ended; by whom, and beyond the number."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.clocks.waits import waits_of
from coordination.pupil.referral.commands import AgreeShortNotice, ReviewPlace
from coordination.pupil.referral.decide import StrikeEntry, allowed_milestones
from coordination.pupil.referral.events import PlaceReviewed, ShortNoticeAgreed
from coordination.pupil.referral.milestones import OF_PLACES
from coordination.pupil.referral.milestones.placing import PlaceOffered, PlaceTaken
from coordination.pupil.referral.phase import phase
from coordination.pupil.referral.place_held import place_changes, place_of
from tests.given import header
from tests.meeting.hwb import AS_CLINICIAN, BOARD, CAMHS, GWYNEDD, PUPIL, at_noon
from tests.place.base import AS_FAR_PANEL, AS_PANEL, BASE, OTHER_BASE, asked
from tests.pupil.case import LATER, REFERRAL, PupilCase, agree, day, reach, refer, sent, submit, told

OTHER = UUID(int=0x92)
FULL = {UUID(int=1): "placed", UUID(int=2): "offered"}


def placed(case: PupilCase | None = None, on: int = 20) -> PupilCase:
    case = case or asked()
    return case.does(
        reach("panel_decided", 10, details={"decision": "place"}),
        reach("place_offered", 12, details={"starts_on": day(20)}),
        reach("placed", on, details={"exit_due_on": day(300)}),
        **AS_PANEL,
    )


def review(on: int = 100, **changed: Any) -> ReviewPlace:
    usual: dict[str, Any] = {"outcome": "stays", "next_review_on": day(200), "exit_due_on": day(300)}
    return ReviewPlace(occurred_on=day(on), pupil=PUPIL, referral=REFERRAL, **{**usual, **changed})


def test_a_place_goes_on_until_it_ends_and_only_then_the_referral_ends() -> None:
    case = placed()
    held = place_of(case.referral)
    assert (held.state, held.decided_on, held.offered_on, held.placed_on) == (
        "placed",
        day(10),
        day(12),
        day(20),
    )
    assert (held.starts_on, held.exit_due_on, held.beyond) == (day(20), day(300), False)
    assert not phase(case.referral.counting()).ended
    case.does(reach("place_ended", 250, details={"reason": "exit_criteria_met"}), **AS_PANEL)
    assert phase(case.referral.counting()).ended
    assert (place_of(case.referral).state, place_of(case.referral).ended_on) == ("ended", day(250))


def test_the_wait_for_a_place_stops_on_the_first_day_in_it() -> None:
    case = asked().does(reach("received", 1), **AS_PANEL)
    placed(case, on=20)
    (wait,) = [w for w in waits_of(case.referral, case.world.directory) if w.standard == "none"]
    assert (wait.start_on, wait.stop_on) == (day(1), day(20))


def test_the_days_after_an_offer_are_the_family_s_and_before_it_the_authority_s() -> None:
    case = asked().does(reach("received", 1), **AS_PANEL)
    placed(case, on=20)
    (wait,) = [w for w in waits_of(case.referral, case.world.directory) if w.standard == "none"]
    parties = [(p.party, p.from_on, p.until) for p in wait.periods if p.from_on < day(20)]
    assert [party for party, _, _ in parties] == ["agency", "family"]
    assert parties[-1][1] == day(12)


def test_a_place_beyond_the_number_needs_a_reason_which_is_kept() -> None:
    case = asked(number=2, taken=FULL)
    case.refuses(reach("place_offered", 12), "no_place_left", "beyond_reason", **AS_PANEL)
    reason = {"beyond_reason": "A sibling has a place, and the tribunal ordered it."}
    (event,) = case.happened(reach("place_offered", 12, details=reason), PlaceOffered, **AS_PANEL)
    assert isinstance(event, PlaceOffered)
    assert (event.beyond, event.beyond_reason) == (True, reason["beyond_reason"])
    # it is not asked about again when the place is taken up
    (taken,) = case.happened(reach("placed", 20), PlaceTaken, **AS_PANEL)
    assert isinstance(taken, PlaceTaken)
    assert taken.beyond
    assert place_of(case.referral).beyond


@pytest.mark.parametrize(("others", "beyond"), [(1, False), (2, True)])
def test_the_last_place_is_offered_without_a_reason_and_no_further_one(others: int, beyond: bool) -> None:
    taken = {UUID(int=n): "placed" for n in range(1, others + 1)}
    case = asked(number=2, taken=taken)
    offer = reach("place_offered", 12, details={"beyond_reason": "Agreed by the panel."})
    (event,) = case.happened(offer, PlaceOffered, **AS_PANEL)
    assert isinstance(event, PlaceOffered)
    assert event.beyond is beyond
    assert event.beyond_reason == ("Agreed by the panel." if beyond else None)


def test_an_offer_to_the_same_pupil_does_not_count_against_itself() -> None:
    case = asked(number=1, taken={REFERRAL: "offered"})
    (event,) = case.happened(reach("place_offered", 12), PlaceOffered, **AS_PANEL)
    assert isinstance(event, PlaceOffered)
    assert not event.beyond


def test_nothing_is_offered_before_the_number_of_places_is_set() -> None:
    asked(number=None).refuses(reach("place_offered", 12), "places_not_set", "milestone", **AS_PANEL)


def test_a_pupil_is_not_placed_twice() -> None:
    case = placed()
    case.refuses(reach("placed", 21), "placed_twice", "occurred_on", **AS_PANEL)


@pytest.mark.parametrize("elsewhere", [(20, None), (20, 60), (10, 21)])
def test_a_pupil_has_one_place_on_a_day(elsewhere: tuple[int, int | None]) -> None:
    """In whichever order the places are recorded: the days count, on the last day of one the next can begin."""
    begins, ends = elsewhere
    case = asked().does(
        agree(consent=UUID(int=0xE8), agency=GWYNEDD, service=OTHER_BASE),
        refer(referral=OTHER, service=OTHER_BASE),
        msgspec.structs.replace(submit(), referral=OTHER),
    )
    there = msgspec.structs.replace(reach("placed", begins), referral=OTHER)
    case.does(there, **AS_PANEL)
    if ends is not None:
        over = reach("place_ended", ends, details={"reason": "family_wish"})
        case.does(msgspec.structs.replace(over, referral=OTHER), **AS_PANEL)
    case.refuses(reach("placed", 20), "placed_twice", "occurred_on", **AS_PANEL)
    if ends is not None:
        copy(case).does(reach("placed", ends), **AS_PANEL)
    case.does(reach("placed", begins - 1), **AS_PANEL)
    case.does(reach("place_ended", begins, details={"reason": "family_wish"}), **AS_PANEL)


def test_a_place_does_not_end_before_it_began() -> None:
    ends = {"details": {"reason": "family_wish"}}
    asked().refuses(reach("place_ended", 30, **ends), "place_ended_before_placed", "occurred_on", **AS_PANEL)
    case = placed(on=20)
    case.refuses(reach("place_ended", 19, **ends), "place_ended_before_placed", "occurred_on", **AS_PANEL)
    case.does(reach("place_ended", 20, **ends), **AS_PANEL)


def test_a_place_is_judged_where_its_step_stands_in_the_order_and_not_when_it_was_recorded() -> None:
    ends = {"details": {"reason": "family_wish"}}
    again = placed(on=20).does(
        reach("discharged", 30, details={"reason": "treatment_completed"}), reach("reopened", 40), **AS_PANEL
    )
    # the place of the first episode does not end in the second
    again.refuses(reach("place_ended", 50, **ends), "place_ended_before_placed", "occurred_on", **AS_PANEL)
    again.does(reach("placed", 45), **AS_PANEL).does(reach("place_ended", 50, **ends), **AS_PANEL)


def test_a_corrected_day_of_a_place_that_was_offered_is_not_counted_again() -> None:
    case = placed(on=20)
    entry = case.last
    case.world = msgspec.structs.replace(case.world, places_taken=lambda _: FULL)
    moved = reach("placed", 21, supersedes=entry, why="The day was wrong.")
    (event,) = case.happened(moved, PlaceTaken, **AS_PANEL)
    assert isinstance(event, PlaceTaken)
    assert not event.beyond


def test_an_offer_before_the_referral_was_passed_on_is_still_recorded_by_the_base() -> None:
    case = asked().does(agree(consent=UUID(int=0xE9)), reach("received", 1, reported=told(1)))
    case.does(reach("redirected", 9, details={"to_service": CAMHS, "to_agency": BOARD}), **AS_PANEL)
    (event,) = case.happened(reach("place_offered", 5), PlaceOffered, **AS_PANEL)
    assert case.referral.service == CAMHS
    # and what the base offered is not a place of the next service
    assert place_changes(event, case.state) == {REFERRAL: (CAMHS, None)}
    case.refuses(reach("place_offered", 10), "not_a_place_service", "milestone", **AS_CLINICIAN)


def test_a_place_ends_with_a_reason() -> None:
    placed().refuses(reach("place_ended", 30), "cannot_be_empty", "reason", **AS_PANEL)


def test_only_the_authority_of_the_base_places() -> None:
    case = asked()
    reported = reach("placed", 20, reported=told(20))
    case.refuses(reported, "only_the_authority_places", "milestone")
    for stranger in (AS_FAR_PANEL, AS_CLINICIAN):
        assert case.tries(reach("placed", 20), **stranger).code == "not_found"


def test_a_service_that_has_no_places_offers_none() -> None:
    sent().refuses(reach("placed", 20), "not_a_place_service", "milestone", **AS_CLINICIAN)


def test_only_the_authority_is_offered_the_steps_of_a_place() -> None:
    case = asked()
    stamp = header(LATER, recorded_at=at_noon(LATER), **AS_PANEL)
    assert set(allowed_milestones(case.referral, stamp, of_places=True)) >= OF_PLACES - {"place_ended"}
    assert not set(allowed_milestones(case.referral, stamp)) & OF_PLACES
    school = header(LATER, recorded_at=at_noon(LATER))
    assert not set(allowed_milestones(case.referral, school, of_places=True)) & OF_PLACES


def test_a_struck_entry_frees_the_place() -> None:
    case = placed()
    assert place_changes(case.events[-1], case.state) == {REFERRAL: (BASE, "placed")}
    case.does(
        StrikeEntry(
            occurred_on=day(21), pupil=PUPIL, referral=REFERRAL, entry=case.last, why="Another child"
        ),
        **AS_PANEL,
    )
    assert place_changes(case.events[-1], case.state) == {REFERRAL: (BASE, "offered")}


def test_a_review_says_when_the_next_is_and_by_when_an_exit_is_due() -> None:
    case = placed()
    (event,) = case.happened(review(exit_due_on=day(280), words="Reads well."), PlaceReviewed, **AS_PANEL)
    assert isinstance(event, PlaceReviewed)
    assert place_of(case.referral).exit_due_on == day(280)
    # the pupil's school reviews too
    case.does(review(101, outcome="exit_planned"))
    assert place_of(case.referral).exit_due_on == day(300)


def test_a_place_is_reviewed_while_the_pupil_has_it() -> None:
    asked().refuses(review(), "not_placed", "occurred_on", **AS_PANEL)
    case = placed(on=20)
    case.refuses(review(19), "not_placed", "occurred_on", **AS_PANEL)
    case.refuses(review(100, next_review_on=day(100)), "next_review_not_later", "next_review_on", **AS_PANEL)
    assert case.tries(review(), **AS_FAR_PANEL).code == "not_found"


def test_a_family_agrees_to_short_notice_once_and_can_change_its_mind() -> None:
    case = sent()
    agrees = AgreeShortNotice(occurred_on=day(3), pupil=PUPIL, referral=REFERRAL)
    case.happened(agrees, ShortNoticeAgreed)
    case.happened(agrees)
    assert case.referral.short_notice
    case.does(AgreeShortNotice(occurred_on=day(4), pupil=PUPIL, referral=REFERRAL, agreed=False))
    assert not case.referral.short_notice


def test_a_day_is_needed_by_which_the_exit_is_considered_only_if_it_is_known() -> None:
    case = asked().does(reach("placed", 20), **AS_PANEL)
    assert place_of(case.referral).exit_due_on is None
    assert isinstance(place_of(case.referral).placed_on, date)
