"""Step 6: a challenge, a dispute and a ruling."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.county import CAMHS
from tests.journeys.walking import Walk
from tests.journeys.whole_story.figures import figures_say_41_days
from tests.journeys.whole_story.story import HWB, BrowserStory, day


def a_challenge_is_raised_and_sent(story: BrowserStory) -> None:
    """Expected three times, apologies once, nobody twice; raised, approved by the head teacher, and sent."""
    walk = story.walks["alnco"]
    walk.goes("Attendance")
    walk.at("Attendance at meetings")
    row = walk.main.locator("[aria-labelledby=came] tbody tr", has=camhs_row(walk))
    expect(row.locator("td")).to_have_text([*"3301200", "0", re.compile("0")])
    walk.goes_to(f"/challenges/raise/attendance/{CAMHS}")
    expect(walk.main.locator("#rests")).to_be_visible()
    walk.glances()
    walk.presses("Raise the challenge")
    walk.reads("Raised. Only the school sees it until it is approved and sent.")
    walk.glances("raised")
    challenge = walk.page.url.split("/challenges/")[1][:36]

    head = story.on(97, "head")
    head.goes("Challenges")
    head.at("Challenges")
    head.goes_to(f"/challenges/{challenge}")
    expect(head.main.locator(".c-moves")).to_be_visible()
    head.glances()
    the_letter(head)
    moves(head, "approve")
    head.presses("Approve")
    expect(head.main.locator(".c-note[role=status]")).to_be_visible()
    head.glances("approved")

    walk.goes("Challenges")
    walk.at("Challenges")
    walk.goes_to(f"/challenges/{challenge}")
    moves(walk, "send")
    walk.hand.ticks(walk.main.locator("input[name=way]").first)
    walk.presses("Record as sent")
    expect(walk.main.locator(".c-note[role=status]")).to_be_visible()
    walk.glances("sent")


def camhs_row(walk: Walk) -> Locator:
    return walk.page.get_by_role("rowheader", name=service_words(walk))


def service_words(walk: Walk) -> str:
    return {"en": "Child and adolescent mental health", "cy": "Iechyd meddwl plant a’r glasoed"}[
        walk.language
    ]


def moves(walk: Walk, step: str) -> None:
    walk.goes_to(f"/{step}")
    expect(walk.main.locator("form input[name=command_id]")).to_have_count(1)
    walk.glances()


def the_letter(walk: Walk) -> None:
    """It carries the evidence: each meeting, and what the register says of it."""
    walk.hand.activates(walk.main.locator(f"a[href*='letter'][hreflang={walk.language}]"))
    letter = walk.main.locator("article")
    expect(letter).to_have_attribute("lang", walk.language)
    for number in HWB:
        expect(letter).to_contain_text(str(day(number).day))
    walk.glances()
    walk.goes_back()
    expect(walk.main.locator(".c-moves")).to_be_visible()


def camhs_disputes(story: BrowserStory) -> None:
    """The agency sees the same 41 days, replies, and disputes the mark of the second meeting."""
    desk = story.on(99, "clinician")
    figures_say_41_days(desk)
    desk.goes("Challenges")
    desk.at("Challenges")
    desk.hand.activates(desk.main.locator("table.c-figures th a").first)
    expect(desk.main.locator(".c-moves")).to_be_visible()
    desk.glances()
    desk.hand.activates(desk.main.locator("a[href*='/dispute/']").nth(1))
    expect(desk.main.locator("#why")).to_be_visible()
    desk.glances()
    desk.ticks("claims", "apologies")
    desk.types("why", "Apologies were telephoned.")
    desk.presses("Dispute the mark")
    expect(desk.main.locator(".c-contest")).to_have_count(1)
    desk.glances("disputed")
    moves(desk, "reply")
    desk.types("text", "A vacancy is filled from June.")
    desk.presses("Send the reply")
    expect(desk.main).to_contain_text("A vacancy is filled from June.")


def the_authority_rules(story: BrowserStory) -> None:
    """Somebody of neither party; the ruling stands beside the dispute, for both to read."""
    authority = story.on(100, "auditor")
    authority.goes("Challenges")
    authority.at("Challenges")
    authority.hand.activates(authority.main.locator("table.c-figures th a").first)
    expect(authority.main.locator(".c-contest")).to_have_count(1)
    authority.glances()
    authority.hand.activates(authority.main.locator("a[href*='/rule/']"))
    authority.at("Rule on the dispute")
    authority.ticks("ruling", "not_upheld")
    authority.types("reasons", "No such call is logged.")
    authority.presses("Record the ruling")
    expect(authority.main.locator(".c-contest")).to_contain_text("No such call is logged.")
    authority.glances("ruled")

    for username in ("alnco", "clinician"):
        reader = story.on(100, username)
        reader.goes("Challenges")
        reader.at("Challenges")
        reader.hand.activates(reader.main.locator("table.c-figures th a").first)
        expect(reader.main.locator(".c-contest")).to_contain_text("No such call is logged.")
        expect(reader.main.locator(".c-contest")).to_contain_text("Apologies were telephoned.")
        reader.glances("ruled")
