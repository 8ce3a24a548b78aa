"""Every rule of the waits at its border, with its number in the list that the README gives."""

from __future__ import annotations

from typing import Any

import pytest

from coordination.clocks import ENDINGS, episodes
from coordination.clocks.episodes import SHOWS_RECEIPT
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.treatment import Assessed
from tests.clocks.story import (
    NAMES,
    day,
    directory,
    referral,
    standard,
    told,
    waits,
)

BOTH = directory(standard("A"), standard("B"))


def whose(wait: Any) -> list[tuple[str, str | None, int]]:
    """Party, service and days, in order."""
    return [(p.party, NAMES.get(p.service), p.days) for p in wait.periods]


# One clock of one holder


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("acknowledged", 0)], [(0, None, None)]),
        ([("received", 0)], [(0, None, None)]),
        ([("received", 0), ("first_contact", 5)], [(0, 5, "stopped")]),
        ([("first_contact", 0)], []),
        ([("received", 0), ("received", 3), ("first_contact", 5), ("first_contact", 9)], [(0, 5, "stopped")]),
        ([("received", 0), ("withdrawn", 5)], [(0, 5, "withdrawn")]),
        ([("received", 0), ("withdrawn", 5), ("reopened", 7)], [(0, None, None)]),
        ([("received", 0), ("withdrawn", 5), ("reopened", 7), ("first_contact", 9)], [(0, 9, "stopped")]),
        ([("withdrawn", 0), ("reopened", 1), ("received", 2)], [(2, None, None)]),
        ([("received", 0), ("redirected", 5), ("received", 7), ("first_contact", 9)], [(0, 9, "stopped")]),
        ([("received", 0), ("recorded_in_error", 5)], []),
        ([("received", 0), ("first_contact", 5), ("recorded_in_error", 9)], []),
        ([("recorded_in_error", 0)], []),
        ([("received", 0), ("first_contact", 0)], [(0, 0, "stopped")]),
    ],
)
def test_a_clock_starts_and_stops_once_and_is_never_reset(said: list[Any], expected: list[Any]) -> None:
    found = waits(referral(*said), directory(standard()), "std-A")
    assert [(start, end, ending) for _, start, _, end, ending in told(found)] == expected


@pytest.mark.parametrize("answer", ["s21_answer", "report_issued"])
def test_15_an_answer_or_report_after_an_ending_still_stops_its_clock(answer: str) -> None:
    held = referral(("received", 0), ("declined", 5), (answer, 9))
    [found] = waits(held, directory(standard(stop=answer)), "std-A")
    assert told([found]) == [("A", 0, 0, 9, "stopped")]
    assert [(g.from_on, g.until, g.ending) for g in found.gaps] == [(day(5), day(9), "declined")]
    [other] = waits(held, directory(standard(stop="first_contact")), "std-A")
    assert told([other]) == [("A", 0, 0, 5, "declined")]


def test_an_ending_can_be_what_stops_it() -> None:
    known = directory(standard(stop="discharged"))
    assert told(waits(referral(("received", 0), ("discharged", 5)), known, "std-A")) == [
        ("A", 0, 0, 5, "stopped")
    ]


@pytest.mark.parametrize(
    ("name", "ending", "expected"),
    [
        ("withdrawn", None, "withdrawn"),
        ("withdrawn", "moved_away", "moved_away"),
        ("discharged", "aged_out", "aged_out"),
        ("declined", None, "declined"),
        ("discharged", None, "discharged"),
        ("advice_given", None, "advice_given"),
        ("place_ended", None, "place_ended"),
    ],
)
def test_an_ending_says_how(name: str, ending: str | None, expected: str) -> None:
    found = waits(referral(("received", 0), (name, 5, {"ending": ending})), BOTH, "std-A")
    assert told(found) == [("A", 0, 0, 5, expected)]
    assert expected in ENDINGS


# Transfers


def test_1_the_receiver_takes_the_clock_over_and_each_has_its_own_days() -> None:
    held = referral(("received", 0), ("redirected", 200, {"to": "B"}), ("received", 202))
    first, second = waits(held, BOTH, "std-A") + waits(held, BOTH, "std-B")
    assert told([first, second]) == [("A", 0, 0, 200, "passed_on"), ("B", 0, 200, None, None)]
    assert (first.inherited_days, first.inherited_from) == (0, None)
    assert (second.inherited_days, NAMES.get(second.inherited_from)) == (200, "A")
    assert (second.due_on, second.held_from, second.own_due_on) == (day(28), day(200), day(228))
    assert whose(first) == [("agency", "A", 200)]
    assert whose(second)[0] == ("agency", "A", 200)
    assert [p.service for p in second.periods if p.from_on == day(200)] == [second.service]


def test_1_a_clock_that_stopped_is_not_inherited() -> None:
    held = referral(("received", 0), ("first_contact", 9), ("redirected", 20, {"to": "B"}), ("received", 22))
    assert told(waits(held, BOTH, "std-A")) == [("A", 0, 0, 9, "stopped")]
    assert told(waits(held, BOTH, "std-B")) == [("B", 22, 22, None, None)]


def test_10_a_standard_that_restarts_begins_with_its_own_receipt() -> None:
    known = directory(standard("A"), standard("B", on_transfer="restarts"))
    held = referral(("received", 0), ("redirected", 20, {"to": "B"}), ("received", 22), ("first_contact", 30))
    [found] = waits(held, known, "std-B")
    assert told([found]) == [("B", 22, 22, 30, "stopped")]
    assert (found.inherited_days, found.inherited_from) == (0, None)


def test_9_a_redirection_is_the_next_services_submission() -> None:
    sent = {"start": "submitted", "stop": "acknowledged", "on_transfer": "restarts"}
    known = directory(standard("A", **sent), standard("B", **sent))
    held = referral(
        ("submitted", 0), ("acknowledged", 3), ("redirected", 8, {"to": "B"}), ("acknowledged", 9)
    )
    assert told(waits(held, known, "std-A")) == [("A", 0, 0, 3, "stopped")]
    assert told(waits(held, known, "std-B")) == [("B", 8, 8, 9, "stopped")]


def test_9_back_at_the_first_service_is_a_second_row() -> None:
    held = referral(
        ("received", 0),
        ("redirected", 10, {"to": "B"}),
        ("received", 12),
        ("redirected", 30, {"to": "A"}),
        ("received", 31),
        ("first_contact", 40),
    )
    first, second = waits(held, BOTH, "std-A")
    assert told([first, second]) == [("A", 0, 0, 10, "passed_on"), ("A", 0, 30, 40, "stopped")]
    assert (first.number, second.number) == (1, 2)
    assert (second.inherited_days, NAMES.get(second.inherited_from)) == (30, "B")
    assert [part for part in whose(second) if part[1] == "B"] == [("agency", "B", 20)]
    assert told(waits(held, BOTH, "std-B")) == [("B", 0, 10, 30, "passed_on")]


def test_redirected_twice_every_service_keeps_its_days() -> None:
    known = directory(standard("A"), standard("B", on_transfer="restarts"), standard("C"))
    held = referral(
        ("received", 0),
        ("redirected", 10, {"to": "B"}),
        ("received", 12),
        ("redirected", 30, {"to": "C"}),
        ("received", 35),
    )
    found = {code: waits(held, known, code) for code in ("std-A", "std-B", "std-C")}
    assert told(found["std-A"]) == [("A", 0, 0, 10, "passed_on")]
    assert told(found["std-B"]) == [("B", 12, 12, 30, "passed_on")]
    assert told(found["std-C"]) == [("C", 0, 30, None, None)]
    assert NAMES.get(found["std-C"][0].inherited_from) == "B"


def test_a_redirection_that_names_no_service_passes_nothing_on() -> None:
    held = referral(("received", 0), ("redirected", 10), ("first_contact", 30))
    assert told(waits(held, BOTH, "std-A")) == [("A", 0, 0, 30, "stopped")]


# Episodes and gaps


def test_3_a_new_start_after_a_stop_an_ending_and_a_reopening_is_a_new_wait() -> None:
    for new_episode in (True, False):
        held = referral(
            ("received", 0),
            ("first_contact", 14),
            ("discharged", 56),
            ("reopened", 364, {"new_episode": new_episode}),
            ("received", 365),
        )
        found = waits(held, BOTH, "std-A")
        assert told(found) == [("A", 0, 0, 14, "stopped"), ("A", 365, 365, None, None)]
        assert [w.number for w in found] == [1, 2]


def test_a_second_start_without_a_reopening_is_none() -> None:
    known = directory(standard(start="acknowledged", stop="first_contact"))
    held = referral(("received", 0), ("acknowledged", 1), ("first_contact", 5), ("acknowledged", 9))
    assert told(waits(held, known, "std-A")) == [("A", 1, 1, 5, "stopped")]


def test_4_the_days_of_a_gap_stay_and_nobody_waits_on_them() -> None:
    held = referral(
        ("received", 0), ("withdrawn", 28), ("reopened", 147), ("received", 148), ("first_contact", 166)
    )
    [found] = waits(held, BOTH, "std-A")
    assert told([found]) == [("A", 0, 0, 166, "stopped")]
    assert [(g.from_on, g.until, g.ending) for g in found.gaps] == [(day(28), day(147), "withdrawn")]
    assert whose(found) == [("agency", "A", 28), ("family", None, 119), ("agency", "A", 19)]
    assert found.held_from == day(147), "the days before it cannot be challenged"
    declined = referral(("received", 0), ("declined", 28), ("reopened", 147))
    [after] = waits(declined, BOTH, "std-A")
    assert ([part[:2] for part in whose(after)], after.gaps[0].ending) == ([("agency", "A")], "declined")


def test_a_new_episode_ends_what_waited_and_is_a_holding_of_its_own() -> None:
    held = referral(
        ("received", 0), ("withdrawn", 28), ("reopened", 147, {"new_episode": True}), ("received", 150)
    )
    assert told(waits(held, BOTH, "std-A")) == [("A", 0, 0, 28, "withdrawn"), ("A", 150, 150, None, None)]
    one, two = episodes(held)
    assert (one.from_on, one.until, two.from_on, two.until) == (day(0), day(28), day(147), None)
    assert [h.from_on for h in two.holdings] == [day(147)]
    assert told(waits(held, BOTH, "not_received")) == [("A", 147, 147, 150, "stopped")]


def test_reopened_twice_there_are_two_gaps() -> None:
    held = referral(
        ("received", 0), ("withdrawn", 5), ("reopened", 9), ("discharged", 12), ("reopened", 20),
        ("first_contact", 25),
    )  # fmt: skip
    [found] = waits(held, BOTH, "std-A")
    assert [(g.from_on, g.until, g.ending) for g in found.gaps] == [
        (day(5), day(9), "withdrawn"), (day(12), day(20), "discharged"),
    ]  # fmt: skip


def test_ended_and_reopened_on_one_day_there_is_no_gap() -> None:
    held = referral(("received", 0), ("discharged", 28), ("reopened", 28), ("first_contact", 56))
    [found] = waits(held, BOTH, "std-A")
    assert (told([found]), found.gaps) == ([("A", 0, 0, 56, "stopped")], ())


# Receipt


def test_5_the_first_own_step_that_is_no_contact_or_outcome_shows_receipt() -> None:
    for own in ("acknowledged", "panel_decided", "place_offered"):
        held = referral(("submitted", 0), (own, 8), ("first_contact", 20))
        assert told(waits(held, BOTH, "std-A")) == [("A", 8, 8, 20, "stopped")]
        assert told(waits(held, BOTH, "not_received")) == [("A", 0, 0, 8, "stopped")]
    unseen = referral(("submitted", 0), ("first_contact", 20))
    assert waits(unseen, BOTH, "std-A") == [], "a stop without a start is a matter of data quality"
    assert told(waits(unseen, BOTH, "not_received")) == [("A", 0, 0, 20, "stopped")]


def test_5_every_own_step_of_a_service_shows_receipt_or_is_a_contact_or_outcome() -> None:
    own = {name for name, of in MILESTONES.items() if of.rules.said_by == "agency"}
    outcomes = {
        name
        for name, of in MILESTONES.items()
        if of.rules.effect == "ends"
        or of.rules.appointment in ("attended", "missed", "cancelled")
        or of.__module__ == Assessed.__module__
        or name == "placed"
    }
    assert own - outcomes == SHOWS_RECEIPT


# The built-in clocks


def test_8_a_service_without_a_standard_has_the_clock_none() -> None:
    known = directory(standard("B"))
    for seen in ("first_contact", "assessed", "treatment_started", "report_issued", "s21_answer", "placed"):
        held = referral(("received", 0), ("accepted", 3), (seen, 9), ("discharged", 12))
        assert told(waits(held, known, "none")) == [("A", 0, 0, 9, "stopped")]
    held = referral(("received", 0), ("declined", 12))
    [found] = waits(held, known, "none")
    assert told([found]) == [("A", 0, 0, 12, "declined")]
    assert (found.unit, found.version, found.due_on) == ("calendar_days", None, None)
    assert (found.start_ordinal, found.end_ordinal) == (day(0).toordinal(), day(12).toordinal())


def test_8_a_standard_that_starts_by_receipt_and_stops_later_takes_the_place_of_none() -> None:
    held = referral(("decided", 0), ("submitted", 1), ("received", 2))
    for start, stop, covered in (
        ("received", "first_contact", True),
        ("submitted", "acknowledged", True),
        ("decided", "report_issued", True),
        ("decided", "submitted", False),
        ("accepted", "discharged", False),
        ("first_contact", "treatment_started", False),
    ):
        found = waits(held, directory(standard(start=start, stop=stop)), "none")
        assert (found == []) == covered, (start, stop)
    ended = directory(standard(effective_to=day(1)))
    assert told(waits(held, ended, "none")) == [("A", 2, 2, None, None)]
    assert waits(held, directory(standard(effective_to=day(2))), "none") == []
    other_route = directory(standard(legal_route="s20_nhs"))
    assert told(waits(held, other_route, "none")) == [("A", 2, 2, None, None)]


def test_8_each_holder_without_a_standard_counts_from_its_own_receipt() -> None:
    held = referral(("received", 0), ("redirected", 10, {"to": "B"}), ("received", 14), ("assessed", 20))
    assert told(waits(held, directory(), "none")) == [
        ("A", 0, 0, 10, "passed_on"), ("B", 14, 14, 20, "stopped"),
    ]  # fmt: skip


def test_2_sent_and_not_received_waits_with_the_addressee() -> None:
    held = referral(("decided", 0), ("submitted", 4))
    [found] = waits(held, BOTH, "not_received")
    assert told([found]) == [("A", 4, 4, None, None)]
    assert (whose(found)[0][:2], found.holder_kind) == (("agency", "A"), "service")
    passed = referral(("received", 0), ("redirected", 10, {"to": "B"}))
    assert told(waits(passed, BOTH, "not_received")) == [("B", 10, 10, None, None)]
    withdrawn = referral(("submitted", 4), ("withdrawn", 9))
    assert told(waits(withdrawn, BOTH, "not_received")) == [("A", 4, 4, 9, "withdrawn")]
    assert waits(referral(("received", 4)), BOTH, "not_received") == []


def test_2_decided_and_not_sent_is_the_schools() -> None:
    [open_one] = waits(referral(("decided", 0)), BOTH, "not_sent")
    assert told([open_one]) == [("A", 0, 0, None, None)]
    assert (open_one.holder_kind, whose(open_one)[0][0], open_one.held_from) == ("school", "school", None)
    [sent] = waits(referral(("decided", 0), ("submitted", 6)), BOTH, "not_sent")
    assert (told([sent]), whose(sent)) == ([("A", 0, 0, 6, "stopped")], [("school", None, 6)])
    [shown] = waits(referral(("decided", 0), ("received", 6)), BOTH, "not_sent")
    assert told([shown]) == [("A", 0, 0, 6, "stopped")]
    [given_up] = waits(referral(("decided", 0), ("withdrawn", 6)), BOTH, "not_sent")
    assert told([given_up]) == [("A", 0, 0, 6, "withdrawn")]
    assert waits(referral(("submitted", 6)), BOTH, "not_sent") == []


def test_a_clock_from_the_decision_has_school_days_before_sending_and_cannot_be_challenged_for_them() -> None:
    known = directory(standard(start="decided", stop="report_issued"))
    [found] = waits(referral(("decided", 0), ("submitted", 6)), known, "std-A")
    assert (told([found]), found.held_from, found.own_due_on) == (
        [("A", 0, 0, None, None)], day(6), day(34),
    )  # fmt: skip
    assert whose(found)[0] == ("school", None, 6)
    [unsent] = waits(referral(("decided", 0)), known, "std-A")
    assert (unsent.held_from, unsent.own_due_on, whose(unsent)[0][0]) == (None, None, "school")
