"""A person's choice of messages, and the link that stops a digest."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

from coordination.desk.message_wishes import choose, make_stop, wishes_of
from coordination.outbox.kinds import KINDS
from coordination.outbox.timing import QuietHours, Wishes
from tests.webui.conftest import form_token, sign_in
from tests.webui.service import NOW, RunningService

PATH = "/account/messages"


def wishes(service: RunningService, person: UUID) -> Wishes:
    with psycopg.connect(service.database) as conn:
        return wishes_of(conn, [person])[person]


def test_a_person_chooses_kinds_and_quiet_hours(service: RunningService) -> None:
    account = service.person("alnco", username="nia")
    client = service.app.test_client()
    sign_in(client, "nia")
    page = client.get(PATH).text
    assert page.count('value="at_once" checked') == len(KINDS)
    sent = dict.fromkeys(KINDS, "at_once") | {"meetings": "daily", "referral_news": "not"}
    hours = {"quiet_from": "19", "quiet_until": "7"}
    wrong = client.post(
        PATH, data=sent | {"quiet_from": "7", "quiet_until": "7", "csrf_token": form_token(page)}
    )
    assert wrong.status_code == 422
    assert "two different hours" in wrong.text
    half = client.post(PATH, data=sent | {"quiet_from": "7", "csrf_token": form_token(page)})
    assert half.status_code == 422
    assert wishes(service, account.person) == Wishes()
    assert client.post(PATH, data=sent | hours | {"csrf_token": form_token(page)}).status_code == 303
    found = wishes(service, account.person)
    assert (found.choices["meetings"], found.choices["referral_news"]) == ("daily", "not")
    assert found.quiet == QuietHours(19, 7)
    assert 'value="daily" checked' in client.get(PATH).text
    client.post(PATH, data=sent | {"csrf_token": form_token(page)})
    assert wishes(service, account.person).quiet is None


@pytest.mark.parametrize("how", [{}, {"List-Unsubscribe": "One-Click"}])
def test_the_link_in_a_digest_stops_it_and_opening_it_does_not(
    service: RunningService, how: dict[str, str]
) -> None:
    person = UUID(int=0x9E)
    with psycopg.connect(service.database) as conn:
        choose(conn, person, {"meetings": "daily", "actions": "at_once"})
        make_stop(conn, person, "s" * 43, NOW)
    client = service.app.test_client()
    link = f"/stop-digest/{'s' * 43}"
    for _ in range(2):
        opened = client.get(link)
        assert opened.status_code == 200
        assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert wishes(service, person).choices["meetings"] == "daily", (
        "a program that looks at mail changes nothing"
    )
    assert client.post(link, data=how).status_code == 200
    assert wishes(service, person).choices == {"meetings": "not", "actions": "at_once"}
    assert client.get("/stop-digest/unknown").status_code == 404
    service.clock.advance(days=366)
    assert client.post(link).status_code == 404
