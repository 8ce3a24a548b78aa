"""A referral is in the mailbox of its service within a minute: the real worker and a real mail server."""

from __future__ import annotations

from time import monotonic

import pytest

from coordination.outbox.message import case_reference
from coordination.service import Coordination
from tests.projections.casework import TO_CAMHS
from tests.scripts.conftest import Cydlynu, start, until
from tests.scripts.mail_keeping import MAILBOX, MailServerThatKeeps
from webui.shell.sign_in_settings import MailSettings

pytestmark = pytest.mark.slow


def test_a_referral_reaches_the_mailbox_within_a_minute(
    cydlynu: Cydlynu, referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings]
) -> None:
    taken, mail = inbox
    worker = start(
        ["scripts.worker"],
        cydlynu.database,
        cydlynu.data,
        environment={
            "CYDLYNU_SMTP_URL": mail.server,
            "CYDLYNU_MAIL_FROM": mail.sender,
            "CYDLYNU_PUBLIC_URL": "https://cydlynu.example",
        },
    )
    begun = monotonic()
    try:
        until(lambda: taken.taken, 60)
    finally:
        worker.terminate()
        worker.communicate(timeout=60)
    assert monotonic() - begun < 60
    ((recipients, message), *more) = taken.taken
    assert not more
    assert recipients == [MAILBOX]
    assert case_reference(TO_CAMHS) in str(message["Subject"])
