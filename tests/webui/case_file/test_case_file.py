"""A pupil's file on one page, and its timeline."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from coordination.pupil.profile.commands import RecordViews
from tests.county import ALNCO, HEAD, MOTHER, PUPIL, SCHOOL, UPN
from tests.projections.casework import SECOND, TO_CAMHS, RecordedCase, day
from tests.webui.case_file.conftest import FILE, GRANDMOTHER, NOBODY, part, told_more, words_of
from tests.webui.looking import counted
from tests.webui.referring import browser, case_on, settled
from tests.webui.service import RunningService

# Looking


def test_who_this_child_is_in_one_look(seen: RunningService) -> None:
    page = browser(seen, "alnco").get(FILE).text
    said = words_of(page)
    for fact in (
        "Siân Gŵyn-Llŷr",
        "Year 10",
        "20 May 2011",
        UPN,
        "Welsh",
        "Autistic spectrum disorders, Speech, language and communication difficulties",
        "Individual development plan maintained by the school",
        "Ysgol y Bryn",
        "Mair Gŵyn , mother Parental responsibility",
        "Olwen Gŵyn , grandparent No parental responsibility",
    ):
        assert fact in said, fact
    assert "<title>Case file – Cydlynu</title>" in page


def test_their_own_words_keep_their_language_and_are_only_words(seen: RunningService) -> None:
    page = browser(seen, "alnco").get(FILE).text
    assert '<blockquote class="c-voice__words" lang="cy">Dw i wedi blino.</blockquote>' in page
    assert "She is &lt;b&gt;exhausted&lt;/b&gt;.\nEvery day." in page
    client = browser(seen, "alnco")
    client.set_cookie("cydlynu_language", "cy")
    welsh = client.get(FILE).text
    assert '<blockquote class="c-voice__words">Dw i wedi blino.</blockquote>' in welsh
    assert '<blockquote class="c-voice__words" lang="en">She is' in welsh


def test_referrals_say_where_they_stand_beside_their_strip(seen: RunningService) -> None:
    section = part(browser(seen, "alnco").get(FILE).text, "referrals")
    said = words_of(section)
    today = seen.clock().date()
    so_far, over = (today - day(0)).days, (today - day(28)).days
    assert f"{so_far} days so far. The limit was 3 March 2025: {over} days over." in said
    assert "Over the limit" in said
    assert "Appointment offered on 5 March 2025" in said
    assert "Reported by the school, not confirmed yet: 1" in said
    assert "Reported by the school, contested by the service: 1" in said
    assert f'aria-label="Agency: {so_far} days; limit: 28 days"' in section
    assert f"{so_far - 1} days since it was received, no standard set" in said
    assert f'href="/pupils/{PUPIL}/referrals/{TO_CAMHS}"' in section


def test_actions_say_whose_they_are_and_that_they_are_late(seen: RunningService) -> None:
    said = words_of(part(browser(seen, "alnco").get(FILE).text, "actions"))
    assert "Write to the mother Overdue Child and adolescent mental health, due 15 March 2025" in said
    assert "Ask again Overdue Person a1, due 24 March 2025" in said


def test_minutes_stand_as_corrected_and_the_timeline_shows_both(seen: RunningService) -> None:
    client = browser(seen, "alnco")
    minutes = part(client.get(FILE).text, "minutes")
    assert "Talked about sleep in March." in minutes
    assert "Talked about sleep.<" not in minutes
    timeline = words_of(client.get(f"{FILE}/timeline?matter=minute").text)
    assert "Talked about sleep in March." in timeline
    assert "No longer counts" in timeline
    assert "Talked about sleep. " in timeline


def test_agreements_by_agency(seen: RunningService) -> None:
    said = words_of(part(browser(seen, "alnco").get(FILE).text, "agreements"))
    assert "Dyffryn Education" in said
    assert "Asked, no answer yet" in said
    assert said.index("Dyffryn Education") < said.index("Dyffryn Health Board")


def test_the_timeline_is_in_plain_sentences_from_the_last_day_back(seen: RunningService) -> None:
    page = browser(seen, "alnco").get(f"{FILE}/timeline").text
    days = [date.fromisoformat(d) for d in re.findall(r'<time datetime="([^"]+)"', page)]
    assert days == sorted(days, reverse=True)
    assert len(days) > 20
    said = words_of(page)
    assert "contests this" in said
    assert "Recorded on" in said
    assert "Siân" in said


@pytest.mark.parametrize("matter", ["referral", "consent", "minute", "action", "profile"])
def test_the_timeline_of_one_matter(seen: RunningService, matter: str) -> None:
    page = browser(seen, "alnco").get(f"{FILE}/timeline?matter={matter}").text
    kinds = set(re.findall(r"c-line__entry--(\w+)", page)) - {"gone"}
    assert kinds == {matter}
    assert f'matter={matter}" aria-current="true"' in page


def test_the_timeline_goes_on_in_pages_and_loses_nothing(
    seen: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(seen, "alnco")
    whole = re.findall(r'id="(entry-\d+)"', client.get(f"{FILE}/timeline").text)
    monkeypatch.setattr("webui.case_file.pages.PAGE_SIZE", 5)
    found: list[str] = []
    address: str | None = f"{FILE}/timeline"
    while address:
        page = client.get(address).text
        found += re.findall(r'id="(entry-\d+)"', page)
        more = re.search(r'href="([^"]+before=[^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else None
    assert found == whole


@pytest.mark.parametrize(
    "before", ["x", "2025-02-30.1", "2025-03-01", "2025-03-01.x", "2025-03-01." + "9" * 40, ""]
)
def test_a_place_that_is_none_begins_at_the_beginning(seen: RunningService, before: str) -> None:
    client = browser(seen, "alnco")
    page = client.get(f"{FILE}/timeline", query_string={"before": before, "matter": "nonsense"})
    assert page.status_code == 200
    assert "Back to the newest entries" not in page.text


PATHS = ["", "/timeline", "/needs", "/provision", "/year", "/language", "/looked-after", "/identity", "/views",
         "/leave", "/contacts/add", f"/contacts/{MOTHER}", f"/contacts/{MOTHER}/end", "/agreements",
         "/agreements/ask", "/agreements/answer", "/agreements/basis"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_for_the_school_in_both_languages_and_for_nobody_else(
    seen: RunningService, path: str
) -> None:
    for who in ("alnco", "head"):
        client = browser(seen, who)
        for language in ("en", "cy"):
            client.set_cookie("cydlynu_language", language)
            page = client.get(FILE + path)
            assert page.status_code == 200
            assert f'lang="{language}" class="govuk-template"' in page.text
            title = re.search(r"<title>(.*?)</title>", page.text)
            assert title
            assert "Siân" not in title[1]
    for who in ("other-alnco", "clinician", "psychologist", "auditor", "administrator"):
        assert browser(seen, who).get(FILE + path).status_code == 404, who
    assert browser(seen, "alnco").get(f"/pupils/{NOBODY}{path}").status_code == 404
    assert seen.app.test_client().get(FILE + path).status_code == 303


def test_a_class_teacher_has_no_case_file(seen: RunningService) -> None:
    seen.person("class_teacher", organisation=SCHOOL, username="teacher")
    client = browser(seen, "teacher")
    for path in (FILE, f"{FILE}/timeline", f"{FILE}/timeline?matter=minute", "/pupils", "/today"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "Siân" not in answer.text


def test_a_foreign_contact_or_question_is_not_here(seen: RunningService) -> None:
    client = browser(seen, "alnco")
    other = f"/pupils/{SECOND}"
    for path in (
        f"{FILE}/contacts/{NOBODY}",
        f"{FILE}/contacts/{NOBODY}/end",
        f"{other}/contacts/{GRANDMOTHER}",
    ):
        assert client.get(path).status_code == 404, path
    for path in (f"{FILE}/agreements/{NOBODY}/answer", f"{FILE}/agreements/{NOBODY}/withdraw"):
        assert client.get(path).status_code == 404, path


def test_reading_a_file_is_noted(seen: RunningService) -> None:
    browser(seen, "head").get(FILE)
    with psycopg.connect(seen.database) as conn:
        row = conn.execute(
            "select kind, ids from desk.read_log where person = %s order by entry desc limit 1", (HEAD,)
        ).fetchone()
    assert row == ("case_file", [PUPIL])


def test_an_erased_file_stays_and_says_nothing_of_the_child(service: RunningService) -> None:
    with case_on(service) as case:
        told_more(case)
        settled(service, case.service)
        with psycopg.connect(service.database) as conn:
            conn.execute("delete from log.stream_key where stream = %s", (PUPIL,))
        client = browser(service, "alnco")
        for path in PATHS:
            page = client.get(FILE + path)
            assert page.status_code == 200, path
            for word in ("Siân", "Gŵyn", "blino", "sleep", UPN):
                assert word not in page.text, (path, word)
        assert "The pupil’s details are erased." in client.get(FILE).text
        assert "Name erased" in client.get("/pupils").text


def test_the_file_costs_the_same_whatever_it_holds(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    client.get(FILE)
    with counted() as few:
        client.get(FILE)
    for number in range(12):
        on = date(2025, 4, 1) + timedelta(days=number)
        case.does(ALNCO, on, RecordViews, pupil=PUPIL, whose="child", language="en", words=f"Words {number}")
        case.opens(UUID(int=0xDD00 + number), UUID(int=0x71), on)
    settled(service, case.service)
    with counted() as many:
        page = client.get(FILE)
    assert page.text.count('class="c-referral ') == 14
    assert many == few
