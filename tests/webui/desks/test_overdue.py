"""Late is the day after the last permitted day, and not that day itself: on every page that says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.conftest import database_of_a_module
from tests.county import PUPIL
from tests.projections.casework import FOR_CAMHS, TO_CAMHS, day
from tests.webui.referring import browser, case_on
from tests.webui.reports_county import words_of
from tests.webui.service import RunningService, service_on

LAST, ACTION_LAST = day(28), day(40)
"""The last permitted days of the referral to CAMHS and of the action for CAMHS."""
FILE = f"/pupils/{PUPIL}"


@pytest.fixture(scope="module")
def service(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """The case of tests/projections/casework.py; these tests only look at it, each on its own day."""
    folder: Path = tmp_path_factory.mktemp("overdue")
    with (
        database_of_a_module(postgres, template) as address,
        service_on(address, folder / "data") as running,
        case_on(running),
    ):
        yield running


def seen(service: RunningService, username: str, path: str, on: date) -> str:
    """The words of a page at noon of a day."""
    service.clock.at = datetime.combine(on, time(12), UTC)
    answer = browser(service, username).get(path)
    assert answer.status_code == 200, path
    return words_of(answer.text)


@pytest.mark.parametrize(
    ("username", "path", "on_the_day", "a_day_late"),
    [
        ("alnco", "/today", "Due today", "1 day over"),
        ("clinician", "/inbox", "Due today", "1 day over"),
        ("alnco", f"{FILE}/referrals/{TO_CAMHS}", "Due today", "1 day over"),
        ("alnco", FILE, "The limit is today.", "The limit was 3 March 2025: 1 day over."),
    ],
)
def test_a_referral(
    service: RunningService, username: str, path: str, on_the_day: str, a_day_late: str
) -> None:
    then = seen(service, username, path, LAST)
    assert on_the_day in then
    assert a_day_late not in then
    after = seen(service, username, path, LAST + timedelta(days=1))
    assert a_day_late in after
    assert on_the_day not in after


@pytest.mark.parametrize(
    ("username", "path", "words"),
    [
        ("alnco", "/pupils", "1 over the limit"),
        ("clinician", "/inbox", "1 over the limit"),
        ("auditor", f"/waiting-times/waits/{TO_CAMHS}", "over the limit"),
        ("alnco", f"{FILE}/referrals/{TO_CAMHS}", "which has passed"),
    ],
)
def test_what_is_said_only_when_it_is_late(
    service: RunningService, username: str, path: str, words: str
) -> None:
    assert words not in seen(service, username, path, LAST)
    assert words in seen(service, username, path, LAST + timedelta(days=1))


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("alnco", "/today"),
        ("clinician", "/inbox/actions"),
        ("alnco", f"{FILE}/actions/{FOR_CAMHS}"),
        ("alnco", FILE),
    ],
)
def test_an_action(service: RunningService, username: str, path: str) -> None:
    said = [
        seen(service, username, path, ACTION_LAST + timedelta(days=after)).count("Overdue")
        for after in (0, 1)
    ]
    assert said[1] == said[0] + 1


def test_days_over_in_the_list_of_waits(service: RunningService) -> None:
    def cells(on: date) -> str:
        return seen(service, "auditor", "/waiting-times/waits?service=CAMHS", on)

    assert "29 1 by the agency" in cells(LAST + timedelta(days=1))
    assert "28 – by the agency" in cells(LAST)
