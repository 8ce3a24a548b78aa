"""wait-borders and 15_redirect: the waits behind the figures, at the borders that were wrong (29 November 2026)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from coordination.calendars import SchoolDays
from coordination.clocks import FAR, METRIC_VERSION, PartyPeriod, Wait, band_of, elapsed, overdue, waits_of
from coordination.directory.commands import OpenService, SetStandard
from coordination.intake.pupil_sheets import read_pupils
from coordination.intake.recording.directory import record_directory
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.referrals import read_referrals
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.milestones import MILESTONES, natural_rank
from coordination.service import Coordination
from tests.cases.primary import open_primary
from tests.county import ADMINISTRATOR, BOARD, order

CASES = Path(__file__).parent
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ON = NOW.date()
RANKS = {name: natural_rank(name) for name in MILESTONES}


def taken(county: Coordination, pupils: str, referrals: str) -> Coordination:
    """The county with the pupils and the referrals of two files; a row that is refused is left out."""
    sheet = (CASES / f"pupils/{pupils}").read_bytes()
    record_pupils(county, read_pupils(sheet, county.directory().code, ON), now=NOW)
    content = (CASES / f"referrals/{referrals}").read_bytes()
    record_referrals(county, read_referrals(content, RANKS, ON), now=NOW)
    return county


@pytest.fixture
def audit(service: Coordination) -> Coordination:
    """The audit's own directory, its pupils, and its referrals at the borders."""
    directory = (CASES / "directory/wait-directory.json").read_bytes()
    assert record_directory(service, directory, now=NOW).status == 0
    return taken(service, "wait-pupils.csv", "wait-borders.csv")


def waits(county: Coordination, reference: str, school: str = "6984001") -> dict[str, list[Wait]]:
    """The waits of a referral by standard."""
    of = county.directory().by_code("school", school)
    assert of is not None
    pupil, id = county.record.referrals_by_reference([(of.id, reference)])[of.id, reference]
    held = county.batch().state(PUPIL_STREAM, pupil).referrals[id]
    found: dict[str, list[Wait]] = {}
    for wait in waits_of(held, county.directory()):
        found.setdefault(wait.standard, []).append(wait)
    return found


def told(found: list[Wait]) -> list[tuple[Any, ...]]:
    return [(w.start_on, w.begins_on, w.end_on, w.ending) for w in found]


def test_wait_borders(audit: Coordination) -> None:
    def cal(reference: str) -> list[tuple[Any, ...]]:
        return told(waits(audit, reference)["cal"])

    january, february = date(2026, 1, 5), date(2026, 2, 2)
    # an ending and a reopening that goes on: one wait, and nobody waits in between
    [gap] = waits(audit, "gap")["cal"]
    assert told([gap]) == [(january, january, None, None)]
    assert [(g.from_on, g.until, g.ending) for g in gap.gaps] == [(february, date(2026, 6, 1), "withdrawn")]
    for reference in ("sameday", "sameday2"):
        [one] = waits(audit, reference)["cal"]
        assert told([one]) == [(january, january, date(2026, 6, 20), "stopped")]
        assert [g.from_on for g in one.gaps] == [february]
    # stopped, ended and begun again: two waits
    assert cal("again") == [
        (date(2025, 1, 6), date(2025, 1, 6), date(2025, 1, 20), "stopped"),
        (date(2026, 1, 6), date(2026, 1, 6), None, None),
    ]
    assert cal("discharge-first") == [(january, january, february, "discharged")]
    assert cal("disch-reop-sameday") == [(january, january, date(2026, 3, 2), "stopped")]
    assert cal("samecontact") == [(january, january, january, "stopped")]
    assert waits(audit, "rie") == {}


def test_wait_borders_versions(audit: Coordination) -> None:
    """Each is measured in the unit and against the limit of the version that it started under."""
    for reference, unit, limit, due in (
        ("old", "calendar_days", 28, date(2024, 2, 5)),
        ("new", "working_days", 20, date(2025, 3, 31)),
        ("old-done", "calendar_days", 28, date(2024, 3, 4)),
    ):
        [wait] = waits(audit, reference)["chg"]
        assert wait.version is not None
        assert (wait.unit, wait.version.limit, wait.due_on) == (unit, limit, due)
    [done] = waits(audit, "old-done")["chg"]
    assert done.start_ordinal is not None and done.end_ordinal is not None
    assert done.end_ordinal - done.start_ordinal == 35


def test_wait_borders_a_weekend(audit: Coordination) -> None:
    """From a Friday to the Saturday of the next week: past 5 working days, in days, bands and by the date alike."""
    [weekend] = waits(audit, "weekend")["wd"]
    assert weekend.start_ordinal is not None and weekend.end_ordinal is not None
    assert weekend.end_ordinal - weekend.start_ordinal == 6
    assert overdue(weekend.due_on, weekend.end_on or FAR)
    assert band_of(weekend.start_on, weekend.end_on or FAR, (2, 5, 10), "working_days") == 2


def test_wait_borders_terms(audit: Coordination) -> None:
    """A hole in the terms, and terms that end before the due day, cost only the waits that they touch."""

    def terms(school: str) -> SchoolDays:
        of = audit.directory().by_code("school", school)
        assert of is not None
        found = audit.directory().school_days(of.id)
        assert found is not None
        return found

    [hole] = waits(audit, "holeB", "6974001")["sd"]
    assert told([hole]) == [(date(2025, 10, 6), date(2025, 10, 6), date(2025, 10, 20), "stopped")]
    assert hole.start_ordinal is not None and hole.end_ordinal is not None
    assert (hole.end_ordinal - hole.start_ordinal, hole.uncountable) == (10, None)
    assert len(terms("6974001").holes) == 1
    [near] = waits(audit, "nearend")["sd"]
    assert (near.due_on, near.uncountable, near.end_on) == (None, None, None)
    assert elapsed(near.start_on, ON, "school_days", terms("6984001")) == 14
    [year] = waits(audit, "midyear")["sd"]
    assert year.due_on == terms("6984001").add(date(2026, 9, 7), 35)
    assert (year.holder_kind, near.held_from) == ("service", None), (
        "measured for the service, held by the school"
    )
    assert waits(audit, "midyear")["not_sent"][0].holder_kind == "school"


def test_wait_borders_passed_on(audit: Coordination) -> None:
    found = waits(audit, "redir")
    start, passed = date(2026, 1, 5), date(2026, 5, 4)
    assert told(found["week"]) == [(start, start, passed, "passed_on")]
    [taken_over] = found["m1"]
    assert told([taken_over]) == [(start, passed, None, None)]
    assert (taken_over.inherited_days, taken_over.inherited_from) == (119, found["week"][0].service)
    assert told(found["not_received"]) == [(passed, passed, date(2026, 5, 5), "stopped")]
    with pytest.raises(KeyError):  # a redirection that names no service is refused, and its referral with it
        waits(audit, "redir0")


def test_15_redirect(county: Coordination) -> None:
    """Each service has its own days, and each of them is named; what was recorded in error has no row."""
    open_primary(county)
    since = date(2025, 1, 1)
    primary_care: dict[str, Any] = {"occurred_on": since, "organisation": BOARD, "service": UUID(int=0xB0)}
    opened = OpenService(code="LPMHSS", profession="primary_mental_health", open_from=since, **primary_care)
    standard = SetStandard(
        code="first_contact",
        start="received",
        stop="first_contact",
        limit=28,
        unit="calendar_days",
        effective_from=since,
        source="test",
        **primary_care,
    )
    for command in (opened, standard):
        county.perform(command, order(ADMINISTRATOR, ON, source="command_line"))
    taken(county, "14_pupils.csv", "15_redirect.csv")
    found = waits(county, "DN-7", "6992001")
    assert told(found["CAMHS-28"]) == [(date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 20), "passed_on")]
    [receiver] = found["first_contact"]
    assert told([receiver]) == [(date(2026, 3, 2), date(2026, 3, 20), None, None)]
    days: dict[Any, int] = {}
    for part in (
        PartyPeriod(p.party, p.from_on, min(p.until, ON), p.cause, p.service) for p in receiver.periods
    ):
        days[part.service] = days.get(part.service, 0) + part.days
    assert days == {found["CAMHS-28"][0].service: 18, receiver.service: (ON - date(2026, 3, 20)).days}
    assert receiver.held_from == date(2026, 3, 20)
    assert waits(county, "DN-12", "6992001") == waits(county, "DN-13", "6992001") == {}


def test_the_rows_are_of_the_second_metric_version() -> None:
    assert METRIC_VERSION == "2"
