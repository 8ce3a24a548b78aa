"""The services and figures that a user may query, and the codes in addresses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

import msgspec

from coordination.clocks import BUILT_IN, days_left
from coordination.directory.dated import is_in_force
from coordination.directory.state import Directory, Service
from coordination.viewer import Viewer
from projections.attendance.queries import By as AttendanceBy
from projections.reader import AUDITOR_ROLES, desk
from projections.waiting_times.figures import StandardVersion
from projections.waiting_times.queries import By, WaitRow
from projections.waiting_times.queries.standards import version_in_force
from webui.shell.authentication import viewer
from webui.shell.casework import note_shown
from webui.words.naming import directory

# the groupings of each desk: for a school its own pupils are one school
OF_THE_WAIT: tuple[By, ...] = ("need", "language", "age", "priority", "start_month", "end_month", "holder")
WAITING_TIMES_GROUPINGS: dict[str, tuple[By, ...]] = {
    "school": ("service", *OF_THE_WAIT),
    "agency": ("service", "school", *OF_THE_WAIT),
    "auditor": ("service", "school", *OF_THE_WAIT, "agency", "board"),
    "caseworker": ("service", "school", *OF_THE_WAIT, "agency", "board"),
}
EVERY_GROUPING: tuple[By, ...] = WAITING_TIMES_GROUPINGS["auditor"]
ATTENDANCE_GROUPINGS: dict[str, tuple[AttendanceBy, ...]] = {
    "school": ("service", "agency"),
    "agency": ("service", "school"),
    "auditor": ("service", "agency", "school"),
    "caseworker": ("service", "agency", "school"),
}


def offered_services() -> list[Service]:
    """The services whose waits the user may query: an agency its own, everyone else all."""
    who = viewer()
    own = who.organisation if desk(who) == "agency" else None
    return [s for s in directory().services if own in (None, s.agency)]


def offered_standards(service: UUID) -> list[str]:
    """The codes of the standards by which a service's waits may be queried: its own, then the clocks that are built
    in."""
    own = dict.fromkeys(standard.code for standard in directory().standards_of(service))
    return [*own, *BUILT_IN]


class UnlistedStandard(msgspec.Struct, frozen=True):
    """A standard of a service that has no line in an overview, because it had no wait in the span."""

    service: UUID
    standard: StandardVersion


def unlisted_standards(
    known: Directory, listed: Collection[tuple[UUID, str]], on: date
) -> list[UnlistedStandard]:
    """The standards in force on a day of the services open then, and of a service without any the clock that is built
    in, as far as they are not listed."""
    return [
        UnlistedStandard(service.id, version_in_force(known, service.id, code, on))
        for service in offered_services()
        if service.is_open(on)
        for code in _codes_in_force(known, service.id, on) or (BUILT_IN[0],)
        if (service.id, code) not in listed
    ]


def _codes_in_force(known: Directory, service: UUID, on: date) -> list[str]:
    in_force = (one for one in known.standards_of(service) if is_in_force(one, on))
    return list(dict.fromkeys(one.code for one in in_force))


def over_by(line: WaitRow, as_of: date) -> int:
    """Calendar days after the last day within the standard; 0 until that day has passed."""
    if line.due_on is None:
        return 0
    return max(0, -days_left(line.due_on, line.stop_on or line.ended_on or as_of))


def service_code(service: UUID) -> str:
    """The code of a service in an address."""
    found = directory().service(service)
    return found.code if found else ""


def code_of(organisation: UUID) -> str:
    """The code of an organisation; for a school its number."""
    found = directory().organisation(organisation)
    return found.code if found else ""


def note_report(kind: str, viewer: Viewer) -> None:
    """Note in the read log that the user looked at figures."""
    note_shown(kind, [], purpose="audit" if viewer.role in AUDITOR_ROLES else "own_figures")
