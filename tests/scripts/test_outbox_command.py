"""Messages sent to a real mail server (aiosmtpd) and to a folder, by `cydlynu outbox send` and the worker's own job."""

from __future__ import annotations

import json
import re
import socket
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from coordination.desk.one_time_links import link_of_secret
from coordination.desk.outbox import WAITS, newest, next_due
from coordination.directory.commands import SetMailbox
from coordination.service import Coordination
from scripts.service.bounces import take_in_folder
from scripts.service.mail_recipients import recipients
from scripts.service.outbox import send_due
from tests.county import (
    ADMINISTRATOR,
    CAMHS,
    CLINICIAN,
    PUPIL,
    SCHOOL,
    START,
    build,
    order,
)
from tests.projections.casework import TO_CAMHS, RecordedCase, day
from tests.scripts.conftest import NOW, Cydlynu, one
from tests.scripts.mail_keeping import MAILBOX, NAMES, MailServerThatKeeps, bounce, settings
from webui.shell.mail_server import MailNotSent, connected
from webui.shell.sign_in_settings import MailSettings


def test_a_referral_reaches_the_mailbox_and_names_nobody(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path
) -> None:
    taken, mail = inbox
    assert send_due(referred, settings(mail, tmp_path), NOW) == (1, 0)
    (recipients, message), *more = taken.taken
    assert not more
    assert recipients == [MAILBOX]
    plain = message.get_body(("plain",))
    rich = message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    whole = f"{message['Subject']}\n{plain.get_content()}\n{rich.get_content()}"
    # nobody of the service has an account: the message carries a one-time link, which holds no id of anything
    links = set(re.findall(r"https://cydlynu.example/link/([\w-]{43})", whole))
    assert len(links) == 1
    assert str(TO_CAMHS) not in whole
    assert str(PUPIL) not in whole
    with referred.record.desk() as desk:
        link = link_of_secret(desk, links.pop())
    assert link is not None
    assert (link.kind, link.thing, link.audience, link.school) == ("referral", TO_CAMHS, CAMHS, SCHOOL)
    assert "A new referral" in whole
    assert "Atgyfeiriad newydd" in whole
    assert not [name for name in NAMES if name in whole]
    assert message["Auto-Submitted"] == "auto-generated"
    assert send_due(referred, settings(mail, tmp_path), NOW) == (0, 0), "once"


def test_a_worker_that_died_before_the_mark_sends_again_under_the_same_id(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path, database: str
) -> None:
    taken, mail = inbox
    send_due(referred, settings(mail, tmp_path), NOW)
    one(
        database, "update desk.outbox set sent_at = null returning 1"
    )  # as if the mark had never been written
    send_due(referred, settings(mail, tmp_path), NOW)
    assert len({message["Message-ID"] for _, message in taken.taken}) == 1
    links = {re.search(r"/link/([\w-]{43})", str(m.get_body(("plain",)))) for _, m in taken.taken}
    assert len({found[1] for found in links if found}) == 1, "with the same link"
    assert len(taken.taken) == 2


@pytest.mark.parametrize(
    ("answer", "problem", "given_up"),
    [("450 try later", "put_off", False), ("550 no such mailbox", "refused_recipient", True)],
)
def test_a_server_that_puts_off_is_asked_again_and_one_that_refuses_is_not(
    referred: Coordination,
    inbox: tuple[MailServerThatKeeps, MailSettings],
    tmp_path: Path,
    answer: str,
    problem: str,
    given_up: bool,
) -> None:
    taken, mail = inbox
    taken.answers.append(answer)
    assert send_due(referred, settings(mail, tmp_path), NOW) == (0, 1)
    with referred.record.desk() as desk:
        (row,) = newest(desk)
        assert (row.problem, row.state) == (problem, "given_up" if given_up else "waiting")
        before, after = NOW + WAITS[0] - timedelta(seconds=1), NOW + WAITS[0]
        assert next_due(desk, before) == []
    assert send_due(referred, settings(mail, tmp_path), after) == ((0, 0) if given_up else (1, 0))


def test_one_that_is_put_off_for_days_is_given_up(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path
) -> None:
    taken, mail = inbox
    taken.answers += ["451 not now"] * (len(WAITS) + 1)
    now = NOW
    for wait in (*WAITS, timedelta(0)):
        assert send_due(referred, settings(mail, tmp_path), now) == (0, 1)
        now += wait
    with referred.record.desk() as desk:
        assert [row.state for row in newest(desk)] == ["given_up"]
    assert taken.taken == []


def test_a_server_that_is_away_or_hangs_loses_nothing(referred: Coordination, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused
        away = MailSettings(server=f"smtp://127.0.0.1:{nobody.getsockname()[1]}", sender="c@county.example")
        assert send_due(referred, settings(away, tmp_path), NOW) == (0, 1)
    with referred.record.desk() as desk:
        assert [(row.problem, row.state) for row in newest(desk)] == [("server_unreachable", "waiting")]


def test_a_server_that_says_nothing_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.shell.mail_server.PATIENCE", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hanging = MailSettings(
            server=f"smtp://127.0.0.1:{silent.getsockname()[1]}", sender="c@county.example"
        )
        with pytest.raises(MailNotSent, match="server_unreachable"), connected(hanging):
            pass


def test_without_a_server_messages_are_files(cydlynu: Cydlynu, referred: Coordination) -> None:
    said = cydlynu("outbox")
    assert said.out.startswith("waiting 1  sent 0  given up 0")
    assert "referral_sent" in said.out
    assert MAILBOX not in said.out
    assert cydlynu("outbox", "send").out == "sent 1  not sent 0\n"
    (file,) = (cydlynu.data / "outbox").glob("*.eml")
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert read["To"] == MAILBOX
    assert cydlynu("outbox", "--all", "--format", "json").json["messages"][0]["state"] == "sent"


def test_who_has_no_address_is_somebody_s_task_and_can_be_sent_again(
    cydlynu: Cydlynu, referred: Coordination
) -> None:
    case = RecordedCase(referred)
    cydlynu("outbox", "send")
    case.says(CLINICIAN, TO_CAMHS, "received", day(1))
    assert cydlynu("outbox", "send").out == "sent 0  not sent 1\n"
    (open_one,) = cydlynu("outbox", "--format", "json").json["messages"]
    assert (open_one["state"], open_one["problem"]) == ("given_up", "no_address")
    box = SetMailbox(occurred_on=START, organisation=SCHOOL, address="ysgol@school.example")
    referred.perform(box, order(ADMINISTRATOR, START, source="command_line"))
    assert cydlynu("outbox", "retry", open_one["message"]).status == 0
    assert cydlynu("outbox", "send").out == "sent 1  not sent 0\n"
    with referred.record.desk() as desk:
        row = newest(desk, recipients=[SCHOOL])[0]
        (found,) = recipients(referred, desk, referred.directory(), row, NOW.date())
    assert (found.address, found.languages) == ("ysgol@school.example", ("cy", "en"))


def test_the_same_address_again_changes_nothing(cydlynu: Cydlynu, record: Coordination) -> None:
    build(record)
    for address, outcome in (
        ("a@x.example", "new"),
        ("a@x.example", "unchanged"),
        ("b@x.example", "changed"),
    ):
        listed = {"mailboxes": [{"service": "CAMHS", "mailbox": address}]}
        said = cydlynu("import", "directory", cydlynu.file("directory.json", json.dumps(listed)))
        assert outcome in said.out


@pytest.mark.parametrize(
    "address", ["two@a.example, three@b.example", "no-at", "a@b", "x@a.example\nBcc: y@b.example"]
)
def test_an_address_that_is_none_is_refused(cydlynu: Cydlynu, record: Coordination, address: str) -> None:
    build(record)
    file = cydlynu.file(
        "directory.json", json.dumps({"mailboxes": [{"service": "CAMHS", "mailbox": address}]})
    )
    assert cydlynu("import", "directory", file).status != 0
    assert record.directory().mailbox_of(CAMHS) is None


@pytest.mark.parametrize(
    ("action", "status", "headers_only", "state"),
    [
        ("failed", "5.1.1", False, ("bounced", "mailbox_gone")),
        ("failed", "5.2.2", True, ("bounced", "bounced")),
        ("delayed", "4.4.1", False, ("sent", None)),
    ],
)
def test_mail_that_comes_back_is_shown_as_bounced_and_can_be_sent_again(
    cydlynu: Cydlynu,
    referred: Coordination,
    action: str,
    status: str,
    headers_only: bool,
    state: tuple[str, str | None],
) -> None:
    cydlynu("outbox", "send")
    (sent,) = (cydlynu.data / "outbox").glob("*.eml")
    mail = str(message_from_bytes(sent.read_bytes(), policy=policy.default)["Message-ID"])
    folder = cydlynu.data / "Maildir"
    (folder / "new").mkdir(parents=True)
    (folder / "new" / "1.host").write_bytes(bounce(mail, action, status, headers_only=headers_only))
    (folder / "new" / "2.host").write_bytes(b"Subject: Hello\r\n\r\nNo notice.\r\n")
    (folder / "new" / "3.host").write_bytes(bounce("<unknown@county.example>"))
    came_back = int(state[0] == "bounced")
    assert cydlynu("outbox", "bounced", folder).out == f"bounced {came_back}  other files {3 - came_back}\n"
    assert cydlynu("outbox", "bounced", folder).out == "bounced 0  other files 3\n"
    (row,) = cydlynu("outbox", "--all", "--format", "json").json["messages"]
    assert (row["state"], row["problem"]) == state
    if came_back:
        assert cydlynu("outbox").out.startswith("waiting 0  sent 1  given up 0  bounced 1")
        assert cydlynu("outbox", "retry", row["message"]).status == 0
        assert cydlynu("outbox", "send").out == "sent 1  not sent 0\n"


def test_the_folder_of_notices_is_read_by_the_worker_s_job_and_emptied(
    referred: Coordination, tmp_path: Path
) -> None:
    send_due(referred, settings(None, tmp_path / "out"), NOW)
    (sent,) = (tmp_path / "out").glob("*.eml")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.eml").write_bytes(bounce(f"<{sent.stem}@localhost>"))
    assert take_in_folder(referred, tmp_path / "in", NOW) == (1, 0)
    assert take_in_folder(referred, tmp_path / "in", NOW) == (0, 0)
    assert (tmp_path / "in" / "taken" / "one.eml").exists()
