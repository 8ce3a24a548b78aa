"""Random samples of waits that auditors drew, and what they found: the seed and question of a sample, and for each of
its waits a finding whose words are sealed apart."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from coordination.store.keys import OuterKeys, TamperedCiphertext, WrongKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value

Verdict = Literal["agrees", "other_day", "no_evidence", "should_not_count", "missing_entry", "other"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LARGEST = 200
"""The most waits in one sample."""


class AuditSample(msgspec.Struct, frozen=True, kw_only=True):
    """A sample: from its `stamp` (question and seed) the same waits are drawn again. `checked` of them have a
    finding."""

    sample: UUID
    organisation: UUID
    seed: int
    size: int
    stamp: str
    drawn_by: UUID
    drawn_at: datetime
    checked: int


class AuditFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about the wait in one place (from 1) of a sample. `words` None: none, or they cannot be opened."""

    place: int
    verdict: Verdict
    words: str | None
    written_by: UUID
    written_at: datetime


class _Row(msgspec.Struct, frozen=True):
    place: int
    verdict: Verdict
    wrapped: bytes | None
    wrapped_by: str | None
    sealed: bytes | None
    written_by: UUID
    written_at: datetime


_SAMPLES = """select s.sample, s.organisation, s.seed, s.size, s.stamp, s.drawn_by, s.drawn_at,
    (select count(*) from desk.audit_finding f where f.sample = s.sample)::integer as checked
    from desk.audit_sample s"""


def keep_sample(
    conn: Connection,
    organisation: UUID,
    *,
    sample: UUID,
    seed: int,
    size: int,
    stamp: str,
    by: UUID,
    now: datetime,
) -> None:
    """Record a sample that was drawn; sent again with the same id, once."""
    conn.execute(
        """insert into desk.audit_sample (sample, organisation, seed, size, stamp, drawn_by, drawn_at)
           values (%s, %s, %s, %s, %s, %s, %s) on conflict (sample) do nothing""",
        (sample, organisation, seed, size, stamp, by, now),
    )


def samples_of(conn: Connection, organisation: UUID) -> list[AuditSample]:
    """The samples that an organisation drew, the newest first."""
    with conn.cursor(row_factory=class_row(AuditSample)) as cursor:
        sql = f"{_SAMPLES} where s.organisation = %s order by s.drawn_at desc, s.sample"
        return cursor.execute(sql.encode(), (organisation,)).fetchall()


def find_sample(conn: Connection, organisation: UUID, sample: UUID) -> AuditSample | None:
    """One sample of an organisation."""
    with conn.cursor(row_factory=class_row(AuditSample)) as cursor:
        sql = f"{_SAMPLES} where s.organisation = %s and s.sample = %s"
        return cursor.execute(sql.encode(), (organisation, sample)).fetchone()


def write_finding(
    conn: Connection,
    outer: OuterKeys,
    sample: UUID,
    *,
    place: int,
    verdict: Verdict,
    words: str | None,
    by: UUID,
    now: datetime,
) -> None:
    """Write down what was found, in place of what was written before."""
    sealed = seal_value(outer, words.encode(), _about(sample, place)) if words else None
    conn.execute(
        """insert into desk.audit_finding as f (sample, place, verdict, wrapped, wrapped_by, sealed, written_by,
             written_at)
           values (%s, %s, %s, %s, %s, %s, %s, %s)
           on conflict (sample, place) do update set verdict = excluded.verdict, wrapped = excluded.wrapped,
             wrapped_by = excluded.wrapped_by, sealed = excluded.sealed, written_by = excluded.written_by,
             written_at = excluded.written_at""",
        (
            *(sample, place, verdict, sealed and sealed.wrapped, sealed and sealed.wrapped_by),
            *(sealed and sealed.sealed, by, now),
        ),
    )


def findings_of(conn: Connection, outer: OuterKeys, sample: UUID) -> dict[int, AuditFinding]:
    """What was found, by place."""
    sql = """select place, verdict, wrapped, wrapped_by, sealed, written_by, written_at from desk.audit_finding
             where sample = %s order by place"""
    with conn.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(sql, (sample,)).fetchall()
    return {
        row.place: AuditFinding(
            place=row.place,
            verdict=row.verdict,
            words=_opened(outer, sample, row),
            written_by=row.written_by,
            written_at=row.written_at,
        )
        for row in rows
    }


def _opened(outer: OuterKeys, sample: UUID, row: _Row) -> str | None:
    if row.sealed is None or row.wrapped is None or row.wrapped_by is None:
        return None
    held = SealedValue(bytes(row.wrapped), row.wrapped_by, bytes(row.sealed))
    try:
        return open_value(outer, held, _about(sample, row.place)).decode()
    except (WrongKeys, TamperedCiphertext):
        return None


def _about(sample: UUID, place: int) -> bytes:
    return f"audit finding {sample} {place}".encode()
