"""The ledger verifies, and names whatever was done to the record behind the service's back: the 21 tamperings that were
tried on 29 November 2026, each as the administrator with the triggers off, undone by a rollback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from coordination.desk.read_log import note_reading
from coordination.store.ledger.heads import NotedHead, read_head, write_head
from coordination.store.ledger.leaves import COVERED, DIGESTS
from coordination.store.ledger.making import head_marks, make_head
from coordination.store.ledger.signing import public_bytes, signing_key
from coordination.store.ledger.verification import (
    verify,
    verify_within,
)
from coordination.store.migrate import APPEND, as_role
from coordination.store.server import ADMINISTRATOR
from coordination.viewer import Viewer
from projections.rebuild import NEXT, compare
from tests.county import ALNCO, BOARD, PUPIL, SCHOOL
from tests.projections.replays import engine_on, fresh_county, replay
from tests.store.histories import OPENING, Move, tell

MOVES = [*OPENING, *(Move("milestone", n % 3, n, n % 4, 1, 0) for n in range(12))]
NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)


class Store(NamedTuple):
    """A small store with a head that was noted outside before its last save, and one over everything."""

    address: str
    earlier: NotedHead
    noted: NotedHead
    keys: tuple[bytes, ...]


def noted(address: str, folder: Path) -> tuple[NotedHead, bytes]:
    key = signing_key(folder / "ledger-key.pem", make=True)
    with psycopg.connect(address, autocommit=True) as connection:
        signed = make_head(connection, key, NOW)
        return read_head(write_head(signed, *head_marks(connection, signed.head.size)))[1], public_bytes(key)


@pytest.fixture(scope="module")
def store(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("ledger")
    with fresh_county(postgres, template, folder / "keys.json") as (address, county):
        tell(county, MOVES, [4, 1, 7], lambda: None)
        read(address)
        earlier, key = noted(address, folder)
        tell(county, [Move("milestone", n, 3 + n, 2, 1, 0) for n in range(6)], [3], lambda: None)
        read(address)
        with engine_on(address, county) as engine:
            engine.catch_up()
        replay(address, county, NEXT)
        yield Store(address, earlier, noted(address, folder)[0], (key,))


def read(address: str) -> None:
    who = Viewer(person=ALNCO, organisation=SCHOOL, role="alnco", today=NOW.date())
    with psycopg.connect(as_role(address, APPEND)) as desk:
        for _ in range(3):
            note_reading(desk, who, kind="case_file", ids=[PUPIL], at=NOW, purpose="own_pupil")


def test_what_the_service_wrote_is_sound(store: Store) -> None:
    with psycopg.connect(as_role(store.address, APPEND), autocommit=True) as connection:
        found = verify(connection, heads=[store.earlier, store.noted], keys=store.keys)
    assert found.findings == ()
    with psycopg.connect(store.address) as connection:
        counted = connection.execute(
            "select (select count(*) from log.ledger), (select count(*) from log.event), (select count(*) from"
            " log.leaf), position, encode(chain, 'hex') from log.ledger order by position desc limit 1"
        ).fetchone()
    assert (found.saves, found.events, found.leaves, found.position, found.chain) == counted
    assert found.saves > 5
    assert found.leaves > found.events + 50


Tampering = Callable[[psycopg.Connection], object]


def do(*statements: str) -> Tampering:
    return lambda connection: [connection.execute(one.encode()) for one in statements]


# A save in the middle with several events, an event of it, and the last save.
MIDDLE = "(select position from log.ledger where events > 1 order by position offset 3 limit 1)"
LAST = "(select max(position) from log.ledger)"
BEFORE = f"(select max(position) from log.ledger where position < {LAST})"
CUT = f"delete from log.event where notification_id > {BEFORE}"
CUT_LEDGER = (
    f"delete from log.leaf where number >= (select min(number) from log.leaf where save = {LAST})",
    f"delete from log.ledger where position = {LAST}",
)
A_STREAM = "(select originator_id from log.event group by 1 having count(*) > 5 order by 1 limit 1)"


FIRST_OF = "(select key from log.leaf where source = '{}' order by number limit 1)"


def insert_event(position: str) -> str:
    return (
        "insert into log.event (originator_id, originator_version, topic, state, notification_id)"
        f" select originator_id, 9000, topic, state, {position} from log.event where notification_id = {MIDDLE}"
    )


def cut_everything_of_the_last_save(connection: psycopg.Connection) -> None:
    """The events, the leaves, the heads made since, and every other row of the last save, as if it had never been."""
    streams = f"(select key from log.leaf where save = {LAST} and source = %s)"
    connection.execute(
        f"delete from log.command where organisation || ' ' || command_id in {streams}".encode(), ["command"]
    )
    connection.execute("delete from log.batch where source = 'read_log' and number > 1")
    connection.execute("delete from desk.read_log where entry > (select max(last_entry) from log.batch)")
    do(CUT, *CUT_LEDGER, "delete from log.head where made_at = (select max(made_at) from log.head)")(
        connection
    )


def rewrite(connection: psycopg.Connection) -> None:
    """A clear date of an event, its leaf, the digest of its save, every link after it, the nodes and the heads."""
    connection.execute(
        "update log.event set state ="
        " convert_to(regexp_replace(convert_from(state, 'UTF8'), '20[0-9]{2}-', '2031-'), 'UTF8')"
        f" where notification_id = {MIDDLE}".encode()
    )
    connection.execute(
        "update log.leaf l set digest = sha256(convert_to(e.originator_id || ':' || e.originator_version || ':'"
        " || e.topic || ':' || length(e.state) || ':', 'UTF8') || e.state) from log.event e"
        f" where l.source = 'event' and l.key = e.notification_id::text and e.notification_id = {MIDDLE}".encode()
    )
    connection.execute(
        f"update log.ledger set digest = (select sha256(string_agg(digest, ''::bytea order by key::bigint))"
        f" from log.leaf where source = 'event' and save = {MIDDLE}) where position = {MIDDLE}".encode()
    )
    chain = b""
    for position, digest in connection.execute("select position, digest from log.ledger order by position"):
        chain = sha256(chain + digest).digest()
        connection.execute("update log.ledger set chain = %s where position = %s", (chain, position))
    do("delete from log.node", "delete from log.head")(connection)


SHORTER = f"(select min(number) - 1 || ' of the SIZE of the head NAME' from log.leaf where save = {LAST})"
EVENT = f"'position ' || {MIDDLE}"
TAMPERINGS: dict[int, tuple[Tampering, str, str, str]] = {
    1: (
        do(
            "update log.event set state = set_byte(state, 10, get_byte(state, 10) # 1)"
            f" where notification_id = {MIDDLE}"
        ),
        *("events_changed", "event", EVENT),
    ),
    2: (
        do(f"update log.event set topic = 'pupil.year_recorded' where notification_id = {MIDDLE}"),
        *("events_changed", "event", EVENT),
    ),
    3: (
        do(f"delete from log.event where notification_id = {MIDDLE}"),
        *("events_missing", "event", EVENT),
    ),
    4: (
        do(
            f"update log.event set notification_id = -1 where notification_id = {MIDDLE}",
            f"update log.event set notification_id = {MIDDLE} where notification_id = {MIDDLE} - 1",
            f"update log.event set notification_id = {MIDDLE} - 1 where notification_id = -1",
        ),
        *("events_moved", "event", f"{EVENT} - 1"),
    ),
    5: (do(insert_event(f"{LAST} + 1")), "events_added", "event", f"'position ' || {LAST} + 1"),
    6: (do(insert_event("0")), "events_added", "event", "'position 0'"),
    7: (do(CUT), "events_missing", "event", f"'position ' || {BEFORE} + 1"),
    8: (do(CUT, *CUT_LEDGER), "shorter_than_noted", "leaf", SHORTER.replace("NAME", "of 2026-11-30 06:00")),
    9: (
        cut_everything_of_the_last_save,
        "shorter_than_noted",
        "leaf",
        SHORTER.replace("NAME", "that you noted"),
    ),
    10: (
        do(f"update log.ledger set digest = sha256('x') where position = {MIDDLE}"),
        *("save_changed", "ledger", f"'save at position ' || {MIDDLE}"),
    ),
    11: (
        do("delete from log.stream_key"),
        *("row_missing", "stream_key", FIRST_OF.format("stream_key")),
    ),
    12: (
        do(
            "update log.stream_key set wrapped ="
            f" (select wrapped from log.stream_key where stream <> {A_STREAM} limit 1) where stream = {A_STREAM}"
        ),
        *("row_changed", "stream_key", f"{A_STREAM}::text"),
    ),
    13: (
        do(
            "insert into log.pupil_access (pupil, organisation, basis, ground, opened_on)"
            f" select distinct pupil, '{BOARD}'::uuid, 'consent', '{PUPIL}'::uuid, date '2025-01-01'"
            " from log.pupil_access"
        ),
        *(
            "row_added",
            "pupil_access",
            f"(select min(pupil::text) || ' {BOARD} {PUPIL}' from log.pupil_access)",
        ),
    ),
    14: (
        do("delete from log.pupil_access"),
        *("row_missing", "pupil_access", FIRST_OF.format("pupil_access")),
    ),
    15: (do("delete from log.command"), "row_missing", "command", FIRST_OF.format("command")),
    16: (do("delete from log.pupil_upn"), "row_missing", "pupil_upn", FIRST_OF.format("pupil_upn")),
    17: (do("delete from desk.read_log"), "log_cleared", "read_log", "'entries 1 to 3'"),
    19: (
        do("update log.event set notification_id = notification_id + 1000000"),
        *("events_moved", "event", "'position 1'"),
    ),
    20: (
        do(
            "update log.event set originator_version = originator_version + 1000"
            f" where originator_id = {A_STREAM}"
        ),
        "events_changed",
        "event",
        f"'position ' || (select min(notification_id) from log.event where originator_id = {A_STREAM})",
    ),
    21: (
        rewrite,
        "not_as_noted",
        "leaf",
        "(select number || ' to ' || number || ', by the head that you noted' from log.leaf"
        f" where source = 'event' and key = {MIDDLE}::text)",
    ),
}
"""By their number in the list of tamperings: what is done, and which problem is named where. 18 has its own test."""


@pytest.fixture
def behind_the_back(store: Store) -> Iterator[psycopg.Connection]:
    """The administrator of the database, with the triggers off; whatever is done is undone."""
    with psycopg.connect(make_conninfo(store.address, user=ADMINISTRATOR)) as connection:
        connection.execute("set local session_replication_role = replica")
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    ("tamper", "problem", "source", "place"),
    [pytest.param(*rest, id=str(number)) for number, rest in TAMPERINGS.items()],
)
def test_tampering_is_found_and_named(
    store: Store,
    behind_the_back: psycopg.Connection,
    tamper: Tampering,
    problem: str,
    source: str,
    place: str,
) -> None:
    [(expected,)] = behind_the_back.execute(
        f"select {place}".replace("SIZE", str(store.noted.size)).encode()
    ).fetchall()
    tamper(behind_the_back)
    found = verify_within(behind_the_back, heads=[store.noted], keys=store.keys)
    same = [one for one in found.findings if (one.problem, one.source) == (problem, source)]
    assert len(same) == 1, found.findings
    assert same[0].place == expected


def test_read_models_that_were_changed_are_named(behind_the_back: psycopg.Connection) -> None:
    """Tampering 18: they are not the record, and are compared with what the record gives."""
    assert compare(behind_the_back) == []
    behind_the_back.execute("update read.pupil set year = 1")
    assert compare(behind_the_back) == ["pupil"]


@pytest.mark.parametrize(
    ("change", "problem", "source"),
    [
        (
            "insert into log.pupil_access (pupil, organisation, basis, ground, opened_on)"
            f" values ('{PUPIL}', '{BOARD}', 'consent', '{PUPIL}', date '2025-01-01')",
            "outside_a_save",
            "pupil_access",
        ),
        ("update log.pupil_access set closed_on = null, basis = 'consent'", "outside_a_save", "pupil_access"),
        (
            f"select set_config('cydlynu.save', {LAST}::text, true);"
            " update log.pupil_access set closed_on = null, basis = 'consent'",
            "access_without_event",
            "pupil_access",
        ),
        ("delete from log.stream_key", "key_without_erasure", "stream_key"),
        ("delete from log.pupil_upn", "key_without_erasure", "pupil_upn"),
        (
            f"select set_config('cydlynu.save', {LAST}::text, true); delete from log.stream_key",
            "key_without_erasure",
            "stream_key",
        ),
        ("delete from log.command", "outside_a_save", "command"),
        ("update log.organisation set code = code || '.'", "outside_a_save", "organisation"),
        (
            "insert into log.event (originator_id, originator_version, topic, state)"
            " select gen_random_uuid(), 1, topic, state from log.event limit 1",
            "outside_a_save",
            "event",
        ),
    ],
)
def test_what_the_owner_does_with_the_triggers_on_is_found(
    store: Store, change: str, problem: str, source: str
) -> None:
    """The triggers then write it into the ledger, but nothing that the service recorded explains it."""
    with psycopg.connect(store.address) as connection:
        connection.execute(change.encode())
        connection.execute("set constraints all immediate")
        found = verify_within(connection, heads=[store.noted], keys=store.keys)
        assert (problem, source) in [(one.problem, one.source) for one in found.findings]
        connection.rollback()


OF_THE_LEDGER = {"event", "ledger", "leaf", "node", "head", "migration"}
"""Events have a trigger of their own; the others are the ledger itself and the list of migrations."""


def test_every_table_of_the_record_is_covered_by_the_columns_that_name_a_row(store: Store) -> None:
    with psycopg.connect(store.address) as connection:
        tables = {
            name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'log'")
        }
        triggers = connection.execute(
            "select c.relname, t.tgname, string_to_array(rtrim(encode(t.tgargs, 'escape'), '\\000'), '\\000')"
            " from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " where c.relnamespace = 'log'::regnamespace and t.tgfoid = 'log.row_leaf'::regproc"
        ).fetchall()
    assert tables - OF_THE_LEDGER == set(COVERED)
    named = {(table, trigger): tuple(names) for table, trigger, names in triggers}
    rows = [table for table in COVERED if table not in DIGESTS]
    assert named == {(one, f"{one}_{what}"): COVERED[one] for one in rows for what in ("leaf", "changed")}
