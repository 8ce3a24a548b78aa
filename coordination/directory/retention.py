"""How long a record is kept: dated rules with their sources.

The first set is a file beside this module. An administrator sets later versions on the reference stream; a version
takes the place of the earlier ones of its code from its first day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from coordination.directory.dated import in_force, insert_version
from coordination.struct_types import prepared

RetentionCase = Literal["every", "aln", "looked_after", "adopted", "health", "health_at_17"]
"""Whose record a rule is about: every pupil's; with additional learning needs; ever looked after; adopted; of whom a
health body holds a part; treated by one that ended at 17."""
RetentionStart = Literal["birth", "adoption"]
CASES: tuple[str, ...] = get_args(RetentionCase)
STARTS: tuple[str, ...] = get_args(RetentionStart)


class RetentionRule(msgspec.Struct, frozen=True, kw_only=True):
    """A record is kept for so many `years` after a day; that anniversary is the last day."""

    code: str
    applies: RetentionCase
    begins: RetentionStart
    years: int
    effective_from: date
    source: str
    effective_to: date | None = None


class _FirstRule(RetentionRule, frozen=True, kw_only=True):
    """A rule of the first set. Confidence: read in an official text (V), in a second text (V2), known from practice
    (M)."""

    confidence: Literal["V", "V2", "M"]


@cache
def first_rules() -> tuple[RetentionRule, ...]:
    """The rules with which every store begins."""
    content = Path(__file__).with_name("retention.json").read_bytes()
    return msgspec.json.decode(content, type=prepared(tuple[_FirstRule, ...]))


def retention_rules(versions: Mapping[str, tuple[RetentionRule, ...]], on: date) -> tuple[RetentionRule, ...]:
    """The rules in force on a day, by code. `versions` are those that were set on the reference stream, by code."""
    codes: dict[str, tuple[RetentionRule, ...]] = {}
    for rule in first_rules():
        codes[rule.code] = insert_version(codes.get(rule.code, ()), rule)
    for code, held in versions.items():
        for rule in held:
            codes[code] = insert_version(codes.get(code, ()), rule)
    found = (in_force(held, on) for _, held in sorted(codes.items()))
    return tuple(rule for rule in found if rule is not None)
