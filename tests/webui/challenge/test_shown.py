"""The letter of a challenge, the list, and what is noted."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from coordination.meeting.state import MEETING_STREAM
from tests.county import AUTHORITY, CAMHS, THERAPY
from tests.projections.hwb import meeting_id
from tests.webui.challenge.conftest import DELAY, NOBODY, ChallengeDesks, disputes
from tests.webui.looking import counted
from tests.webui.papers.reading import TaggedPdf
from tests.webui.referring import browser, form_in, send
from tests.webui.reports_county import TODAY, WAITS, row_of, words_of
from tests.webui.service import RunningService
from tests.webui.signed_heads import sign_head


def test_the_letter_in_either_language_whatever_the_screen_speaks(
    service: RunningService, desks: ChallengeDesks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desks.alnco.raises()
    draft = desks.alnco.get(f"{page}/letter?language=en")
    assert '<article class="c-letter" lang="en">' in draft
    assert "Draft. Not sent." in draft
    desks.head.does(f"{page}/approve")
    desks.alnco.does(f"{page}/send")
    english = words_of(desks.clinician.get(f"{page}/letter?language=en").split("<article")[1])
    assert "Your service agreed terms of reference for these meetings from 1 September 2024" in english
    assert "Please reply by 15 December 2025." in english
    assert "approved on 1 December 2025" in english
    assert "Siân" not in english
    whole = desks.alnco.get(f"{page}/letter?language=cy")
    assert '<html lang="en"' in whole and '<article class="c-letter" lang="cy">' in whole
    welsh = words_of(whole.split("<article")[1])
    assert "Atebwch erbyn 15 Rhagfyr 2025." in welsh
    assert "Yn absennol heb ymddiheuriadau" in welsh
    assert "Yn gywir" in welsh
    for left in ("The ", "Your", "Please", "meeting", "Absent"):
        assert left not in welsh
    desks.alnco.get(f"{page}/letter?language=fr", 404)

    monkeypatch.setattr("webui.shell.ledger_heads.FRESH", 0.0)
    head = sign_head(service.database, tmp_path / "key").head.short
    letters = [desks.clinician.get(f"{page}/letter?language={one}") for one in ("en", "cy")]
    assert f"Head of the ledger: {head}, 1 December 2025" in words_of(letters[0].split("<article")[1])
    assert f"Pen y cyfriflyfr: {head}, 1 Rhagfyr 2025" in words_of(letters[1].split("<article")[1])


def test_the_letter_is_the_schools_own_and_a_pdf_in_either_language(desks: ChallengeDesks) -> None:
    """Its own sentences stand in it, the head teacher signs, and what it rests on is in the footer only."""
    page = desks.alnco.raises()
    desks.alnco.does(f"{page}/word", text="We value your advice & your time.\n<b>Thank you</b>.")
    assert "We value your advice &amp; your time." in desks.head.get(f"{page}/word")
    desks.head.does(f"{page}/approve")
    assert desks.alnco.client.get(f"{page}/word").status_code == 303, "what is sent is what was approved"
    desks.alnco.does(f"{page}/send")
    letter = desks.clinician.get(f"{page}/letter?language=en").split("<article")[1]
    text, evidence = map(words_of, letter.split("</article>")[0].split('class="c-letter__evidence"'))
    assert "We value your advice &amp; your time." in text and "&lt;b&gt;" in letter
    assert "To: Child and adolescent mental health, Dyffryn Health Board" in text
    assert text.index("Yours sincerely") < text.index("Head teacher (approved on 1 December 2025)")
    assert "position" not in text and "missed_of_last" not in text
    assert "the record at position" in evidence and "Rule: missed_of_last" in evidence
    for language in ("en", "cy"):
        sent = desks.clinician.client.get(f"{page}/letter.pdf?language={language}")
        assert (sent.status_code, sent.mimetype) == (200, "application/pdf")
        assert sent.headers["Cache-Control"] == "no-store"
        found = TaggedPdf(sent.data)
        assert (found.part, found.language) == ("1", f"{language}-GB")
        assert found.tags().count("TH") == 5
    assert desks.alnco.client.get(f"{page}/letter.pdf?language=fr").status_code == 404


def test_an_authority_words_the_letters_of_its_schools(
    service: RunningService, desks: ChallengeDesks
) -> None:
    administrator = browser(service, "administrator")
    where = f"/administration/organisations/{AUTHORITY}/letters"
    form = form_in(administrator.get(where).text, action="")
    typed = {
        "subject": "attendance",
        "opening": "We write to {service}.",
        "opening_cy": "Ysgrifennwn at {service}.",
        "request": "Please come.",
        "request_cy": "Dewch.",
    }
    assert send(administrator, where, form, **typed | {"request_cy": ""}).status_code == 422
    assert (
        send(administrator, where, form_in(administrator.get(where).text, action=""), **typed).status_code
        == 303
    )
    page = desks.alnco.raises()
    english = words_of(desks.alnco.get(f"{page}/letter?language=en"))
    assert "Dear colleagues, We write to Child and adolescent mental health." in english
    assert "Please come. If a mark is wrong, dispute it." in english and "Please tell us why" not in english
    assert "Dewch. " in words_of(desks.alnco.get(f"{page}/letter?language=cy"))


def test_waits_over_the_standard_are_asked_about_without_names_in_the_letter(desks: ChallengeDesks) -> None:
    assert DELAY in desks.alnco.get("/waiting-times?service=CAMHS")
    assert "Siân Gŵyn-Llŷr: waiting since 1 Jul 2025; the limit was 29 Jul 2025" in desks.alnco.get(DELAY)
    for waits in ([str(NOBODY)], [], ["nonsense"]):
        assert desks.alnco.does(DELAY, 422, waits=waits).status_code == 422
    page = desks.alnco.raises(DELAY)
    raised = desks.alnco.state(page)
    assert [(d.referral, d.elapsed) for d in raised.delays] == [(WAITS, 153)]
    assert row_of(desks.alnco.get(page), str(WAITS)[:8])[0] == "Siân Gŵyn-Llŷr"
    assert "1 wait over the limit of CAMHS-28. The longest is 153 days and the limit is 28 days" in words_of(
        desks.alnco.get(page)
    )
    desks.head.does(f"{page}/approve")
    desks.alnco.does(f"{page}/send")
    letter = words_of(desks.clinician.get(f"{page}/letter?language=en"))
    assert str(WAITS)[:8] in letter and "153" in letter
    assert "Siân" not in letter and "Gŵyn" not in letter
    for_the_auditor = desks.auditor.get(page)
    assert "only the school and the agency can see each one" in for_the_auditor
    assert "Siân" not in for_the_auditor and str(WAITS)[:8] not in for_the_auditor
    # a wait in an open challenge is not raised a second time
    again = desks.alnco.get(DELAY)
    assert "1 of them is already in an open challenge" in words_of(again)
    assert 'name="waits"' not in again
    nothing = desks.alnco.get(f"/challenges/raise/delay/{THERAPY}/SALT-14W")
    assert "None of your pupils’ waits for this service is over the limit now." in nothing


def test_looking_is_noted_with_the_pupils_behind_it(service: RunningService, desks: ChallengeDesks) -> None:
    page = desks.alnco.raises(DELAY)
    with psycopg.connect(service.database) as link:
        link.execute("delete from desk.read_log")
    desks.alnco.get(page)
    with psycopg.connect(service.database) as link:
        [(kind, ids)] = link.execute("select kind, ids from desk.read_log").fetchall()
    assert kind == "challenge"
    assert UUID(page.rsplit("/", 1)[1]) in ids and len(ids) == 2


def test_the_list_is_cut_by_the_server_and_statements_do_not_grow(
    service: RunningService, desks: ChallengeDesks
) -> None:
    page = desks.sent()
    desks.clinician.does(f"{page}/reply", text="None.")
    paths = ("/challenges", page, f"{page}/letter")
    few = {}
    for path in paths:
        desks.alnco.get(path)
        with counted() as few[path]:
            desks.alnco.get(path)
    disputes(desks, page)
    desks.clinician.does(f"{page}/reply", text="One.")
    desks.clinician.does(f"{page}/reply", text="Two.")
    for path in paths:
        with counted() as many:
            desks.alnco.get(path)
        assert many == few[path], path
        assert many.statements < 25
    for asked in ("page=1000000000", "page=nonsense", "ended=-1", "ended=0"):
        desks.alnco.get(f"/challenges?{asked}")


def test_as_they_stood_on_another_day(desks: ChallengeDesks) -> None:
    page = desks.sent()
    today = words_of(desks.auditor.get(f"/challenges?as_of={TODAY}"))
    assert "1 challenge had been raised; 0 of them had ended." in today
    assert row_of(desks.auditor.get(f"/challenges?as_of={TODAY}"), "Child and adolescent")[3] == "Sent"
    before = words_of(desks.auditor.get("/challenges?known_at=2025-11-01"))
    assert "None had been raised by then." in before
    assert page.rsplit("/", 1)[1] in desks.auditor.get(f"/challenges?as_of={TODAY}&page=99")
    wrong = desks.auditor.client.get("/challenges?as_of=2025-02-30")
    assert wrong.status_code == 422
    assert "enter a real date" in words_of(wrong.text)


def test_words_of_an_erased_challenge_are_said_to_be_erased(
    service: RunningService, desks: ChallengeDesks
) -> None:
    page = desks.sent()
    desks.clinician.does(f"{page}/reply", text="A deputy will come.")
    with psycopg.connect(service.database) as link:
        link.execute("delete from log.stream_key where stream = %s", (page.rsplit("/", 1)[1],))
    said = words_of(desks.alnco.get(page))
    assert "A deputy will come." not in said
    assert "These words have been erased." in said


def test_the_correction_of_a_mark_is_the_schools_own_step(desks: ChallengeDesks) -> None:
    """A challenge never changes a register: a ruling stands beside the line."""
    page = desks.sent()
    desks.auditor.does(
        disputes(desks, page), ruling="partly", reads="apologies", reasons="A message was left."
    )
    line = desks.alnco.county.batch().state(MEETING_STREAM, meeting_id(3)).register[CAMHS]
    assert line.mark == "absent"
    assert "ruling: Apologies" in words_of(desks.alnco.get(page))
