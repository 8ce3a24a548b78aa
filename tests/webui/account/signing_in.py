"""What the tests of accounts share: posting forms, and the log of accounts."""

from __future__ import annotations

from typing import Any

import psycopg
from flask.testing import FlaskClient

from coordination.desk.accounts import Account
from coordination.desk.co_signing import co_sign, waiting_for
from tests.webui.conftest import form_token
from tests.webui.service import RunningService

NEW = "tair afal werdd"


def send(client: FlaskClient, address: str, page: str | None = None, **typed: str) -> Any:
    """Send a form to an address with the token of the page (the address itself unless said)."""
    shown = client.get(page or address)
    return client.post(address, data={"csrf_token": form_token(shown.text)} | typed)


def co_signed(service: RunningService, signer: Account) -> int:
    """Signs all that waits for somebody at their organisation; how much."""
    with psycopg.connect(service.database) as conn:
        waiting = waiting_for(conn, signer.person, signer.organisation)
        for one in waiting:
            co_sign(
                conn,
                one.co_signature,
                person=signer.person,
                organisation=signer.organisation,
                now=service.clock(),
            )
    return len(waiting)


def noted(service: RunningService) -> list[str]:
    """What happened to accounts, oldest first, without their opening."""
    with psycopg.connect(service.database) as conn:
        rows = conn.execute("select what from desk.account_log where what <> 'opened' order by entry")
        return [row[0] for row in rows]
