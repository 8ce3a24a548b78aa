"""Two files of one child, walked in a browser: compared, joined, seen as one and separated. Then an adoption."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from playwright.sync_api import expect

from tests.county import PUPIL, UPN
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import Walk
from tests.projections.casework import SECOND, SECOND_UPN, day, told
from tests.webui.county_site import story_on

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "cy"])
def test_two_files_are_joined_and_separated(site: ServedService, new_page: NewPage, language: str) -> None:
    with story_on(site, "case", told):
        site.clock.at = datetime.combine(day(46), time(10), UTC)
        walk = Walk(site, new_page(), language, f"joining-{language}", also=320)
        walk.signs_in("alnco")
        walk.page.goto(f"/pupils/{PUPIL}")
        walk.follows("Join with another file of this child")
        walk.at("Join with another file of this child")
        walk.goes_to(f"/join/{SECOND}")
        walk.at("Two files side by side")
        walk.reads("differs")
        walk.ticks("leads", PUPIL)
        walk.presses("Join the two files")
        walk.at("Two files side by side", "refused")
        walk.types("why", "Temporary number")
        walk.presses("Join the two files")
        walk.reads("Another file of this child is joined to this one. Both histories are shown here.")
        walk.glances("joined")

        walk.follows("See the files")
        walk.at("Files of this child")
        expect(walk.main).to_contain_text(SECOND_UPN)
        walk.follows("Separate this file")
        walk.at("Separate two files")
        walk.types("why", "Cousins")
        walk.presses("Separate the two files")
        walk.reads("The two files are separated.")


def test_an_identity_is_replaced(site: ServedService, new_page: NewPage) -> None:
    with story_on(site, "case", told):
        site.clock.at = datetime.combine(day(46), time(10), UTC)
        walk = Walk(site, new_page(), "en", "adoption", also=320)
        walk.signs_in("adoption-officer")
        walk.at("Adoption")
        walk.types("upn", UPN)
        walk.presses("Find the child")
        walk.at("Identity of a child")
        walk.follows("Replace the identity")
        walk.at("Replace the identity")
        walk.types_day("occurred_on", day(40))
        for name, text in (
            ("forename", "Nia"),
            ("surname", "Newydd"),
            ("contact_name", "Non Newydd"),
            ("why", "Family court"),
        ):
            walk.types(name, text)
        walk.presses("Replace the identity")
        walk.at("Identity of a child", "replaced")
        expect(walk.main).to_contain_text("Siân Gŵyn-Llŷr")
        expect(walk.main).to_contain_text("Nia Newydd")
