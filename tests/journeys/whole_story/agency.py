"""Step 3: the agency answers."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.whole_story.story import (
    BrowserStory,
    day,
    opens_the_referral,
    takes_the_step,
    the_referral_says,
)


def camhs_answers(story: BrowserStory) -> None:
    """Acknowledged on day 3, offered on day 20 with apologies for the Hwb, not brought, offered again."""
    desk = story.on(3, "clinician")
    desk.hand.ticks(desk.main.locator("input[name=referral]"))
    desk.presses("Acknowledge selected")
    expect(desk.main.locator(".c-done")).to_be_visible()
    desk.glances("acknowledged")

    story.on(20, "clinician")
    opens_the_referral(story, desk)
    takes_the_step(desk, "appointment_offered")
    desk.types_day("offered_1", day(27))
    desk.types("offered_1_at", "10:00")
    desk.presses("Record")
    the_referral_says(desk, "appointment_offered")
    desk.goes("Meetings")
    desk.at("Meetings")
    desk.goes_to(f"/meetings/{story.meeting}")
    expect(desk.main.locator(".c-seat").first).to_be_visible()
    desk.glances()
    apologies = desk.main.locator(".c-seat", has_text="CAMHS").or_(desk.main.locator(".c-seat"))
    desk.hand.ticks(apologies.locator("input[value=apologies]").first)
    desk.presses("Send the answer")
    desk.reads("Your answer is recorded.")

    story.on(28, "clinician")
    opens_the_referral(story, desk)
    takes_the_step(desk, "was_not_brought")
    desk.types_day("occurred_on", day(27))
    desk.presses("Record")
    the_referral_says(desk, "was_not_brought")
    takes_the_step(desk, "appointment_offered")
    desk.types_day("offered_1", day(41))
    desk.types("offered_1_at", "14:30")
    desk.presses("Record")
    the_referral_says(desk, "appointment_offered")
