"""Whatever is joined, separated, moved and left in whatever order: the links of a child's files hold."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.event import Event, PupilEvent
from coordination.pupil import casefile
from coordination.pupil.casefile import CaseFile
from coordination.pupil.joining.commands import JoinPupils, SeparatePupils
from coordination.pupil.joining.decide import decide_join, decide_separate
from coordination.pupil.joining.events import PupilsJoined
from coordination.pupil.joining.shared import on_other_file, other_files, taken_along
from coordination.pupil.profile.decisions.registering import registration_ended
from coordination.pupil.profile.events import PupilRegistered, RegistrationAdded
from coordination.world import ProfileFacts, World
from tests.given import SCHOOL, TODAY, header
from tests.meeting import hwb
from tests.meeting.hwb import AS_OFFICER, OTHER_SCHOOL

FILES = tuple(UUID(int=0x20 + n) for n in range(4))
WORLD = World(hwb.world().directory, about_pupil=lambda _: ProfileFacts())
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["join", "separate", "leave", "register"]),
        st.sampled_from(FILES),
        st.sampled_from(FILES),
        st.sampled_from([SCHOOL, OTHER_SCHOOL]),
    ),
    max_size=14,
)


class Files:
    """The files of some children, changed as the service changes them."""

    def __init__(self) -> None:
        self.states = {
            file: casefile.evolve(CaseFile(), PupilRegistered(header=header(), school=SCHOOL))
            for file in FILES
        }

    def other(self, file: UUID) -> Sequence[UUID]:
        leading, following = other_files(self.states[file])
        group = following if leading is None else (leading, *other_files(self.states[leading])[1])
        return [one for one in group if one != file]

    def record(self, decided: Sequence[tuple[UUID, Event]]) -> None:
        self._fold(decided)
        joins = any(isinstance(event, PupilsJoined) for _, event in decided)
        also = [
            (other, event)
            for file, recorded in decided
            for other in self.other(file)
            for event in on_other_file(self.states[other], recorded, WORLD)
            if not joins
        ]
        self._fold(also)
        for file in dict.fromkeys(file for file, _ in (*decided, *also)):
            group = {one: self.states[one] for one in (file, *self.other(file))}
            self._fold(taken_along(group, header()))

    def _fold(self, recorded: Sequence[tuple[UUID, Event]]) -> None:
        for file, event in recorded:
            assert isinstance(event, PupilEvent)
            self.states[file] = casefile.evolve(self.states[file], event)  # type: ignore[arg-type]

    def join(self, one: UUID, other: UUID) -> bool:
        return self._does(JoinPupils(occurred_on=TODAY, pupil=one, other=other, why="One child"))

    def separate(self, one: UUID, other: UUID) -> bool:
        return self._does(SeparatePupils(occurred_on=TODAY, pupil=one, other=other, why="Two children"))

    def _does(self, command: JoinPupils | SeparatePupils) -> bool:
        states = (self.states[command.pupil], self.states[command.other])
        for by in ({}, {"organisation": OTHER_SCHOOL}, AS_OFFICER):
            stamp = header(**by)
            try:
                if isinstance(command, JoinPupils):
                    decided = decide_join(*states, command, stamp, WORLD)
                else:
                    decided = decide_separate(*states, command, stamp, WORLD)
            except Refusal:
                continue
            self.record([(at.stream, at.event) for at in decided])
            return True
        return False

    def step(self, what: str, one: UUID, other: UUID, school: UUID) -> None:
        case = self.states[one]
        match what:
            case "join":
                self.join(one, other)
            case "separate":
                self.separate(one, other)
            case "leave" if school in case.profile.schools():
                self.record([(one, registration_ended(case, school, header(), WORLD))])
            case "register" if school not in case.profile.schools():
                self.record([(one, RegistrationAdded(header=header(), school=school))])
            case _:
                pass


@settings(max_examples=300, deadline=None)
@for_all(STEPS)
def test_the_links_are_the_same_from_both_sides(
    steps: list[tuple[str, UUID, UUID, UUID]],
) -> None:
    files = Files()
    for step in steps:
        files.step(*step)
        for file, case in files.states.items():
            links = case.joining
            assert links.leading is None or not links.following
            assert len(set(links.following)) == len(links.following)
            if links.leading is not None:
                assert file in files.states[links.leading].joining.following
            for follower in links.following:
                assert files.states[follower].joining.leading == file


@settings(max_examples=300, deadline=None)
@for_all(STEPS, st.sampled_from(FILES), st.sampled_from(FILES))
def test_joined_and_separated_a_file_is_on_the_rolls_that_it_was_on(
    steps: list[tuple[str, UUID, UUID, UUID]], one: UUID, other: UUID
) -> None:
    files = Files()
    for step in steps:
        files.step(*step)
    before = dict(files.states)
    if not files.join(one, other):
        return
    assert files.separate(one, other)
    for file in FILES:
        assert files.states[file].joining == before[file].joining
        assert files.states[file].profile.schools() == before[file].profile.schools()


@settings(max_examples=300, deadline=None)
@for_all(STEPS)
def test_no_file_of_a_child_is_on_no_roll_while_another_is(
    steps: list[tuple[str, UUID, UUID, UUID]],
) -> None:
    """Otherwise the referrals on it would be nobody's."""
    files = Files()
    for step in steps:
        files.step(*step)
        for file, case in files.states.items():
            for other in files.other(file):
                assert case.profile.schools() or not files.states[other].profile.schools()
