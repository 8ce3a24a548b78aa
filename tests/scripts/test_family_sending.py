"""Mail to a family from a real mail server: who gets it, in which language, and who does not; cards renewed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from coordination.calendars import local_date
from coordination.desk.family_cards import FamilyCard, begin_card, cards_of_pupil
from coordination.desk.outbox import newest
from coordination.pupil.consent.decide import RequestConsent
from coordination.pupil.family.commands import DecideFamilyRecipients, PlaceFamilyHold
from coordination.pupil.profile.commands import ContactDetails, RecordContact, RecordLookedAfter
from coordination.service import Coordination
from scripts.service.family_cards import renew_cards
from scripts.service.outbox import OutboxSettings, send_due
from tests.county import ALNCO, BOARD, CAMHS, MOTHER, PUPIL, SCHOOL, build, register
from tests.projections.casework import RecordedCase, day
from tests.scripts.conftest import NOW
from tests.scripts.mail_keeping import MailServerThatKeeps
from webui.shell.sign_in_settings import MailSettings

Inbox = tuple[MailServerThatKeeps, MailSettings]
NAMES = ("Siân", "Gŵyn", "Mair", "2011")
ASKED, EMAIL = UUID(int=0xE7), "mair@example.com"


def told(record: Coordination, language: str | None = None, email: str | None = EMAIL) -> RecordedCase:
    build(record)
    register(record)
    case = RecordedCase(record)
    details = ContactDetails(
        occurred_on=day(0),
        contact=MOTHER,
        name="Mair Gŵyn",
        relationship="mother",
        parental_responsibility=True,
        language=language,
        email=email,
    )
    case.does(ALNCO, day(0), RecordContact, pupil=PUPIL, details=details)
    return case


def asks(case: RecordedCase, on: int = 1) -> None:
    asked: dict[str, Any] = {"agency": BOARD, "service": CAMHS, "contact": MOTHER, "route": "online"}
    case.does(ALNCO, day(on), RequestConsent, pupil=PUPIL, consent=ASKED, **asked)


def sent(record: Coordination, mail: MailSettings, folder: Path, now: datetime = NOW) -> None:
    send_due(record, OutboxSettings(mail, "https://cydlynu.example", folder), now)


def problems(record: Coordination) -> list[tuple[str, str | None]]:
    with record.record.desk() as desk:
        return [(row.rule, row.problem or row.ending) for row in newest(desk)]


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("cy", "Mae’r ysgol yn gofyn rhywbeth i chi"),
        ("en", "The school asks you something"),
        (None, "Mae’r ysgol yn gofyn rhywbeth i chi / The school asks you something"),
    ],
)
def test_a_parent_who_is_asked_online_gets_a_link_in_their_language_that_names_nobody(
    record: Coordination, inbox: Inbox, tmp_path: Path, language: str | None, subject: str
) -> None:
    server, mail = inbox
    asks(told(record, language))
    sent(record, mail, tmp_path)
    [(to, message)] = server.taken
    assert to == [EMAIL]
    assert str(message["Subject"]).startswith(subject + " (")
    text = message.as_string() + str(message.get_body(("plain",)))
    body = message.get_body(("plain",))
    assert body is not None
    assert re.search(r"https://cydlynu\.example/link/[\w-]{43}", body.get_content())
    assert not [name for name in NAMES if name in text or name in body.get_content()]


def test_a_family_on_hold_is_not_asked_and_one_that_came_to_be_is_not_sent(
    record: Coordination, inbox: Inbox, tmp_path: Path
) -> None:
    server, mail = inbox
    case = told(record)
    asks(case)
    hold = {"hold": UUID(int=0xF5), "because": "bereavement", "why": "Bu farw’r tad"}
    case.does(ALNCO, day(1), PlaceFamilyHold, pupil=PUPIL, **hold)
    sent(record, mail, tmp_path)
    assert (server.taken, problems(record)) == ([], [("family_asked", "not_wanted")])
    again = {"agency": BOARD, "service": CAMHS, "contact": MOTHER, "route": "online"}
    case.does(ALNCO, day(2), RequestConsent, pupil=PUPIL, consent=UUID(int=0xE8), **again)
    assert len(problems(record)) == 1, "not even queued"


def test_of_a_looked_after_child_only_whom_the_social_worker_named(
    record: Coordination, inbox: Inbox, tmp_path: Path
) -> None:
    server, mail = inbox
    case = told(record)
    case.does(ALNCO, day(0), RecordLookedAfter, pupil=PUPIL, looked_after=True)
    asks(case)
    sent(record, mail, tmp_path)
    assert (server.taken, problems(record)) == ([], [("family_asked", "not_wanted")])
    case.does(
        ALNCO, day(2), DecideFamilyRecipients, pupil=PUPIL, contacts=(MOTHER,), social_worker="Nia, Gwynedd"
    )
    again = {"agency": BOARD, "service": CAMHS, "contact": MOTHER, "route": "online"}
    case.does(ALNCO, day(3), RequestConsent, pupil=PUPIL, consent=UUID(int=0xE8), **again)
    sent(record, mail, tmp_path)
    assert [to for to, _ in server.taken] == [[EMAIL]]


def test_without_an_address_it_becomes_a_dead_letter(
    record: Coordination, inbox: Inbox, tmp_path: Path
) -> None:
    server, mail = inbox
    asks(told(record, email=None))
    sent(record, mail, tmp_path)
    assert (server.taken, problems(record)) == ([], [("family_asked", "no_address")])


def test_a_card_is_renewed_within_twelve_weeks_and_never_for_one_who_may_not_have_it(
    record: Coordination, inbox: Inbox, tmp_path: Path
) -> None:
    server, mail = inbox
    case = told(record, "en")
    begun = FamilyCard(
        card=UUID(int=0xCA),
        pupil=PUPIL,
        contact=MOTHER,
        school=SCHOOL,
        by_mail=True,
        begun_by=ALNCO,
        begun_at=NOW,
        issued_at=NOW,
    )
    with record.record.desk() as desk:
        assert begin_card(desk, begun)
        assert not begin_card(desk, begun), "one card for each person"
    assert renew_cards(record, NOW + timedelta(weeks=11)) == 0
    in_time = NOW + timedelta(weeks=12) - timedelta(days=1)
    assert renew_cards(record, in_time) == 1
    assert renew_cards(record, in_time) == 0, "once"
    sent(record, mail, tmp_path, in_time)
    [(to, message)] = server.taken
    assert to == [EMAIL] and str(message["Subject"]).startswith("Whose turn is it?")
    hold = {"hold": UUID(int=0xF5), "because": "safeguarding", "why": "Pryder"}
    case.does(ALNCO, local_date(NOW), PlaceFamilyHold, pupil=PUPIL, contact=MOTHER, **hold)
    assert renew_cards(record, in_time + timedelta(weeks=12)) == 0
    with record.record.desk() as desk:
        [held] = cards_of_pupil(desk, PUPIL, SCHOOL)
    assert held.due(in_time + timedelta(weeks=12)), "the school sees that it is due"
