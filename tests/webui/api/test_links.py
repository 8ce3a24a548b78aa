"""One-time links and bounces over the API: made by the school they are of, shown once, revoked; bounces by whose mail
it was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

from tests.county import BOARD, CAMHS, PSYCHOLOGY, SCHOOL
from tests.projections.casework import TO_CAMHS
from tests.scripts.mail_keeping import bounce
from tests.webui.api.conftest import ApiClient, problem
from tests.webui.service import RunningService

LINK = {"about": "referral", "thing": str(TO_CAMHS), "service": str(CAMHS)}
MAIL = UUID(int=0xB0)


def test_a_school_makes_a_link_that_opens_once_shown_and_revokes_it(
    school: ApiClient, other_school: ApiClient, board: ApiClient, running: RunningService
) -> None:
    made = school.post("/links", LINK, key="link")
    assert made.status_code == 201
    link, address = made.json["link"], made.json["address"]
    assert school.post("/links", LINK, key="link").json == {"link": link}, "its address is shown once"
    browser = running.app.test_client()
    path = address.removeprefix("http://localhost")
    assert "works until" not in browser.get(path).text
    assert browser.get(path).status_code == 200
    (listed,) = school.get(f"/links?thing={TO_CAMHS}").json["items"]
    assert (listed["link"], listed["service"], listed["standing"]) == (link, str(CAMHS), "good")
    assert address.rpartition("/")[2] not in school.get(f"/links/{link}").text

    problem(school.post("/links", LINK | {"service": str(PSYCHOLOGY)}), 422, "service_without_part")
    for stranger in (other_school, board):
        assert stranger.post("/links", LINK).status_code in (403, 404, 422)
        assert stranger.get(f"/links/{link}").status_code in (403, 404)
        assert stranger.ask("DELETE", f"/links/{link}").status_code in (403, 404)
    assert school.ask("DELETE", f"/links/{link}").status_code == 204
    assert school.get(f"/links/{link}").json["standing"] == "revoked"
    assert browser.get(path).status_code == 404


def test_a_bounce_is_told_by_those_whose_mail_it_was(
    school: ApiClient, board: ApiClient, authority: ApiClient, running: RunningService
) -> None:
    sql = """insert into desk.outbox (message, rule, recipient_kind, recipient, subject, thing, detail, urgent, stream,
                 version, created_at, due_at, sent_at, hooked_at, school)
             values (%s, 'referral_sent', 'service', %s, 'referral', %s, '', false, %s, 1, now(), now(), now(), now(),
                 %s)"""
    with psycopg.connect(running.database) as link:
        link.execute(sql, (MAIL, CAMHS, TO_CAMHS, TO_CAMHS, SCHOOL))
        link.execute(sql, (UUID(int=0xB1), BOARD, TO_CAMHS, TO_CAMHS, SCHOOL))

    def state(of: UUID) -> Any:
        with psycopg.connect(running.database) as link:
            row = link.execute(
                "select bounced_at, problem from desk.outbox where message = %s", (of,)
            ).fetchone()
        assert row is not None
        return row[0] is not None, row[1]

    notice = bounce(f"<{MAIL}@cydlynu.example>", "failed", "5.1.1").decode()
    assert school.post("/bounces", {"notice": notice}).status_code == 404, "not its mail"
    assert board.post("/bounces", {"notice": notice}).status_code == 201
    assert state(MAIL) == (True, "mailbox_gone")
    by_id = {"message_id": f"<{UUID(int=0xB1)}@cydlynu.example>", "problem": "bounced"}
    assert authority.post("/bounces", by_id).status_code == 201
    assert state(UUID(int=0xB1)) == (True, "bounced")
    for wrong in ({"notice": "Subject: Hello\n\nHow are you?"}, {"message_id": "x"}, {}):
        problem(authority.post("/bounces", wrong), 422, "not_a_bounce")
    late = bounce(f"<{MAIL}@cydlynu.example>", "delayed", "4.4.1").decode()
    problem(board.post("/bounces", {"notice": late}), 422, "not_a_bounce")
