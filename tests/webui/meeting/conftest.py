"""What the tests of meeting share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from coordination.directory.commands import AcceptTerms
from coordination.meeting.state import MEETING_STREAM, Meeting
from coordination.service import Coordination
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    PUPIL,
    SCHOOL,
    START,
    THERAPY,
    order,
    register,
)
from tests.projections.casework import SECOND, SECOND_UPN
from tests.webui.county_site import county_on
from tests.webui.referring import Forms, browser, send, settled
from tests.webui.service import RunningService

NOBODY = UUID(int=0x999)


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    """The county with two pupils; CAMHS accepted terms that ask for ten working days."""
    with county_on(service) as coordination:
        register(coordination)
        register(coordination, SECOND, SECOND_UPN)
        accepted = AcceptTerms(
            occurred_on=START,
            organisation=BOARD,
            terms=UUID(int=0xE901),
            service=CAMHS,
            school=SCHOOL,
            effective_from=START,
            notice_working_days=10,
        )
        coordination.perform(accepted, order(ADMINISTRATOR, START, on_behalf_of=BOARD))
        settled(service, coordination)
        yield coordination


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


class MeetingDesk:
    """Somebody at their pages."""

    def __init__(self, service: RunningService, coordination: Coordination, username: str = "alnco") -> None:
        self.service = service
        self.coordination = coordination
        self.client: FlaskClient = browser(service, username)

    @property
    def today(self) -> date:
        today: date = self.service.app.extensions["cydlynu"].today()
        return today

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    def does(self, path: str, action: str = "", status: int = 303, **typed: Any) -> Any:
        """Sends the form of a page with some of it typed over; `action` where the page has several."""
        form = next(
            f for address, f in Forms(self.get(path)).found if address == action and "command_id" in f
        )
        answer = send(self.client, action or path, form, **typed)
        assert answer.status_code == status, words_of(answer.text)
        return answer

    def schedules(self, on: date, **typed: Any) -> UUID:
        answer = self.does("/meetings/new", held_on=on, **typed)
        return UUID(re.search(r"/meetings/([0-9a-f-]{36})", answer.location)[1])  # type: ignore[index]

    def state(self, meeting: UUID) -> Meeting:
        found: Meeting = self.coordination.batch().state(MEETING_STREAM, meeting)
        return found


@pytest.fixture
def desk(service: RunningService, county: Coordination) -> MeetingDesk:
    return MeetingDesk(service, county)


def invited(desk: MeetingDesk, *parties: UUID, on: date | None = None) -> UUID:
    """A meeting to which these are invited; both pupils are on its agenda."""
    meeting = desk.schedules(on or desk.today, chair=str(ALNCO))
    desk.does(f"/meetings/{meeting}/invite", parties=[str(p) for p in parties])
    for pupil in (PUPIL, SECOND):
        desk.does(f"/meetings/{meeting}/agenda", pupil=str(pupil))
    return meeting


def marks(desk: MeetingDesk, meeting: UUID, **typed: Any) -> Any:
    """The register, saved: marks by the first word of a party's name."""
    parties = {"alnco": ALNCO, "camhs": CAMHS, "therapy": THERAPY}
    named = {}
    for name, value in typed.items():
        field, _, who = name.rpartition("_")
        named[f"{field or 'mark'}_{parties[who].hex}"] = value
    return desk.does(f"/meetings/{meeting}/register", **named)


def items(desk: MeetingDesk, meeting: UUID) -> list[UUID]:
    return list(desk.state(meeting).items)


# Minutes and actions


def minuted(desk: MeetingDesk, meeting: UUID, number: int = 0, **typed: Any) -> UUID:
    """The minute of an item of the agenda; the id of the item."""
    item = items(desk, meeting)[number]
    desk.does(f"/meetings/{meeting}/minutes/{item}", **({"discussion": "Sleep and school."} | typed))
    return item
