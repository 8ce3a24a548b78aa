"""Steps 5 and 7: the figures, as they are and as they were known a month ago."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.walking import Walk
from tests.journeys.whole_story.story import BrowserStory


def everybody_sees_41_days(story: BrowserStory) -> None:
    """In the school's figures; the agency's and the county's come with the next steps."""
    walk = story.on(97, "alnco")
    figures_say_41_days(walk)


def figures_say_41_days(walk: Walk) -> None:
    """One wait ended, none goes on: 41 days against 28, and whose days they were."""
    walk.goes("Waiting times")
    walk.at("Waiting times")
    walk.hand.activates(walk.main.locator(".c-figures a[href*='service=CAMHS']").first)
    ended = walk.main.locator("[aria-labelledby=ended-1] tbody tr")
    expect(ended.first).to_be_visible()
    walk.glances("camhs")
    expect(ended.first.locator("td")).to_have_text("1")
    expect(ended.nth(2).locator("td")).to_contain_text("41")
    expect(walk.main.locator("[aria-labelledby=waiting-1] tbody tr").first.locator("td")).to_have_text("0")
    expect(walk.main.locator(".c-standard")).to_contain_text("28")
    expect(walk.main.locator(".c-verdict--late")).to_be_visible()
    assert whose_days(walk) == {"agency": 41}


def whose_days(walk: Walk) -> dict[str, int]:
    """The calendar days of the waits that ended, by party, from the table."""
    found: dict[str, int] = {}
    for row in walk.main.locator("table.c-whose tbody tr").all():
        party = row.locator("rect.c-party").get_attribute("class") or ""
        days = int(row.locator("td").first.inner_text())
        if days:
            found[party.rpartition("--")[2]] = days
    return found


def the_auditor_as_known_a_month_ago_and_today(story: BrowserStory) -> None:
    """What the school reported on day 84 was not known a month ago: then she still waited."""
    auditor = story.walks["auditor"]
    figures_say_41_days(auditor)
    auditor.follows("As known a month ago")
    ended = auditor.main.locator("[aria-labelledby=ended-1] tbody tr").first.locator("td")
    expect(ended).to_have_text(["0", "1"])
    waiting = auditor.main.locator("[aria-labelledby=waiting-1] tbody tr").first.locator("td")
    expect(waiting).to_have_text(["1", "0"])
    expect(auditor.main).not_to_contain_text("Siân")
    auditor.glances("a month ago")
