"""The family's card: what it says and on what it says nothing; printed and by link; and after the child has moved."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from coordination.desk.one_time_links import OneTimeLink, good_until, make_link
from coordination.directory.commands import SetNoAnswerRule
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.worse.decide import AnswerWorse
from projections.waiting_times.queries.others_waited import FEWEST, OthersWaited, range_of
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    MOTHER,
    PUPIL,
    SCHOOL,
    order,
)
from tests.projections.casework import TO_CAMHS, RecordedCase
from tests.webui.family.family import DEAD, FAMILY, FATHER, ON, TO_MOTHER, with_parents
from tests.webui.links.opening import prove
from tests.webui.referring import browser, case_on, form_in, send, settled
from tests.webui.service import RunningService


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        with_parents(service, told, language="en")
        yield told


def card_link(service: RunningService) -> str:
    """The path of a link to the mother's card, as a message has it."""
    here, secret = service.app.extensions["cydlynu"], "card-secret-of-the-test-0123456789abcdefghi"
    link = OneTimeLink(
        link=UUID(int=0xCB),
        kind="family_card",
        thing=PUPIL,
        pupil=PUPIL,
        audience_kind="contact",
        audience=MOTHER,
        organisation=SCHOOL,
        school=SCHOOL,
        made_by=ALNCO,
        made_at=here.now(),
        expires_at=good_until(here.now()),
    )
    with here.desk() as conn:
        assert make_link(conn, link, secret)
    return f"/link/{secret}"


def test_the_middle_half_in_whole_weeks_and_nothing_on_few() -> None:
    assert range_of({70: FEWEST - 1}) is None
    assert range_of({70: FEWEST}) == OthersWaited(from_weeks=10, to_weeks=10)
    days = dict.fromkeys(range(1, 101), 1)
    ordered = sorted(days)
    low, high = ordered[24] + 0.75, ordered[74] + 0.25  # the quartiles of 1 to 100, counted by hand
    assert range_of(days) == OthersWaited(from_weeks=int(low // 7), to_weeks=-int(-high // 7))


def test_a_card_says_whose_turn_it_is_and_refuses_a_range_on_few(
    case: RecordedCase, service: RunningService
) -> None:
    rule = SetNoAnswerRule(
        occurred_on=ON,
        organisation=BOARD,
        service=CAMHS,
        effective_from=ON,
        days=28,
        told_days=14,
        telephone="01234 567890",
    )
    case.service.perform(rule, order(ADMINISTRATOR, ON, source="command_line"))
    path = card_link(service)
    mother = prove(service, path)
    page = mother.get(f"{path}/family_card").text
    for words in (
        "Whose turn is it?",
        "This card is for Mair Gŵyn. It is about Siân",
        "We cannot say. Too few children were seen in the last year.",
        "This is the service’s rule since 15 March 2025. If you do not answer within 28 days",
        "It tells the school first, 14 days before.",
        "The service: 01234 567890.",
        "The service has not told us a rule.",
        "NHS 111",
    ):
        assert words in page, words
    assert "Huw" not in page
    # a link to the card opens nothing else
    assert mother.get(f"{path}/family").status_code == 404


def test_a_card_s_link_after_the_child_moved_tells_nothing(
    case: RecordedCase, service: RunningService
) -> None:
    path = card_link(service)
    mother = prove(service, path)
    assert mother.get(f"{path}/family_card").status_code == 200
    case.moves(ON)
    gone = mother.get(f"{path}/family_card")
    assert gone.status_code == 404 and DEAD in gone.text and "Siân" not in gone.text


def test_a_card_is_begun_printed_noted_and_stopped(case: RecordedCase, service: RunningService) -> None:
    alnco = browser(service, "alnco")
    page = alnco.get(FAMILY).text
    begun = send(alnco, f"{FAMILY}/people/{FATHER}/card", form_in(page, action=f"{FATHER}/card"))
    assert begun.status_code == 303
    send(alnco, f"{TO_MOTHER}/card", form_in(alnco.get(FAMILY).text, action=f"{MOTHER}/card"))
    with psycopg.connect(service.database) as db:
        cards = dict(db.execute("select by_mail, card from desk.family_card").fetchall())
        queued = db.execute("select recipient from desk.outbox where rule = 'family_card'").fetchall()
    assert set(cards) == {True, False} and queued == [(MOTHER,)], "who has no address gets it printed"
    at = f"{FAMILY}/cards/{cards[False]}"
    sheet = alnco.get(at)
    assert "This card is for Huw Llŷr." in sheet.text and "Mair" not in sheet.text
    assert send(alnco, f"{at}/printed", form_in(sheet.text, action="/printed")).status_code == 303
    assert send(alnco, f"{at}/stop", form_in(alnco.get(FAMILY).text, action=f"{at}/stop")).status_code == 303
    assert alnco.get(at).status_code == 404
    settled(service, case.service)


def test_a_parent_says_on_the_card_that_it_got_worse_and_reads_the_answer(
    case: RecordedCase, service: RunningService
) -> None:
    path = card_link(service)
    mother = prove(service, path)
    assert f"{path}/worse" in mother.get(f"{path}/family_card").text
    tell = f"{path}/worse/{TO_CAMHS}"
    asked = mother.get(tell)
    assert "tel:999" in asked.text
    assert "at the latest" in asked.text
    before = case.version()
    danger = send(mother, tell, form_in(asked.text), danger="yes", words="Mae hi wedi dweud...")
    assert "Do this now" in danger.text
    assert case.version() == before
    said = send(mother, tell, form_in(mother.get(tell).text), danger="no", words="Dyw hi ddim yn bwyta.")
    assert said.status_code == 303
    (worse,) = case.service.batch().state(PUPIL_STREAM, PUPIL).worse.values()
    assert (worse.voice, worse.contact, worse.service) == ("parent", MOTHER, CAMHS)
    assert "You said on" in mother.get(f"{path}/worse").text
    case.does(CLINICIAN, worse.told_on, AnswerWorse, pupil=PUPIL, worse=worse.worse, outcome="sooner")
    assert "Seen sooner" in mother.get(f"{path}/worse").text
    # not for a referral that is not the child's
    assert mother.get(f"{path}/worse/{UUID(int=5)}").status_code == 404
