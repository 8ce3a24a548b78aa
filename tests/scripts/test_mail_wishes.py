"""Messages as their recipients want them: at once, in a digest, not at all, after quiet hours, in their language."""

from __future__ import annotations

import re
import socket
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from coordination.desk.accounts import Account, add_account
from coordination.desk.message_wishes import choose, choose_quiet_hours, recipient_of_stop
from coordination.desk.one_time_links import link_of_secret
from coordination.desk.outbox import WAITS, mark_bounced, newest
from coordination.directory.commands import AppointPerson, SetMailbox
from coordination.outbox.timing import QuietHours
from coordination.service import Coordination
from scripts.service.outbox import send_due
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    CAMHS,
    CLINICIAN,
    SCHOOL,
    START,
    order,
)
from tests.projections.casework import TO_CAMHS, RecordedCase, day
from tests.scripts.conftest import NOW
from tests.scripts.mail_keeping import MAILBOX, NAMES, MailServerThatKeeps, settings
from webui.shell.sign_in_settings import MailSettings

NIA = UUID(int=0x71A)


def person_told(service: Coordination, **wishes: str) -> UUID:
    """The school has no mailbox: an ALNCo is written to, who has an address and chose."""
    named = AppointPerson(
        occurred_on=START,
        organisation=SCHOOL,
        person=NIA,
        role="alnco",
        effective_from=START,
        name="Nia Prydderch",
        email="nia@school.example",
    )
    service.perform(named, order(ADMINISTRATOR, START, source="command_line"))
    with service.record.desk() as desk:
        choose(desk, NIA, wishes)
    return NIA


def test_a_digest_goes_once_a_day_with_a_link_that_stops_it(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path
) -> None:
    taken, mail = inbox
    person_told(referred, referral_news="daily")
    case = RecordedCase(referred)
    case.says(CLINICIAN, TO_CAMHS, "received", day(1))
    case.says(CLINICIAN, TO_CAMHS, "accepted", day(2))
    own = settings(mail, tmp_path)
    assert send_due(referred, own, NOW) == (1, 0), "the service's mailbox only"
    morning = NOW + timedelta(days=1) - timedelta(hours=1, minutes=30)
    assert send_due(referred, own, morning - timedelta(seconds=1)) == (0, 0)
    taken.answers.append("451 not now")
    assert send_due(referred, own, morning) == (0, 2)
    assert send_due(referred, own, morning + WAITS[0]) == (2, 0)
    recipients_of, digest = taken.taken[-1]
    assert recipients_of == ["nia@school.example"]
    plain = digest.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert text.count("has recorded a step of your referral") == 2
    assert not [name for name in NAMES if name in text]
    (stop,) = re.findall(r"https://cydlynu\.example/stop-digest/([\w-]+)", str(digest["List-Unsubscribe"]))
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in text
    with referred.record.desk() as desk:
        assert recipient_of_stop(desk, stop, morning) == NIA
        rows = [row for row in newest(desk, recipients=[NIA]) if row.sent_at]
        mail_id = UUID(str(digest["Message-ID"]).strip("<>").partition("@")[0])
        assert mark_bounced(desk, mail_id, "bounced", morning) == 2
    assert len(rows) == 2


def test_a_digest_of_a_service_without_accounts_has_a_link_for_each_message(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path
) -> None:
    taken, mail = inbox
    own = settings(mail, tmp_path)
    assert send_due(referred, own, NOW) == (1, 0)
    with referred.record.desk() as desk:
        choose(desk, CAMHS, {"referral_news": "daily"})
    case = RecordedCase(referred)
    case.says(CLINICIAN, TO_CAMHS, "information_requested", day(1), details={"asked_of": "school"})
    case.says(ALNCO, TO_CAMHS, "information_supplied", day(2))
    assert send_due(referred, own, NOW) == (0, 1), "the school itself has no address"
    assert send_due(referred, own, NOW + timedelta(days=1)) == (1, 0)
    plain = taken.taken[-1][1].get_body(("plain",))
    assert plain is not None
    secrets = set(re.findall(r"https://cydlynu\.example/link/([\w-]{43})", plain.get_content()))
    assert len(secrets) == 1, "the same in both languages"
    assert str(TO_CAMHS) not in plain.get_content()
    with referred.record.desk() as desk:
        link = link_of_secret(desk, secrets.pop())
    assert link is not None
    assert (link.kind, link.thing, link.audience) == ("referral", TO_CAMHS, CAMHS)


def test_who_wants_none_gets_none_and_quiet_hours_hold_back_but_not_danger(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path
) -> None:
    taken, mail = inbox
    person_told(referred, referral_news="not")
    case = RecordedCase(referred)
    case.says(CLINICIAN, TO_CAMHS, "received", day(1))
    own = settings(mail, tmp_path)
    assert send_due(referred, own, NOW) == (1, 0)
    with referred.record.desk() as desk:
        assert {row.state for row in newest(desk)} == {"sent", "passed_on", "not_wanted"}
        choose(desk, NIA, {"referral_news": "at_once"})
        choose_quiet_hours(desk, NIA, QuietHours(8, 17))
    case.says(CLINICIAN, TO_CAMHS, "accepted", day(2))
    assert send_due(referred, own, NOW) == (0, 0), "it is nine o'clock, and quiet"
    evening = NOW.replace(hour=17)
    assert send_due(referred, own, evening) == (1, 0)
    assert taken.taken[-1][0] == ["nia@school.example"]


def test_a_person_is_written_to_in_the_language_of_their_account(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path, database: str
) -> None:
    taken, mail = inbox
    person_told(referred)
    with psycopg.connect(database) as link:
        add_account(
            link,
            Account(
                account=UUID(int=0xACC),
                person=NIA,
                organisation=SCHOOL,
                role="alnco",
                username="nia",
                display_name="Nia",
                language="cy",
            ),
            password_hash="x",
            created_at=NOW,
        )
    RecordedCase(referred).says(CLINICIAN, TO_CAMHS, "received", day(1))
    assert send_due(referred, settings(mail, tmp_path), NOW) == (2, 0)
    by_address = {to[0]: message for to, message in taken.taken}
    assert by_address["nia@school.example"]["Content-Language"] == "cy"
    assert "has recorded" not in str(by_address["nia@school.example"])
    assert by_address[MAILBOX]["Content-Language"] == "cy, en", "a Welsh public body reads both"


def test_a_server_that_hangs_stops_the_run_and_costs_one_attempt(
    referred: Coordination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.shell.mail_server.PATIENCE", 0.2)
    box = SetMailbox(occurred_on=START, organisation=SCHOOL, address="ysgol@school.example")
    referred.perform(box, order(ADMINISTRATOR, START, source="command_line"))
    RecordedCase(referred).says(CLINICIAN, TO_CAMHS, "received", day(1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = MailSettings(
            server=f"smtp://127.0.0.1:{silent.getsockname()[1]}", sender="c@county.example"
        )
        assert send_due(referred, settings(hanging, tmp_path), NOW) == (0, 1)
    with referred.record.desk() as desk:
        assert sorted(row.attempts for row in newest(desk)) == [0, 1]


def test_a_mailbox_may_have_its_news_once_a_day_but_gets_at_once_what_must_be_done(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path
) -> None:
    taken, mail = inbox
    box = SetMailbox(occurred_on=START, organisation=SCHOOL, address="ysgol@school.example")
    referred.perform(box, order(ADMINISTRATOR, START, source="command_line"))
    with referred.record.desk() as desk:
        for recipient in (SCHOOL, CAMHS):
            choose(desk, recipient, {"referral_news": "daily", "referrals": "not"})
    RecordedCase(referred).says(CLINICIAN, TO_CAMHS, "received", day(1))
    assert send_due(referred, settings(mail, tmp_path), NOW) == (1, 0)
    assert send_due(referred, settings(mail, tmp_path), NOW + timedelta(days=1)) == (1, 0)
    assert [to for to, _ in taken.taken] == [[MAILBOX], ["ysgol@school.example"]]
