"""A concern about additional learning needs, walked in a browser: the school is told and passes it on, the authority
decides; in both languages, in a wide window and on a phone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from playwright.sync_api import expect

from tests.county import PUPIL
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import Walk
from tests.projections.casework import day
from tests.webui.aln.test_aln import limits
from tests.webui.county_site import story_on

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_concern_goes_from_the_school_to_the_authority(
    site: ServedService, new_page: NewPage, language: str
) -> None:
    with story_on(site, "statutory decisions", limits):
        site.clock.at = datetime.combine(day(50), time(10), UTC)
        walk = Walk(site, new_page(), language, f"statutory-{language}", also=320)
        walk.signs_in("alnco")
        walk.page.goto(f"/pupils/{PUPIL}")
        walk.follows("Concerns, decisions and plans")
        walk.at("Additional learning needs")
        walk.follows("Record a concern")
        walk.at("Record a concern")
        walk.types_day("occurred_on", date(2025, 3, 3))
        walk.ticks("raised_by", "parent")
        walk.types("words", "Mae hi’n colli geiriau.")
        walk.presses("Record")
        walk.at("Additional learning needs", "recorded")
        walk.reads("The school is deciding")
        expect(walk.main).to_contain_text("Mae hi’n colli geiriau.")
        walk.follows("Pass the decision to the local authority")
        walk.at("Pass the decision to the local authority")
        walk.types_day("occurred_on", date(2025, 3, 10))
        walk.ticks("ground", "extent_unknown")
        walk.presses("Record")
        walk.reads("The local authority is deciding")

        caseworker = Walk(site, new_page(), language, f"statutory-authority-{language}", also=320)
        caseworker.signs_in("caseworker")
        caseworker.at("Children to follow up")
        caseworker.reads("Decisions about additional learning needs")
        caseworker.follows("Open the decision")
        caseworker.at("Additional learning needs", "decides")
        caseworker.follows("Record the decision")
        caseworker.at("Record the decision")
        caseworker.types_day("occurred_on", date(2025, 3, 20))
        caseworker.ticks("outcome", "no_aln")
        caseworker.presses("Record")
        caseworker.reads("Decided: no plan")
        caseworker.follows("Correct an entry")
        caseworker.at("Correct an entry")
