"""The days of the story, its people at their desks, and how it is walked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec
from playwright.sync_api import expect

from coordination.service import Coordination
from tests.intake.samples import upn
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import LOCALES, Keyboard, Walk
from tests.webui.referring import settled

DAY0 = date(2025, 3, 4)  # a Tuesday
HWB = (30, 58, 93)  # the first Thursdays of April, May and June: what the pages propose, one after the other
NURSE, COUNSELLOR = UUID(int=0x74), UUID(int=0x75)
UPN = upn(1)
NAME = "Siân Gŵyn-Llŷr"


class Variant(msgspec.Struct, frozen=True):
    """How the story is walked. `also`: another width that every page is looked at; `whole`: the repeated meetings too;
    `pictures` of every page in tests/artefacts."""

    language: str
    width: int = 1280
    also: int | None = None
    axed: bool = True
    scripts: bool = True
    keyboard: bool = False
    whole: bool = False
    pictures: bool = False


def day(number: int) -> date:
    return DAY0 + timedelta(days=number)


class BrowserStory:
    """The county, its clock, and a browser for each of its people."""

    def __init__(
        self, site: ServedService, county: Coordination, new_page: NewPage, name: str, variant: Variant
    ) -> None:
        self.site, self.county, self.new_page, self.name, self.variant = site, county, new_page, name, variant
        self.walks: dict[str, Walk] = {}
        self.pupil = UUID(int=0)
        self.referral = ""
        self.meeting = UUID(int=0)

    def on(self, number: int, username: str) -> Walk:
        """This day has come, and somebody begins it at their desk."""
        settled(self.site, self.county)
        self.site.clock.at = datetime.combine(day(number), time(9), UTC)
        walk = self.walks.get(username) or self.walks.setdefault(username, self._walk(username))
        walk.signs_in(username)
        walk.glances()
        return walk

    def _walk(self, username: str) -> Walk:
        v = self.variant
        page = self.new_page(width=v.width, locale=LOCALES[v.language], scripts=v.scripts)
        hand = Keyboard(page) if v.keyboard else None
        name = f"story-{self.name}-{username}"
        return Walk(
            self.site,
            page,
            v.language,
            name,
            scripts=v.scripts,
            hand=hand,
            pictures=v.pictures,
            axed=v.axed,
            also=v.also,
        )


def opens_the_referral(story: BrowserStory, walk: Walk) -> None:
    walk.goes_to(f"/referrals/{story.referral}")
    expect(walk.main.locator("#happened")).to_be_visible()
    expect(walk.page.locator("h1")).to_contain_text(NAME)
    walk.glances()


def takes_the_step(walk: Walk, milestone: str) -> None:
    """By the button of the step, or by its link under those folded away."""
    link = walk.main.locator(f'a[href$="/steps/{milestone}"]').first
    if not link.is_visible():
        walk.opens("Other steps, or steps on an earlier date")
    walk.hand.activates(link)
    expect(walk.main.locator("form input[name=command_id]")).to_have_count(1)
    walk.glances()


def the_referral_says(walk: Walk, milestone: str) -> None:
    """The step is recorded, and it is the last that happened."""
    expect(walk.main.locator(".c-done")).to_be_visible()
    walk.glances(milestone)
