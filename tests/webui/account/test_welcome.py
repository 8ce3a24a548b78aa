"""The front door."""

import psycopg

from coordination.desk.demonstration import DemonstrationSignIn, publish_sign_ins
from tests.webui.conftest import form_token


def test_a_newcomer_reads_what_it_is_and_how_to_try_it(client):
    page = client.get("/").text
    for words in (
        "shared record for schools in Wales",
        "the ALNCo",
        "the clinician",
        "the auditor",
        "scripts/run",
    ):
        assert words in page
    assert "A demonstration county is loaded" not in page


def test_with_a_demonstration_one_steps_in_with_one_press(service, client):
    service.person("auditor", username="ana")
    with psycopg.connect(service.database) as conn:
        publish_sign_ins(conn, [DemonstrationSignIn("auditor", "ana", "correct horse")])
    page = client.get("/").text
    assert "A demonstration county is loaded" in page
    typed = {"csrf_token": form_token(page), "username": "ana", "password": "correct horse"}
    assert client.post("/sign-in", data=typed).status_code == 303
