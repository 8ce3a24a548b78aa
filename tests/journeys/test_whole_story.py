"""The main job as one story, walked in a browser over a hundred days by an ALNCo, a clinician, a head teacher and the
county's auditor: in English and in Welsh, without scripts, by keyboard alone, and in a window of 320 pixels.

The first Hwb is walked in every variant. The second and the third are walked in the English one; in the others they
come on the record by the same commands as the pages give (`a_hwb_by_commands`), because they are the same pages again.
tests/story/test_story.py tells the same story without a browser.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from playwright.sync_api import Locator, expect

from coordination.directory.commands import AcceptTerms, OpenService
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
from coordination.service import Coordination
from tests.county import ADMINISTRATOR, ALNCO, BOARD, CAMHS, HEAD, SCHOOL, START, order
from tests.intake.samples import HEADER, upn
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import LOCALES, Keyboard, Walk
from tests.webui.county_site import county_on
from tests.webui.referring import settled

pytestmark = pytest.mark.browser

DAY0 = date(2025, 3, 4)  # a Tuesday
HWB = (30, 58, 93)  # the first Thursdays of April, May and June: what the pages propose, one after the other
NURSE, COUNSELLOR = UUID(int=0x74), UUID(int=0x75)
UPN = upn(1)
NAME = "Siân Gŵyn-Llŷr"
CONTACT = ("contact_name", "contact_relationship", "contact_parental_responsibility")
ROWS = (
    (UPN, "Gŵyn-Llŷr", "Siân", "2011-05-20", "F", "6994001", "cy", "idp_school", "ASD;SLCD",
     "Mair Gŵyn", "mother", "yes"),
    (upn(2), "Bevan", "Guto", "2011-06-21", "M", "6994001", "cy", "idp_school", "ASD", "", "", ""),
    ("A" + upn(3)[1:] if upn(3)[0] != "A" else "B" + upn(3)[1:],
     "Ellis", "Twm", "2012-01-02", "M", "6994001", "en", "no_aln", "", "", "", ""),
    (upn(4), '=HYPERLINK("x")', "Eve", "2012-01-02", "F", "6994001", "en", "no_aln", "", "", "", ""),
)  # fmt: skip


class Variant(msgspec.Struct, frozen=True):
    """How the story is walked. `whole`: the repeated meetings too; `pictures` of every page in tests/artefacts."""

    language: str
    width: int = 1280
    scripts: bool = True
    keyboard: bool = False
    whole: bool = False
    pictures: bool = False


VARIANTS = {
    "english": Variant("en", whole=True, pictures=True),
    "welsh": Variant("cy", pictures=True),
    "no-scripts": Variant("en", scripts=False),
    "keyboard": Variant("en", keyboard=True),
    "narrow": Variant("cy", width=320, pictures=True),
}


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
        )


@pytest.fixture
def county(site: ServedService) -> Iterator[Coordination]:
    """The small county with a school nurse and a counsellor; they and CAMHS accepted to come to the school's Hwb."""
    site.clock.at = datetime.combine(DAY0, time(8), UTC)
    with county_on(site) as coordination:
        administrator = order(ADMINISTRATOR, START, source="command_line")
        for service, code, profession in (
            (NURSE, "NURSE", "school_nursing"),
            (COUNSELLOR, "COUNSEL", "counselling"),
        ):
            opened = OpenService(
                occurred_on=START,
                organisation=BOARD,
                service=service,
                code=code,
                profession=profession,
                open_from=START,
            )
            coordination.perform(opened, msgspec.structs.replace(administrator, command_id=f"open {code}"))
        for number, service in enumerate((CAMHS, NURSE, COUNSELLOR)):
            accepted = AcceptTerms(
                occurred_on=START,
                organisation=BOARD,
                terms=UUID(int=0xE900 + number),
                service=service,
                school=SCHOOL,
                effective_from=START,
                notice_working_days=5,
            )
            coordination.perform(accepted, order(ADMINISTRATOR, START, on_behalf_of=BOARD))
        settled(site, coordination)
        yield coordination


@pytest.mark.parametrize("name", VARIANTS)
def test_the_whole_story(
    site: ServedService, county: Coordination, new_page: NewPage, tmp_path: Path, name: str
) -> None:
    story = BrowserStory(site, county, new_page, name, VARIANTS[name])
    alnco = story.on(0, "alnco")
    the_pupils_come_in(story, alnco, tmp_path)
    the_parent_agrees(story, alnco)
    the_school_refers(story, alnco)
    the_first_hwb_is_planned(story, alnco)
    camhs_answers(story)
    the_first_hwb(story)
    the_next_hwb(story, 1)
    the_school_reports_that_she_was_seen(story)
    the_next_hwb(story, 2)
    everybody_sees_41_days(story)
    a_challenge_is_raised_and_sent(story)
    camhs_disputes(story)
    the_authority_rules(story)
    the_auditor_as_known_a_month_ago_and_today(story)


# Step 1


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


# Step 2


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


# Step 3


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


# Step 4


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


# Step 5


def everybody_sees_41_days(story: BrowserStory) -> None:
    """In the school's figures; the agency's and the county's come with the next steps."""
    walk = story.on(97, "alnco")
    figures_say_41_days(walk)


def figures_say_41_days(walk: Walk) -> None:
    """One wait ended, none goes on: 41 days against 28, and whose days they were."""
    walk.goes("Waiting times")
    walk.at("Waiting times")
    walk.hand.activates(walk.main.locator(".c-figures a[href*='service=CAMHS']").first)
    ended = walk.main.locator("[aria-labelledby=ended] tbody tr")
    expect(ended.first).to_be_visible()
    walk.glances("camhs")
    expect(ended.first.locator("td")).to_have_text("1")
    expect(ended.nth(2).locator("td")).to_contain_text("41")
    expect(walk.main.locator("[aria-labelledby=waiting] tbody tr").first.locator("td")).to_have_text("0")
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


# Step 6


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


# Step 7


def the_auditor_as_known_a_month_ago_and_today(story: BrowserStory) -> None:
    """What the school reported on day 84 was not known a month ago: then she still waited."""
    auditor = story.walks["auditor"]
    figures_say_41_days(auditor)
    auditor.follows("As known a month ago")
    ended = auditor.main.locator("[aria-labelledby=ended] tbody tr").first.locator("td")
    expect(ended).to_have_text(["0", "1"])
    waiting = auditor.main.locator("[aria-labelledby=waiting] tbody tr").first.locator("td")
    expect(waiting).to_have_text(["1", "0"])
    expect(auditor.main).not_to_contain_text("Siân")
    auditor.glances("a month ago")
