"""A record from before migration 0023: each save is one leaf with its digest of then, each row one as it is found."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from coordination.service import Coordination
from coordination.store.ledger.proofs import event_proof, event_proofs
from coordination.store.ledger.verification import LedgerCheckpoint, verify, verify_within
from coordination.store.migrate import MIGRATIONS
from coordination.store.server import ADMINISTRATOR
from scripts import check_ledger
from tests.county import register
from tests.projections.replays import fresh_county
from tests.store.histories import OPENING, Move, tell
from tests.store.test_ledger import noted

UNDO = """
drop trigger event_leaf on log.event;
drop trigger command_leaf on log.command;
drop table log.leaf, log.node, log.head, log.batch;
drop function log.event_leaf, log.command_leaf, log.row_leaf cascade;
drop function log.cover;
alter table log.pupil_upn drop column row_id;
alter table log.pupil_likeness drop column row_id;
alter table log.referral_ref drop column row_id;
"""


@pytest.fixture(scope="module")
def upgraded(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int]]:
    """A store that has been migrated, and went on: its address and its last position from before."""
    folder = tmp_path_factory.mktemp("upgrade")
    with fresh_county(postgres, template, folder / "keys.json") as (address, county):
        tell(county, OPENING, [4, 1], lambda: None)
        before = county.record.last_position()
        with psycopg.connect(address) as connection:
            with psycopg.connect(make_conninfo(address, user=ADMINISTRATOR)) as administrator:
                administrator.execute("set session_replication_role = replica")
                as_before(administrator)
            connection.execute(UNDO)
            [migration] = MIGRATIONS.glob("0023_*.sql")
            connection.execute(migration.read_bytes())
        go_on(county)
        noted(address, folder)
        yield address, before


def as_before(connection: psycopg.Connection) -> None:
    """The rows of saves as the program wrote them before the migration: digests over the bytes of all events."""
    chain, last = b"", 0
    for (position,) in connection.execute("select position from log.ledger order by position").fetchall():
        running = sha256()
        for stream, version, topic, state in connection.execute(
            "select originator_id, originator_version, topic, state from log.event"
            " where notification_id > %s and notification_id <= %s order by notification_id",
            (last, position),
        ):
            running.update(f"{stream}:{version}:{topic}:{len(state)}:".encode() + state)
        chain, last = sha256(chain + running.digest()).digest(), position
        connection.execute(
            "update log.ledger set digest = %s, chain = %s where position = %s",
            (running.digest(), chain, position),
        )


def go_on(county: Coordination) -> None:
    tell(county, [Move("milestone", n, n, 2, 1, 0) for n in range(6)], [3], lambda: None)
    register(county)


def test_an_upgraded_record_is_sound(upgraded: tuple[str, int], tmp_path: Path) -> None:
    address, before = upgraded
    with psycopg.connect(address, autocommit=True) as connection:
        found = verify(connection)
        assert found.findings == ()
        saves = connection.execute(
            "select count(*) from log.ledger where position <= %s", (before,)
        ).fetchone()
        leaves = connection.execute("select count(*) from log.leaf where source = 'save'").fetchone()
        assert saves == leaves
        assert found.position > before
        [(link,)] = connection.execute(
            "select encode(chain, 'hex') from log.ledger where position = %s", (before,)
        )
        assert verify(connection, LedgerCheckpoint(before, link)).sound


def test_an_event_from_before_is_proved_with_its_save(upgraded: tuple[str, int]) -> None:
    address, before = upgraded
    with psycopg.connect(address, autocommit=True) as connection:
        for position, source in ((1, "save"), (before, "save"), (before + 1, "event")):
            proof = event_proof(connection, position, state=True)
            assert proof["leaf"]["source"] == source
            assert check_ledger.check_proof(proof, proof["head"]["key"]) is None
            proof["events"][-1]["version"] += 1
            assert check_ledger.check_proof(proof, None) == "the event was changed"


def test_several_proofs_hold_no_event_of_anybody_else(upgraded: tuple[str, int]) -> None:
    """An old save has the events of many; who is given the proof of one of them gets no other."""
    address, before = upgraded
    with psycopg.connect(address, autocommit=True) as connection:
        proofs = event_proofs(connection, [1, before + 1])
    assert proofs[1]["events"] == [] and len(proofs[before + 1]["events"]) == 1
    for proof in proofs.values():
        assert check_ledger.check_proof(proof, proof["head"]["key"]) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("update log.event set topic = 'pupil.year_recorded' where notification_id = 2", "events_changed"),
        ("delete from log.event where notification_id = 2", "events_missing"),
        (
            "insert into log.event select originator_id, 9000, topic, state, 0 from log.event limit 1",
            "events_added",
        ),
        ("delete from log.ledger where position = (select min(position) from log.ledger)", "save_missing"),
        (
            "update log.ledger set digest = 'x' where position = (select min(position) from log.ledger)",
            "save_changed",
        ),
        ("delete from log.pupil_access", "row_missing"),
        ("delete from log.command where version = 1", "row_missing"),
    ],
)
def test_what_was_there_before_is_protected_too(upgraded: tuple[str, int], change: str, problem: str) -> None:
    with psycopg.connect(make_conninfo(upgraded[0], user=ADMINISTRATOR)) as connection:
        connection.execute("set local session_replication_role = replica")
        connection.execute(change.encode())
        assert problem in [one.problem for one in verify_within(connection).findings]
        connection.rollback()
