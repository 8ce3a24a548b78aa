"""Doubts wait apart from the record, sealed, until they are decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from coordination.desk.doubts import (
    RaisedDoubt,
    WaitingDoubt,
    all_doubts,
    delete_doubt,
    delete_doubts_about,
    delete_settled_doubts,
    doubt_content,
    doubts_of,
    find_doubt,
    keep_doubt,
)
from coordination.store.keys import OuterKeys
from coordination.store.migrate import APPEND, as_role

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SCHOOL, AUTHORITY, PUPIL, OTHER = (UUID(int=number) for number in (0x51, 0x20, 0xB1, 0xB2))


@pytest.fixture
def keys() -> OuterKeys:
    return OuterKeys(wrapping={"1": b"w" * 32}, current="1", lookup=b"k" * 32)


def raised(about: str = "one", **changed: Any) -> RaisedDoubt:
    given: dict[str, Any] = {
        "kind": "another_number",
        "school": SCHOOL,
        "pupil": PUPIL,
        "content": b"Mali Gefell",
        "other": OTHER,
    }
    return RaisedDoubt(about=about, **(given | changed))


def keep(conn: Connection, outer: OuterKeys, doubt: RaisedDoubt, days: int = 0) -> list[WaitingDoubt]:
    keep_doubt(conn, outer, doubt, doubt=uuid4(), now=NOW + timedelta(days=days))
    return all_doubts(conn)


def test_the_content_is_sealed_and_opens_with_the_outer_keys(conn: Connection, keys: OuterKeys) -> None:
    [held] = keep(conn, keys, raised())
    assert doubt_content(conn, keys, held.doubt) == b"Mali Gefell"
    row = conn.execute("select d::text from desk.doubt d").fetchone()
    assert row is not None
    assert "Mali" not in str(row)
    assert b"Mali".hex() not in str(row)


def test_a_moved_ciphertext_does_not_open(conn: Connection, keys: OuterKeys) -> None:
    keep(conn, keys, raised())
    one, two = keep(conn, keys, raised("two", content=b"another"))
    conn.execute(
        "update desk.doubt d set sealed = s.sealed, wrapped = s.wrapped from desk.doubt s where s.doubt = %s"
        " and d.doubt = %s",
        (one.doubt, two.doubt),
    )
    assert doubt_content(conn, keys, two.doubt) is None


def test_the_same_doubt_again_is_the_same_row_with_its_age(conn: Connection, keys: OuterKeys) -> None:
    [first] = keep(conn, keys, raised())
    assert keep(conn, keys, raised(), days=7) == [first]
    [changed] = keep(conn, keys, raised(content=b"Mali Gefell-Huws"), days=8)
    assert (changed.doubt, changed.raised_at) == (first.doubt, first.raised_at)
    assert changed.digest != first.digest
    assert doubt_content(conn, keys, first.doubt) == b"Mali Gefell-Huws"


def test_a_school_decides_its_own_and_the_authority_those_between_schools(
    conn: Connection, keys: OuterKeys
) -> None:
    keep(conn, keys, raised())
    keep(conn, keys, raised("two", authority=AUTHORITY))
    [own] = doubts_of(conn, SCHOOL)
    [between] = doubts_of(conn, AUTHORITY)
    assert (own.authority, between.authority) == (None, AUTHORITY)
    assert (own.is_for(SCHOOL), between.is_for(SCHOOL), between.is_for(AUTHORITY)) == (True, False, True)
    assert doubts_of(conn, OTHER) == []


def test_what_is_decided_is_deleted_once(conn: Connection, keys: OuterKeys) -> None:
    [held] = keep(conn, keys, raised())
    assert find_doubt(conn, held.doubt) == held
    assert (delete_doubt(conn, held.doubt), delete_doubt(conn, held.doubt)) == (True, False)
    assert (find_doubt(conn, held.doubt), doubt_content(conn, keys, held.doubt)) == (None, None)


def test_a_later_file_or_an_erasure_leaves_nothing_to_decide(conn: Connection, keys: OuterKeys) -> None:
    for about in ("one", "two", "three"):
        keep(conn, keys, raised(about, other=None if about == "one" else OTHER))
    assert delete_settled_doubts(conn, keys, ["one", "unknown"]) == 1
    assert delete_doubts_about(conn, OTHER) == 2
    assert all_doubts(conn) == []


def test_two_people_at_once_one_waits_and_finds_it_decided(database: str, keys: OuterKeys) -> None:
    address = as_role(database, APPEND)
    with psycopg.connect(address) as one, psycopg.connect(address) as other:
        keep_doubt(one, keys, raised(), doubt=UUID(int=7), now=NOW)
        one.commit()
        assert find_doubt(one, UUID(int=7), locked=True) is not None
        other.execute("set lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            find_doubt(other, UUID(int=7), locked=True)
        other.rollback()
        delete_doubt(one, UUID(int=7))
        one.commit()
        assert find_doubt(other, UUID(int=7), locked=True) is None
