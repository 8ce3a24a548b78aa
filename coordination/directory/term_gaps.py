"""Where the school terms of a directory leave days that cannot be counted: holes between terms, and terms that end
before the limits of the standards."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.calendars import SchoolDays
from coordination.clocks.limits import due_on
from coordination.directory.dated import is_in_force
from coordination.directory.state import Directory
from coordination.errors import Refusal


class TermGap(msgspec.Struct, frozen=True):
    """Days of an organisation that cannot be counted: after one day and before another; `before` None: the terms end on
    `after`, too early for a limit in school days that begins on the day asked about."""

    organisation: UUID
    after: date
    before: date | None


def term_gaps(directory: Directory, organisation: UUID, on: date) -> tuple[TermGap, ...]:
    """The gaps in the terms of a school or an authority, in order. None for one without terms."""
    days = directory.school_days(organisation)
    if days is None:
        return ()
    found = [TermGap(organisation, hole.after, hole.before) for hole in days.holes]
    if _end_too_early(directory, days, on):
        found.append(TermGap(organisation, days.known_to, None))
    return tuple(found)


def _end_too_early(directory: Directory, days: SchoolDays, on: date) -> bool:
    """Whether the longest limit in school days in force, begun on a day, passes the last day that is known."""
    limits = [
        standard.limit
        for service in directory.services
        for standard in directory.standards_of(service.id)
        if standard.unit == "school_days" and is_in_force(standard, on)
    ]
    if not limits:
        return False
    try:
        due_on(max(on, days.known_from), max(limits), "school_days", None, days)
    except Refusal as refused:
        return refused.code == "school_terms_unknown"
    return False
