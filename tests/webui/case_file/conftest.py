"""What the tests of case_file share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.minutes.decide import CorrectMinute
from coordination.pupil.profile.commands import ContactDetails, RecordContact, RecordViews
from tests.county import ALNCO, MOTHER, PUPIL
from tests.projections.casework import MEETING, MINUTE, RecordedCase
from tests.webui.looking import looking
from tests.webui.referring import case_on, form_in, send, settled
from tests.webui.service import RunningService

FILE = f"/pupils/{PUPIL}"


GRANDMOTHER = UUID(int=0xC2)


NOBODY = UUID(int=0x999)


def told_more(case: RecordedCase) -> None:
    """A minute that was corrected, an entry struck out, a parent's words, a contact who holds no responsibility."""
    case.does(
        ALNCO,
        date(2025, 3, 13),
        CorrectMinute,
        meeting=MEETING,
        pupil=PUPIL,
        minute=MINUTE,
        why="The wrong month.",
        discussion="Talked about sleep in March.",
        decision="Ask the school nurse.",
    )
    case.does(
        ALNCO, date(2025, 3, 14), RecordViews, pupil=PUPIL, whose="parent", language="en",
        words="She is <b>exhausted</b>.\nEvery day.", contact=MOTHER,
    )  # fmt: skip
    details = ContactDetails(
        occurred_on=date(2025, 3, 14), contact=GRANDMOTHER, name="Olwen Gŵyn", relationship="grandparent"
    )
    case.does(ALNCO, date(2025, 3, 14), RecordContact, pupil=PUPIL, details=details)


@pytest.fixture(scope="module")
def seen(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The site for what only looks."""
    with looking(postgres, template, tmp_path_factory.mktemp("case-file")) as (service, case):
        told_more(case)
        settled(service, case.service)
        yield service


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        told_more(told)
        settled(service, told.service)
        yield told


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def part(page: str, heading: str) -> str:
    """A section of the page, by the id of its heading."""
    found = re.search(rf'<section[^>]*aria-labelledby="{heading}">(.*?)</section>', page, re.DOTALL)
    assert found, heading
    return found[1]


# Changing


def record(client: Any, path: str, **typed: Any) -> Any:
    """Sends the form of a page with some of it typed over."""
    return send(client, path, form_in(client.get(path).text), **typed)
