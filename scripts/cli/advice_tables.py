"""The report of advice as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from projections.advice.counting import OUTCOMES
from projections.advice.queries import AdviceReport

COLUMNS = ("asked", *OUTCOMES, "percent_no_referral")


def advice_table(found: AdviceReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """The report as a table: a row for each group and one for all."""
    groups = [*((group.key, group.counts) for group in found.groups), ("all", found.total)]
    return ("group", *COLUMNS), [
        (key, *(getattr(counts, name) for name in COLUMNS)) for key, counts in groups
    ]


def advice_document(found: AdviceReport) -> dict[str, Any]:
    """The report as JSON has it: with the percentages, which are computed."""
    whole: dict[str, Any] = msgspec.to_builtins(found)
    header, rows = advice_table(found)
    named = [dict(zip(("key", *header[1:]), row, strict=True)) for row in rows]
    return whole | {"groups": named[:-1], "total": named[-1]}
