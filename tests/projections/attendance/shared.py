"""From registers to the attendance report and the evidence, against a real PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.challenge.commands import DisputeMark, RuleOnDispute
from coordination.challenge.rule import MarkEvidence
from coordination.meeting.events import Mark
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.referral.decide import OpenReferral, SubmitReferral
from coordination.service import Coordination
from projections.attendance.queries import (
    AttendanceCriteria,
    AttendanceGroup,
    attendance_evidence,
    report,
)
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    MOTHER,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    at,
    register,
)
from tests.projections.hwb import (
    TODAY,
    accept_terms,
    correct,
    does,
    held_on,
    hold,
    mark,
    put_on_agenda,
    raise_challenge,
    schedule,
    viewer,
)

REFERRAL, ITEM, OTHER_ITEM, MINUTE, DISPUTE = (UUID(int=0xD00 + n) for n in range(5))


OTHER_PUPIL = UUID(int=0xB2)


def told(group: AttendanceGroup) -> dict[str, Any]:
    """A group's figures without the counts that are nought."""
    figures = msgspec.to_builtins(group)
    figures["not_expected"] = {name: n for name, n in figures["not_expected"].items() if n}
    percent = figures.pop("percent_attended")
    kept = {name: n for name, n in figures.items() if n and name not in ("key", "kind")}
    return kept if percent is None else {**kept, "percent_attended": percent}


def one(reader: Reader, service: Coordination, **asked: Any) -> dict[str, Any]:
    """What the auditor is told of CAMHS."""
    asked = {"as_of": TODAY, "service": "CAMHS", **asked}
    found = report(reader, viewer(AUDITOR), service.directory(), AttendanceCriteria(**asked))
    assert found.parked == 0
    assert told(found.total) == (told(found.groups[0]) if found.groups else {})
    return told(found.groups[0]) if found.groups else {}


def recorded_by(day: date) -> Any:
    """The end of a day, as an instant."""
    return at(day, 23)


def disputed(
    service: Coordination, reader: Reader, engine: Engine, claims: Mark | None = "attended"
) -> MarkEvidence:
    """Three meetings missed, a challenge sent, the last mark disputed."""
    accept_terms(service)
    for n in range(3):
        hold(service, n, {CAMHS: "absent"})
    engine.catch_up()
    day = held_on(3)
    marks = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, day).marks
    raise_challenge(service, marks, day)
    dispute = DisputeMark(
        occurred_on=day,
        challenge=UUID(int=0xF01),
        dispute=DISPUTE,
        of_meeting=marks[2].meeting,
        mark_version=marks[2].version,
        why="We were there",
        claims=claims,
    )
    does(service, CLINICIAN, dispute)
    return marks[2]


def rules(service: Coordination, ruling: Any, on: date, reads: Mark | None = None) -> None:
    command = RuleOnDispute(
        occurred_on=on,
        challenge=UUID(int=0xF01),
        dispute=DISPUTE,
        ruling=ruling,
        reasons="The book",
        reads=reads,
    )
    does(service, AUDITOR, command)


# Meetings


def disclosed(service: Coordination) -> None:
    """The mother agrees that the board may know of the pupil, and the school refers."""
    register(service)
    register(service, OTHER_PUPIL, "E670200126001")
    on = {"occurred_on": date(2025, 1, 6), "pupil": PUPIL}
    given = GiveConsent(
        consent=UUID(int=0xE1),
        agency=BOARD,
        service=CAMHS,
        authority="parental_responsibility",
        contact=MOTHER,
        **on,
    )
    opened = OpenReferral(referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=False, **on)
    does(service, ALNCO, given, opened, SubmitReferral(referral=REFERRAL, **on))


# Who sees what


def everything(service: Coordination, reader: Reader, engine: Engine) -> None:
    """A meeting with an item for CAMHS, one for psychology and one nobody needs; a mark corrected and disputed."""
    disclosed(service)
    disputed(service, reader, engine)
    key = schedule(service, 4, CAMHS, PSYCHOLOGY)
    put_on_agenda(service, 4, ITEM, PUPIL, CAMHS)
    put_on_agenda(service, 4, OTHER_ITEM, OTHER_PUPIL, PSYCHOLOGY)
    mark(service, 4, {CAMHS: "attended", PSYCHOLOGY: "absent"})
    correct(service, key, CAMHS, "late", held_on(4))
    correct(service, key, PSYCHOLOGY, "attended", held_on(4))
    engine.catch_up()
