"""A backup and its restoring on a real database: all of it or nothing, keys apart, erasures applied again."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from coordination.errors import Refusal
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.backup.manifest import NAME, read_manifest
from coordination.store.backup.outer_keys import (
    ErasedStream,
    erased_streams,
    fingerprint,
    keep_keys,
    keys_of_backup,
)
from coordination.store.backup.restoring import restore_backup
from coordination.store.backup.writing import write_backup
from coordination.store.erasures import erase_again, recorded_erasures
from coordination.store.grants import put_rights_right
from coordination.store.keys import load_or_make
from coordination.store.ledger.verification import verify
from coordination.store.migrate import APPEND, READ, as_role, migrate
from tests.county import ALNCO, CASEWORKER, PUPIL, build, register

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OTHER = UUID(int=0xB2)


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    load_or_make(tmp_path / "keys.json")
    return tmp_path / "keys.json"


@pytest.fixture
def backup(database: str, keys_file: Path, tmp_path: Path) -> Path:
    """A backup of a small county with two pupils."""
    keys = load_or_make(keys_file)
    record = Record(as_role(database, APPEND), keys)
    build(Coordination(record))
    register(Coordination(record))
    register(Coordination(record), pupil=OTHER, upn="E670200126001")
    record.close()
    write_backup(database, tmp_path / "backup", keys=fingerprint(keys), now=NOW)
    keep_keys(keys_file, tmp_path / "backup.keys")
    return tmp_path / "backup"


def refused(code: str, database: str, folder: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        restore_backup(database, folder)
    assert refusal.value.code == code


def rows(database: str, query: str) -> list[Any]:
    with psycopg.connect(database) as link:
        return link.execute(query.encode()).fetchall()


LOG_TABLES = (
    "select tablename from pg_tables where schemaname = 'log' and tablename <> 'migration' order by 1"
)


def test_every_row_comes_back_and_the_record_goes_on(
    database: str, empty_database: str, backup: Path, keys_file: Path
) -> None:
    restore_backup(empty_database, backup)
    assert rows(database, LOG_TABLES) == rows(empty_database, LOG_TABLES)
    for (table,) in rows(database, LOG_TABLES):
        query = f"select t::text from log.{table} t order by 1"
        assert rows(database, query) == rows(empty_database, query), table
    with psycopg.connect(empty_database, autocommit=True) as link:
        assert verify(link).sound
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            link.execute("delete from log.event")
    record = Record(as_role(empty_database, APPEND), load_or_make(keys_file))
    last = record.last_position()
    register(Coordination(record), pupil=UUID(int=0xB3), upn="H66621012601A")
    assert record.last_position() > last
    record.close()


def test_the_files_hold_nothing_personal_and_no_key(backup: Path, keys_file: Path) -> None:
    whole = b"".join(gzip.decompress(path.read_bytes()) for path in backup.glob("*.gz"))
    whole += (backup / NAME).read_bytes()
    for word in ("Gwenllian", "Owen", "B801200005001", load_or_make(keys_file).lookup.hex()):
        assert word.encode() not in whole
    assert backup.stat().st_mode & 0o777 == 0o700
    assert (backup.parent / "backup.keys").stat().st_mode & 0o777 == 0o600


def test_a_live_store_is_never_overwritten(database: str, backup: Path) -> None:
    before = rows(database, "select count(*), max(notification_id) from log.event")
    refused("store_not_empty", database, backup)
    assert rows(database, "select count(*), max(notification_id) from log.event") == before


def test_a_store_that_was_started_and_never_used_takes_it(
    database: str, empty_database: str, backup: Path
) -> None:
    migrate(empty_database)
    restore_backup(empty_database, backup)
    assert rows(empty_database, "select id from log.store") == rows(database, "select id from log.store")


@pytest.mark.parametrize("damage", ["changed", "cut", "missing"])
def test_a_damaged_backup_restores_nothing(empty_database: str, backup: Path, damage: str) -> None:
    file = backup / "log.event.copy.gz"
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(content[:-10] if damage == "cut" else content[:-1] + bytes([content[-1] ^ 1]))
    refused("backup_changed", empty_database, backup)
    assert rows(empty_database, "select to_regclass('log.event')") == [(None,)]


def test_a_failure_in_the_middle_leaves_an_empty_store(empty_database: str, backup: Path) -> None:
    """The manifest says one row more than there is: found when the table has been copied."""
    text = (backup / NAME).read_text()
    count = read_manifest(backup).rows("log.event")
    (backup / NAME).write_text(text.replace(f'"rows": {count},', f'"rows": {count + 1},'))
    refused("backup_changed", empty_database, backup)
    assert rows(empty_database, "select count(*) from log.event") == [(0,)]
    (backup / NAME).write_text(text)
    restore_backup(empty_database, backup)
    assert rows(empty_database, "select count(*) from log.event") == [(count,)]


def test_a_folder_that_is_no_backup(empty_database: str, tmp_path: Path) -> None:
    refused("not_a_backup", empty_database, tmp_path)


def test_a_backup_of_a_newer_program(empty_database: str, backup: Path) -> None:
    text = (backup / NAME).read_text()
    (backup / NAME).write_text(text.replace('"0001_roles",', '"0001_roles", "9999_later",'))
    refused("backup_of_newer_program", empty_database, backup)


def test_what_was_erased_after_the_backup_is_erased_again(
    empty_database: str, backup: Path, keys_file: Path, tmp_path: Path
) -> None:
    line = ErasedStream(PUPIL, NOW, "court", ALNCO, CASEWORKER)
    (tmp_path / "list").write_bytes(msgspec.json.encode(line) + b"\n")
    restore_backup(empty_database, backup)
    record = Record(as_role(empty_database, APPEND), load_or_make(keys_file))
    listed = erased_streams([tmp_path / "list", tmp_path / "none"])
    assert erase_again(record, listed.values(), NOW) == 1
    assert erase_again(record, listed.values(), NOW) == 0
    ring = record.keyring([PUPIL, OTHER])
    assert (PUPIL in ring, OTHER in ring) == (False, True)
    assert recorded_erasures(record) == [line]
    record.close()


def test_a_list_of_erasures_with_a_broken_line_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "list").write_text('{"stream": "1"}\n')
    with pytest.raises(Refusal) as refusal:
        erased_streams([tmp_path / "list"])
    assert refusal.value.code == "erasures_unreadable"


def test_the_keys_are_asked_for_and_checked(backup: Path, tmp_path: Path) -> None:
    wanted = read_manifest(backup).keys
    assert keys_of_backup(tmp_path / "backup.keys", wanted)
    for place, code in (("none", "backup_without_keys"), ("others", "keys_of_another_backup")):
        if place == "others":
            load_or_make(tmp_path / place)
        with pytest.raises(Refusal) as refusal:
            keys_of_backup(tmp_path / place, wanted)
        assert refusal.value.code == code


def test_other_keys_are_not_overwritten(keys_file: Path, tmp_path: Path) -> None:
    load_or_make(tmp_path / "there")
    before = (tmp_path / "there").read_bytes()
    with pytest.raises(Refusal) as refusal:
        keep_keys(keys_file, tmp_path / "there")
    assert refusal.value.code == "other_keys_there"
    assert (tmp_path / "there").read_bytes() == before


def test_rights_that_were_lost_are_put_right(database: str) -> None:
    """As after `pg_restore --no-privileges`: the roles are there and may do nothing."""
    with psycopg.connect(database, autocommit=True) as owner:
        before = _rights(owner)
        for role in (APPEND, READ):
            for schema in ("log", "desk", "read"):
                owner.execute(f"revoke all on all tables in schema {schema} from {role}".encode())
                owner.execute(f"revoke all on all sequences in schema {schema} from {role}".encode())
                owner.execute(f"revoke all on schema {schema} from {role}".encode())
        assert _rights(owner) != before
        put_rights_right(owner)
        assert _rights(owner) == before


def test_a_right_on_a_table_that_was_dropped_since_takes_no_other_away(database: str, tmp_path: Path) -> None:
    (tmp_path / "0006_answer_link.sql").write_text(
        "grant select\n    on desk.dropped_since, log.leaf, desk.another to cydlynu_read;\n"
        "grant select on desk.dropped_since to cydlynu_read;\n"
    )
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("revoke select on log.leaf from cydlynu_read")
        put_rights_right(owner, tmp_path)
        row = owner.execute("select has_table_privilege('cydlynu_read', 'log.leaf', 'select')").fetchone()
        owner.execute("revoke select on log.leaf from cydlynu_read")
    assert row == (True,)


def _rights(owner: psycopg.Connection[Any]) -> list[Any]:
    """What our roles may do with the tables, sequences, columns and schemas."""
    ours = "g.grantee::regrole::text like 'cydlynu!_%' escape '!'"
    return [
        *owner.execute(
            f"select c.oid::regclass::text, g.grantee::regrole::text, g.privilege_type from pg_class c,"
            f" aclexplode(c.relacl) g where {ours} order by 1, 2, 3".encode()
        ).fetchall(),
        *owner.execute(
            f"select a.attrelid::regclass::text, a.attname, g.grantee::regrole::text, g.privilege_type"
            f" from pg_attribute a, aclexplode(a.attacl) g where {ours} order by 1, 2, 3, 4".encode()
        ).fetchall(),
        *owner.execute(
            f"select n.nspname, g.grantee::regrole::text, g.privilege_type from pg_namespace n,"
            f" aclexplode(n.nspacl) g where {ours} order by 1, 2, 3".encode()
        ).fetchall(),
    ]
