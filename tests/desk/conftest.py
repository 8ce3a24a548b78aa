"""The desk on a real database, in the role that the service has there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from coordination.desk.accounts import Account, add_account
from coordination.desk.passwords import PasswordCost, Passwords
from coordination.store.migrate import APPEND, as_role

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHEAP = PasswordCost(passes=1, memory_kib=64, lanes=1)
Connect = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]


@pytest.fixture
def connect(database: str) -> Connect:
    """Opens a transaction as the service would."""
    return lambda: psycopg.connect(as_role(database, APPEND))


@pytest.fixture
def conn(connect: Connect) -> Iterator[psycopg.Connection[Any]]:
    """One connection whose work is committed at the end of each block."""
    with connect() as link:
        link.autocommit = True
        yield link


@pytest.fixture
def passwords() -> Passwords:
    """Real hashing at the least cost."""
    return Passwords(CHEAP)


def account(username: str = "nia", **more: Any) -> Account:
    """An ALNCo."""
    return Account(
        account=uuid4(),
        person=uuid4(),
        organisation=uuid4(),
        role=more.get("role", "alnco"),
        username=username,
        display_name="Nia Prydderch",
        language=more.get("language", "cy"),
    )


@pytest.fixture
def nia(conn: psycopg.Connection[Any], passwords: Passwords) -> Account:
    """Somebody whose password is `Pont-y-Pŵl 1850`."""
    one = account()
    add_account(conn, one, password_hash=passwords.hash("Pont-y-Pŵl 1850"), created_at=NOW)
    return one
