"""Setting up a series, scheduling a term of it, the planner, and how many people a service can send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.calendars import wales
from coordination.directory.commands import AcceptTerms, SetSchoolTerm
from coordination.service import Coordination
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUTHORITY,
    BOARD,
    CAMHS,
    SCHOOL,
    START,
    order,
    register,
)
from tests.webui.county_site import county_on
from tests.webui.meeting.conftest import MeetingDesk, words_of
from tests.webui.referring import form_in, settled
from tests.webui.service import RunningService


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    """The county with a pupil, a term from next Monday for twelve weeks with a closed week, and CAMHS's terms."""
    with county_on(service) as coordination:
        register(coordination)
        today: date = service.app.extensions["cydlynu"].today()
        first = today + timedelta(days=7 - today.weekday())
        closed = tuple(first + timedelta(weeks=5, days=n) for n in range(5))
        term = SetSchoolTerm(
            occurred_on=START,
            organisation=AUTHORITY,
            first_day=first,
            last_day=first + timedelta(weeks=12),
            closed=closed,
        )
        coordination.perform(term, order(ADMINISTRATOR, START))
        accepted = AcceptTerms(
            occurred_on=START,
            organisation=BOARD,
            terms=UUID(int=0xE901),
            service=CAMHS,
            school=SCHOOL,
            effective_from=START,
            notice_working_days=0,
        )
        coordination.perform(accepted, order(ADMINISTRATOR, START, on_behalf_of=BOARD))
        settled(service, coordination)
        yield coordination


@pytest.fixture
def desk(service: RunningService, county: Coordination) -> MeetingDesk:
    return MeetingDesk(service, county)


def sets_up(desk: MeetingDesk, status: int = 303, **typed: Any) -> Any:
    usual: dict[str, Any] = {
        "name": "Hwb of the term",
        "kind": "hwb",
        "every": "week",
        "weekday": "2",
        "week": "1",
        "starts_at": "13:30",
        "ends_at": "15:00",
        "members": [str(CAMHS), str(ALNCO), "police", "parents"],
        "quorum": "2",
    }
    return desk.does("/meetings/series/new", status=status, **(usual | typed))


def test_a_term_of_a_series_is_scheduled_in_one_step_without_the_closed_week(desk: MeetingDesk) -> None:
    page_of = sets_up(desk).location
    page = desk.get(page_of)
    assert "Every week, Wednesday, 13:30 to 15:00. Quorum: 2." in words_of(page)
    assert words_of(page).count("School holidays") == 1
    assert "Has agreed to come, with 0 working days of notice." in words_of(page)
    chosen = re.findall(r'name="dates"[^>]*value="([0-9-]+)" checked', page)
    skipped = desk.today + timedelta(days=7 - desk.today.weekday()) + timedelta(weeks=5, days=2)
    assert skipped.isoformat() not in chosen
    assert all(wales().is_working_day(date.fromisoformat(on)) for on in chosen)
    desk.does(page_of, dates=chosen[:2])
    after = words_of(desk.get(page_of))
    assert after.count("Scheduled") == 2
    series = UUID(page_of.split("/")[-1])
    held = re.findall(r"/meetings/([0-9a-f-]{36})", desk.get("/meetings"))
    states = [desk.state(UUID(one)) for one in dict.fromkeys(held)]
    assert [(s.series, s.quorum, s.held_on.isoformat()) for s in states] == [
        (series, 2, chosen[0]),
        (series, 2, chosen[1]),
    ]
    # parents are not invited with the rest: they are asked about using Welsh first
    parts = [sorted(i.party.part or "" for i in s.invitations.values()) for s in states]
    assert parts == [["", "", "police"]] * 2
    meeting = held[0]
    assert "Police" in words_of(desk.get(f"/meetings/{meeting}"))


def test_what_cannot_be_a_series_is_said_at_its_field(desk: MeetingDesk) -> None:
    late = sets_up(desk, status=422, ends_at="13:30")
    assert "The meeting ends before it starts." in late.text
    unknown = sets_up(desk, status=422, others="9999999")
    assert "This organisation is not in the directory." in unknown.text
    form = form_in(desk.get("/meetings/series/new"))
    assert form["notice_working_days"] == "10"


def test_a_service_says_how_many_people_it_can_send(
    service: RunningService, county: Coordination, desk: MeetingDesk
) -> None:
    clinician = MeetingDesk(service, county, "clinician")
    clinician.does(f"/meetings/capacity/{CAMHS}", people="3")
    assert "3 meetings at a time" in words_of(clinician.get("/meetings/capacity"))
    assert county.directory().people_to_send(CAMHS, desk.today) == 3
    assert clinician.client.get(f"/meetings/capacity/{UUID(int=1)}").status_code == 404
    too_many = clinician.does(f"/meetings/capacity/{CAMHS}", status=422, people="100")
    assert "Error" in too_many.text


def test_a_county_plans_a_term_and_the_schools_hold_the_meetings(
    service: RunningService, county: Coordination, desk: MeetingDesk
) -> None:
    caseworker = MeetingDesk(service, county, "caseworker")
    page = caseworker.get("/meetings/planner")
    words = words_of(page)
    assert "0 services cannot come; at any dates, at least 0 could not." in words
    assert "Every service that agreed to come is free" in words
    proposals = re.findall(r'name="proposals"[^>]*value="([^"]+)"', page)
    assert len({p.split()[0] for p in proposals}) > 1, "schools of the whole authority"
    own = [p for p in proposals if p.startswith(county.directory().organisation(SCHOOL).code)]  # type: ignore[union-attr]
    caseworker.does("/meetings/planner", action=_action(page), proposals=own)
    held = re.findall(r"/meetings/([0-9a-f-]{36})", desk.get("/meetings"))
    meetings = [desk.state(UUID(one)) for one in dict.fromkeys(held)]
    assert len(meetings) == len(own)
    assert all(m.host == SCHOOL and set(m.invitations) == {CAMHS} for m in meetings)
    assert not [p for p in re.findall(r'value="([^"]+)"', caseworker.get("/meetings/planner")) if p in own]
    # the school runs them
    assert "Invite" in desk.get(f"/meetings/{held[0]}")


def test_a_proposal_in_the_holidays_or_of_another_school_is_refused(
    service: RunningService, county: Coordination, desk: MeetingDesk
) -> None:
    code = county.directory().organisation(SCHOOL).code  # type: ignore[union-attr]
    page = desk.get("/meetings/planner")
    for value, words in (
        (f"{code} 2031-08-10 09:15 10:45", "is in the holidays or a bank holiday"),
        ("9999999 2031-08-10 09:15 10:45", "This school is not in the directory"),
        ("nonsense", "This school is not in the directory"),
    ):
        answer = desk.does("/meetings/planner", action=_action(page), status=422, proposals=[value])
        assert words in answer.text


def _action(page: str) -> str:
    return re.search(r'<form method="post" action="(/meetings/planner[^"]+)"', page)[1].replace("&amp;", "&")  # type: ignore[index]
