"""The ledger verifies, and shows whatever was done to the log behind the service's back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from coordination.service import Coordination
from coordination.store.ledger import LedgerCheckpoint, LedgerVerification, verify
from coordination.store.migrate import as_role
from coordination.store.server import ADMINISTRATOR
from tests.store.histories import OPENING, Move, tell

MOVES = [*OPENING, *(Move("milestone", n % 3, n, n % 4, 1, 0) for n in range(12))]


def verdict(address: str, noted: LedgerCheckpoint | None = None) -> LedgerVerification:
    with psycopg.connect(as_role(address, "cydlynu_append"), autocommit=True) as connection:
        return verify(connection, noted)


@contextmanager
def behind_the_back(address: str) -> Iterator[psycopg.Connection]:
    """The administrator of the database, with the triggers switched off."""
    with psycopg.connect(make_conninfo(address, user=ADMINISTRATOR)) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection


@pytest.fixture
def written(database: str, county: Coordination) -> str:
    tell(county, MOVES, [4, 1, 7], lambda: None)
    return database


def test_what_the_service_wrote_is_sound(written: str, county: Coordination) -> None:
    found = verdict(written)
    assert found.sound
    with psycopg.connect(written) as connection:
        counted = connection.execute(
            "select (select count(*) from log.ledger), (select count(*) from log.event), max(position),"
            " (select encode(chain, 'hex') from log.ledger order by position desc limit 1) from log.ledger"
        ).fetchone()
    assert (found.saves, found.events, found.position, found.chain) == counted
    assert found.saves > 5
    assert found.position == county.record.last_position()


def test_an_empty_record_is_sound(database: str) -> None:
    assert verdict(database) == LedgerVerification(0, 0, 0, "")


def middle(connection: psycopg.Connection) -> tuple[int, int]:
    """A save in the middle with more than one event: its position and the one before it."""
    row = connection.execute(
        "select position, before from (select position, events, lag(position) over (order by position) as before"
        " from log.ledger) l where events > 1 and before is not null order by position limit 1"
    ).fetchone()
    assert row is not None
    return row


def change_a_byte(connection: psycopg.Connection, position: int, before: int) -> None:
    connection.execute(
        "update log.event set state = set_byte(state, 10, (get_byte(state, 10) + 1) %% 256) where notification_id = %s",
        [position],
    )


def change_a_topic(connection: psycopg.Connection, position: int, before: int) -> None:
    connection.execute(
        "update log.event set topic = 'pupil.year_recorded' where notification_id = %s", [position]
    )


def move_to_another_stream(connection: psycopg.Connection, position: int, before: int) -> None:
    connection.execute(
        "update log.event set originator_id = gen_random_uuid() where notification_id = %s", [position]
    )


def change_the_order(connection: psycopg.Connection, position: int, before: int) -> None:
    connection.execute("update log.event set notification_id = -1 where notification_id = %s", [position])
    connection.execute(
        "update log.event set notification_id = %s where notification_id = %s", [position, position - 1]
    )
    connection.execute("update log.event set notification_id = %s where notification_id = -1", [position - 1])


def delete_an_event(connection: psycopg.Connection, position: int, before: int) -> None:
    connection.execute("delete from log.event where notification_id = %s", [position])


def delete_a_save(connection: psycopg.Connection, position: int, before: int) -> None:
    connection.execute(
        "delete from log.event where notification_id > %s and notification_id <= %s", [before, position]
    )
    connection.execute("delete from log.ledger where position = %s", [position])


def add_an_event(connection: psycopg.Connection, position: int, before: int) -> None:
    connection.execute(
        "update log.event set notification_id = notification_id + 1000 where notification_id >= %s",
        [position],
    )
    connection.execute("update log.ledger set position = position + 1000 where position >= %s", [position])
    connection.execute(
        "insert into log.event select gen_random_uuid(), 1, topic, state, %s from log.event limit 1",
        [position],
    )


def rewrite_a_digest(connection: psycopg.Connection, position: int, before: int) -> None:
    """The event and its hash are changed together; the chain is not."""
    change_a_byte(connection, position, before)
    connection.execute("update log.ledger set digest = sha256('x') where position = %s", [position])


def rewrite_a_link(connection: psycopg.Connection, position: int, before: int) -> None:
    connection.execute("update log.ledger set chain = sha256('x') where position = %s", [position])


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (change_a_byte, "events_changed"),
        (change_a_topic, "events_changed"),
        (move_to_another_stream, "events_changed"),
        (change_the_order, "events_changed"),
        (delete_an_event, "events_missing"),
        (delete_a_save, "chain_broken"),
        (add_an_event, "events_added"),
        (rewrite_a_digest, "events_changed"),
        (rewrite_a_link, "chain_broken"),
    ],
)
def test_tampering_shows_and_where(
    written: str, tamper: Callable[[psycopg.Connection, int, int], None], problem: str
) -> None:
    whole = verdict(written)
    with behind_the_back(written) as connection:
        position, before = middle(connection)
        tamper(connection, position, before)
    found = verdict(written)
    assert found.problem == problem
    assert not found.sound
    assert found.position == before
    assert found.at is not None and found.at >= position
    assert found.saves < whole.saves


def test_an_event_that_was_never_saved_shows(written: str) -> None:
    last = verdict(written).position
    with psycopg.connect(written) as connection:
        connection.execute(
            "insert into log.event (originator_id, originator_version, topic, state)"
            " select gen_random_uuid(), 1, topic, state from log.event limit 1"
        )
    found = verdict(written)
    assert (found.problem, found.position) == ("not_in_the_ledger", last)


def test_only_a_noted_link_shows_that_the_end_was_cut_off(written: str) -> None:
    whole = verdict(written)
    noted = LedgerCheckpoint(whole.position, whole.chain)
    assert verdict(written, noted).sound
    assert verdict(written, LedgerCheckpoint(whole.position, "00" * 32)).problem == "not_as_noted"
    with behind_the_back(written) as connection:
        connection.execute(
            "delete from log.event where notification_id > (select position from log.ledger"
            " order by position desc offset 1 limit 1)"
        )
        connection.execute("delete from log.ledger where position = %s", [whole.position])
    assert verdict(written).sound
    assert verdict(written, noted).problem == "shorter_than_noted"
