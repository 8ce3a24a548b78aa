"""Concerns on pages and through the API: the school records, the authority decides what is its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest

from coordination.directory.codes import first_statutory_standards
from coordination.directory.commands import SetSchoolTerm
from coordination.service import Coordination
from tests.conftest import database_of_a_module
from tests.county import ADMINISTRATOR, AUTHORITY, BOARD, PUPIL, REFERENCE, SCHOOL, order
from tests.projections.casework import DAY0, day, told
from tests.webui.api.conftest import problem, program
from tests.webui.county_site import story_on
from tests.webui.referring import browser, form_in, send
from tests.webui.reports_county import words_of
from tests.webui.service import RunningService, service_on

PAGE = f"/pupils/{PUPIL}/aln"


def limits(coordination: Coordination) -> None:
    told(coordination)
    batch = coordination.batch()
    term = SetSchoolTerm(
        occurred_on=DAY0, organisation=AUTHORITY, first_day=date(2025, 1, 6), last_day=date(2025, 7, 18)
    )
    for command in (*first_statutory_standards(REFERENCE, DAY0, batch.directory()), term):
        batch.perform(command, order(ADMINISTRATOR, DAY0, source="command_line"))
    batch.commit()


@pytest.fixture(scope="module")
def site(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The running application on day 50 of the case of tests/projections/casework.py."""
    with (
        database_of_a_module(postgres, template) as database,
        service_on(database, tmp_path_factory.mktemp("aln")) as running,
        story_on(running, "statutory decisions", limits),
    ):
        running.clock.at = datetime.combine(day(50), time(10), UTC)
        yield running


def link(page: str, step: str) -> str:
    """The address behind the link to a step of a concern."""
    found = [part.partition('"')[0] for part in page.split('href="') if f'/{step}"' in part[:120]]
    return found[0]


def test_the_school_records_a_concern_and_the_authority_decides_what_it_was_passed(
    site: RunningService,
) -> None:
    alnco, caseworker = browser(site, "alnco"), browser(site, "caseworker")
    file = alnco.get(f"/pupils/{PUPIL}").text
    assert f'href="{PAGE}"' in file and "No concern is recorded." in words_of(file)
    assert caseworker.get(PAGE).status_code == 404
    path = f"{PAGE}/new/concern"
    form = form_in(alnco.get(path).text)
    assert "dual_body" not in form
    wrong = send(alnco, path, form, occurred_on=date(2025, 3, 3))
    assert (wrong.status_code, 'href="#raised_by"' in wrong.text) == (422, True)
    typed = {"occurred_on": date(2025, 3, 3), "raised_by": "parent", "words": "Mae’n colli geiriau."}
    assert send(alnco, path, form, **typed).status_code == 303
    assert send(alnco, path, form, **typed).status_code == 303
    page = alnco.get(PAGE).text
    words = words_of(page)
    assert "The school is deciding, 3 March 2025" in words and "Mae’n colli geiriau." in words
    assert "School’s decision Ysgol y Bryn 3 March 2025 23 April 2025" in words
    assert "School’s decision: due 23 April 2025." in words_of(alnco.get(f"/pupils/{PUPIL}").text)
    for other in ("clinician", "administrator", "auditor"):
        assert browser(site, other).get(PAGE).status_code == 404
    passing = link(page, "pass_on")
    form = form_in(alnco.get(passing).text)
    early = send(alnco, passing, form, occurred_on=date(2025, 3, 2), ground="extent_unknown")
    assert early.status_code == 422
    assert "Concern raised on 3 March 2025 conflicts with Passed to the local authority" in words_of(
        early.text
    )
    sent = send(alnco, passing, form, occurred_on=date(2025, 3, 10), ground="extent_unknown")
    assert sent.status_code == 303
    listed = words_of(caseworker.get("/caseworker").text)
    assert "Local authority’s decision: due 2 June 2025." in listed
    page = caseworker.get(PAGE).text
    assert "Mae’n colli geiriau." in words_of(page) and "Case file" not in words_of(page)
    assert caseworker.get(f"/pupils/{PUPIL}").status_code == 404
    assert caseworker.get(path).status_code == 404
    deciding = link(page, "decide")
    form = form_in(caseworker.get(deciding).text)
    assert (
        send(caseworker, deciding, form, occurred_on=date(2025, 3, 20), outcome="no_aln").status_code == 303
    )
    page = caseworker.get(PAGE).text
    assert "Decided: no plan, 20 March 2025" in words_of(page)
    correcting = link(page, "correct")
    form = form_in(caseworker.get(correcting).text)
    [entry] = [
        value for value in caseworker.get(correcting).text.split('name="entry"') if 'value="' in value
    ][1:2]
    version = entry.partition('value="')[2].partition('"')[0]
    missing = send(caseworker, correcting, form, entry=version, right="other_day", why="Typed wrongly")
    assert (missing.status_code, 'href="#happened_on' in missing.text) == (422, True)
    struck = send(caseworker, correcting, form, entry=version, right="not", why="Typed wrongly")
    assert struck.status_code == 303, words_of(struck.text)
    assert "The local authority is deciding" in words_of(alnco.get(PAGE).text)


def test_a_program_records_and_reads_them(site: RunningService) -> None:
    school = program(site, SCHOOL, "pupils:read", "pupils:write")
    path = f"/pupils/{PUPIL}/concerns"
    problem(school.post(path, {"occurred_on": "2025-03-03"}), 422, "not_as_described")
    body = {"occurred_on": "2025-03-03", "raised_by": "parent", "words": None}
    made = school.post(path, body, key="aln-1")
    assert made.status_code == 201, made.text
    one = f"{path}/{made.json['concern']}"
    shown = school.get(one)
    assert (shown.json["phase"], shown.json["steps"][0]["step"]) == ("with_school", "concern_raised")
    assert [clock["standard"] for clock in shown.json["clocks"]] == ["school_decision", "school_plan"]
    tag = shown.headers["ETag"]
    decided = school.post(f"{one}/decide", {"occurred_on": "2025-03-12", "outcome": "has_aln"}, match=tag)
    assert decided.status_code == 201, decided.text
    tag = decided.headers["ETag"]
    assert school.post(f"{one}/plan", {"occurred_on": "2025-03-14"}, match=tag).status_code == 201
    shown = school.get(one)
    assert shown.json["phase"] == "plan_in_force"
    assert shown.json["clocks"][0]["due_on"] == "2026-03-13"
    assert made.json["concern"] in [item["concern"] for item in school.get(path).json["items"]]
    board = program(site, BOARD, "pupils:read")
    assert board.get(path).status_code in (200, 404)
    assert board.get(one).status_code == 404


def test_an_administrator_sets_a_new_version_of_a_limit(site: RunningService) -> None:
    administrator = browser(site, "administrator")
    page = administrator.get("/administration/standards").text
    words = words_of(page)
    assert "Local authority’s decision authority_decision Concern raised → Decision 12 weeks" in words
    assert "Review of the school’s plan school_review Plan given → Plan reviewed 12 months" in words
    assert "Add the time limits" not in words
    path = "/administration/statutory-standards/reconsideration"
    assert f'href="{path}"' in page
    form = form_in(administrator.get(path).text)
    wrong = send(administrator, path, form, limit="0", unit="weeks", source="ALN Code")
    assert (wrong.status_code, 'href="#limit"' in wrong.text) == (422, True)
    set_ = send(administrator, path, form, limit="8", unit="weeks", source="ALN Code, revised")
    assert set_.status_code == 303, words_of(set_.text)
    assert "8 weeks" in words_of(administrator.get("/administration/standards").text)
    assert administrator.get("/administration/statutory-standards/nothing").status_code == 404
    assert browser(site, "alnco").get(path).status_code == 404
