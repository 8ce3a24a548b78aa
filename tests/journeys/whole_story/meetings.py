"""Step 4: three meetings, the second and the third of them alike."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from playwright.sync_api import expect

from coordination.event import Command
from coordination.meeting.commands import (
    AddAgendaItem,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    ScheduleMeeting,
)
from coordination.meeting.events import Mark, Party
from coordination.pupil.minutes.decide import TakeMinute
from tests.county import ALNCO, BOARD, CAMHS, HEAD, SCHOOL, order
from tests.journeys.walking import Walk
from tests.journeys.whole_story.school import she_is_on_the_agenda
from tests.journeys.whole_story.story import COUNSELLOR, HWB, NAME, NURSE, BrowserStory, day
from tests.webui.referring import settled


def the_first_hwb(story: BrowserStory) -> None:
    walk = story.on(HWB[0], "alnco")
    walk.goes("Meetings")
    walk.at("Meetings", "on the day")
    a_hwb(story, walk, "apologies")


def the_next_hwb(story: BrowserStory, number: int) -> None:
    """CAMHS sends nobody, and says nothing."""
    if not story.variant.whole:
        a_hwb_by_commands(story, number)
        return
    walk = story.walks["alnco"]
    before = story.site.clock.at.date()
    if before != day(HWB[number - 1]):
        walk = story.on(HWB[number - 1] + 1, "alnco")
    walk.goes("Meetings")
    walk.at("Meetings", "with one held")
    walk.follows("Schedule the next meeting")
    walk.at("Schedule the next meeting")
    # everything is as it was: the same weekday of the month, the same place, the same services
    expect(walk.page.locator("#held_on-day")).to_have_value(str(day(HWB[number]).day))
    expect(walk.page.locator("#held_on-month")).to_have_value(str(day(HWB[number]).month))
    walk.presses("Schedule")
    walk.reads("The meeting is scheduled.")
    story.meeting = UUID(walk.page.url.split("/meetings/")[1][:36])
    she_is_on_the_agenda(story, walk)
    walk = story.on(HWB[number], "alnco")
    walk.goes("Meetings")
    walk.at("Meetings", "on the day")
    a_hwb(story, walk, "absent")


def a_hwb(story: BrowserStory, walk: Walk, camhs: Mark) -> None:
    """The register, the minute with a dissent and two actions, what is missing, and the final minutes. `camhs` is its
    mark: apologies that it sent beforehand, or absent."""
    walk.goes_to(f"/meetings/{story.meeting}")
    expect(walk.main.locator("#agenda")).to_be_visible()
    walk.glances("on the day")
    walk.follows("Take the register")
    walk.at("The register")
    if camhs == "apologies":  # as it said beforehand
        expect(walk.main.locator(f"input[name=mark_{CAMHS.hex}][value=apologies]")).to_be_checked()
    walk.ticks(f"mark_{ALNCO.hex}", "attended")
    walk.ticks(f"mark_{NURSE.hex}", "attended")
    walk.ticks(f"mark_{COUNSELLOR.hex}", "attended")
    walk.presses("Save the register")
    walk.reads("The register is saved.")
    walk.follows("Write the minute")
    expect(walk.page.locator("h1")).to_have_text(NAME)
    walk.glances()
    walk.types("discussion", "Mae’r boreau’n well.")
    walk.types("decision", "Keep the plan.")
    walk.opens("A service does not agree")
    walk.types(f"dissent_{COUNSELLOR.hex}", "We would see her sooner.")
    walk.types("what_1", "Telephone the family")
    walk.picks("owner_1", f"person {HEAD}")
    walk.types_day("due_on_1", walk.site.clock.at.date() + timedelta(days=14))
    walk.hand.activates(walk.main.locator("details.c-action summary").nth(1))
    walk.types("what_2", "Ask for the date")
    walk.presses("Save and continue")
    walk.reads("The minute is saved.")
    walk.glances("minuted")
    walk.follows("Check and finalise")
    walk.at("Check and finalise")
    # the second action is nobody's yet; and where CAMHS did not apologise, nobody has said that it did not come
    gaps = walk.main.locator(".c-checks--gap a")
    expect(gaps).to_have_count(2 if camhs == "apologies" else 3)
    walk.presses("Finalise the minutes")
    expect(walk.page.locator(".govuk-error-summary")).to_be_focused()
    walk.glances("gaps")
    walk.follows("Set owner and due date")
    walk.picks("owner", f"service {NURSE}")
    walk.types_day("due_on", walk.site.clock.at.date() + timedelta(days=7))
    walk.glances()
    walk.presses("Save")
    walk.reads("The owner and due date are saved.")
    if camhs != "apologies":
        walk.follows("Take the register")
        walk.at("The register", "again")
        walk.ticks(f"mark_{CAMHS.hex}", camhs)
        walk.presses("Save the register")
        walk.reads("The register is saved.")
    walk.follows("Check and finalise")
    walk.reads("Ready to finalise.")
    walk.presses("Finalise the minutes")
    walk.reads("The minutes are final.")
    walk.glances("final")


def a_hwb_by_commands(story: BrowserStory, number: int) -> None:
    """A repeated Hwb as its pages would record it."""
    held, asked = day(HWB[number]), day(HWB[number - 1] + 1)
    meeting, minute = UUID(int=0x100 + number), UUID(int=0x200 + number)
    parties = [Party(organisation=BOARD, service=service) for service in (CAMHS, NURSE, COUNSELLOR)]
    marks: tuple[Mark, ...] = ("absent", "attended", "attended")
    scheduled = ScheduleMeeting(
        occurred_on=asked,
        meeting=meeting,
        school=SCHOOL,
        held_on=held,
        starts_at=time(13, 30),
        chair=ALNCO,
        series=UUID(int=0x99),
    )
    on_agenda = AddAgendaItem(
        occurred_on=asked, meeting=meeting, item=UUID(int=0x300 + number), about=story.pupil
    )
    taken = TakeMinute(
        occurred_on=held,
        meeting=meeting,
        pupil=story.pupil,
        minute=minute,
        item=on_agenda.item,
        services_present=(NURSE, COUNSELLOR),
        decision="Keep the plan.",
    )
    commands: list[Command] = [
        scheduled,
        *(Invite(occurred_on=asked, meeting=meeting, party=party) for party in parties),
        on_agenda,
        *(
            MarkPresence(occurred_on=held, meeting=meeting, party=party, mark=mark)
            for party, mark in zip(parties, marks, strict=True)
        ),
        taken,
        FinaliseMeeting(occurred_on=held, meeting=meeting),
    ]
    story.meeting = meeting
    for command in commands:
        story.county.perform(command, order(ALNCO, command.occurred_on, hour=15))
    settled(story.site, story.county)
