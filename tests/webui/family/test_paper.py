"""Printed forms and replies on paper: typed in by their code, or matched from the queue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from tests.county import MOTHER, PUPIL
from tests.projections.casework import AGREED_CAMHS, ASKED, RecordedCase
from tests.webui.family.family import FAMILY, TO_MOTHER, holds, state, with_parents
from tests.webui.referring import browser, case_on, form_in, send
from tests.webui.service import RunningService

REPLIES = "/paper-replies"
ON = date(2025, 3, 18)


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        with_parents(service, told, language=None)
        yield told


def printed(alnco: Any) -> tuple[str, str]:
    """The address of a fresh form for the mother, and the code on it."""
    made = send(alnco, f"{TO_MOTHER}/form", form_in(alnco.get(FAMILY).text, action="/form"))
    assert made.status_code == 303, made.text
    sheet = alnco.get(made.location)
    codes = set(re.findall(r'c-family-sheet__code">([\w-]+)<', sheet.text))
    assert len(codes) == 1, "one code on the form in both languages"
    assert "Huw" not in sheet.text, "nothing of other adults"
    assert "Tynnu" in sheet.text or "Rwy’n cydsynio" in sheet.text, "in both where the wish is not known"
    assert "I agree" in sheet.text
    return made.location, codes.pop()


def typed_in(alnco: Any, code: str, **typed: Any) -> Any:
    """What the school types in for the form with a code."""
    found = send(alnco, REPLIES, form_in(alnco.get(REPLIES).text), code=code)
    assert found.status_code == 303, found.text
    return send(alnco, found.location, form_in(alnco.get(found.location).text), occurred_on=ON, **typed)


def test_a_reply_is_typed_in_by_its_code_on_the_parent_s_word(
    case: RecordedCase, service: RunningService
) -> None:
    alnco = browser(service, "alnco")
    sheet, code = printed(alnco)
    done = typed_in(
        alnco,
        code.lower(),
        answer_1="given",
        words_1="Iawn",
        answer_2="stop_sharing",
        interpreter="BSL",
        own_words="Diolch",
        words_language="cy",
    )
    assert done.status_code == 303, done.text
    held = state(case).consents
    assert (held.questions[ASKED].standing, held.questions[ASKED].contact) == ("given", MOTHER)
    assert held.questions[AGREED_CAMHS].standing == "withdrawn"
    given = next(
        r.event
        for r in case.service.record.load([PUPIL])[PUPIL]
        if r.event.topic == "consent.given" and getattr(r.event, "consent", None) == ASKED
    )
    assert (given.header.source, given.route) == ("screen", "paper")  # type: ignore[attr-defined]
    assert str(given.paper_form) in sheet  # type: ignore[attr-defined]
    again = send(alnco, REPLIES, form_in(alnco.get(REPLIES).text), code=code)
    assert again.status_code == 422 and "typed in already" in again.text


def test_an_empty_form_a_wrong_code_and_another_school_s_form(
    case: RecordedCase, service: RunningService
) -> None:
    alnco = browser(service, "alnco")
    sheet, code = printed(alnco)
    empty = typed_in(alnco, code, answer_1="none")
    assert empty.status_code == 422 and "Nothing is typed in yet" in empty.text
    wrong = send(alnco, REPLIES, form_in(alnco.get(REPLIES).text), code="0000-0001")
    assert wrong.status_code == 422 and "No form of your school has this code" in wrong.text
    other = browser(service, "other-alnco")
    assert other.get(sheet).status_code == 404
    theirs = send(other, REPLIES, form_in(other.get(REPLIES).text), code=code)
    assert theirs.status_code == 422 and "No form of your school has this code" in theirs.text
    cancelled = send(alnco, f"{sheet}/cancel", form_in(alnco.get(FAMILY).text, action="/cancel"))
    assert cancelled.status_code == 303
    assert alnco.get(sheet).status_code == 404


def test_no_form_is_printed_for_somebody_who_may_receive_nothing(
    case: RecordedCase, service: RunningService
) -> None:
    alnco = browser(service, "alnco")
    form = form_in(alnco.get(FAMILY).text, action=f"{TO_MOTHER}/form")
    sheet, _ = printed(alnco)
    holds(case)
    assert send(alnco, f"{TO_MOTHER}/form", form).location == FAMILY
    assert alnco.get(sheet).status_code == 404, "nor one that was made before"


def test_an_unmatched_reply_waits_sealed_and_is_matched_to_a_pupil(
    case: RecordedCase, service: RunningService
) -> None:
    alnco = browser(service, "alnco")
    kept = send(
        alnco,
        f"{REPLIES}/unmatched",
        form_in(alnco.get(f"{REPLIES}/unmatched").text),
        received_on=ON,
        names="Mair, mam Siân",
        words="Mam yn cytuno",
    )
    assert kept.status_code == 303, kept.text
    with psycopg.connect(service.database) as db:
        row = str(db.execute("select r::text from desk.paper_reply r").fetchall())
    assert "Mair" not in row and "cytuno" not in row
    page = alnco.get(REPLIES).text
    found = re.search(rf'href="({REPLIES}/[0-9a-f-]{{36}})"', page)
    assert found and "Mair, mam Siân" in page
    assert "Mair, mam" not in browser(service, "other-alnco").get(REPLIES).text
    at = found[1]
    unknown = send(alnco, at, form_in(alnco.get(at).text), upn="A801200005009")
    assert unknown.status_code == 422 and "Check the number" in unknown.text
    who = send(alnco, at, form_in(alnco.get(at).text), upn="B801200005001")
    assert who.status_code == 422 and "Choose who wrote it" in who.text
    matched = send(alnco, at, form_in(who.text), upn="B801200005001", who=str(MOTHER))
    assert matched.status_code == 303, matched.text
    assert alnco.get(at).status_code == 404, "it is matched once"
    typing = alnco.get(matched.location)
    assert "Mam yn cytuno" in typing.text
    done = send(alnco, matched.location, form_in(typing.text), occurred_on=ON, answer_1="given")
    assert done.status_code == 303, done.text
    assert state(case).consents.questions[ASKED].standing == "given"
    with psycopg.connect(service.database) as db:
        assert db.execute("select sealed from desk.paper_reply").fetchall() == [(None,)]
