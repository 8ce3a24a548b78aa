"""Survival curves as a table: a line for each month or year of entry and version of the standard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.statistics.queries import SurvivalReport


def survival_table(found: SurvivalReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Header and rows; the endings are in the order of every report."""
    endings = tuple(found.groups[0].ended) if found.groups else ()
    header = ("entry", "version", "unit", "n", "median_days", *endings, "waiting", "uncountable")
    rows: list[Sequence[Any]] = [
        (
            *(group.key, group.version and group.version.isoformat(), group.unit, group.n, group.median_days),
            *group.ended.values(),
            *(group.waiting, group.uncountable),
        )
        for group in found.groups
    ]
    return header, rows
