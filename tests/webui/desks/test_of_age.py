"""Pupils who come to an age at which something changes, on the page of those who hold them: on the day, and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from coordination.pupil.profile.commands import EndRegistration
from coordination.service import Coordination
from tests.conftest import database_of_a_module
from tests.county import ALNCO, PUPIL, SCHOOL, order, register
from tests.projections.casework import SECOND, SECOND_UPN
from tests.webui.county_site import story_on
from tests.webui.referring import browser
from tests.webui.reports_county import words_of
from tests.webui.service import RunningService, service_on

BORN = date(2011, 5, 20)  # both of tests/county.py; 16 on 20 May 2027, may leave on 25 June 2027


def one_leaves(coordination: Coordination) -> None:
    register(coordination)
    register(coordination, SECOND, SECOND_UPN)
    left = EndRegistration(occurred_on=date(2025, 3, 3), pupil=SECOND, school=SCHOOL)
    coordination.perform(left, order(ALNCO, date(2025, 3, 3)))


@pytest.fixture(scope="module")
def site(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """One pupil on the roll, one on none."""
    with (
        database_of_a_module(postgres, template) as database,
        service_on(database, tmp_path_factory.mktemp("of-age")) as running,
        story_on(running, "of age", one_leaves),
    ):
        yield running


def seen(site: RunningService, who: str, on: date) -> str:
    site.clock.at = datetime.combine(on, time(10), UTC)
    address = {"alnco": "/today", "caseworker": "/caseworker"}[who]
    page = browser(site, who).get(address).text
    listed, other = (PUPIL, SECOND) if who == "alnco" else (SECOND, PUPIL)
    assert str(other) not in page
    return words_of(page) if str(listed) in page else ""


SIXTEEN, LEAVING, HALF, ADULT = (
    date(2027, 5, 20),
    date(2027, 6, 25),
    date(2028, 11, 20),
    date(2029, 5, 20),
)
DAY = timedelta(days=1)


@pytest.mark.parametrize("who", ["alnco", "caseworker"])
@pytest.mark.parametrize(
    ("on", "words"),
    [
        (SIXTEEN, "16 on 20 May 2027"),
        (LEAVING, "End of compulsory school age on 25 June 2027"),
        (HALF, "17 and a half on 20 November 2028"),
        (ADULT, "18 on 20 May 2029"),
    ],
)
def test_the_holders_are_told_on_the_day_and_the_day_after(
    site: RunningService, who: str, on: date, words: str
) -> None:
    assert words in seen(site, who, on)
    assert words in seen(site, who, on + DAY)
    assert words not in seen(site, who, on + 15 * DAY)
    assert words not in seen(site, who, on - 43 * DAY)


def test_it_says_what_changes_then(site: RunningService) -> None:
    assert "the young person decides about agreement to share" in seen(site, "alnco", LEAVING)
