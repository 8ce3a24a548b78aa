"""A pupil's case in the small county, made through the real commands: two agencies, a move, a meeting, an action."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from coordination.event import Command
from coordination.meeting.commands import Invite, MarkPresence, ScheduleMeeting
from coordination.meeting.events import Party
from coordination.pupil.actions.decide import AgreeAction
from coordination.pupil.actions.events import Owner
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent, RecordLawfulBasis, RequestConsent
from coordination.pupil.minutes.decide import TakeMinute
from coordination.pupil.profile.commands import MovePupil, RecordLanguageWish, RecordViews
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    OpenReferral,
    RecordMilestone,
    ReportSource,
    SubmitReferral,
)
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.reader import Reader
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
    MOTHER,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    ROLES,
    SCHOOL,
    looks_for,
    operator_order,
    order,
    register,
)
from tests.projections.replays import engine_on, fresh_county
from tests.readers import readers

SECOND = UUID(int=0xB2)
SECOND_UPN = "E670200126001"
TO_CAMHS, TO_PSYCHOLOGY = UUID(int=0xD1), UUID(int=0xD2)
AGREED_CAMHS, AGREED_EDUCATION, ASKED = UUID(int=0xE1), UUID(int=0xE2), UUID(int=0xE3)
FOR_CAMHS, FOR_SCHOOL = UUID(int=0xAC1), UUID(int=0xAC2)
MEETING, MINUTE = UUID(int=0xED1), UUID(int=0xED2)

DAY0 = date(2025, 2, 3)
TODAY = date(2025, 3, 20)
AGENCY_OF = {CAMHS: BOARD, PSYCHOLOGY: EDUCATION}


def day(number: int) -> date:
    """So many calendar days after the referrals were sent."""
    return DAY0 + timedelta(days=number)


def viewer(person: UUID, today: date = TODAY, role: str | None = None) -> Viewer:
    organisation, own = ROLES[person]
    return Viewer(
        person=person,
        organisation=organisation,
        role=role or own,
        today=today,
        services=looks_for(person),
    )


def viewers(today: date = TODAY) -> dict[str, Viewer]:
    """Everybody who may look, by a name."""
    nobody = UUID(int=0)
    people = {
        "alnco": ALNCO,
        "head": HEAD,
        "other_alnco": OTHER_ALNCO,
        "clinician": CLINICIAN,
        "psychologist": PSYCHOLOGIST,
        "auditor": AUDITOR,
        "administrator": ADMINISTRATOR,
    }
    return {
        **{name: viewer(person, today) for name, person in people.items()},
        "teacher": viewer(ALNCO, today, role="class_teacher"),
        "school_administrator": viewer(ALNCO, today, role="administrator"),
        "far_auditor": Viewer(person=nobody, organisation=UUID(int=0x29), role="auditor", today=today),
        "caseworker": Viewer(person=nobody, organisation=AUTHORITY, role="la_caseworker", today=today),
        "operator": Viewer(person=nobody, organisation=nobody, role="operator", today=today, operator=True),
    }


class RecordedCase:
    """The service, and commands as sentences: who, on which day, what."""

    def __init__(self, service: Coordination) -> None:
        self.service = service

    def does(self, person: UUID, on: date, command: type[Command], **fields: Any) -> None:
        self.service.perform(command(occurred_on=on, **fields), order(person, on))

    def version(self, pupil: UUID = PUPIL) -> int:
        """Of the last event on a pupil's stream."""
        return int(self.service.batch().state(PUPIL_STREAM, pupil).version)

    def agrees(self, consent: UUID, agency: UUID, on: date, pupil: UUID = PUPIL, **to: Any) -> None:
        """The mother agrees that the school refers: to CAMHS or to the psychologists, unless another is named."""
        given: dict[str, Any] = {
            "authority": "parental_responsibility",
            "contact": MOTHER,
            "route": "verbal",
            **(to or {"service": CAMHS if agency == BOARD else PSYCHOLOGY}),
        }
        self.does(ALNCO, on, GiveConsent, pupil=pupil, consent=consent, agency=agency, words="Iawn.", **given)

    def opens(self, referral: UUID, service: UUID, on: date, pupil: UUID = PUPIL, **more: Any) -> None:
        known = {"school": SCHOOL, "immediate_risk": False, "reason": "Nid yw’n cysgu.", **more}
        known.setdefault("second_referral", True)
        self.does(ALNCO, on, OpenReferral, pupil=pupil, referral=referral, service=service, **known)

    def sends(self, referral: UUID, on: date, pupil: UUID = PUPIL, **more: Any) -> None:
        more.setdefault("second_referral", True)
        self.does(ALNCO, on, SubmitReferral, pupil=pupil, referral=referral, **more)

    def refers(self, referral: UUID, service: UUID, on: date, pupil: UUID = PUPIL, **more: Any) -> None:
        self.opens(referral, service, on, pupil, **more)
        self.sends(referral, on, pupil)

    def says(self, person: UUID, referral: UUID, milestone: str, on: date, **more: Any) -> int:
        """A milestone in one's own name; its version."""
        pupil = more.pop("pupil", PUPIL)
        self.does(person, on, RecordMilestone, pupil=pupil, referral=referral, milestone=milestone, **more)
        return self.version(pupil)

    def reports(self, referral: UUID, milestone: str, on: date, **more: Any) -> int:
        """A milestone as the school was told of it by telephone; its version."""
        told = ReportSource(by="the secretary", how="telephone", on=on)
        return self.says(ALNCO, referral, milestone, on, reported=told, **more)

    def confirms(self, person: UUID, referral: UUID, milestone: int, on: date) -> None:
        self.does(person, on, ConfirmMilestone, pupil=PUPIL, referral=referral, milestone=milestone)

    def contests(self, person: UUID, referral: UUID, milestone: int, on: date) -> None:
        self.does(
            person, on, ContestMilestone, pupil=PUPIL, referral=referral, milestone=milestone, why="Not so."
        )

    def moves(self, on: date, pupil: UUID = PUPIL) -> None:
        """From the one school to the other."""
        move = MovePupil(occurred_on=on, pupil=pupil, from_school=SCHOOL, to_school=OTHER_SCHOOL)
        self.service.perform(move, operator_order(OTHER_SCHOOL, on))


def told(service: Coordination) -> RecordedCase:
    """The whole story up to the day before TODAY.

    CAMHS: received on day 0 (28 days), acknowledged on 3, offered on 20 as the school reports and CAMHS confirms, not
    brought on 27 as the school reports, contested; offered again on 30 as the school reports, unanswered.
    Psychology: received on day 1, no standard. Both agencies agreed to; a third question is unanswered.
    """
    case = RecordedCase(service)
    register(service)
    register(service, SECOND, SECOND_UPN)
    case.does(ALNCO, day(-7), RecordLanguageWish, pupil=PUPIL, language="cy")
    case.does(
        ALNCO, day(-7), RecordViews, pupil=PUPIL, whose="child", language="cy", words="Dw i wedi blino."
    )
    case.agrees(AGREED_CAMHS, BOARD, DAY0)
    case.agrees(AGREED_EDUCATION, EDUCATION, DAY0)
    case.does(ALNCO, DAY0, RecordLawfulBasis, pupil=PUPIL, agency=BOARD, basis="public_task")
    case.opens(TO_CAMHS, CAMHS, DAY0, priority="priority")
    case.sends(TO_CAMHS, DAY0, supplied=("parents_view",))
    case.says(CLINICIAN, TO_CAMHS, "received", DAY0)
    case.refers(TO_PSYCHOLOGY, PSYCHOLOGY, day(1))
    case.says(PSYCHOLOGIST, TO_PSYCHOLOGY, "received", day(1))
    case.says(CLINICIAN, TO_CAMHS, "acknowledged", day(3))
    confirmed = case.reports(TO_CAMHS, "appointment_offered", day(20))
    case.confirms(CLINICIAN, TO_CAMHS, confirmed, day(21))
    contested = case.reports(TO_CAMHS, "was_not_brought", day(27))
    case.contests(CLINICIAN, TO_CAMHS, contested, day(28))
    case.reports(TO_CAMHS, "appointment_offered", day(30))
    asked = {"pupil": PUPIL, "consent": ASKED, "agency": EDUCATION, "purpose": "meeting", "contact": MOTHER}
    case.does(ALNCO, day(31), RequestConsent, **asked)
    case.does(
        ALNCO,
        day(31),
        AgreeAction,
        pupil=PUPIL,
        action=FOR_CAMHS,
        what="Write to the mother",
        owner=Owner(organisation=BOARD, service=CAMHS),
        due_on=day(40),
    )
    case.does(
        ALNCO,
        day(31),
        AgreeAction,
        pupil=PUPIL,
        action=FOR_SCHOOL,
        what="Ask again",
        owner=Owner(organisation=SCHOOL, person=ALNCO),
        due_on=day(49),
    )
    meets(case)
    return case


def meets(case: RecordedCase, on: date = date(2025, 3, 12)) -> None:
    """A Hwb meeting with CAMHS in the room, and a minute about the pupil."""
    asked = on - timedelta(days=20)
    case.does(ALNCO, asked, ScheduleMeeting, meeting=MEETING, school=SCHOOL, held_on=on)
    camhs = Party(organisation=BOARD, service=CAMHS)
    case.does(ALNCO, asked, Invite, meeting=MEETING, party=camhs)
    case.does(ALNCO, on, MarkPresence, meeting=MEETING, party=camhs, mark="attended")
    taken = {"meeting": MEETING, "pupil": PUPIL, "minute": MINUTE, "services_present": (CAMHS,)}
    case.does(ALNCO, on, TakeMinute, discussion="Talked about sleep.", **taken)


@contextmanager
def known_story(postgres: str, template: str, keys: Path) -> Iterator[tuple[RecordedCase, Reader]]:
    """The whole story, projected once, for tests that only look."""
    with fresh_county(postgres, template, keys) as (address, service):
        case = told(service)
        with engine_on(address, service) as engine:
            engine.catch_up()
            assert not engine.parked
        with readers(address) as pool:
            yield case, Reader(pool)
