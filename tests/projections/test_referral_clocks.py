"""The clocks of single referrals, as a case file draws them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from projections.reader import Reader
from projections.waiting_times.clocks import clock_rows
from tests.projections.casework import (
    DAY0,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    TODAY,
    RecordedCase,
    day,
    known_story,
    viewers,
)


@pytest.fixture(scope="module")
def story(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RecordedCase, Reader]]:
    with known_story(postgres, template, tmp_path_factory.mktemp("keys") / "keys.json") as known:
        yield known


def test_a_running_clock_has_its_days_up_to_today(story: tuple[RecordedCase, Reader]) -> None:
    _case, reader = story
    (wait,) = clock_rows(reader, viewers()["alnco"], [TO_CAMHS, TO_PSYCHOLOGY])[TO_CAMHS]
    assert (wait.standard, wait.start_on, wait.due_on, wait.limit) == ("CAMHS-28", DAY0, day(28), 28)
    assert wait.runs
    assert wait.days == (TODAY - DAY0).days
    assert wait.whose[0].from_on == DAY0
    assert wait.whose[-1].until == TODAY
    for one, after in zip(wait.whose, wait.whose[1:], strict=False):
        assert one.until == after.from_on


def test_a_referral_without_a_standard_has_no_clock(story: tuple[RecordedCase, Reader]) -> None:
    _case, reader = story
    assert TO_PSYCHOLOGY not in clock_rows(reader, viewers()["alnco"], [TO_PSYCHOLOGY])
    assert clock_rows(reader, viewers()["alnco"], []) == {}


@pytest.mark.parametrize(
    ("who", "sees"),
    [("alnco", True), ("clinician", True), ("auditor", True), ("operator", True), ("other_alnco", False),
     ("psychologist", False), ("administrator", False), ("far_auditor", False)],
)  # fmt: skip
def test_only_the_parties_see_it(story: tuple[RecordedCase, Reader], who: str, sees: bool) -> None:
    _case, reader = story
    assert (TO_CAMHS in clock_rows(reader, viewers()[who], [TO_CAMHS])) is sees


def test_before_the_clock_began_there_are_no_days(story: tuple[RecordedCase, Reader]) -> None:
    _case, reader = story
    early = viewers(DAY0 - timedelta(days=1))["auditor"]
    (wait,) = clock_rows(reader, early, [TO_CAMHS])[TO_CAMHS]
    assert wait.whose == ()
    assert wait.days == 0
