"""Changing what a pupil's file says."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.commands import RecordNeeds
from coordination.pupil.referral.decide import StrikeEntry
from tests.county import ALNCO, HEAD, MOTHER, PUPIL, SCHOOL
from tests.projections.casework import TO_CAMHS, RecordedCase
from tests.webui.case_file.conftest import FILE, NOBODY, record, words_of
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.service import RunningService


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
    position = case.service.record.load([PUPIL])[PUPIL][entry - 1].position
    struck = re.search(rf'<li class="[^"]*gone[^"]*" id="entry-{position}">(.*?)</li>', page, re.DOTALL)
    assert struck
    assert "This no longer counts" in struck[1]
    assert "Another child." in page
