"""The services and figures that a user may query, and the codes in addresses."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.clocks import days_left
from coordination.directory.state import Service, Standard
from coordination.viewer import Viewer
from projections.attendance.queries import By as AttendanceBy
from projections.reader import AUDITOR_ROLES, desk
from projections.waiting_times.queries import By, WaitRow
from webui.shell.authentication import viewer
from webui.shell.casework import note_shown
from webui.words.naming import directory

# the groupings of each desk: for a school its own pupils are one school
WAITING_TIMES_GROUPINGS: dict[str, tuple[By, ...]] = {
    "school": ("service", "need"),
    "agency": ("service", "school", "need"),
    "auditor": ("service", "school", "need", "agency", "board"),
    "caseworker": ("service", "school", "need", "agency", "board"),
}
ATTENDANCE_GROUPINGS: dict[str, tuple[AttendanceBy, ...]] = {
    "school": ("service", "agency"),
    "agency": ("service", "school"),
    "auditor": ("service", "agency", "school"),
    "caseworker": ("service", "agency", "school"),
}


def offered_services() -> list[Service]:
    """The services whose waits the user may query: an agency its own, everyone else all, with a standard."""
    who = viewer()
    own = who.organisation if desk(who) == "agency" else None
    known = directory()
    return [s for s in known.services if known.standards_of(s.id) and own in (None, s.agency)]


def standard_of(service: Service, code: str, on: date) -> Standard:
    """The version of the standard that the figures are based on: in force on the day, else the last."""
    versions = [s for s in directory().standards_of(service.id) if s.code == code]
    return directory().standard(service.id, code, on) or versions[-1]


def over_by(line: WaitRow, as_of: date) -> int:
    """Calendar days after the last day within the standard; 0 until that day has passed."""
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
