"""Every message leads to a page that there is."""

from __future__ import annotations

from pathlib import Path
from typing import get_args
from uuid import UUID

from coordination.outbox.message import Subject
from tests.webui.every_form import endpoint_of
from tests.webui.service import service_on
from webui.words.mail import PATHS


def test_the_link_of_each_subject_leads_to_a_page(tmp_path: Path) -> None:
    assert PATHS.keys() == set(get_args(Subject))
    with service_on("host=/nowhere dbname=none", tmp_path) as running:
        found = {
            subject: endpoint_of(running.app, path.format(thing=UUID(int=1), pupil=UUID(int=2)), "GET")
            for subject, path in PATHS.items()
        }
    assert found == {
        "referral": "referrals.page",
        "meeting": "meetings.page",
        "challenge": "challenges.one",
        "advice": "advice.one",
        "action": "welcome.page",
        "file_request": "welcome.page",
        "account": "account.page",
        "link_code": "welcome.page",
        "family": "family.page",
        "family_card": "family.page",
    }
