"""How the report on support is printed as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.support.queries.report import SupportReport

OUTCOMES = ("met", "nearer", "same", "worse", "cannot_tell")


def support_table(found: SupportReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """The programmes, one row for each programme and need."""
    header = ("programme", "need", "started", "running", *OUTCOMES, "not_reviewed")
    rows: list[Sequence[Any]] = [
        (
            one.programme,
            one.need,
            one.started,
            one.running,
            *(one.outcomes.get(code, 0) for code in OUTCOMES),
            one.not_reviewed,
        )
        for one in found.programmes
    ]
    return header, rows
