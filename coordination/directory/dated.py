"""Versions with a first and a last day, one valid at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar


class DatedVersion(Protocol):
    """Holds from `effective_from` to `effective_to`, both days included; None: no end is known."""

    @property
    def effective_from(self) -> date: ...

    @property
    def effective_to(self) -> date | None: ...


D = TypeVar("D", bound=DatedVersion)


def is_in_force(version: DatedVersion, on: date) -> bool:
    """Whether it holds on that day."""
    return version.effective_from <= on and (version.effective_to is None or on <= version.effective_to)


def in_force(versions: Sequence[D], on: date) -> D | None:
    """The version in force on a day, of versions sorted by first day: the last begun, unless it has ended."""
    for version in reversed(versions):
        if version.effective_from <= on:
            return version if is_in_force(version, on) else None
    return None


def insert_version(versions: Iterable[D], new: D) -> tuple[D, ...]:
    """The versions with a new one added, sorted by first day; the new one replaces one with the same first day."""
    others = [v for v in versions if v.effective_from != new.effective_from]
    return tuple(sorted([*others, new], key=lambda v: v.effective_from))


def last_day_of_version(
    versions: Iterable[DatedVersion], effective_from: date, effective_to: date | None
) -> date | None:
    """The last day that a version beginning on `effective_from` can have: it ends before a later version begins, in
    whichever order the two were recorded."""
    later = [v.effective_from for v in versions if v.effective_from > effective_from]
    if not later:
        return effective_to
    latest = min(later) - timedelta(days=1)
    return latest if effective_to is None else min(effective_to, latest)


def version_to_end(versions: Sequence[D], effective_from: date) -> D | None:
    """The earlier version still valid on `effective_from`, which must end the day before."""
    earlier = [v for v in versions if v.effective_from < effective_from]
    return next((v for v in reversed(earlier) if is_in_force(v, effective_from)), None)


def overlap(one: DatedVersion, other: DatedVersion) -> bool:
    """Whether the two share a day."""
    return (one.effective_to is None or other.effective_from <= one.effective_to) and (
        other.effective_to is None or one.effective_from <= other.effective_to
    )
