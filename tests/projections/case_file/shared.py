"""The case file as each of those who may look sees it, against a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from psycopg import Cursor

from coordination.viewer import Viewer
from projections.case_file.queries import (
    ActionCriteria,
    AuthorshipCriteria,
    PupilCriteria,
    ReferralCriteria,
    TimelineCriteria,
    actions,
    pupils,
    referrals,
    timeline,
    who_recorded,
)
from projections.inbox.queries import InboxCriteria, ReportedCriteria, inbox, reported_milestones
from projections.reader import Reader
from projections.today.queries import today
from tests.county import (
    PUPIL,
    SCHOOL,
)
from tests.projections.casework import (
    FOR_CAMHS,
    FOR_SCHOOL,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    TODAY,
    day,
)

MATTERS = ("profile", "consent", "referral", "minute", "action")


SINCE_EVER = {"from_on": date(2024, 1, 1), "to_on": TODAY}


# Who sees what


def seen(reader: Reader, who: Viewer) -> dict[str, Any]:
    """Everything that somebody sees of the story, in few words."""
    entries = timeline(reader, who, TimelineCriteria(pupil=PUPIL)).entries
    day_ = today(reader, who, day(0))
    found = {
        "pupils": len(pupils(reader, who, PupilCriteria()).rows),
        "timeline": {m: n for m in MATTERS if (n := sum(e.matter == m for e in entries))},
        "sealed": sum(1 for e in entries if e.at.sealed),
        "referrals": {line.referral.referral: line.identity is not None for line in _referrals(reader, who)},
        "actions": [a.action.action for a in actions(reader, who, ActionCriteria()).rows],
        "recorded": {
            r.kind
            for r in who_recorded(reader, who, AuthorshipCriteria(organisation=SCHOOL, **SINCE_EVER)).rows
        },
        "inbox": [line.referral.referral for line in inbox(reader, who, InboxCriteria()).rows],
        "reported": reported_milestones(reader, who, ReportedCriteria()).total,
        "today": [day_.overdue.total, day_.agreements.total, day_.missed.total, day_.actions.total],
    }
    return {name: value for name, value in found.items() if value and value != [0, 0, 0, 0]}


def _referrals(reader: Reader, who: Viewer) -> Any:
    return referrals(reader, who, ReferralCriteria()).rows


ALL_OF_IT = {
    "pupils": 2,
    "timeline": {"profile": 6, "consent": 8, "referral": 12, "minute": 1, "action": 2},
    "sealed": 17,
    "referrals": {TO_CAMHS: True, TO_PSYCHOLOGY: True},
    "actions": [FOR_CAMHS, FOR_SCHOOL],
    "recorded": {"pupil", "meeting"},
    "today": [1, 1, 1, 2],
}


# Counted as the school's own work; an agency sees what the school recorded about its own referral.
SEES: dict[str, dict[str, Any]] = {
    "alnco": ALL_OF_IT,
    "head": ALL_OF_IT,
    "teacher": {},
    "other_alnco": {},
    "clinician": {
        "timeline": {"referral": 9, "action": 1},
        "sealed": 6,
        "referrals": {TO_CAMHS: True},
        "actions": [FOR_CAMHS],
        "recorded": {"pupil"},
        "inbox": [TO_CAMHS],
        "reported": 1,
    },
    "psychologist": {
        "timeline": {"referral": 3},
        "sealed": 1,
        "referrals": {TO_PSYCHOLOGY: True},
        "recorded": {"pupil"},
        "inbox": [TO_PSYCHOLOGY],
    },
    "auditor": {
        "timeline": {"referral": 12},
        "referrals": {TO_CAMHS: False, TO_PSYCHOLOGY: False},
        "recorded": {"pupil"},
    },
    "administrator": {},
    "school_administrator": {},
    "far_auditor": {},
    "operator": {
        "timeline": ALL_OF_IT["timeline"],
        "recorded": {"pupil", "meeting"},
    },
}


SEES["caseworker"] = SEES["auditor"]


# The laws


class _Counting:
    """A reader that counts the statements of each query."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.count = 0

    @contextmanager
    def viewing(self, who: Viewer) -> Iterator[Any]:
        with self.reader.viewing(who) as cursor:
            yield _Counted(cursor, self)


class _Counted:
    def __init__(self, cursor: Cursor[dict[str, Any]], counting: _Counting) -> None:
        self._cursor = cursor
        self._counting = counting

    def execute(self, *of: Any, **more: Any) -> Any:
        self._counting.count += 1
        return self._cursor.execute(*of, **more)
