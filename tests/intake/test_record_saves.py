"""Groups in saves: whole or not at all, lost races decided again, a lost database told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import psycopg
import pytest

from coordination.errors import Refusal
from coordination.intake.recording.outcomes import RowOutcome
from coordination.intake.recording.saves import database_lost, save_groups
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.commands import RecordNeeds, RecordViews, RecordYear
from coordination.service import Batch, Coordination
from tests.county import ALNCO, PUPIL, order, register
from tests.intake.recorded import import_pupils, import_referrals, pupil, upn, words

ON = date(2025, 3, 3)


def views(words: str) -> RecordViews:
    return RecordViews(occurred_on=ON, pupil=PUPIL, whose="child", words=words, language="cy")


class WordsRecorder:
    """Groups of words of one child; an empty word is refused by the real decision."""

    def __init__(self) -> None:
        self.prepared: list[int] = []

    def prepare(self, batch: Batch, groups: Sequence[tuple[str, ...]]) -> None:
        self.prepared.append(len(groups))
        batch.prefetch(PUPIL_STREAM, [PUPIL])

    def take(self, batch: Batch, group: tuple[str, ...]) -> list[RowOutcome]:
        for word in group:
            batch.perform(views(word), order(ALNCO, ON, command_id=f"say {word}"))
        return [RowOutcome(word, "new") for word in group]

    def refuse(self, group: tuple[str, ...], refused: Refusal) -> list[RowOutcome]:
        return [RowOutcome(word or refused.code, "refused") for word in group]


def version(service: Coordination) -> int:
    found: int = service.batch().state(PUPIL_STREAM, PUPIL).version
    return found


class TestTogether:
    def test_a_refusal_takes_back_what_came_before_it(self, county: Coordination) -> None:
        register(county)
        batch = county.batch()
        batch.perform(views("before"), order(ALNCO, ON, command_id="0"))
        held, size = batch.state(PUPIL_STREAM, PUPIL), batch.size
        needs = RecordNeeds(occurred_on=ON, pupil=PUPIL, needs=("ADHD",))
        with pytest.raises(Refusal), batch.together():
            batch.perform(views("one"), order(ALNCO, ON, command_id="1"))
            batch.perform(needs, order(ALNCO, ON, command_id="2"))
            batch.perform(views(" "), order(ALNCO, ON, command_id="3"))
        assert (batch.state(PUPIL_STREAM, PUPIL), batch.size) == (held, size)
        with batch.together():
            batch.perform(views("other words under the same id"), order(ALNCO, ON, command_id="1"))
        batch.commit()
        assert version(county) == held.version + 1
        assert set(county.record.commands(order(ALNCO, ON).organisation, ["0", "1", "2", "3"])) == {"0", "1"}

    def test_what_was_learnt_of_a_pupil_is_unlearnt(self, county: Coordination) -> None:
        """The needs that a refused group recorded are not those that a later referral is opened with."""
        number = upn(1)
        rows = (("R1", number, "received", "2025-01-15"), ("R2", number, "received", "2025-01-15"))
        import_pupils(county, pupil(upn=number, needs="ASD"))
        stream = county.record.pupils_by_upn([number])[number]
        batch = county.batch()
        needs = RecordNeeds(occurred_on=ON, pupil=stream, needs=("ADHD",))
        year = RecordYear(occurred_on=ON, pupil=stream, year=99)
        with pytest.raises(Refusal), batch.together():
            batch.perform(needs, order(ALNCO, ON, command_id="1"))
            batch.perform(year, order(ALNCO, ON, command_id="2"))
        assert batch._about(stream).needs == ("ASD",)
        assert words(import_referrals(county, *rows)) == ["new", "new"]


def test_groups_are_taken_whole_or_not_at_all_and_in_saves(county: Coordination) -> None:
    register(county)
    before, positions = version(county), county.record.last_position()
    said = WordsRecorder()
    groups = [("a", "b"), ("c", ""), ("d",), ("e",)]
    outcomes = list(save_groups(county, groups, said, preview=False, size=3))
    assert [(o.place, o.word) for o in outcomes] == [
        ("a", "new"),
        ("b", "new"),
        ("c", "refused"),
        ("cannot_be_empty", "refused"),
        ("d", "new"),
        ("e", "new"),
    ]
    assert said.prepared == [3, 1]
    assert version(county) == before + 4
    assert county.record.last_position() > positions


def test_a_preview_decides_everything_and_writes_nothing(county: Coordination) -> None:
    register(county)
    before = county.record.last_position()
    outcomes = list(save_groups(county, [("a",), ("",), ("b",)], WordsRecorder(), preview=True, size=1))
    assert [o.word for o in outcomes] == ["new", "refused", "new"]
    assert county.record.last_position() == before


class RacedRecorder(WordsRecorder):
    """Somebody else writes to the same pupil while a save of several groups is being decided."""

    def __init__(self, service: Coordination) -> None:
        super().__init__()
        self.service = service

    def take(self, batch: Batch, group: tuple[str, ...]) -> list[RowOutcome]:
        outcomes = super().take(batch, group)
        if len(self.prepared) == 1:
            self.service.perform(views("meanwhile"), order(ALNCO, ON))
        return outcomes


def test_a_lost_race_is_decided_again_group_by_group(county: Coordination) -> None:
    register(county)
    before = version(county)
    raced = RacedRecorder(county)
    outcomes = list(save_groups(county, [("a",), ("b",), ("",)], raced, preview=False))
    assert [o.word for o in outcomes] == ["new", "new", "refused"]
    assert raced.prepared == [3, 1, 1, 1]
    assert version(county) == before + 2 + 2  # the others' two words, our two


class UnluckyRecorder(WordsRecorder):
    """Loses every race."""

    def __init__(self, service: Coordination) -> None:
        super().__init__()
        self.service = service

    def take(self, batch: Batch, group: tuple[str, ...]) -> list[RowOutcome]:
        outcomes = super().take(batch, group)
        self.service.perform(views("meanwhile"), order(ALNCO, ON))
        return outcomes


def test_a_group_that_loses_every_race_is_refused(county: Coordination) -> None:
    register(county)
    outcomes = list(save_groups(county, [("a",)], UnluckyRecorder(county), preview=False))
    assert [(o.place, o.word) for o in outcomes] == [("a", "refused")]


class CutRecorder(WordsRecorder):
    """The third save finds that the database is gone (a real kill is in tests/scripts)."""

    def __init__(self, database: str) -> None:
        super().__init__()
        self.database = database

    def prepare(self, batch: Batch, groups: Sequence[tuple[str, ...]]) -> None:
        super().prepare(batch, groups)
        if len(self.prepared) == 3:
            raise RuntimeError from psycopg.OperationalError("the server closed the connection unexpectedly")


def test_when_the_database_is_lost_the_rest_is_told_to_be_repeated(
    county: Coordination, database: str
) -> None:
    register(county)
    outcomes = list(
        save_groups(county, [("a",), ("b",), ("c",), ("d",)], CutRecorder(database), preview=False, size=1)
    )
    assert [(o.place, o.word) for o in outcomes] == [
        ("a", "new"),
        ("b", "new"),
        ("c", "refused"),
        ("d", "refused"),
    ]


def test_other_problems_are_not_taken_for_a_lost_database(county: Coordination) -> None:
    register(county)

    class Broken(WordsRecorder):
        def take(self, batch: Batch, group: tuple[str, ...]) -> list[RowOutcome]:
            raise KeyError("a fault of ours")

    with pytest.raises(KeyError):
        list(save_groups(county, [("a",)], Broken(), preview=False))
    assert not database_lost(KeyError())


@pytest.mark.parametrize(
    "look_up", ["commands", "pupils_by_upn", "referrals_by_reference", "files_of_children", "load"]
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_another_import_saves_the_same_file_between_two_look_ups(
    county: Coordination, monkeypatch: pytest.MonkeyPatch, look_up: str, moment: str
) -> None:
    """Whenever that is, every row is recorded once and told as known."""
    number = upn(1)
    rows = (("R1", number, "received", "2025-01-15"), ("R1", number, "accepted", "2025-02-03"))
    import_pupils(county, pupil(upn=number))
    ask = getattr(county.record, look_up)

    def meanwhile(*arguments: object) -> object:
        monkeypatch.undo()
        found = ask(*arguments) if moment == "after" else None
        assert words(import_referrals(county, *rows)) == ["new", "new"]
        return found if moment == "after" else ask(*arguments)

    monkeypatch.setattr(county.record, look_up, meanwhile)
    assert words(import_referrals(county, *rows)) == ["unchanged", "unchanged"]
