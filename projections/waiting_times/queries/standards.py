"""The standards of a service as the figures use them: which versions, in which unit, under which statute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from coordination.clocks import BUILT_IN, ROUTES_TO_A_WORKING_DAY
from coordination.directory.state import Directory, Standard
from projections.waiting_times.figures import StandardVersion


def standards_of(directory: Directory, service: UUID, code: str) -> list[Standard]:
    """The versions of one standard of a service; none of a clock that is built in."""
    return [standard for standard in directory.standards_of(service) if standard.code == code]


def default_standard(directory: Directory, service: UUID) -> str:
    """The code of the standard that is meant where none is named: the first of the service; without any, the clock
    that is built in for that."""
    return next((standard.code for standard in directory.standards_of(service)), BUILT_IN[0])


def route_of(directory: Directory, service: UUID, code: str) -> str | None:
    """The legal route of a standard whose limits and bands end on working days (sections 20 and 65 of the ALN Act);
    None for any other."""
    routes = (one.legal_route for one in standards_of(directory, service, code))
    return next((route for route in routes if route in ROUTES_TO_A_WORKING_DAY), None)


def in_school_days(directory: Directory, service: UUID, code: str) -> bool:
    """Whether some version of a standard counts school days."""
    return any(one.unit == "school_days" for one in standards_of(directory, service, code))


def in_force(directory: Directory, service: UUID, code: str, on: date) -> Standard | None:
    """The version of a standard on a day; outside its dates the last one; None of a clock that is built in."""
    same = standards_of(directory, service, code)
    return (directory.standard(service, code, on) or same[-1]) if same else None


def version_in_force(directory: Directory, service: UUID, code: str, on: date) -> StandardVersion:
    """As `in_force`, as the figures have it."""
    found = in_force(directory, service, code, on)
    row = {
        "version": found.effective_from if found else None,
        "unit": found.unit if found else "calendar_days",
        "limit_days": found.limit if found else None,
        "bands": found.bands if found else (),
    }
    return version_of(row, directory, service, code)


def version_of(row: Mapping[str, Any], directory: Directory, service: UUID, code: str) -> StandardVersion:
    """The version that a row was measured by: unit, limit and bands as the row has them, the rest from the
    directory."""
    same = (one for one in standards_of(directory, service, code) if one.effective_from == row["version"])
    found = next(same, None)
    return StandardVersion(
        code=code,
        version=row["version"],
        start=found.start if found else None,
        stop=found.stop if found else None,
        unit=row["unit"],
        limit=row["limit_days"],
        bands=tuple(row["bands"] or ()),
        target_percent=found.target_percent if found else None,
    )
