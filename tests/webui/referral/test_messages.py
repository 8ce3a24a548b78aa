"""The messages about a referral as the school sees them: what did not arrive, and a reminder sent by hand."""

from __future__ import annotations

import re
from uuid import UUID

import psycopg

from tests.county import CAMHS, PUPIL
from tests.projections.casework import TO_CAMHS, day
from tests.webui.conftest import form_token
from tests.webui.referring import browser, case_on, settled
from tests.webui.service import NOW, RunningService

ANOTHER = UUID(int=0xF00)
PATH = f"/pupils/{PUPIL}/referrals/{ANOTHER}/messages"


def count(service: RunningService, where: str) -> int:
    with psycopg.connect(service.database) as link:
        row = link.execute(f"select count(*) from desk.outbox where {where}".encode()).fetchone()
    return row[0] if row else 0


def test_the_school_sees_what_did_not_arrive_and_reminds(service: RunningService) -> None:
    with case_on(service) as case:
        case.refers(ANOTHER, CAMHS, day(300))
        settled(service, case.service)
        client = browser(service, "alnco")
        page = client.get(PATH).text
        assert "A new referral" in page
        assert "did not arrive" not in page
        assert PATH in client.get(f"/pupils/{PUPIL}/referrals/{ANOTHER}").text
        sent = {"csrf_token": form_token(page), "command_id": "x"}
        assert "Remind now" in page
        for _ in range(2):
            assert client.post(f"{PATH}/remind", data=sent).status_code == 303
        assert count(service, "rule = 'referral_reminder'") == 1, "one a day"
        with psycopg.connect(service.database) as link:
            link.execute(
                "update desk.outbox set sent_at = %s, bounced_at = %s, problem = 'mailbox_gone' where thing = %s",
                (NOW, NOW, ANOTHER),
            )
        page = client.get(PATH).text
        assert "A message did not arrive." in page
        assert "Remind now" not in page
        assert client.post(f"{PATH}/remind", data=sent | {"command_id": "y"}).status_code == 404
        assert browser(service, "clinician").get(PATH).status_code == 404
        # it is the school's task on Today, until somebody told the service by other means
        assert "Messages that did not arrive" in client.get("/today").text
        listed = client.get("/messages-not-arrived").text
        told = re.findall(r'action="(/messages-not-arrived/[^"]+/told)"', listed)
        assert len(told) == 2, "the message and its reminder"
        other = browser(service, "other-alnco")
        page = other.get("/messages-not-arrived").text
        assert "Every message of your school arrived" in page
        foreign = {"csrf_token": form_token(page), "command_id": "o"}
        assert other.post(told[0], data=foreign).status_code == 404
        for address in told:
            assert client.post(address, data=sent | {"command_id": address}).status_code == 303
        assert "Messages that did not arrive" not in client.get("/today").text
        assert "They were told by other means." in client.get(PATH).text
        assert "did not arrive" in browser(service, "administrator").get("/administration").text
        assert "mailbox did not arrive" not in client.get("/account").text, "it was to another organisation"
        answered = PATH.replace(str(ANOTHER), str(TO_CAMHS))
        assert "Remind now" not in client.get(answered).text
