"""Steps 1, 2 and 5: the school takes its pupils in, refers, plans a meeting, and reports what it learned."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from uuid import UUID

from playwright.sync_api import expect

from tests.county import ALNCO, BOARD, CAMHS
from tests.intake.samples import HEADER, upn
from tests.journeys.walking import Walk
from tests.journeys.whole_story.story import (
    COUNSELLOR,
    HWB,
    NAME,
    NURSE,
    UPN,
    BrowserStory,
    day,
    opens_the_referral,
    takes_the_step,
    the_referral_says,
)

CONTACT = ("contact_name", "contact_relationship", "contact_parental_responsibility")
ROWS = (
    (UPN, "Gŵyn-Llŷr", "Siân", "2011-05-20", "F", "6994001", "cy", "idp_school", "ASD;SLCD",
     "Mair Gŵyn", "mother", "yes"),
    (upn(2), "Bevan", "Guto", "2011-06-21", "M", "6994001", "cy", "idp_school", "ASD", "", "", ""),
    ("A" + upn(3)[1:] if upn(3)[0] != "A" else "B" + upn(3)[1:],
     "Ellis", "Twm", "2012-01-02", "M", "6994001", "en", "no_aln", "", "", "", ""),
    (upn(4), '=HYPERLINK("x")', "Eve", "2012-01-02", "F", "6994001", "en", "no_aln", "", "", "", ""),
)  # fmt: skip


def the_pupils_come_in(story: BrowserStory, walk: Walk, folder: Path) -> None:
    """Two rows are bad; the preview says which and why, before anything is written."""
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows([(*HEADER, *CONTACT), *ROWS])
    file = folder / "export.csv"
    file.write_text(sheet.getvalue(), encoding="utf-8")
    walk.goes("Pupils")
    walk.at("Pupils")
    walk.follows("Import pupils")
    walk.at("Import pupils")
    walk.hand.hands_over(walk.page.locator("#file"), file)
    before = story.county.record.last_position()
    walk.presses("Preview the import")
    walk.at("What the file would do")
    walk.reads("Nothing is recorded yet.")
    walk.reads("The first letter of the unique pupil number does not fit the rest. Check the number.")
    walk.reads("A name may not begin with = + - or @: a spreadsheet would run it.")
    expect(walk.main.locator("tbody .c-tag--late")).to_have_count(2)
    assert story.county.record.last_position() == before
    walk.hand.activates(walk.main.locator(".c-note button"))
    walk.at("What the file did")
    assert story.county.record.last_position() > before
    walk.follows("Go to the pupils")
    walk.at("Pupils", "with pupils")
    expect(walk.main.locator("tbody tr")).to_have_count(2)
    story.pupil = story.county.record.pupils_by_upn([UPN])[UPN]


def the_parent_agrees(story: BrowserStory, walk: Walk) -> None:
    """Found by name as typed; the child's and the mother's words; the mother agrees, in her own."""
    walk.types("words", "sian")
    # with scripts the list has come already; sent as a whole, it is a page of its own
    with walk.page.expect_event("domcontentloaded"):
        walk.presses("Show")
    expect(walk.main.locator("tbody tr")).to_have_count(1)
    walk.glances("found")
    walk.goes_to(f"/pupils/{story.pupil}")
    expect(walk.page.locator("h1")).to_have_text(NAME)
    walk.glances()
    for whose, words in (("child", "Dwi ddim yn licio’r coridor."), ("parent", "Ers Blwyddyn 4.")):
        walk.follows("Enter what was said")
        walk.at("What was said")
        walk.ticks("whose", whose)
        walk.types("words", words)
        walk.ticks("language", "cy")
        walk.presses("Record")
        walk.reads("The words are recorded.")
    expect(walk.main.locator(".c-voice__words")).to_have_count(2)
    walk.follows("Record an answer")
    walk.at("Record an answer")
    walk.picks("agency", BOARD)
    walk.picks("service", CAMHS)
    walk.ticks("data_classes", "views")  # beside what every referral needs
    walk.ticks("answer", "given")
    walk.hand.ticks(walk.main.locator("input[name=who]").first)
    walk.ticks("authority", "parental_responsibility")
    walk.types("words", "Iawn, os bydd rhywun yn gwrando.")
    walk.hand.ticks(walk.main.locator("input[name=route]").first)
    walk.ticks("language", "cy")
    walk.presses("Record")
    walk.reads("The agreement is recorded.")
    walk.glances()
    walk.goes_back()
    expect(walk.page.locator("h1")).to_have_text(NAME)
    walk.glances("agreed")


def the_school_refers(story: BrowserStory, walk: Walk) -> None:
    """Immediate risk is asked first; what the service asks for is there, and what is missing is said."""
    walk.follows("Refer to a service")
    walk.at("Refer to a service")
    walk.presses("Continue")
    expect(walk.page.locator(".govuk-error-summary")).to_be_focused()
    walk.reads("Answer first whether anyone is at immediate risk.")
    walk.glances("not recorded")
    walk.ticks("immediate_risk", "yes")
    expect(walk.main.locator(".c-now")).to_be_visible()
    walk.ticks("immediate_risk", "no")
    expect(walk.main.locator(".c-now")).to_be_hidden()
    walk.ticks("service", CAMHS)
    walk.presses("Continue")
    walk.reads("An agreement is in force.")
    walk.glances("details")
    # what was said is on the record already; nobody has observed her in class
    asked = walk.main.locator("input[name=supplied]")
    expect(asked).to_have_count(3)
    assert asked.evaluate_all("boxes => boxes.filter(b => b.checked).map(b => b.value)") == [
        "parents_view",
        "childs_view",
    ]
    walk.types("reason", "Nid yw’n cysgu, ac mae’n osgoi’r ysgol.")
    walk.ticks("informed", "yes")
    walk.presses("Refer")
    expect(walk.main.locator(".c-done")).to_be_visible()
    expect(walk.main.locator(".c-asked__one--missing")).to_have_count(1)
    walk.glances("sent")
    story.referral = walk.page.url.split("/referrals/")[1][:36]


def the_first_hwb_is_planned(story: BrowserStory, walk: Walk) -> None:
    walk.goes("Meetings")
    walk.at("Meetings")
    walk.follows("Schedule a meeting")
    walk.at("Schedule a meeting")
    walk.types_day("held_on", day(HWB[0]))
    walk.types("starts_at", "13:30")
    walk.types("place", "Ystafell 4")
    walk.picks("chair", ALNCO)
    walk.presses("Schedule")
    walk.reads("The meeting is scheduled.")
    walk.glances("planned")
    story.meeting = UUID(walk.page.url.split("/meetings/")[1][:36])
    walk.follows("Invite")
    walk.at("Invite")
    for service in (CAMHS, NURSE, COUNSELLOR):
        walk.ticks("parties", service)
    walk.presses("Invite")
    walk.reads("The invitations are recorded.")
    she_is_on_the_agenda(story, walk)


def she_is_on_the_agenda(story: BrowserStory, walk: Walk) -> None:
    walk.follows("Change the agenda")
    walk.at("Agenda")
    walk.picks("pupil", story.pupil)
    walk.presses("Add")
    walk.reads("The pupil is on the agenda.")
    walk.glances("with a pupil")
    walk.presses("Record the agenda as sent")
    walk.reads("The agenda is recorded as sent.")


def the_school_reports_that_she_was_seen(story: BrowserStory) -> None:
    """On day 84 the school learns that she was seen on day 41, and reports it; CAMHS confirms it two days later."""
    walk = story.on(84, "alnco")
    walk.goes("Pupils")
    walk.at("Pupils", "with pupils")
    walk.goes_to(f"/pupils/{story.pupil}")
    expect(walk.page.locator("h1")).to_have_text(NAME)
    walk.glances("in the course of it")
    opens_the_referral(story, walk)
    takes_the_step(walk, "first_contact")
    walk.types_day("occurred_on", day(41))
    walk.types("reported_by", "The clinic’s secretary")
    walk.picks("reported_how", "telephone")
    walk.presses("Record")
    the_referral_says(walk, "first_contact")

    desk = story.on(86, "clinician")
    desk.goes_to("/inbox/reported?service=all")
    desk.at("Reports to confirm")
    desk.hand.ticks(desk.main.locator("input[name=entry]"))
    desk.presses("Confirm selected")
    desk.reads("You have no reports to confirm.")
    desk.glances("confirmed")
