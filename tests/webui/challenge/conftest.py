"""What the tests of challenge share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from coordination.challenge.state import CHALLENGE_STREAM, Challenge
from coordination.service import Coordination
from tests.county import CAMHS
from tests.projections.hwb import meeting_id
from tests.webui.referring import browser, form_in, send
from tests.webui.reports_county import reports_on, words_of
from tests.webui.service import RunningService

RAISE = f"/challenges/raise/attendance/{CAMHS}"


DELAY = f"/challenges/raise/delay/{CAMHS}/CAMHS-28"


NOBODY = UUID(int=0x999)


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    with reports_on(service) as coordination:
        yield coordination


class ChallengeDesk:
    """Somebody at the pages of challenges."""

    def __init__(self, service: RunningService, county: Coordination, username: str) -> None:
        self.county = county
        self.client: FlaskClient = browser(service, username)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        return answer.text

    def does(self, path: str, status: int = 303, **typed: Any) -> Any:
        """Sends the form of a page with some of it typed over."""
        answer = send(self.client, path, form_in(self.get(path), action=""), **typed)
        assert answer.status_code == status, words_of(answer.text)
        return answer

    def raises(self, path: str = RAISE, **typed: Any) -> str:
        """Raises it; the address of its page."""
        found = re.match(r"(/challenges/[0-9a-f-]{36})\?done=raised", self.does(path, **typed).location)
        assert found
        return found[1]

    def state(self, page: str) -> Challenge:
        found: Challenge = self.county.batch().state(CHALLENGE_STREAM, UUID(page.rsplit("/", 1)[1]))
        return found


class ChallengeDesks:
    """All of them, each opened when it is needed."""

    def __init__(self, service: RunningService, county: Coordination) -> None:
        self._at = service, county
        self._open: dict[str, ChallengeDesk] = {}

    def __getattr__(self, name: str) -> ChallengeDesk:
        if name not in self._open:
            self._open[name] = ChallengeDesk(*self._at, name.replace("_", "-"))
        return self._open[name]

    def sent(self) -> str:
        """An attendance challenge that CAMHS has."""
        page = self.alnco.raises()
        self.head.does(f"{page}/approve")
        self.alnco.does(f"{page}/send", way="letter")
        return page


@pytest.fixture
def desks(service: RunningService, county: Coordination) -> ChallengeDesks:
    return ChallengeDesks(service, county)


def disputes(desks: ChallengeDesks, page: str, number: int = 3, claims: str = "attended") -> str:
    """CAMHS disputes the line of a meeting; the path of the ruling."""
    desks.clinician.does(
        f"{page}/dispute/{meeting_id(number)}", claims=claims, why="We were there until the end."
    )
    [dispute] = desks.clinician.state(page).disputes
    return f"{page}/rule/{dispute}"
