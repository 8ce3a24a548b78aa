"""The main job as one story, steps 1 to 7, through the commands and the service on a real PostgreSQL.

One pupil of a small county: registered from the school's export, referred with her mother's agreement, acknowledged
on day 3, offered on day 20, not brought on day 27, seen on day 41; a year of Hwb meetings to which CAMHS did not come
often enough; the report, the challenge, the ruling; the auditor's two dates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg_pool import ConnectionPool

from coordination.challenge.commands import (
    ApproveChallenge,
    DisputeMark,
    RaiseAttendanceChallenge,
    ReplyToChallenge,
    RuleOnDispute,
    SendChallenge,
)
from coordination.directory.commands import AcceptTerms
from coordination.errors import Refusal
from coordination.event import Command
from coordination.meeting.commands import (
    AnswerInvitation,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    ScheduleMeeting,
)
from coordination.meeting.events import Mark, Party
from coordination.pupil.actions.decide import AgreeActionAtMeeting
from coordination.pupil.actions.events import Owner
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.minutes.decide import TakeMinute
from coordination.pupil.minutes.events import Dissent
from coordination.pupil.profile.commands import RecordViews
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    OpenReferral,
    RecordMilestone,
    ReportSource,
    SubmitReferral,
)
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role
from coordination.viewer import Viewer
from projections.attendance import queries as attended
from projections.challenges import queries as challenged
from projections.engine import Engine
from projections.reader import Reader
from projections.waiting_times import queries as waits
from scripts.cli.database import CommandSettings
from scripts.cli.main import main
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    AUTHORITY,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    HEAD,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    ROLES,
    SCHOOL,
    THERAPY,
    build,
    looks_for,
    order,
)

DAY0 = date(2025, 3, 3)
REFERRAL = UUID(int=0xD1)
UPN = "A699400125001"
PUPILS = f"""upn,surname,forename,date_of_birth,sex,school_number,language,provision,needs,contact_name,\
contact_relationship,contact_parental_responsibility
{UPN},Gŵyn-Llŷr,Siân,2011-05-20,F,6994001,cy,idp_school,ASD;SLCD,Mair Gŵyn,mother,yes
B699400125002,Bevan,Guto,2011-06-21,M,6994001,cy,idp_school,ASD,,,
D699400125003,=HYPERLINK("x"),Eve,2012-01-02,F,6994001,en,no_aln,,,,
"""


def day(number: int) -> date:
    return DAY0 + timedelta(days=number)


class CountyStory:
    """The county and the people who act in it."""

    def __init__(self, database: str, data: Path) -> None:
        self.database = database
        self.data = data
        self.record = Record(as_role(database, "cydlynu_append"), load_or_make(data / "keys.json"))
        self.service = build(Coordination(self.record))
        self.pool: Any = ConnectionPool(as_role(database, "cydlynu_read"), min_size=1, max_size=2, open=True)
        self.reader = Reader(self.pool)
        self.pupil = UUID(int=0)
        self.today = DAY0

    def close(self) -> None:
        self.pool.close()
        self.record.close()

    def cydlynu(self, *words: str) -> tuple[int, str]:
        """The command as an operator gives it: its exit status and what it printed."""
        clock = datetime.combine(self.today, time(8), UTC)
        settings = CommandSettings(self.data, self.database, self.data / "keys.json", now=lambda: clock)
        with redirect_stdout(StringIO()) as printed:
            status = main(words, settings)
        return status, printed.getvalue()

    def say(self, person: UUID, command: Command, on: date, **more: Any) -> Any:
        return self.service.perform(command, order(person, on, **more))

    def catch_up(self) -> None:
        engine = Engine(self.database, self.record.outer)
        engine.catch_up()
        engine.close()

    def viewer(self, person: UUID, today: date) -> Viewer:
        at, role = ROLES[person]
        return Viewer(person=person, organisation=at, role=role, today=today, services=looks_for(person))


@pytest.fixture
def story(database: str, tmp_path: Path) -> Iterator[CountyStory]:
    told = CountyStory(database, tmp_path)
    yield told
    told.close()


def test_the_story(story: CountyStory, tmp_path: Path) -> None:
    register_from_the_export(story, tmp_path)
    agree_and_refer(story)
    camhs_answers(story)
    hold_the_meetings(story)
    read_the_waiting_times(story)
    challenge_the_attendance(story)
    audit_as_known_then_and_now(story)


def register_from_the_export(story: CountyStory, tmp_path: Path) -> None:
    """Step 1: two rows are bad, and the preview says which and why before anything is written."""
    export = tmp_path / "export.csv"
    export.write_text(PUPILS, encoding="utf-8")
    before = story.record.last_position()
    status, printed = story.cydlynu("import", "pupils", str(export), "--preview")
    assert status == 2
    assert "upn_check_letter" in printed
    assert "formula_in_name" in printed
    assert story.record.last_position() == before
    assert story.record.pupils_by_upn([UPN]) == {}
    status, printed = story.cydlynu("import", "pupils", str(export))
    assert status == 2
    assert "Gŵyn" not in printed
    story.pupil = story.record.pupils_by_upn([UPN])[UPN]


def agree_and_refer(story: CountyStory) -> None:
    """Step 2: agreement in the parent's own words; immediate risk asked first; what is missing is said."""
    on: dict[str, Any] = {"occurred_on": DAY0, "pupil": story.pupil}
    case = story.service.batch().state(PUPIL_STREAM, story.pupil)
    mother = case.profile.contacts[0]
    assert mother.parental_responsibility
    for whose, words, contact in (
        ("child", "Dwi ddim yn licio'r coridor.", None),
        ("parent", "We have been asking since Year 4.", mother.contact),
    ):
        story.say(ALNCO, RecordViews(whose=whose, words=words, language="cy", contact=contact, **on), DAY0)
    opened = OpenReferral(referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=True, **on)
    with pytest.raises(Refusal, match="immediate_risk_untold"):
        story.say(ALNCO, opened, DAY0)
    opened = OpenReferral(referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=False, **on)
    story.say(ALNCO, opened, DAY0)
    story.say(ALNCO, RecordMilestone(referral=REFERRAL, milestone="decided", **on), DAY0)
    submit = SubmitReferral(referral=REFERRAL, supplied=("parents_view", "childs_view"), **on)
    with pytest.raises(Refusal, match="disclosure_without_basis"):
        story.say(ALNCO, submit, DAY0)
    story.say(
        ALNCO,
        GiveConsent(
            consent=UUID(int=0xE1),
            agency=BOARD,
            service=CAMHS,
            authority="parental_responsibility",
            contact=mother.contact,
            words="Iawn, os bydd rhywun yn gwrando.",
            **on,
        ),
        DAY0,
    )
    story.say(ALNCO, submit, DAY0)
    case = story.service.batch().state(PUPIL_STREAM, story.pupil)
    assert case.referrals[REFERRAL].missing == ("school_observation",)


def camhs_answers(story: CountyStory) -> None:
    """Step 3: one of the milestones is reported by the school and confirmed by CAMHS."""
    steps = ((0, "received"), (3, "acknowledged"), (20, "appointment_offered"), (27, "was_not_brought"))
    for number, name in (*steps, (28, "appointment_offered"), (41, "first_contact")):
        said: dict[str, Any] = {
            "occurred_on": day(number),
            "pupil": story.pupil,
            "referral": REFERRAL,
            "milestone": name,
        }
        if name != "first_contact":
            story.say(CLINICIAN, RecordMilestone(**said), day(number))
            continue
        reported = ReportSource(by="the clinic's secretary", how="telephone", on=day(42))
        receipt = story.say(ALNCO, RecordMilestone(reported=reported, **said), day(42))
        confirm = ConfirmMilestone(
            occurred_on=day(45), pupil=story.pupil, referral=REFERRAL, milestone=receipt.version
        )
        story.say(CLINICIAN, confirm, day(45))


def hold_the_meetings(story: CountyStory) -> None:
    """Step 4: the nurse's and counsellor's places are taken by therapy and psychology of this small county; CAMHS
    sends apologies once and nobody twice; minutes with a dissent, two actions, finalised."""
    terms = ((BOARD, CAMHS), (BOARD, THERAPY), (EDUCATION, PSYCHOLOGY))
    for number, (agency, service) in enumerate(terms):
        accept = AcceptTerms(
            occurred_on=DAY0,
            organisation=agency,
            terms=UUID(int=0xF0 + number),
            service=service,
            school=SCHOOL,
            effective_from=DAY0,
            notice_working_days=5,
        )
        story.say(ADMINISTRATOR, accept, DAY0, source="command_line", on_behalf_of=agency)
    for number, (held, camhs) in enumerate(((30, "apologies"), (60, "absent"), (90, "absent"))):
        hold_a_meeting(story, UUID(int=0x100 + number), day(held), camhs)


def minute_her(story: CountyStory, meeting: UUID, held: date) -> None:
    """What was said and decided, a dissent, and two actions."""
    minute = UUID(int=meeting.int + 0x1000)
    taken = TakeMinute(
        occurred_on=held,
        meeting=meeting,
        pupil=story.pupil,
        minute=minute,
        services_present=(THERAPY, PSYCHOLOGY),
        discussion="Mae'r boreau'n well.",
        decision="Keep the plan.",
        dissent=(Dissent(service=PSYCHOLOGY, text="We would see her sooner."),),
    )
    story.say(ALNCO, taken, held)
    for number, what in enumerate(("Telephone the family", "Ask for the date")):
        action = AgreeActionAtMeeting(
            occurred_on=held,
            meeting=meeting,
            pupil=story.pupil,
            action=UUID(int=minute.int * 16 + number),
            what=what,
            minute=minute,
            owner=Owner(organisation=SCHOOL, person=ALNCO),
            due_on=held + timedelta(days=14),
        )
        story.say(ALNCO, action, held)


def hold_a_meeting(story: CountyStory, meeting: UUID, held: date, camhs: Mark) -> None:
    arranged = held - timedelta(days=20)
    scheduled = ScheduleMeeting(
        occurred_on=arranged,
        meeting=meeting,
        school=SCHOOL,
        held_on=held,
        starts_at=time(13, 30),
        chair=ALNCO,
    )
    story.say(ALNCO, scheduled, arranged)
    marks: tuple[tuple[UUID, UUID, Mark], ...] = (
        (BOARD, CAMHS, camhs),
        (BOARD, THERAPY, "attended"),
        (EDUCATION, PSYCHOLOGY, "attended"),
    )
    for agency, service, _ in marks:
        party = Party(organisation=agency, service=service)
        story.say(ALNCO, Invite(occurred_on=arranged, meeting=meeting, party=party), arranged)
    if camhs == "apologies":
        answer = AnswerInvitation(occurred_on=arranged, meeting=meeting, party=CAMHS, answer="apologies")
        story.say(CLINICIAN, answer, arranged)
    for agency, service, mark in marks[1:]:
        party = Party(organisation=agency, service=service)
        story.say(ALNCO, MarkPresence(occurred_on=held, meeting=meeting, party=party, mark=mark), held)
    minute_her(story, meeting, held)
    finalise = FinaliseMeeting(occurred_on=held, meeting=meeting)
    with pytest.raises(Refusal, match="not_complete"):
        story.say(ALNCO, finalise, held)
    mark_camhs = MarkPresence(
        occurred_on=held, meeting=meeting, party=Party(organisation=BOARD, service=CAMHS), mark=camhs
    )
    story.say(ALNCO, mark_camhs, held)
    story.say(ALNCO, finalise, held)


def read_the_waiting_times(story: CountyStory) -> None:
    """Step 5: 41 days unadjusted against 28, in the agency's, the school's and the county's figures."""
    story.catch_up()
    story.today = day(100)
    status, printed = story.cydlynu(
        "report", "waiting-times", "--service", "CAMHS", "--as-of", day(100).isoformat(), "--format", "json"
    )
    assert status == 0
    group = json.loads(printed)["groups"][0]
    assert (group["completed"]["count"], group["completed"]["within_standard"]) == (1, 0)
    assert group["completed"]["median_days"] == 41
    assert group["waiting"]["count"] == 0
    assert json.loads(printed)["unconfirmed"] == 0
    ask = waits.WaitingTimesCriteria(service="CAMHS", as_of=day(100))
    for person in (ALNCO, CLINICIAN, AUDITOR):
        viewer = story.viewer(person, day(100))
        found = waits.report(story.reader, viewer, story.service.directory(), ask)
        assert found.groups[0].completed.median_days == 41
        days = waits.whose_days(story.reader, viewer, story.service.directory(), ask)
        assert days["CAMHS"]["completed"]["agency"] == 41


def challenge_the_attendance(story: CountyStory) -> None:
    """Step 6: the rule is met; raised, approved by the head, sent; one mark disputed, and ruled on."""
    on = day(95)
    challenge, dispute = UUID(int=0x200), UUID(int=0x201)
    viewer = story.viewer(ALNCO, on)
    figures = attended.report(
        story.reader, viewer, story.service.directory(), attended.AttendanceCriteria(as_of=on)
    )
    camhs = next(g for g in figures.groups if g.key == "CAMHS")
    assert (camhs.expected, camhs.attended, camhs.apologies, camhs.absent) == (3, 0, 1, 2)
    evidence = attended.attendance_evidence(story.reader, viewer, SCHOOL, CAMHS, on)
    assert evidence.met
    raised = RaiseAttendanceChallenge(
        occurred_on=on, challenge=challenge, school=SCHOOL, service=CAMHS, marks=evidence.marks
    )
    story.say(ALNCO, raised, on)
    with pytest.raises(Refusal):
        story.say(ALNCO, SendChallenge(occurred_on=on, challenge=challenge), on)
    story.say(HEAD, ApproveChallenge(occurred_on=on, challenge=challenge), on)
    story.say(ALNCO, SendChallenge(occurred_on=on, challenge=challenge), on)
    reply = ReplyToChallenge(occurred_on=on, challenge=challenge, text="A vacancy is filled from May.")
    with pytest.raises(Refusal):
        story.say(PSYCHOLOGIST, reply, on)
    story.say(CLINICIAN, reply, on)
    absent = next(m for m in evidence.marks if m.mark == "absent")
    disputed = DisputeMark(
        occurred_on=on,
        challenge=challenge,
        dispute=dispute,
        of_meeting=absent.meeting,
        mark_version=absent.version,
        why="Apologies were telephoned.",
        claims="apologies",
    )
    story.say(CLINICIAN, disputed, on)
    ruling = RuleOnDispute(
        occurred_on=on,
        challenge=challenge,
        dispute=dispute,
        ruling="not_upheld",
        reasons="No such call is logged.",
    )
    for party in (ALNCO, CLINICIAN):
        with pytest.raises(Refusal, match="ruling_by_a_party"):
            story.say(party, ruling, on)
    story.say(AUDITOR, ruling, on)
    story.catch_up()
    dossier = challenged.dossier(story.reader, viewer, story.service.directory(), challenge)
    assert dossier is not None
    assert dossier.disputes[0].ruling == "not_upheld"


def audit_as_known_then_and_now(story: CountyStory) -> None:
    """Step 7: a month before she was seen was known, the same day's report still shows her waiting."""
    then = datetime.combine(day(41), time(18), UTC)
    viewer = story.viewer(AUDITOR, day(100))
    asked = waits.WaitingTimesCriteria(service="CAMHS", as_of=day(41), known_at=then)
    found = waits.report(story.reader, viewer, story.service.directory(), asked)
    assert (found.groups[0].completed.count, found.groups[0].waiting.longest_days) == (0, 41)
    now = waits.WaitingTimesCriteria(service="CAMHS", as_of=day(41))
    found = waits.report(story.reader, viewer, story.service.directory(), now)
    assert (found.groups[0].completed.count, found.groups[0].waiting.count) == (1, 0)
    assert viewer.organisation == AUTHORITY
