"""The case file and its timeline, and the short forms that change what is known of the child."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.minutes.decide import CorrectMinute
from coordination.pupil.profile.decide import ContactDetails, RecordContact, RecordNeeds, RecordViews
from coordination.pupil.referral.decide import StrikeEntry
from tests.county import ALNCO, HEAD, MOTHER, PUPIL, SCHOOL, UPN
from tests.projections.casework import MEETING, MINUTE, SECOND, TO_CAMHS, RecordedCase, day
from tests.webui.looking import counted, looking
from tests.webui.referring import browser, case_on, form_in, send, settled
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


# Looking


def test_who_this_child_is_in_one_look(seen: RunningService) -> None:
    page = browser(seen, "alnco").get(FILE).text
    said = words_of(page)
    for fact in (
        "Siân Gŵyn-Llŷr",
        "Year 8",
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
    assert "no time limit applies" in said
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


def test_a_class_teacher_sees_the_file_without_its_minutes(seen: RunningService) -> None:
    seen.person("class_teacher", organisation=SCHOOL, username="teacher")
    client = browser(seen, "teacher")
    page = client.get(FILE).text
    assert "Siân Gŵyn-Llŷr" in page
    assert 'aria-labelledby="minutes"' not in page
    for path in (FILE, f"{FILE}/timeline", f"{FILE}/timeline?matter=minute"):
        assert "Talked about sleep" not in client.get(path).text


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


# Changing


def record(client: Any, path: str, **typed: Any) -> Any:
    """Sends the form of a page with some of it typed over."""
    return send(client, path, form_in(client.get(path).text), **typed)


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("/needs", {"needs": ["HI", "VI"]}, "Hearing impairment, Visual impairment"),
        ("/needs", {"needs": []}, "None recorded"),
        ("/provision", {"provision": "idp_la"}, "Individual development plan maintained by the local authority"),
        ("/year", {"year": "0"}, "Reception"),
        ("/language", {"language": "en"}, "Preferred language English"),
        ("/looked-after", {"looked_after": "yes"}, "Yes, by a local authority"),
        ("/identity", {"surname": "  Ŵyn   Llwyd ", "why": "Married."}, "Siân Ŵyn Llwyd"),
        ("/contacts/add", {"name": "Ifan", "parental_responsibility": "yes", "relationship": "father",
                           "telephone": "01654 700 000", "email": "ifan@example.org"}, "Ifan , father"),
        (f"/contacts/{MOTHER}", {"name": "Mair Llwyd"}, "Mair Llwyd , mother"),
        ("/views", {"words": "I like   maths.\n\nA lot.", "language": "en"}, "I like maths. A lot."),
    ],
)  # fmt: skip
def test_a_change_is_recorded_and_seen_at_once(
    case: RecordedCase, service: RunningService, path: str, typed: dict[str, Any], said: str
) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(FILE + path).text)
    answer = send(client, FILE + path, form, **typed)
    assert answer.status_code == 303, words_of(answer.text)
    before = case.version()
    assert send(client, FILE + path, form, **typed).status_code == 303
    assert case.version() == before, "sent twice, it acted twice"
    page = client.get(answer.location)
    assert said in words_of(page.text)
    assert 'class="c-done"' in page.text
    assert 'class="c-done"' not in client.get(FILE).text


def test_a_form_shows_what_is_known(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    assert form_in(client.get(f"{FILE}/needs").text).getlist("needs") == ["SLCD", "ASD"]
    assert form_in(client.get(f"{FILE}/provision").text)["provision"] == "idp_school"
    assert form_in(client.get(f"{FILE}/identity").text)["surname"] == "Gŵyn-Llŷr"
    assert form_in(client.get(f"{FILE}/contacts/{MOTHER}").text)["relationship"] == "mother"


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("/needs", {"needs": ["XYZ"]}, "choose one of the answers offered"),
        ("/needs", {"occurred_on": date(2041, 2, 1)}, "1 February 2041 is in the future"),
        ("/provision", {"provision": "school_action"}, "choose one of the answers offered"),
        ("/provision", {"occurred_on__day": "30", "occurred_on__month": "Chwefror"}, "enter a real date"),
        ("/year", {"year": "15"}, "choose one of the answers offered"),
        ("/language", {"language": "xx"}, "choose one of the answers offered"),
        ("/looked-after", {"looked_after": "maybe"}, "choose one of the answers offered"),
        ("/identity", {"upn": "A801200005001"}, "The first letter does not match"),
        ("/identity", {"upn": "E670200126001"}, "belongs to another pupil"),
        ("/identity", {"surname": "x" * 121}, "use 120 characters or fewer"),
        ("/contacts/add", {"name": ""}, "Enter the name of the contact"),
        ("/contacts/add", {"name": "A", "telephone": "no number"}, "Enter a telephone number"),
        ("/contacts/add", {"name": "A", "email": "nowhere"}, "Enter an email address"),
        ("/contacts/add", {"name": "A", "relationship": "<script>", "parental_responsibility": "no"},
         "choose one of the answers offered"),
        ("/views", {"words": " \n "}, "Enter what was said"),
        ("/views", {"words": "x" * 4001}, "use 4,000 characters or fewer"),
        ("/views", {"words": "x", "whose": "parent", "contact": str(NOBODY)}, "choose one of the answers offered"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    seen: RunningService, path: str, typed: dict[str, Any], said: str
) -> None:
    client = browser(seen, "alnco")
    answer = record(client, FILE + path, **typed)
    assert answer.status_code == 422
    assert said in words_of(answer.text)
    assert "<title>Error: " in answer.text
    assert "govuk-form-group--error" in answer.text


def test_who_was_slower_sees_both_and_loses_nothing(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{FILE}/needs").text)
    case.does(HEAD, date(2025, 3, 15), RecordNeeds, pupil=PUPIL, needs=("HI",))
    settled(service, case.service)
    answer = send(client, f"{FILE}/needs", form, needs=["VI", "DYSL"])
    assert answer.status_code == 422
    said = words_of(answer.text)
    assert "This has changed. Check what is new, then send yours again." in said
    assert "The record now says: Hearing impairment" in said
    kept = form_in(answer.text)
    assert kept.getlist("needs") == ["DYSL", "VI"]
    assert send(client, f"{FILE}/needs", kept).status_code == 303
    assert "Dyslexia, Visual impairment" in words_of(client.get(FILE).text) or (
        "Visual impairment, Dyslexia" in words_of(client.get(FILE).text)
    )


def test_something_else_that_was_recorded_is_not_in_the_way(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{FILE}/provision").text)
    case.does(HEAD, date(2025, 3, 15), RecordNeeds, pupil=PUPIL, needs=("HI",))
    assert send(client, f"{FILE}/provision", form, provision="idp_la").status_code == 303


def test_a_contact_ends_and_stays_among_those_before(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    path = f"{FILE}/contacts/{MOTHER}/end"
    page = client.get(path).text
    assert "2 agreements from this person are still in force." in page
    form = form_in(page)
    answer = send(client, path, form, occurred_on=date(2025, 3, 15), why="Moved away.")
    assert answer.status_code == 303
    assert send(client, path, form, occurred_on=date(2025, 3, 15), why="Moved away.").status_code == 303
    said = words_of(client.get(FILE).text)
    assert "Mair Gŵyn, mother, until 15 March 2025" in said
    assert client.get(f"{FILE}/contacts/{MOTHER}").status_code == 404


def test_a_pupil_leaves_and_the_file_closes(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    page = client.get(f"{FILE}/leave").text
    assert "2 referrals are open and will continue." in page
    form = form_in(page)
    answer = send(client, f"{FILE}/leave", form)
    assert answer.location == "/pupils"
    assert send(client, f"{FILE}/leave", form).location == "/pupils"
    listed = client.get("/pupils").text
    assert "The record now shows that the pupil has left the school." in listed
    assert client.get(FILE).status_code == 404
    assert SCHOOL not in case.service.batch().state(PUPIL_STREAM, PUPIL).profile.schools()


def test_a_foreign_pupil_cannot_be_written_to(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    stranger = browser(service, "other-alnco")
    before = case.version()
    for path in ("/needs", "/views", "/leave", f"/contacts/{MOTHER}/end", "/agreements/ask"):
        form = form_in(client.get(FILE + path).text)
        token = form_in(stranger.get("/pupils/register").text)["csrf_token"]
        form["csrf_token"] = token
        assert stranger.post(FILE + path, data=form).status_code == 404, path
    assert case.version() == before


def test_a_struck_entry_stays_in_the_timeline(case: RecordedCase, service: RunningService) -> None:
    entry = case.says(HEAD, TO_CAMHS, "withdrawn", date(2025, 3, 18), details={"reason": "family_asked"})
    case.does(
        ALNCO,
        date(2025, 3, 19),
        StrikeEntry,
        pupil=PUPIL,
        referral=TO_CAMHS,
        entry=entry,
        why="Another child.",
    )
    settled(service, case.service)
    page = browser(service, "alnco").get(f"{FILE}/timeline?matter=referral").text
    struck = re.search(rf'<li class="[^"]*gone[^"]*" id="entry-{entry}">(.*?)</li>', page, re.DOTALL)
    assert struck
    assert "This no longer counts" in struck[1]
    assert "Another child." in page
