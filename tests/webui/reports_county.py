"""What the tests of the reports and of challenges have in common: a year of waits and meetings behind the pages.

The day is 1 December 2025. CAMHS accepted terms for the school's Hwb; of four meetings it came to the first, was
asked too late to the second, and missed the last two (apologies, and nobody). One pupil was seen on day 41; that was
reported by the school and recorded only in November. One has waited since July.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from coordination.event import Command
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.referral.decide import OpenReferral, RecordMilestone, ReportSource, SubmitReferral
from coordination.service import Coordination
from tests.conftest import database_of_a_module
from tests.county import ALNCO, BOARD, CAMHS, CLINICIAN, MOTHER, PUPIL, SCHOOL, THERAPY, order, register
from tests.projections.hwb import accept_terms, answers, hold, mark, meeting_id, schedule
from tests.webui.county_site import story_on
from tests.webui.service import RunningService, service_on

NOW = datetime(2025, 12, 1, 10, tzinfo=UTC)
TODAY = NOW.date()
DAY0 = date(2025, 2, 3)
LATE = date(2025, 11, 20)
SEEN, WAITS, TREATED = UUID(int=0xD1), UUID(int=0xD2), UUID(int=0xD3)
CONSENT = UUID(int=0xE1)


def day(number: int) -> date:
    return DAY0 + timedelta(days=number)


def does(county: Coordination, person: UUID, *commands: Command, on: date | None = None) -> None:
    """Commands as somebody gives them, recorded on the day on which they happened (or `on`)."""
    for command in commands:
        county.perform(command, order(person, on or command.occurred_on))


def refer(county: Coordination, referral: UUID, to: UUID, on: date) -> None:
    """A referral that is received on the day on which it is sent."""
    about: dict[str, Any] = {"occurred_on": on, "pupil": PUPIL, "referral": referral}
    does(
        county,
        ALNCO,
        OpenReferral(service=to, school=SCHOOL, immediate_risk=False, second_referral=True, **about),
    )
    does(county, ALNCO, SubmitReferral(second_referral=True, **about))
    does(county, CLINICIAN, RecordMilestone(milestone="received", **about))


def a_year(county: Coordination) -> None:
    """In the order in which it was recorded: what is known at an instant rests on that."""
    accept_terms(county)
    hold(county, 0, {CAMHS: "attended"})
    schedule(county, 1, CAMHS, notice_days=5)
    _two_referrals(county)
    mark(county, 1, {CAMHS: "absent"})
    schedule(county, 2, CAMHS)
    answers(county, meeting_id(2), CAMHS, "apologies", date(2025, 3, 3))
    mark(county, 2, {CAMHS: "apologies"})
    hold(county, 3, {CAMHS: "absent"})
    assessed = RecordMilestone(occurred_on=day(60), pupil=PUPIL, referral=TREATED, milestone="assessed")
    does(county, CLINICIAN, assessed)
    refer(county, WAITS, CAMHS, date(2025, 7, 1))
    seen = RecordMilestone(
        occurred_on=day(41),
        pupil=PUPIL,
        referral=SEEN,
        milestone="first_contact",
        reported=ReportSource(by="the secretary", how="telephone", on=LATE),
    )
    does(county, ALNCO, seen, on=LATE)


def _two_referrals(county: Coordination) -> None:
    """A pupil whose mother agrees, referred to CAMHS and to therapy on day 0."""
    register(county)
    agreed = GiveConsent(
        occurred_on=DAY0,
        pupil=PUPIL,
        consent=CONSENT,
        agency=BOARD,
        whole_agency=True,
        authority="parental_responsibility",
        contact=MOTHER,
    )
    does(county, ALNCO, agreed)
    refer(county, SEEN, CAMHS, DAY0)
    refer(county, TREATED, THERAPY, DAY0)


@contextmanager
def reports_on(service: RunningService) -> Iterator[Coordination]:
    """All of it, readable, behind the pages of this service."""
    service.clock.at = NOW
    with story_on(service, "reports", a_year) as county:
        yield county


@contextmanager
def reports_site(postgres: str, template: str, folder: Path) -> Iterator[tuple[RunningService, Coordination]]:
    """The service with all of it, on a database of its own, for tests that only look."""
    with (
        database_of_a_module(postgres, template) as address,
        service_on(address, folder / "data") as service,
        reports_on(service) as county,
    ):
        yield service, county


def words_of(html: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def rows_of(html: str) -> list[list[str]]:
    """The rows of all tables of a page, cell by cell, as they are read, without the mark of few waits: here all are
    few."""
    rows = re.findall(r"<tr\b.*?</tr>", html, flags=re.S)
    return [
        [
            re.sub(r" \* (few waits|ychydig o gyfnodau aros)", "", words_of(c)).strip()
            for c in re.findall(r"<t[dh]\b.*?</t[dh]>", row, flags=re.S)
        ]
        for row in rows
    ]


def row_of(html: str, begins: str) -> list[str]:
    """The first row whose first cell begins so, without that cell."""
    found = next((row for row in rows_of(html) if row and row[0].startswith(begins)), None)
    assert found is not None, f"no row {begins!r} among {[row[0] for row in rows_of(html) if row]}"
    return found[1:]
