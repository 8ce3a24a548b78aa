"""Rows as the waiting-time statements give them, and the directory that they are read with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from coordination.directory.commands import (
    ChangeOrganisation,
    RegisterOrganisation,
    SetSchoolTerm,
    SetStandard,
)
from coordination.directory.state import Directory, Standard
from projections.waiting_times.queries.waits import (
    WaitRow,
    _line,
)
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


def standard(**changed: Any) -> Standard:
    usual = {
        "code": "first_appointment", "service": CAMHS, "start": "received", "stop": "first_contact", "limit": 28,
        "unit": "calendar_days", "effective_from": date(2015, 1, 1), "source": "x", "bands": (7, 28),
        "effective_to": None, "legal_route": None, "target_percent": None,
    }  # fmt: skip
    return Standard(**{**usual, **changed})


def row(key: object, days: int, n: int = 1, **more: Any) -> dict[str, Any]:
    return {"key": str(key), "days": days, "n": n, "within": False, "calendar": None, "over": False, **more}


def wait(**changed: Any) -> dict[str, Any]:
    usual = {
        "referral": REFERRAL, "pupil": UUID(int=1), "school": SCHOOL, "service": CAMHS, "standard": "first_appointment",
        "start_on": day(0), "start_ordinal": day(0).toordinal(), "due_on": day(28), "stop_on": None, "ended_on": None,
        "unconfirmed": 1, "stretch_party": ["agency", "family", "agency"],
        "stretch_from": [day(0), day(10), day(20)], "stretch_until": [day(10), day(20), None],
        "known_from": 5, "known_to": None, "known_at": datetime(2026, 3, 2, tzinfo=UTC),
    }  # fmt: skip
    return {**usual, **changed}


def line(as_of: date, *, running: bool, **changed: Any) -> WaitRow:
    return _line(wait(**changed), standard(), directory(), as_of, running=running)


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
