"""The rights desk walked in a browser, in both languages: a record is erased by two people; a parent's request to see
a record is answered."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from playwright.sync_api import expect

from coordination.errors import Refusal
from tests.county import PUPIL
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import Walk
from tests.projections.casework import SECOND, RecordedCase, day, told
from tests.webui.county_site import story_on

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "cy"])
def test_two_people_erase_a_record(site: ServedService, new_page: NewPage, language: str) -> None:
    with story_on(site, "case", told) as service:
        site.clock.at = datetime.combine(day(46), time(10), UTC)
        school = Walk(site, new_page(), language, f"erasing-{language}", also=320)
        school.signs_in("alnco")
        school.page.goto(f"/pupils/{SECOND}")
        school.follows("Rights over this record")
        school.at("Rights over this record")
        name = school.main.locator(".govuk-caption-l").inner_text()
        assert name == "Siân Gŵyn-Llŷr"
        school.follows("Propose to erase the record")
        school.at("Propose to erase the record")
        school.ticks("ground", "retention")
        school.types("why", "Rhieni wedi gofyn")
        school.presses("Propose")
        school.at("Propose to erase the record", "refused")
        school.ticks("ground", "request")
        school.presses("Propose")
        school.reads("The proposal is recorded. The local authority decides.")

        authority = Walk(site, new_page(), language, f"deciding-{language}", also=320)
        authority.signs_in("caseworker")
        authority.goes("Rights")
        authority.at("Rights over records", "proposed")
        authority.page.goto(f"/rights/pupils/{SECOND}/decide")
        authority.at("Decide about erasing the record")
        authority.ticks("decision", "approve")
        authority.presses("Record the decision")
        authority.reads("Approved. It can now be carried out.")

        third = Walk(site, new_page(), language, f"erased-{language}", also=320)
        third.signs_in("administrator")
        third.goes("Rights")
        third.at("Rights over records", "approved")
        expect(third.main).not_to_contain_text("Gŵyn")
        third.page.goto(f"/rights/pupils/{SECOND}/erase")
        third.at("Erase the record")
        third.presses("Erase the record")
        third.reads("The record is erased.")
        assert service.record.latest(SECOND, ("pupil.registered",)) == {}
        school.page.goto(f"/pupils/{SECOND}")
        expect(school.main).not_to_contain_text("Gŵyn")
        with pytest.raises(Refusal, match="record_erased"):
            RecordedCase(service).moves(day(46), SECOND)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_parent_asks_to_see_a_record(site: ServedService, new_page: NewPage, language: str) -> None:
    with story_on(site, "case", told):
        site.clock.at = datetime.combine(day(46), time(10), UTC)
        walk = Walk(site, new_page(), language, f"access-{language}", also=320)
        walk.signs_in("alnco")
        walk.page.goto(f"/rights/pupils/{PUPIL}")
        walk.follows("Record a request")
        walk.at("Record a request")
        walk.ticks("kind", "subject_access")
        walk.ticks("asked_by", "parent")
        walk.presses("Record it")
        walk.at("A copy of what is held (subject access)", "received")
        shown = walk.page.url
        walk.follows("Record the answer")
        walk.at("Record the answer")
        walk.ticks("outcome", "given")
        walk.presses("Record it")
        walk.at("Record the answer", "refused")
        walk.page.goto(shown)
        walk.follows("Weigh the parent’s request")
        walk.at("Weigh the parent’s request")
        walk.ticks("competent", "no")
        walk.types("why", "Mae hi'n dair ar ddeg")
        walk.presses("Record it")
        walk.follows("A health professional’s opinion")
        walk.at("A health professional’s opinion")
        walk.types("professional", "Dr Dychmygol")
        walk.ticks("serious_harm", "no")
        walk.presses("Record it")
        walk.main.locator("form button").first.click()
        walk.reads("It is recorded that the request was passed on.")
        walk.follows("See and print the copy")
        walk.glances("copy")
        expect(walk.main).to_contain_text("Dw i wedi blino.")
        walk.page.goto(shown)
        walk.follows("Record the answer")
        walk.ticks("outcome", "given")
        walk.presses("Record it")
        walk.at("A copy of what is held (subject access)", "answered")
        walk.page.goto("/rights")
        walk.reads("No request is open.")
