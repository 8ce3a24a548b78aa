"""What the tests of referral share."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from coordination.pupil.casefile import PUPIL_STREAM
from tests.county import PUPIL
from tests.projections.casework import TO_CAMHS
from tests.webui.referring import browser, case_on, form_in, page_of, send
from tests.webui.service import NOW

WORDS = re.compile(r"<[^>]+>")


TODAY = NOW.date()


@pytest.fixture
def case(service):
    with case_on(service) as told:
        yield told


@pytest.fixture
def alnco(case, service):
    return browser(service, "alnco")


@pytest.fixture
def clinician(case, service):
    return browser(service, "clinician")


def text(html: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", WORDS.sub(" ", html))


def step(referral: UUID, milestone: str) -> str:
    return f"{page_of(referral)}/steps/{milestone}"


def record(client, referral: UUID, milestone: str, **typed):
    """Fills in the form of a step and sends it."""
    path = step(referral, milestone)
    return send(client, path, form_in(client.get(path).text, "occurred_on-day"), **typed)


def steps(case, referral: UUID = TO_CAMHS):
    return list(case.service.batch().state(PUPIL_STREAM, PUPIL).referrals[referral].steps)


def entries(html: str) -> dict[int, str]:
    """What each entry of the page says, by version."""
    found = {}
    for part in html.split('id="entry-')[1:]:
        version, _, rest = part.partition('"')
        found[int(version)] = text("<" + rest.partition('<li class="c-step')[0])
    return found


def last_of(case, name: str, referral: UUID = TO_CAMHS) -> int:
    return [s.version for s in steps(case, referral) if s.name == name][-1]
