"""wait-order-*, wait-same-day: the order of rows and files decides nothing; received on the day of a redirection."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from coordination.clocks import days_by_party, party_periods
from coordination.intake.pupil_sheets import read_pupils
from coordination.intake.recording.directory import record_directory
from coordination.intake.recording.outcomes import ImportResult
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.referrals import read_referrals
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.milestones import MILESTONES, natural_rank
from coordination.pupil.referral.phase import in_order, phase
from coordination.pupil.referral.state import Referral
from coordination.service import Coordination

CASES = Path(__file__).parent
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
RANKS = {name: natural_rank(name) for name in MILESTONES}
PUPILS = ("W698400215019", "G698400215020", "J698400215029")


@pytest.fixture
def county(service: Coordination) -> Coordination:
    """The audit's county, with the three pupils of these files."""
    directory = (CASES / "directory/wait-directory.json").read_bytes()
    assert record_directory(service, directory, now=NOW).status == 0
    header, *lines = (CASES / "pupils/wait-pupils.csv").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line.startswith(PUPILS)]
    sheet = "\n".join([header, *wanted]).encode()
    assert (
        record_pupils(service, read_pupils(sheet, service.directory().code, NOW.date()), now=NOW).status == 0
    )
    return service


def imported(county: Coordination, name: str) -> ImportResult:
    content = (CASES / f"referrals/{name}.csv").read_bytes()
    return record_referrals(county, read_referrals(content, RANKS, NOW.date()), now=NOW)


def referral(county: Coordination, reference: str) -> Referral:
    school = county.directory().by_code("school", "6984002")
    assert school is not None
    pupil, id = county.record.referrals_by_reference([(school.id, reference)])[school.id, reference]
    return county.batch().state(PUPIL_STREAM, pupil).referrals[id]


def whose_days(held: Referral) -> tuple[int, int]:
    """Days of the agency and of the school, from receipt to first contact."""
    periods = party_periods(in_order(held.counting()), date(2026, 3, 2), date(2026, 5, 29))
    found = days_by_party(periods)
    return found["agency"], found["school"]


def test_wait_order(county: Coordination) -> None:
    for name in ("wait-order-one", "wait-order-two-first", "wait-order-two-second"):
        assert imported(county, name).status == 0
    for reference in ("ONE", "TWO"):
        assert whose_days(referral(county, reference)) == (8, 80)


def test_wait_order_the_longer_file_first(county: Coordination) -> None:
    for name in ("wait-order-two-second", "wait-order-two-first"):
        assert imported(county, name).status == 0
    assert whose_days(referral(county, "TWO")) == (8, 80)


def test_wait_same_day(county: Coordination) -> None:
    found = imported(county, "wait-same-day")
    assert [outcome.word for outcome in found.outcomes] == ["new"] * 7
    passed_on = phase(referral(county, "RD").counting())
    assert [s.name for s in passed_on.steps] == ["received", "redirected", "received"]
    again = phase(referral(county, "RO").counting())
    assert [s.name for s in again.steps] == ["received", "withdrawn", "reopened", "received"]
    assert {outcome.word for outcome in imported(county, "wait-same-day").outcomes} == {"unchanged"}
