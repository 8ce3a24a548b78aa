"""Statutory decisions about additional learning needs: who may record what, and which orders are impossible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.event import Command
from coordination.pupil import casefile
from coordination.pupil.aln.commands import (
    AlnCommand,
    AnswerReconsideration,
    AskReconsideration,
    CorrectAlnEntry,
    DecideAln,
    IssuePlan,
    PassOnConcern,
    RaiseConcern,
    RecordAlnConsent,
    ReviewPlan,
)
from coordination.pupil.aln.events import (
    AlnConsentGiven,
    AlnDecided,
    AlnEntryCorrected,
    ConcernPassedOn,
    ConcernRaised,
    PlanIssued,
    PlanReviewed,
    ReconsiderationAnswered,
    ReconsiderationAsked,
)
from coordination.pupil.aln.state import AlnMatter
from coordination.pupil.no_roll.decide import TakeOnChild
from coordination.pupil.profile.events import RegistrationAdded
from coordination.world import ProfileFacts, World
from tests.given import SCHOOL, header
from tests.meeting.hwb import (
    AS_CLINICIAN,
    AS_FAR_OFFICER,
    AS_OFFICER,
    AS_STRANGER,
    CONWY,
    GWYNEDD,
    OTHER_SCHOOL,
    PUPIL,
)
from tests.pupil.case import DAY, PupilCase, day, registered

CONCERN = UUID(int=0xC0)


def about(of: type[AlnCommand], on: int = 0, **more: Any) -> Any:
    """A command about the concern, so many days after it was raised."""
    return of(occurred_on=day(on), pupil=PUPIL, concern=CONCERN, **more)


def raised(on: int = 0, **more: Any) -> RaiseConcern:
    return about(RaiseConcern, on, **{"raised_by": "parent", "words": "She cannot read.", **more})


def decided(on: int = 10, outcome: str = "has_aln") -> DecideAln:
    return about(DecideAln, on, outcome=outcome)


def passed(on: int = 5, **more: Any) -> PassOnConcern:
    return about(PassOnConcern, on, **{"ground": "extent_unknown", **more})


def issued(on: int = 20) -> IssuePlan:
    return about(IssuePlan, on)


def reviewed(on: int = 100, outcome: str = "revised") -> ReviewPlan:
    return about(ReviewPlan, on, outcome=outcome)


def asked(on: int = 15, **more: Any) -> AskReconsideration:
    return about(AskReconsideration, on, **{"asked_by": "parent", **more})


def answered(on: int = 40, outcome: str = "has_aln") -> AnswerReconsideration:
    return about(AnswerReconsideration, on, outcome=outcome)


def looked_after() -> PupilCase:
    case = registered()
    case.world = replace(case.world, looked_after=lambda: True)
    return case


def matter(case: PupilCase) -> AlnMatter:
    return case.state.aln.matters[CONCERN]


def steps(case: PupilCase) -> list[tuple[str, date]]:
    return [(s.name, s.on) for s in matter(case).steps]


def test_a_school_is_told_decides_and_gives_the_plan() -> None:
    case = registered()
    [event] = case.happened(raised(), ConcernRaised)
    assert isinstance(event, ConcernRaised)
    assert (event.first_told, event.told_body, event.decides) == (SCHOOL, "school", "school")
    assert (event.raised_by, event.ground, event.words) == ("parent", None, "She cannot read.")
    [decision] = case.happened(decided(), AlnDecided)
    assert isinstance(decision, AlnDecided)
    assert (decision.by, decision.body, decision.plan_due, decision.outcome) == (
        SCHOOL,
        "school",
        True,
        "has_aln",
    )
    case.happened(issued(), PlanIssued)
    case.happened(reviewed(), PlanReviewed)
    assert [name for name, _ in steps(case)] == [
        "concern_raised",
        "aln_decided",
        "plan_issued",
        "plan_reviewed",
    ]


def test_the_authority_decides_for_a_looked_after_child() -> None:
    case = looked_after()
    [event] = case.happened(raised(), ConcernRaised)
    assert isinstance(event, ConcernRaised)
    assert (event.first_told, event.decides, event.ground) == (SCHOOL, "authority", "looked_after")
    case.refuses(decided(), "aln_authority_decides", "concern")
    case.refuses(issued(), "aln_authority_decides", "concern")
    case.happened(passed(ground="looked_after"), ConcernPassedOn)
    [decision] = case.happened(decided(), AlnDecided, **AS_OFFICER)
    assert isinstance(decision, AlnDecided)
    assert (decision.by, decision.body) == (GWYNEDD, "authority")


def test_of_a_pupil_on_two_rolls_it_is_said_who_decides() -> None:
    for body, ground in (("school", None), ("authority", "dual_registration")):
        case = registered()
        case.state = casefile.evolve(case.state, RegistrationAdded(header=header(DAY), school=OTHER_SCHOOL))
        case.refuses(raised(), "say_who_decides", "dual_body")
        [event] = case.happened(raised(dual_body=body), ConcernRaised)
        assert isinstance(event, ConcernRaised)
        assert (event.decides, event.ground) == (body, ground)


def test_the_authority_that_holds_a_child_on_no_roll_is_told_and_decides() -> None:
    taken = TakeOnChild(
        occurred_on=DAY,
        pupil=PUPIL,
        authority=GWYNEDD,
        surname="Gŵyn",
        forename="Siân",
        date_of_birth=date(2021, 1, 1),
    )
    case = PupilCase().does(taken, **AS_OFFICER)
    [event] = case.happened(raised(), ConcernRaised, **AS_OFFICER)
    assert isinstance(event, ConcernRaised)
    assert (event.first_told, event.told_body, event.decides) == (GWYNEDD, "authority", "authority")
    case.refuses(passed(), "aln_authority_decides", "concern", **AS_OFFICER)
    case.happened(decided(), AlnDecided, **AS_OFFICER)


def test_a_young_person_consents() -> None:
    case = registered()
    case.does(raised())
    case.refuses(about(RecordAlnConsent, 3), "not_a_young_person", "concern")
    older = registered()
    older.world = World(older.world.directory, lambda: ProfileFacts(born=date(2009, 3, 1)))
    [event] = older.happened(raised(), ConcernRaised)
    assert isinstance(event, ConcernRaised) and event.young_person
    older.happened(about(RecordAlnConsent, 3), AlnConsentGiven)


@pytest.mark.parametrize("born, young", [(date(2009, 8, 31), True), (date(2009, 9, 1), False)])
def test_a_young_person_is_over_compulsory_school_age(born: date, young: bool) -> None:
    case = registered()
    case.world = World(case.world.directory, lambda: ProfileFacts(born=born))
    [event] = case.happened(raised(), ConcernRaised)
    assert isinstance(event, ConcernRaised) and event.young_person is young


def test_the_authority_reconsiders_what_the_school_decided() -> None:
    case = registered().does(raised(), decided(outcome="no_aln"))
    case.refuses(issued(), "no_plan_due", "occurred_on")
    case.happened(asked(), ReconsiderationAsked)
    case.refuses(asked(16), "reconsideration_open", "occurred_on")
    case.refuses(answered(), "aln_authority_decides", "concern")
    case.happened(answered(), ReconsiderationAnswered, **AS_OFFICER)
    case.happened(issued(41), PlanIssued, **AS_OFFICER)
    case.happened(asked(50), ReconsiderationAsked)


@pytest.mark.parametrize("who", [AS_STRANGER, AS_CLINICIAN, AS_OFFICER, AS_FAR_OFFICER])
@pytest.mark.parametrize("command", [raised(), decided(), issued(), asked(), passed()])
def test_for_others_the_concern_does_not_exist(who: dict[str, Any], command: Command) -> None:
    case = registered() if isinstance(command, RaiseConcern) else registered().does(raised())
    case.refuses(command, "not_found", None, **who)


def test_another_authority_has_no_part_in_it() -> None:
    case = registered().does(raised(), passed(authority=CONWY))
    case.refuses(decided(), "not_found", None, **AS_OFFICER)
    case.happened(decided(), AlnDecided, **AS_FAR_OFFICER)
    case = registered().does(raised())
    case.refuses(passed(authority=SCHOOL), "unknown_authority", "authority")


IMPOSSIBLE: list[tuple[list[Command], Command, dict[str, Any], str]] = [
    ([raised()], raised(), {}, "aln_already_recorded"),
    ([raised()], decided(-1), {}, "aln_impossible_order"),
    ([decided()], raised(11), {}, "aln_impossible_order"),
    ([raised(), decided()], decided(12), {}, "aln_already_recorded"),
    ([raised(), decided()], issued(9), {}, "aln_impossible_order"),
    ([raised(), decided(), issued()], reviewed(19), {}, "aln_impossible_order"),
    ([raised(), decided()], passed(10), {}, "aln_impossible_order"),
    ([raised(), decided()], asked(9), {}, "aln_impossible_order"),
    ([raised(), passed()], decided(4), AS_OFFICER, "aln_impossible_order"),
    ([raised(), decided(), issued(), reviewed(outcome="ceased")], reviewed(101), {}, "plan_has_ceased"),
    ([raised(), decided(outcome="no_aln")], issued(), {}, "no_plan_due"),
    ([raised(), decided(outcome="no_aln"), asked()], answered(14), AS_OFFICER, "reconsideration_not_asked"),
]


@pytest.mark.parametrize("before, command, who, code", IMPOSSIBLE)
def test_an_impossible_order_is_refused(
    before: Sequence[Command], command: Command, who: dict[str, Any], code: str
) -> None:
    assert registered().does(*before).tries(command, **who).code == code


def test_late_entries_are_welcome_in_any_order() -> None:
    history = (raised(), decided(), issued(), reviewed(), reviewed(200))
    for order in permutations(history):
        case = registered().does(*order)
        assert [on for _, on in steps(case)] == [day(n) for n in (0, 10, 20, 100, 200)]


def test_what_happened_on_one_day_is_in_one_order_whatever_was_recorded_first() -> None:
    history = (raised(), decided(0), issued(0), reviewed(0))
    found = {tuple(name for name, _ in steps(registered().does(*order))) for order in permutations(history)}
    assert found == {("concern_raised", "aln_decided", "plan_issued", "plan_reviewed")}


def test_a_correction_is_appended_and_names_what_it_supersedes() -> None:
    case = registered().does(raised(), decided(outcome="no_aln"))
    wrong = matter(case).steps[1].version
    correct = about(CorrectAlnEntry, 12, entry=wrong, why="Another pupil's", happened_on=None)
    [event] = case.happened(correct, AlnEntryCorrected)
    assert isinstance(event, AlnEntryCorrected)
    assert (event.supersedes, event.happened_on, event.why) == (wrong, None, "Another pupil's")
    assert steps(case) == [("concern_raised", DAY)]
    case.refuses(correct, "unknown_aln_entry", "entry")
    case.happened(decided(11), AlnDecided)


def test_an_entry_is_put_on_its_right_day_where_that_is_possible() -> None:
    case = registered().does(raised(), decided(), issued())
    entry = matter(case).steps[1].version
    moved = about(CorrectAlnEntry, 30, entry=entry, why="The letter says so", happened_on=day(8))
    case.does(moved)
    assert steps(case) == [("concern_raised", DAY), ("aln_decided", day(8)), ("plan_issued", day(20))]
    case.refuses(moved, "nothing_changes", "happened_on")
    late = replace(moved, happened_on=day(21))
    case.refuses(late, "aln_impossible_order", "occurred_on")
    case.refuses(replace(moved, why=" ", happened_on=day(7)), "cannot_be_empty", "why")


def test_an_entry_is_corrected_by_the_organisation_that_recorded_it() -> None:
    case = registered().does(raised(), passed())
    case.does(decided(), **AS_OFFICER)
    entry = matter(case).steps[2].version
    case.refuses(about(CorrectAlnEntry, 12, entry=entry, why="Wrong"), "not_your_aln_entry", "entry")
    case.happened(about(CorrectAlnEntry, 12, entry=entry, why="Wrong"), AlnEntryCorrected, **AS_OFFICER)


def test_days_to_come_unknown_codes_and_overtaken_pages_are_refused() -> None:
    case = registered()
    case.refuses(raised(400), "in_the_future", "occurred_on")
    case.refuses(raised(raised_by="neighbour"), "unknown_code", "raised_by")
    case.does(raised())
    case.refuses(decided(outcome="perhaps"), "unknown_code", "outcome")
    assert case.tries(replace(decided(), seen=case.last - 1)).code == "overtaken"
