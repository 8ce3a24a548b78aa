"""Figures as text: aligned for a terminal, or CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def align_columns(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Columns two blanks apart; numbers to the right, words to the left, a dash for what is not known."""
    body = [[_shown(cell) for cell in row] for row in rows]
    kinds = [[isinstance(cell, int | float) or cell is None for cell in row] for row in rows]
    right = [all(column) for column in zip(*kinds, strict=True)] or [False] * len(header)
    widths = [max(map(len, column)) for column in zip(header, *body, strict=True)]
    lines = []
    for row in (header, *body):
        cells = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with a header; a text that a spreadsheet would run as a formula gets an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _shown(cell: Any) -> str:
    return "-" if cell is None else str(cell)
