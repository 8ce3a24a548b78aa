"""A monthly return as printed: as JSON, and as the table of the other forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.publishing.document import document_rows, table_lines
from projections.returns.queries import TOTAL_KEY, ReturnReport
from scripts.cli.published import note_of

EXACT = "Not hidden: exact figures for the board's own use. Do not publish them."


def return_document(found: ReturnReport) -> dict[str, Any]:
    """The return for JSON: `rows` with figures nested by the dots in their names, the total last."""
    return {
        "kind": found.kind,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "by": found.by,
        "known_at": found.known_at.isoformat() if found.known_at else None,
        "metric_version": found.metric_version,
        "log_position": found.log_position,
        "stamp": found.stamp,
        "without_standard": list(found.without_standard),
        "small_numbers": note_of(found.rule) if found.rule else EXACT,
        "rows": document_rows(found.table, total=TOTAL_KEY)
        if found.table
        else [_nested({"key": row.key, **row.counts, **row.percentages}) for row in found.rows],
    }


def return_table(found: ReturnReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """The headings and lines."""
    if found.table:
        header, lines = table_lines((found.table,), total=TOTAL_KEY)
        return [name.replace(".", "_") for name in header], list(lines)
    names = list(found.rows[0].counts) + list(found.rows[0].percentages)
    return (
        ["group", *(name.replace(".", "_") for name in names)],
        [[row.key, *({**row.counts, **row.percentages}[name] for name in names)] for row in found.rows],
    )


def _nested(figures: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in figures.items():
        *path, last = name.split(".")
        inside = found
        for step in path:
            inside = inside.setdefault(step, {})
        inside[last] = value
    return found
