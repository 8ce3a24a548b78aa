"""Random histories, made through the real decisions: what Hypothesis draws are moves, and a move that the domain
refuses does nothing. The same moves give the same events, so that a failing history shrinks to a short one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from hypothesis import strategies as st
from msgspec.structs import replace

from coordination.errors import Refusal
from coordination.event import CommandContext
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.referral.state import Referral
from coordination.service import Batch, Coordination
from tests.county import OTHER_SCHOOL, SCHOOL, operator_order, order
from tests.store.history_moves import FIRST_DAY, MOVES, SPEAKERS, Move, pupil_id, referral_id


class RandomHistory:
    """Tries moves on a batch, one after the other; `said` are those that were taken."""

    def __init__(self, batch: Batch, pupils: int = 3, referrals: int = 4, prefix: str = "move") -> None:
        self.batch = batch
        self.pupils = pupils
        self.referrals = referrals
        self.prefix = prefix
        self.day = FIRST_DAY
        self.taken = 0
        self.tried = 0

    def play(self, moves: Iterable[Move]) -> RandomHistory:
        for move in moves:
            self.try_(move)
        return self

    def try_(self, move: Move) -> bool:
        """Whether the move was taken."""
        self.tried += 1
        self.day += timedelta(days=move.days)
        command, person = MOVES[move.what](self, move, self.day - timedelta(days=move.late))
        if command is None:
            return False
        try:
            self.batch.perform(command, self._order(person, getattr(command, "historical", False)))
        except Refusal:
            return False
        self.taken += 1
        return True

    def _order(self, person: UUID, by_file: bool) -> CommandContext:
        source = "import" if by_file else "screen"
        id = f"{self.prefix}-{self.tried}"
        if person in (SCHOOL, OTHER_SCHOOL):  # the service itself, for the school
            given = replace(operator_order(person, self.day), command_id=id)
        else:
            given = order(person, self.day, command_id=id, source=source)
        # the clock that stamps is not always in step: a later event may bear an earlier instant
        minute = (self.tried * 7) % 60
        at = datetime.combine(self.day, time(12, minute), UTC)
        return replace(given, recorded_at=at)

    def case(self, number: int) -> CaseFile:
        return self.batch.state(PUPIL_STREAM, pupil_id(number % self.pupils))

    def teacher(self, case: CaseFile) -> UUID:
        return SPEAKERS[case.profile.school() or SCHOOL]

    def referral(self, number: int) -> Referral | None:
        number %= self.referrals
        return self.case(number).referrals.get(referral_id(number))


# How often each is tried; milestones make the history.
_WEIGHTS = {
    "milestone": 12,
    "strike": 2,
    "correct": 2,
    "answer": 2,
    "standard": 2,
    "refer": 2,
    "submit": 2,
    "agree": 2,
}
_KINDS = tuple(kind for kind in MOVES for _ in range(_WEIGHTS.get(kind, 1)))

_small = st.integers(0, 5)
_moves = st.builds(
    Move, st.sampled_from(_KINDS), _small, st.integers(0, 11), st.integers(0, 4), st.integers(0, 4), _small
)

# Something to work on from the first move: three pupils, agreement, a referral of each.
OPENING: tuple[Move, ...] = (
    *(Move("register", n, n, n, 0, 0) for n in range(3)),
    *(Move("agree", n, n, 0, 0, 0) for n in range(3)),
    *(Move("refer", n, n, 0, 0, 0) for n in range(3)),
    Move("refer", 3, 1, 4, 0, 0),
    *(Move("submit", n, 0, 0, 1, 0) for n in range(3)),
)


def histories(longest: int = 60) -> st.SearchStrategy[list[Move]]:
    """Moves after the opening."""
    return st.lists(_moves, max_size=longest).map(lambda moves: [*OPENING, *moves])


def cuts(most: int = 4) -> st.SearchStrategy[list[int]]:
    """After how many moves a save is made, over and over."""
    return st.lists(st.integers(1, 25), min_size=1, max_size=most)


def tell(
    service: Coordination, moves: Sequence[Move], every: Sequence[int], saved: Callable[[], object]
) -> RandomHistory:
    """Plays the moves with a save after so many of them, in turn; calls `saved` after each."""
    story = RandomHistory(service.batch())
    place = turn = 0
    while place < len(moves):
        size = every[turn % len(every)]
        story.play(moves[place : place + size])
        story.batch.commit()
        saved()
        place, turn = place + size, turn + 1
    return story
