"""Two files of one child are joined and separated: who may, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from coordination.event import Event
from coordination.pupil import casefile
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.casefile import CaseFile
from coordination.pupil.joining.commands import JoinPupils, SeparatePupils
from coordination.pupil.joining.decide import decide_join, decide_separate
from coordination.pupil.joining.events import PupilsJoined, PupilsSeparated
from coordination.pupil.joining.shared import on_other_file
from coordination.pupil.profile.events import (
    ContactEnded,
    ContactRecorded,
    IdentityChanged,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
)
from coordination.world import ProfileFacts, World
from tests.given import SCHOOL, DecisionOutcome, given, header
from tests.meeting import hwb
from tests.meeting.hwb import AS_OFFICER, AS_STRANGER, OTHER_SCHOOL

THIRD_SCHOOL = UUID(int=0x53)
ONE, TWO, THREE = UUID(int=0x21), UUID(int=0x22), UUID(int=0x23)
BORN = date(2014, 1, 20)
TODAY = date(2026, 3, 2)


def world(**born: date) -> World:
    facts = {ONE: BORN, TWO: BORN, THREE: BORN} | {UUID(int=int(k, 16)): v for k, v in born.items()}
    return World(hwb.world().directory, about_pupil=lambda pupil: ProfileFacts(born=facts[pupil]))


def pupil(*more: Event, school: UUID = SCHOOL) -> list[Event]:
    return [PupilRegistered(header=header(date(2025, 9, 1)), school=school), *more]


def joined(other: UUID, part: Any) -> PupilsJoined:
    return PupilsJoined(header=header(), other=other, part=part, why="Same child")


def folded(events: list[Event]) -> CaseFile:
    case = CaseFile()
    for event in events:
        case = casefile.evolve(case, event)  # type: ignore[arg-type]
    return case


def join(
    one: list[Event],
    two: list[Event],
    known: World | None = None,
    *,
    by: dict[str, Any] | None = None,
    **changed: Any,
) -> DecisionOutcome:
    usual: dict[str, Any] = {"occurred_on": TODAY, "pupil": ONE, "other": TWO, "why": "Same child"}
    return (
        given(casefile.evolve, CaseFile(), one)
        .by(**by or {})
        .when(decide_join, JoinPupils(**{**usual, **changed}), known or world(), folded(two))
    )


def separate(one: list[Event], two: list[Event], **changed: Any) -> DecisionOutcome:
    usual: dict[str, Any] = {"occurred_on": TODAY, "pupil": ONE, "other": TWO, "why": "Cousins"}
    return given(casefile.evolve, CaseFile(), one).when(
        decide_separate, SeparatePupils(**{**usual, **changed}), world(), folded(two)
    )


def test_the_event_is_recorded_on_both_streams_each_naming_the_other() -> None:
    outcome = join(pupil(), pupil())
    assert outcome.refusal is None
    stamp = header()
    assert [(at.stream, at.event) for at in outcome.events] == [  # type: ignore[attr-defined]
        (ONE, PupilsJoined(header=stamp, other=TWO, part="leads", why="Same child")),
        (TWO, PupilsJoined(header=stamp, other=ONE, part="follows", why="Same child")),
    ]


def test_a_child_is_not_joined_with_itself() -> None:
    join(pupil(), pupil(), other=ONE).refused("joined_with_itself", "other")


def test_two_dates_of_birth_are_corrected_before_the_files_are_joined() -> None:
    join(pupil(), pupil(), world(**{"22": date(2014, 1, 21)})).refused("birth_dates_differ", "other")


def test_a_reason_is_needed() -> None:
    join(pupil(), pupil(), why="  ").refused("cannot_be_empty", "why")


def test_no_day_in_the_future() -> None:
    join(pupil(), pupil(), occurred_on=date(2026, 3, 3)).refused("in_the_future", "occurred_on")


def test_a_third_file_joins_the_group_of_the_file_that_leads() -> None:
    leads = [*pupil(), joined(TWO, "leads")]
    assert join(leads, pupil(), other=THREE).refusal is None
    assert folded([*leads, joined(THREE, "leads")]).joining.following == (TWO, THREE)


def test_a_file_that_follows_or_leads_is_not_joined_to_another() -> None:
    join(pupil(), [*pupil(), joined(THREE, "follows")]).refused("already_joined", "other")
    join([*pupil(), joined(THREE, "follows")], pupil()).refused("already_joined", "other")
    join(pupil(), [*pupil(), joined(THREE, "leads")]).refused("others_are_joined_to_it", "other")


def test_the_school_has_both_on_its_roll() -> None:
    elsewhere = pupil(school=OTHER_SCHOOL)
    join(pupil(), elsewhere).refused("not_found")
    join(pupil(), pupil(), by=AS_STRANGER).refused("not_found")
    join(pupil(), pupil(), by={"role": "class_teacher"}).refused("not_found")
    join(pupil(), []).refused("not_found")


def test_the_caseworker_joins_the_files_of_two_schools_of_the_authority() -> None:
    elsewhere = pupil(school=OTHER_SCHOOL)
    assert join(pupil(), elsewhere, by=AS_OFFICER).refusal is None
    join(pupil(), elsewhere, by=hwb.AS_FAR_OFFICER).refused("not_found")
    join(pupil(), pupil(), by=AS_OFFICER).refused("not_found")


def test_a_child_on_no_roll_is_joined_by_the_caseworker_of_the_last_school() -> None:
    left = pupil(RegistrationEnded(header=header(date(2025, 12, 1)), school=SCHOOL))
    assert join(left, pupil(), by=AS_OFFICER).refusal is None


def test_separation_ends_the_link_on_both_streams() -> None:
    leads, follows = [*pupil(), joined(TWO, "leads")], [*pupil(), joined(ONE, "follows")]
    outcome = separate(leads, follows)
    assert outcome.refusal is None
    (_, first), (_, second) = outcome.events  # type: ignore[misc]
    assert folded([*leads, first]).joining == folded(pupil()).joining
    assert folded([*follows, second]).joining == folded(pupil()).joining
    assert isinstance(first, PupilsSeparated)


def test_only_what_is_joined_in_this_order_is_separated() -> None:
    leads, follows = [*pupil(), joined(TWO, "leads")], [*pupil(), joined(ONE, "follows")]
    separate(pupil(), pupil()).refused("not_joined", "other")
    separate(leads, follows, other=ONE).refused("not_joined", "other")
    separate(follows, leads).refused("not_joined", "other")
    separate(leads, follows, why="").refused("cannot_be_empty", "why")


def test_leaving_a_roll_is_recorded_on_every_file_of_the_child_that_is_on_it() -> None:
    left = RegistrationEnded(header=header(), school=SCHOOL)
    moved = SchoolMoved(header=header(), from_school=SCHOOL, to_school=OTHER_SCHOOL)
    for event in (left, moved):
        (also,) = on_other_file(folded(pupil()), event, world())
        assert type(also) is type(event)
        assert folded([*pupil(), also]).profile.schools() == folded([*pupil(), event]).profile.schools()


def test_a_file_at_another_school_stays_there_when_the_child_moves() -> None:
    elsewhere = folded(pupil(school=THIRD_SCHOOL))
    left = RegistrationEnded(header=header(), school=SCHOOL)
    moved = SchoolMoved(header=header(), from_school=SCHOOL, to_school=OTHER_SCHOOL)
    assert on_other_file(elsewhere, left, world()) == []
    assert on_other_file(elsewhere, moved, world()) == []


def test_a_file_on_no_roll_goes_on_the_roll_of_the_school_that_takes_the_child() -> None:
    left = folded(pupil(RegistrationEnded(header=header(), school=THIRD_SCHOOL), school=THIRD_SCHOOL))
    moved = SchoolMoved(header=header(), from_school=SCHOOL, to_school=OTHER_SCHOOL)
    added = RegistrationAdded(header=header(), school=OTHER_SCHOOL)
    for event in (moved, added):
        assert on_other_file(left, event, world()) == [added]
    assert on_other_file(folded(pupil(school=OTHER_SCHOOL)), added, world()) == []


def test_a_file_on_no_roll_is_taken_by_the_childs_school_when_joined_and_left_when_separated() -> None:
    left = pupil(
        RegistrationEnded(header=header(date(2025, 12, 1)), school=OTHER_SCHOOL), school=OTHER_SCHOOL
    )
    outcome = join(pupil(), left, by=AS_OFFICER)
    assert outcome.refusal is None
    follows = folded([*left, *(e for at, e in outcome.events if at == TWO)])  # type: ignore[misc]
    leads = folded([*pupil(), *(e for at, e in outcome.events if at == ONE)])  # type: ignore[misc]
    assert follows.profile.schools() == {SCHOOL}
    command = SeparatePupils(occurred_on=TODAY, pupil=ONE, other=TWO, why="Cousins")
    apart = decide_separate(leads, follows, command, header(), world())
    for at, event in apart:
        if at == TWO:
            follows = casefile.evolve(follows, event)  # type: ignore[arg-type]
    assert follows.profile.schools() == frozenset()
    assert follows.joining == folded(pupil()).joining


def test_nothing_else_is_copied_to_the_other_file() -> None:
    stamp = header()
    other = folded(pupil())
    for event in (
        IdentityChanged(header=stamp),
        ContactRecorded(header=stamp, contact=THREE, parental_responsibility=True),
    ):
        assert on_other_file(other, event, world()) == []


def test_a_new_identity_replaces_that_of_every_file_and_ends_its_contacts() -> None:
    stamp = header()
    other = folded(pupil(ContactRecorded(header=stamp, contact=THREE, parental_responsibility=True)))
    replaced = IdentityReplaced(header=stamp)
    assert on_other_file(other, replaced, world()) == [
        ContactEnded(header=stamp, contact=THREE, why=None),
        replaced,
    ]
