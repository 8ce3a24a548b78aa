"""The data-quality, due-soon and what-if reports as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.waiting_times.queries import (
    DataQualityGroup,
    DataQualityReport,
    DueSoonGroup,
    DueSoonReport,
    WhatIfReport,
)


def quality_table(found: DataQualityReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Header and rows: a row for each check and organisation or service."""
    header = DataQualityGroup.__struct_fields__
    return header, [[getattr(group, name) for name in header] for group in found.groups]


def due_soon_table(found: DueSoonReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Header and rows: a row for each key, standard and version."""
    header = DueSoonGroup.__struct_fields__
    return header, [[getattr(group, name) for name in header] for group in found.groups]


def what_if_table(found: WhatIfReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Header and rows: two rows for each version, as it is and as it would be."""
    completed = ("count", "within_standard", "percent_within_standard", "median_days", "p95_days")
    waiting = (
        "count",
        "within_standard",
        "percent_within_standard",
        "over_standard",
        "median_days",
        "longest_days",
    )
    header = (
        *("version", "unit", "figures", "group_limit"),
        *(f"completed_{name}" for name in completed),
        *(f"waiting_{name}" for name in waiting),
    )
    rows: list[Sequence[Any]] = []
    for group in found.groups:
        for name, figures in (("real", group.real), ("changed", group.changed)):
            values = (
                *(getattr(figures.completed, one) for one in completed),
                *(getattr(figures.waiting, one) for one in waiting),
            )
            rows.append((group.version, group.unit, name, figures.limit, *values))
    return header, rows
