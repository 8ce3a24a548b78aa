"""The published forms of reports for the command: what is printed as JSON, and the table of the other forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.publishing.document import document_rows, table_lines
from projections.publishing.rule import PublishingRule
from projections.publishing.waiting_times import PublishedWaitingTimes

TOTAL_KEY = "total"
NOTE = (
    "c: a count from 1 to {most}, or one that would give such a count back. Other counts are rounded to {rounding}. "
    "z: not applicable. x: not available. k: rounds to 0. p: provisional. r: revised. b: break in the series. "
    "u: rests on few waits."
)


def note_of(rule: PublishingRule) -> str:
    """What the marks in a published report mean."""
    return NOTE.format(most=rule.threshold - 1, rounding=rule.rounding)


def published_document(found: PublishedWaitingTimes) -> dict[str, Any]:
    """The report for JSON: what it is about, then `groups` and `totals` with a row for each version."""
    rows = [row for table in found.tables for row in document_rows(table, total=TOTAL_KEY)]
    return {
        "service": found.service,
        "standard": found.standard,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "by": found.by,
        "known_at": found.known_at.isoformat() if found.known_at else None,
        "metric_version": found.metric_version,
        "log_position": found.log_position,
        "stamp": found.stamp,
        "small_numbers": note_of(found.rule),
        "groups": [row for row in rows if row["key"] != TOTAL_KEY],
        "totals": [row for row in rows if row["key"] == TOTAL_KEY],
    }


def published_table(found: PublishedWaitingTimes) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """The headings and lines, the total of each version after its groups; what the document says of the whole report is
    not repeated."""
    header, lines = table_lines(found.tables, total=TOTAL_KEY)
    kept = [index for index, name in enumerate(header) if name not in ("service", "standard")]
    return [header[index].replace(".", "_") for index in kept], [
        [line[index] for index in kept] for line in lines
    ]
