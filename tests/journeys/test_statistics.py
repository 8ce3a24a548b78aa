"""Curves and control charts in a browser: from the services side by side to both, in both languages, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from coordination.pupil.referral.decide import RecordMilestone
from coordination.service import Coordination
from tests.county import CAMHS, CLINICIAN, PUPIL
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.journeys.test_reports import signed_in
from tests.webui.reports_county import does, refer, reports_on

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "times": "Waiting times", "camhs": "Child and adolescent mental health", "curves": "Curves by month",
        "charts": "Control charts, month by month", "half": "Half of those who entered in 2025 were seen within",
        "curve": "Still waiting, entered in 2025", "chart": "Median of the waits that ended in the month, days",
        "marked": "outside the limits", "trend": "Median of each month",
    },
    "cy": {
        "times": "Amseroedd aros", "camhs": "Iechyd meddwl plant a’r glasoed", "curves": "Cromliniau yn ôl mis",
        "charts": "Siartiau rheoli, fesul mis", "half": "Gwelwyd hanner y rhai a ddechreuodd aros yn 2025 o fewn",
        "curve": "Yn dal i aros, dechreuodd: 2025",
        "chart": "Canolrif y cyfnodau aros a ddaeth i ben yn y mis, mewn diwrnodau",
        "marked": "y tu allan i’r terfynau", "trend": "Canolrif pob mis",
    },
}  # fmt: skip

# Days until each was seen, two for each month from February 2025; one month is far from the others.
DAYS = (21, 25, 23, 27, 20, 24, 150, 157, 25, 21, 24, 28, 22, 26, 23, 21, 26, 25)


@pytest.fixture
def county(site: ServedService) -> Iterator[Coordination]:
    with reports_on(site) as coordination:
        for number, days in enumerate(DAYS):
            on = date(2025, 2 + number // 2, 4 + number % 2)
            referral = UUID(int=0xF00 + number)
            refer(coordination, referral, CAMHS, on)
            seen = RecordMilestone(
                occurred_on=on + timedelta(days=days),
                pupil=PUPIL,
                referral=referral,
                milestone="first_contact",
            )
            does(coordination, CLINICIAN, seen)
        yield coordination


def looked_at(page: Page, language: str, name: str) -> None:
    """What holds on every page."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    axe(page)
    fits(page)
    picture(page, f"statistics-{name}-{language}")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_from_the_county_to_curves_and_charts(county: Coordination, new_page: NewPage, language: str) -> None:
    words = WORDS[language]
    page = signed_in(new_page, "auditor", language)
    page.get_by_role("link", name=words["times"], exact=True).click()
    expect(page.get_by_role("img", name=words["trend"]).first).to_be_visible()
    looked_at(page, language, "1-rows")
    page.get_by_role("link", name=words["camhs"]).first.click()
    page.get_by_role("link", name=words["curves"]).click()
    expect(page.locator("main")).to_contain_text(words["half"])
    expect(page.get_by_role("img", name=words["curve"])).to_be_visible()
    expect(page.get_by_role("table", name=words["curve"])).to_be_visible()
    looked_at(page, language, "2-curves")
    page.get_by_role("link", name=words["charts"]).click()
    expect(page.get_by_role("img", name=words["chart"])).to_be_visible()
    expect(page.get_by_role("table", name=words["chart"])).to_contain_text(words["marked"])
    looked_at(page, language, "3-charts")

    phone = signed_in(new_page, "auditor", language, width=320, height=800)
    for path in (
        "/waiting-times/survival?service=CAMHS",
        "/waiting-times/control-charts?service=CAMHS",
        "/waiting-times/due-soon",
        "/waiting-times/data-quality",
    ):
        phone.goto(path)
        expect(phone.locator("h1")).to_have_count(1)
        looked_at(phone, language, f"phone-{path.split('/')[2].split('?')[0]}")


def test_the_charts_in_print_and_in_high_contrast(county: Coordination, new_page: NewPage) -> None:
    """The lines stay drawn on white: the curve and its lettering are never of the colour of the ground."""
    page = signed_in(new_page, "auditor", forced_colors="active")
    for path, line in (("survival", ".c-curve__line"), ("control-charts", ".c-control__mean")):
        page.goto(f"/waiting-times/{path}?service=CAMHS")
        chart = page.locator("svg[role=img]").first
        assert chart.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
        assert (
            page.locator(line).first.evaluate("one => getComputedStyle(one).stroke") != "rgb(255, 255, 255)"
        )
        picture(page, f"statistics-contrast-{path}-en")
        page.emulate_media(media="print", forced_colors="none")
        assert chart.evaluate("one => getComputedStyle(one).printColorAdjust") == "exact"
        expect(chart).to_be_visible()
        picture(page, f"statistics-print-{path}-en")
        page.emulate_media(media="screen", forced_colors="active")
