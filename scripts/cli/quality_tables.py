"""The data-quality and due-soon reports as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.waiting_times.queries import DataQualityGroup, DataQualityReport, DueSoonGroup, DueSoonReport


def quality_table(found: DataQualityReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Header and rows: a row for each check and organisation or service."""
    header = DataQualityGroup.__struct_fields__
    return header, [[getattr(group, name) for name in header] for group in found.groups]


def due_soon_table(found: DueSoonReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Header and rows: a row for each key, standard and version."""
    header = DueSoonGroup.__struct_fields__
    return header, [[getattr(group, name) for name in header] for group in found.groups]
