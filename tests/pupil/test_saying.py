"""Whose word a milestone is, and what it may say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from coordination.authority import OPERATOR
from coordination.errors import NotFound
from coordination.event import Command
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.referral.appointments import OUTCOMES
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    RecordUnavailability,
    StrikeEntry,
)
from coordination.pupil.referral.milestones import MILESTONES, OF_PLACES, SAID_BY_AGENCY, SAID_BY_SCHOOL
from coordination.pupil.referral.milestones.ending import Declined
from coordination.pupil.referral.milestones.opening import (
    Received,
)
from tests.given import NOON
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_DECLO,
    AS_MANAGER,
    BOARD,
    EDPSYCH,
    PUPIL,
)
from tests.place.base import AS_PANEL, asked
from tests.pupil.case import (
    AGREED,
    DAY,
    LATER,
    NOT_ON_RECORD,
    PupilCase,
    day,
    reach,
    referred,
    sent,
    submit,
    told,
)
from tests.pupil.referrals import ON, STRANGERS, received

# Whose word it is


@pytest.mark.parametrize("who", STRANGERS.values(), ids=list(STRANGERS))
def test_a_stranger_is_told_nothing_of_a_referral(who: dict[str, Any]) -> None:
    commands: tuple[Command, ...] = (
        reach("received", 1),
        submit(),
        StrikeEntry(**ON, entry=1, why="?"),
        ConfirmMilestone(**ON, milestone=1),
        ContestMilestone(**ON, milestone=1, why="?"),
        RecordUnavailability(**ON, from_on=DAY, until=DAY),
    )
    for command in commands:
        assert isinstance(received().tries(command, **who), NotFound)


def test_the_agency_says_nothing_before_it_was_sent_and_goes_on_after_agreement_was_withdrawn() -> None:
    assert isinstance(referred().tries(reach("received", 1), **AS_CLINICIAN), NotFound)
    case = received().does(WithdrawConsent(occurred_on=day(2), pupil=PUPIL, consent=AGREED))
    case.happened(reach("acknowledged", 3), MILESTONES["acknowledged"], **AS_CLINICIAN)


@pytest.mark.parametrize("who", [AS_CLINICIAN, AS_MANAGER, AS_DECLO])
def test_the_agency_speaks_for_itself(who: dict[str, Any]) -> None:
    [event] = sent().happened(reach("received", 1, note="Diolch"), Received, **who)
    assert isinstance(event, Received)
    assert (event.word, event.reported_how, event.reported_by, event.note) == ("own", None, None, "Diolch")
    assert event.age_months == 145


def test_the_school_reports_what_only_the_agency_can_say() -> None:
    case = sent()
    case.refuses(reach("received", 1), "reported_by_whom", "reported_by")
    case.refuses(reach("received", 1, reported=told(1, by=" ")), "reported_by_whom", "reported_by")
    case.refuses(reach("received", 1, reported=told(1, how="in a dream")), "unknown_code", "reported_how")
    case.refuses(reach("received", 3, reported=told(1)), "reported_before_it_happened", "reported_on")
    tomorrow = told(date(2026, 12, 2))
    case.refuses(reach("received", 3, reported=tomorrow), "in_the_future", "reported_on")
    [event] = case.happened(reach("received", 1, reported=told(3)), Received)
    assert isinstance(event, Received)
    assert (event.word, event.reported_how, event.reported_on) == ("reported", "telephone", day(3))
    assert event.reported_by == "the secretary"
    assert case.referral.steps[-1].word == "reported"


OF_THEIR_OWN = {
    "submitted",
    "reopened",
    "redirected",
    "declined",
    "recorded_in_error",
}  # each has its own test


def at_a_base(name: str) -> PupilCase:
    """A referral that a base has received; a place can only end where it began."""
    case = asked().does(reach("received", 1), **AS_PANEL)
    return case.does(reach("placed", 1), **AS_PANEL) if name == "place_ended" else case


@pytest.mark.parametrize("name", sorted(set(MILESTONES) - OF_THEIR_OWN))
def test_each_milestone_is_said_by_whom_it_belongs_to(name: str) -> None:
    """The school's own word, the agency's own word, or refused; never one in the other's name."""
    agency: dict[str, Any] = AS_PANEL if name in OF_PLACES else AS_CLINICIAN
    for who, agencys in ((AS_ALNCO, False), (agency, True)):
        case = at_a_base(name) if name in OF_PLACES else received()
        details: dict[str, Any] = NOT_ON_RECORD if MILESTONES[name].rules.appointment in OUTCOMES else {}
        if name == "place_ended":
            details = {"reason": "family_wish"}
        command = reach(name, 0 if name == "decided" else 1, details=details)
        if name == "received":
            command = reach(name, 1, supersedes=case.last, why="Day.")
        if agencys and name in SAID_BY_SCHOOL - {"information_supplied"}:
            case.refuses(command, "only_the_school_says", "milestone", **who)
        elif not agencys and name in SAID_BY_AGENCY:
            assert case.tries(command, **who).code in ("reported_by_whom", "not_your_entry")
        else:
            [event] = case.decided(command, **who)
            assert event.word == "own"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(OF_PLACES))
def test_only_a_base_says_what_becomes_of_a_place(name: str) -> None:
    """A school does not report it, and a service that has no places does not say it."""
    case = at_a_base(name)
    case.refuses(reach(name, 2, reported=told(3)), "only_the_authority_places", "milestone")
    received().refuses(reach(name, 2), "not_a_place_service", "milestone", **AS_CLINICIAN)


def test_reported_is_dropped_where_one_speaks_for_oneself() -> None:
    [event] = sent().decided(reach("received", 1, reported=told(3)), **AS_CLINICIAN)
    assert event.word == "own" and event.reported_by is None  # type: ignore[attr-defined]


def test_an_import_of_the_agencys_own_file_is_its_word() -> None:
    operator = {"person": OPERATOR, "organisation": OPERATOR, "role": "operator", "on_behalf_of": BOARD}
    [event] = sent().decided(reach("received", 1), source="import", **operator)
    assert event.word == "own"  # type: ignore[attr-defined]


# What a milestone may say


@pytest.mark.parametrize(
    ("name", "more", "code", "field"),
    [
        ("eaten", {}, "unknown_milestone", "milestone"),
        ("declined", {}, "cannot_be_empty", "reason"),
        ("declined", {"details": {"reason": "rudeness"}}, "unknown_code", "reason"),
        ("discharged", {"details": {"reason": "rudeness"}}, "unknown_code", "reason"),
        ("withdrawn", {"details": {"reason": "rudeness"}}, "unknown_code", "reason"),
        ("triaged", {"details": {"priority": "very"}}, "unknown_code", "priority"),
        ("information_requested", {"details": {"requirements": ["a poem"]}}, "unknown_code", "requirements"),
        ("information_requested", {"details": {"asked_of": "the dog"}}, "detail_not_valid", "details"),
        ("appointment_offered", {"details": {"language": "la"}}, "unknown_code", "language"),
        (
            "appointment_offered",
            {"details": {"for_when": ["2026-04-01T10:00:00"]}},
            "detail_not_valid",
            "for_when",
        ),
        ("appointment_offered", {"details": {"for_when": ["soon"]}}, "detail_not_valid", "details"),
        ("appointment_offered", {"details": {"word": "own"}}, "unknown_detail", "details"),
        ("appointment_offered", {"details": {"header": {}}}, "unknown_detail", "details"),
        (
            "appointment_answered",
            {"details": {"chosen": "2026-04-01T10:00:00"}},
            "detail_not_valid",
            "chosen",
        ),
        ("received", {"details": {"supersedes": 3}}, "unknown_detail", "details"),
        ("redirected", {}, "cannot_be_empty", "to_service"),
        ("redirected", {"details": {"to_service": UUID(int=5)}}, "unknown_service", "to_service"),
        (
            "redirected",
            {"details": {"to_service": EDPSYCH, "to_agency": BOARD}},
            "service_not_of_agency",
            "to_agency",
        ),
        ("recorded_in_error", {}, "cannot_be_empty", "note"),
    ],
)
def test_what_a_milestone_cannot_say(name: str, more: dict[str, Any], code: str, field: str) -> None:
    sent().refuses(reach(name, 1, **more), code, field, **AS_CLINICIAN)


def test_a_reported_decline_need_not_know_the_reason() -> None:
    [event] = sent().happened(reach("declined", 4, reported=told(5)), Declined)
    assert isinstance(event, Declined)
    assert event.reason is None


def test_a_milestone_in_the_future_is_refused_and_today_is_not() -> None:
    case = sent()
    case.refuses(reach("received", LATER.replace(day=2)), "in_the_future", "occurred_on", **AS_CLINICIAN)
    case.does(reach("received", LATER), **AS_CLINICIAN)
    # the day in Wales counts: half past midnight of the day after is still the evening before in UTC
    night = datetime(2026, 7, 1, 23, 30, tzinfo=NOON.tzinfo)
    sent().decided(reach("received", date(2026, 7, 2)), **{**AS_CLINICIAN, "recorded_at": night})


def test_details_come_as_a_file_or_form_gives_them() -> None:
    given = {
        "for_when": ["2026-04-01T10:00:00Z", "2026-04-08T10:00:00+01:00"],
        "language": "cy",
        "place": "Bangor",
    }
    [event] = sent().decided(reach("appointment_offered", 4, details=given), **AS_CLINICIAN)
    assert [w.tzinfo is not None for w in event.for_when] == [True, True]  # type: ignore[attr-defined]
