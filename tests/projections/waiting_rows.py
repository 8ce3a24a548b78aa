"""Rows as the waiting-time statements give them, and the directory that they are read with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from coordination.directory.commands import (
    ChangeOrganisation,
    RegisterOrganisation,
    SetSchoolTerm,
    SetStandard,
)
from coordination.directory.state import Directory
from projections.waiting_times.figures import StandardVersion, WaitLengths
from projections.waiting_times.queries.waits import WaitRow, line_of
from tests.given import SCHOOL
from tests.meeting.hwb import BOARD, CAMHS, FIRST_APPOINTMENT, GWYNEDD, NURSE, world
from tests.pupil.case import REFERRAL

DAY = date(2026, 3, 2)
CAMHS_CODE = "S-camhs"
CHANGED = date(2026, 2, 1)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def directory(**changed: Any) -> Directory:
    """CAMHS has 28 days to the first appointment; from February 2026, 14."""
    shorter = {
        "occurred_on": DAY, "organisation": BOARD, "service": CAMHS, "code": "first_appointment", "start": "received",
        "stop": "first_contact", "limit": 14, "unit": "calendar_days", "effective_from": CHANGED, "source": "x",
    }  # fmt: skip
    older = {"limit": 28, "effective_from": date(2015, 1, 1), "effective_to": CHANGED - timedelta(1)}
    until = SetStandard(**{**shorter, **older})
    weeks = {
        "service": NURSE,
        "code": "assessment",
        "stop": "assessed",
        "limit": 8,
        "unit": "weeks",
        "bands": (4, 8),
    }
    other = SetStandard(**{**shorter, **weeks})
    return world(FIRST_APPOINTMENT, until, SetStandard(**shorter), other).directory


def standard(**changed: Any) -> StandardVersion:
    usual = {
        "code": "first_appointment", "version": date(2015, 1, 1), "start": "received", "stop": "first_contact",
        "limit": 28, "unit": "calendar_days", "bands": (7, 28), "target_percent": None,
    }  # fmt: skip
    return StandardVersion(**{**usual, **changed})


VERSION = standard().version


def row(key: object, state: str, n: int = 1, **more: Any) -> dict[str, Any]:
    """A line of the histogram of the report."""
    usual = {
        "key": str(key), "version": VERSION, "state": state, "days": None, "since": None, "until": None,
        "calendar": None, "late": False, "n": n, "began": 0,
    }  # fmt: skip
    return {**usual, **more}


def side(service: UUID, school: UUID, state: str, n: int = 1, **more: Any) -> dict[str, Any]:
    """A line of the histogram of the overview."""
    return {
        **row("", state, n),
        "service": service,
        "school": school,
        "standard": "first_appointment",
        **more,
    }


def lengths(days: Mapping[int, int], late: int = 0) -> WaitLengths:
    """A histogram, with so many late waits."""
    found = WaitLengths()
    for length, count in days.items():
        found.add(length, count, late=False)
    found.late = late
    return found


def wait(**changed: Any) -> dict[str, Any]:
    """A row of the table of waits, with what the statement of one wait adds."""
    usual = {
        "referral": REFERRAL, "number": 1, "pupil": UUID(int=1), "school": SCHOOL, "service": CAMHS,
        "standard": "first_appointment", "version": VERSION, "unit": "calendar_days", "limit_days": 28,
        "bands": [7, 28], "start_on": day(0), "begins_on": day(0), "start_ordinal": day(0).toordinal(),
        "due_on": day(28), "end_on": None, "ending": None, "gap_from": [], "gap_until": [], "gap_ending": [],
        "uncountable": None, "inherited_days": 0, "inherited_from": None, "unconfirmed": 1,
        "stretch_party": ["agency", "family", "agency"], "stretch_service": [CAMHS, None, CAMHS],
        "stretch_from": [day(0), day(10), day(20)], "stretch_until": [day(10), day(20), None],
        "stretch_cause": [0, 0, 0],
        "known_from": 5, "known_to": None, "known_at": datetime(2026, 3, 2, tzinfo=UTC),
    }  # fmt: skip
    return {**usual, **changed}


def line(as_of: date, **changed: Any) -> WaitRow:
    return line_of(wait(**changed), directory(), as_of)


NEW_SCHOOL = UUID(int=0x50)
IN_TERM = date(2026, 3, 2)


def in_term() -> Directory:
    """The school's own term from the middle of February; its authority's from January; a school with a smaller id and
    a larger number; a board with an ODS code."""
    term = {"occurred_on": DAY, "last_day": date(2026, 3, 27)}
    return world(
        FIRST_APPOINTMENT,
        SetSchoolTerm(organisation=SCHOOL, first_day=date(2026, 2, 16), closed=(date(2026, 2, 27),), **term),
        SetSchoolTerm(organisation=GWYNEDD, first_day=date(2026, 1, 5), **term),
        RegisterOrganisation(
            occurred_on=DAY,
            organisation=NEW_SCHOOL,
            kind="school",
            code="6614009",
            name="New",
            phase="primary",
            language="welsh",
            authority=GWYNEDD,
        ),
        ChangeOrganisation(occurred_on=DAY, organisation=BOARD, effective_from=DAY, ods_code="7A1"),
    ).directory
