"""Two files of a child are compared, joined, seen as one and separated, on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.county import PUPIL, UPN
from tests.projections.casework import SECOND, SECOND_UPN, RecordedCase
from tests.webui.referring import browser, case_on, form_in, send
from tests.webui.service import RunningService

FILE, OTHER = f"/pupils/{PUPIL}", f"/pupils/{SECOND}"
COMPARE = f"{FILE}/join/{SECOND}"


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    """A school with two files of Siân Gŵyn-Llŷr."""
    with case_on(service) as told:
        yield told


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_two_files_become_one_child_and_two_again(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    assert "Join with another file of this child" in client.get(FILE).text
    assert COMPARE in client.get(f"{FILE}/join").text  # a pupil with the same birth date and name
    found = send(client, f"{FILE}/join", form_in(client.get(f"{FILE}/join").text), upn=SECOND_UPN)
    assert (found.status_code, found.location) == (303, COMPARE)

    page = client.get(COMPARE)
    assert UPN in page.text and SECOND_UPN in page.text
    form = form_in(page.text)
    assert "Enter the reason" in words_of(send(client, COMPARE, form, leads=str(PUPIL)).text)
    joined = send(client, COMPARE, form, leads=str(PUPIL), why="A temporary number")
    assert (joined.status_code, joined.location) == (303, FILE)
    assert send(client, COMPARE, form, leads=str(PUPIL), why="A temporary number").status_code == 303

    said = words_of(client.get(FILE).text)
    assert "Another file of this child is joined to this one." in said
    assert "A temporary number" in said
    assert client.get(OTHER).location == FILE
    listed = client.get("/pupils").text
    assert (listed.count(f'href="{FILE}"'), listed.count(f'href="{OTHER}"')) == (1, 0)
    assert SECOND_UPN in client.get(f"{OTHER}/files").text

    away = f"{FILE}/files/{SECOND}/separate"
    apart = send(client, away, form_in(client.get(away).text), why="Cousins")
    assert (apart.status_code, apart.location) == (303, FILE)
    assert "Another file of this child" not in client.get(FILE).text
    assert client.get(OTHER).status_code == 200
    assert client.get("/pupils").text.count(f'href="{OTHER}"') == 1


def test_a_number_that_is_not_of_another_pupil_of_the_school_finds_nothing(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{FILE}/join").text)
    for number in (UPN, "H66621012601A"):
        answer = send(client, f"{FILE}/join", form, upn=number)
        assert answer.status_code == 422
        assert "No other pupil that you can see has this number." in words_of(answer.text)


def test_files_are_not_joined_with_themselves(case: RecordedCase, service: RunningService) -> None:
    assert browser(service, "alnco").get(f"{FILE}/join/{PUPIL}").status_code == 404


@pytest.mark.parametrize(
    "path", [f"{FILE}/join", COMPARE, f"{FILE}/files", f"{FILE}/files/{SECOND}/separate"]
)
def test_another_school_and_an_agency_find_no_such_page(
    case: RecordedCase, service: RunningService, path: str
) -> None:
    assert browser(service, "other-alnco").get(path).status_code == 404
    assert browser(service, "clinician").get(path).status_code in (403, 404)
