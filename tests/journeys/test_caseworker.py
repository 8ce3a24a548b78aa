"""A child on no school's roll, walked in a browser: the caseworker finds them and answers in place of a
school; in both languages, in a wide window and on a phone."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from playwright.sync_api import expect

from tests.county import PUPIL
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import Walk
from tests.projections.casework import TO_PSYCHOLOGY, day
from tests.webui.county_site import story_on
from tests.webui.desks.test_caseworker import left
from tests.webui.referring import page_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_caseworker_acts_for_a_child_on_no_roll(
    site: ServedService, new_page: NewPage, language: str
) -> None:
    with story_on(site, "left the roll", left):
        site.clock.at = datetime.combine(day(50), time(10), UTC)
        walk = Walk(site, new_page(), language, f"caseworker-{language}", also=320)
        walk.signs_in("caseworker")
        walk.goes("Children")
        walk.at("Children to follow up")
        walk.reads("On no school’s roll")
        expect(walk.main).to_contain_text("Siân Gŵyn-Llŷr")

        walk.goes_to(f"/pupils/{PUPIL}")
        expect(walk.page.locator("h1")).to_have_text("Siân Gŵyn-Llŷr")
        walk.glances()
        walk.goes_to(page_of(TO_PSYCHOLOGY))
        walk.reads("On no school’s roll.")
        walk.reads("Local authority")
        walk.glances()
        walk.goes_to("/steps/information_supplied")
        walk.glances()
        walk.hand.activates(walk.main.locator("form button[type=submit]").last)
        expect(walk.page.locator("h1")).to_contain_text("Siân Gŵyn-Llŷr")

        walk.goes("Children")
        walk.follows("Referrals that nobody can see")
        walk.at("Referrals that nobody can see")
        walk.reads("There are none.")
