"""A small county and a monthly Hwb meeting in it, made through the real decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from coordination.authority import OPERATOR
from coordination.directory.codes import first_codes
from coordination.directory.decide import (
    AcceptTerms,
    AppointPerson,
    EndTerms,
    OpenService,
    RegisterOrganisation,
    SetStandard,
)
from coordination.directory.evolve import evolve as evolve_organisation
from coordination.directory.state import Directory, Organisation
from coordination.domain import DECISIONS
from coordination.errors import Refusal
from coordination.event import Command, Event, MeetingEvent, PupilEvent
from coordination.meeting.commands import (
    AddAgendaItem,
    AnswerInvitation,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    ScheduleMeeting,
)
from coordination.meeting.events import Party
from coordination.meeting.state import MEETING_STREAM, Meeting
from coordination.meeting.state import evolve as evolve_meeting
from coordination.pupil import casefile
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.profile.events import PupilRegistered
from coordination.world import World
from tests.given import PERSON, SCHOOL, header

REFERENCE, GWYNEDD, CONWY = UUID(int=0xEE), UUID(int=0x661), UUID(int=0x662)
OTHER_SCHOOL = UUID(int=0x52)
BOARD, FAR_BOARD = UUID(int=0x7A1), UUID(int=0x7A7)
CHARITY, LA_EDUCATION = UUID(int=0x7B1), UUID(int=0x7C1)
CAMHS, NURSE, COUNSELLOR, EDPSYCH = UUID(int=0xCA), UUID(int=0xCB), UUID(int=0xCC), UUID(int=0xCD)
CAMHS_TERMS, NURSE_TERMS, EDPSYCH_TERMS = UUID(int=0x7E1), UUID(int=0x7E2), UUID(int=0x7E3)
ALNCO, HEAD = PERSON, UUID(int=0xA2)
CLINICIAN, MANAGER, DECLO = UUID(int=0xB1), UUID(int=0xB2), UUID(int=0xB3)
FAR_DECLO, COUNSELLOR_PERSON = UUID(int=0xB4), UUID(int=0xB5)
OFFICER, FAR_OFFICER, GOVERNOR = UUID(int=0xC1), UUID(int=0xC2), UUID(int=0xC3)
PSYCHOLOGIST, ACCOUNTS = UUID(int=0xC4), UUID(int=0xC5)

MEETING, PUPIL, SIBLING = UUID(int=0x11), UUID(int=0x21), UUID(int=0x22)
ITEM, MINUTE, ACTION = UUID(int=0x31), UUID(int=0x32), UUID(int=0x33)
INVITED = date(2026, 2, 2)
HELD = date(2026, 3, 2)

AS_ALNCO: dict[str, Any] = {}
AS_HEAD: dict[str, Any] = {"person": HEAD, "role": "head"}
AS_CLINICIAN: dict[str, Any] = {"person": CLINICIAN, "role": "clinician", "organisation": BOARD}
AS_MANAGER: dict[str, Any] = {"person": MANAGER, "role": "service_manager", "organisation": BOARD}
AS_DECLO: dict[str, Any] = {"person": DECLO, "role": "declo", "organisation": BOARD}
AS_FAR_DECLO: dict[str, Any] = {"person": FAR_DECLO, "role": "declo", "organisation": FAR_BOARD}
AS_COUNSELLOR: dict[str, Any] = {"person": COUNSELLOR_PERSON, "role": "clinician", "organisation": CHARITY}
AS_PSYCHOLOGIST: dict[str, Any] = {"person": PSYCHOLOGIST, "role": "clinician", "organisation": LA_EDUCATION}
AS_OFFICER: dict[str, Any] = {"person": OFFICER, "role": "la_caseworker", "organisation": GWYNEDD}
AS_FAR_OFFICER: dict[str, Any] = {"person": FAR_OFFICER, "role": "la_caseworker", "organisation": CONWY}
AS_GOVERNOR: dict[str, Any] = {"person": GOVERNOR, "role": "la_caseworker", "organisation": GWYNEDD}
AS_ACCOUNTS: dict[str, Any] = {"person": ACCOUNTS, "role": "administrator", "organisation": GWYNEDD}
AS_STRANGER: dict[str, Any] = {"person": UUID(int=0xD1), "role": "alnco", "organisation": OTHER_SCHOOL}
AS_OPERATOR: dict[str, Any] = {
    "person": OPERATOR,
    "organisation": OPERATOR,
    "role": "operator",
    "on_behalf_of": OTHER_SCHOOL,
}
"""The service itself, on behalf of the other school."""

BEGAN = date(2026, 1, 1)
LONG_AGO = date(2015, 1, 1)


def _register(organisation: UUID, kind: str, code: str, **more: Any) -> RegisterOrganisation:
    return RegisterOrganisation(
        occurred_on=BEGAN, organisation=organisation, kind=kind, code=code, name=code, **more
    )


def _service(agency: UUID, service: UUID, profession: str) -> OpenService:
    return OpenService(
        occurred_on=BEGAN,
        organisation=agency,
        service=service,
        code=f"S-{profession}",
        profession=profession,
        open_from=LONG_AGO,
    )


def _appoint(organisation: UUID, person: UUID, role: str, service: UUID | None = None) -> AppointPerson:
    return AppointPerson(
        occurred_on=BEGAN,
        organisation=organisation,
        person=person,
        role=role,
        service=service,
        effective_from=BEGAN,
        name="A name",
    )


def accept(terms: UUID, agency: UUID, service: UUID, notice: int) -> AcceptTerms:
    """The service comes to this school's Hwb from January 2026, with so many working days of notice."""
    return AcceptTerms(
        occurred_on=BEGAN,
        organisation=agency,
        terms=terms,
        service=service,
        school=SCHOOL,
        effective_from=BEGAN,
        notice_working_days=notice,
    )


def end_terms(terms: UUID, agency: UUID, last_day: date) -> EndTerms:
    return EndTerms(occurred_on=last_day, organisation=agency, terms=terms, effective_to=last_day)


FIRST_APPOINTMENT = SetStandard(
    occurred_on=BEGAN,
    organisation=BOARD,
    service=CAMHS,
    code="first_appointment",
    start="received",
    stop="first_contact",
    limit=28,
    unit="calendar_days",
    effective_from=LONG_AGO,
    source="Senedd, 13 December 2017",
    target_percent=80,
    bands=(28, 56),
)

_FOUNDING: tuple[Command, ...] = (
    _register(GWYNEDD, "authority", "661"),
    _register(CONWY, "authority", "662"),
    _register(SCHOOL, "school", "6614001", phase="secondary", language="bilingual", authority=GWYNEDD),
    _register(OTHER_SCHOOL, "school", "6614002", phase="primary", language="welsh", authority=GWYNEDD),
    _register(BOARD, "agency", "BCU", agency_kind="local_health_board"),
    _register(FAR_BOARD, "agency", "POWYS", agency_kind="local_health_board"),
    _register(CHARITY, "agency", "SGWRS", agency_kind="third_sector"),
    _register(LA_EDUCATION, "agency", "GWYNEDD-ED", agency_kind="la_education", authority=GWYNEDD),
    _service(BOARD, CAMHS, "camhs"),
    _service(BOARD, NURSE, "school_nursing"),
    _service(CHARITY, COUNSELLOR, "counselling"),
    _service(LA_EDUCATION, EDPSYCH, "educational_psychology"),
    _appoint(SCHOOL, ALNCO, "alnco"),
    _appoint(SCHOOL, HEAD, "head"),
    _appoint(BOARD, CLINICIAN, "clinician", CAMHS),
    _appoint(BOARD, MANAGER, "service_manager", CAMHS),
    _appoint(BOARD, DECLO, "declo"),
    _appoint(FAR_BOARD, FAR_DECLO, "declo"),
    _appoint(CHARITY, COUNSELLOR_PERSON, "clinician"),
    _appoint(LA_EDUCATION, PSYCHOLOGIST, "clinician"),
    _appoint(GWYNEDD, OFFICER, "la_caseworker"),
    _appoint(GWYNEDD, GOVERNOR, "la_caseworker"),
    _appoint(SCHOOL, GOVERNOR, "class_teacher"),
    _appoint(GWYNEDD, ACCOUNTS, "administrator"),
    _appoint(CONWY, FAR_OFFICER, "la_caseworker"),
    accept(CAMHS_TERMS, BOARD, CAMHS, 10),
    accept(NURSE_TERMS, BOARD, NURSE, 5),
    accept(EDPSYCH_TERMS, LA_EDUCATION, EDPSYCH, 5),
    FIRST_APPOINTMENT,
)


def _does(known: Directory, command: Any) -> Directory:
    """The directory after a command of the operator, on an agency's behalf where it binds the agency."""
    agency = command.organisation if isinstance(command, AcceptTerms | EndTerms) else None
    stamp = msgspec.structs.replace(
        header(command.occurred_on, role="operator", on_behalf_of=agency), source="command_line"
    )
    state = known.organisation(command.organisation) or Organisation(id=command.organisation)
    for event in DECISIONS[type(command)].decide(state, command, stamp, World(known)):
        state = evolve_organisation(state, event)
    return known.with_organisation(state)


@cache
def _county() -> Directory:
    known = _does(Directory(), _register(REFERENCE, "reference", "reference"))
    known = _does(known, first_codes(REFERENCE, BEGAN, known))
    for command in _FOUNDING:
        known = _does(known, command)
    return known


def world(*commands: Command) -> World:
    """The county; then these commands to its directory."""
    known = _county()
    for command in commands:
        known = _does(known, command)
    return World(known)


# The meeting


def service(of: UUID) -> Party:
    """A service of the county as a party."""
    agencies = {CAMHS: BOARD, NURSE: BOARD, COUNSELLOR: CHARITY, EDPSYCH: LA_EDUCATION}
    return Party(organisation=agencies[of], service=of)


STAFF = Party(organisation=SCHOOL, person=ALNCO)


def schedule(**changed: Any) -> ScheduleMeeting:
    usual = ScheduleMeeting(
        occurred_on=INVITED, meeting=MEETING, school=SCHOOL, held_on=HELD, chair=ALNCO, name="Hwb"
    )
    return msgspec.structs.replace(usual, **changed)


def invite(of: UUID | Party, on: date = INVITED, **more: Any) -> Invite:
    return Invite(occurred_on=on, meeting=MEETING, party=of if isinstance(of, Party) else service(of), **more)


def answer(of: UUID, said: Any, on: date = INVITED, **more: Any) -> AnswerInvitation:
    return AnswerInvitation(occurred_on=on, meeting=MEETING, party=of, answer=said, **more)


def mark(of: UUID | Party, how: Any, **more: Any) -> MarkPresence:
    party = of if isinstance(of, Party) else service(of)
    return MarkPresence(occurred_on=HELD, meeting=MEETING, party=party, mark=how, **more)


def add_item(*services: UUID, on: date = INVITED, item: UUID = ITEM, about: UUID = PUPIL) -> AddAgendaItem:
    return AddAgendaItem(occurred_on=on, meeting=MEETING, item=item, about=about, services=services)


def finalise(**more: Any) -> FinaliseMeeting:
    return FinaliseMeeting(occurred_on=HELD, meeting=MEETING, **more)


def registered(school: UUID = SCHOOL) -> PupilRegistered:
    """The pupil is on the school's roll."""
    return PupilRegistered(
        header=header(BEGAN),
        school=school,
        upn="A",
        surname="B",
        forename="C",
        date_of_birth=date(2014, 1, 1),
        sex="F",
        language="cy",
        middle_names=None,
        preferred_surname=None,
        preferred_forename=None,
        former_surname=None,
    )


class MeetingStory:
    """A meeting and a pupil's case file after commands, carried out as the service does it: decide, then
    evolve."""

    def __init__(self, known: World | None = None) -> None:
        self.world = known or world()
        self.meeting = Meeting()
        self.case = casefile.evolve(CaseFile(), registered())
        self.events: list[Event] = []

    def does(self, *commands: Command, **by: Any) -> MeetingStory:
        for command in commands:
            self.tell(self.decided(command, **by))
        return self

    def tries(self, command: Command, **by: Any) -> Refusal | None:
        """What refused it, if anything did."""
        try:
            self.does(command, **by)
        except Refusal as refusal:
            return refusal
        return None

    def decided(self, command: Command, **by: Any) -> list[Event]:
        decision = DECISIONS[type(command)]
        states = {MEETING_STREAM: self.meeting, PUPIL_STREAM: self.case}
        stamp = header(command.occurred_on, **by)
        return decision.decide(*(states[kind] for kind in decision.streams), command, stamp, self.world)

    def tell(self, events: Iterable[Event]) -> None:
        for event in events:
            self.events.append(event)
            if isinstance(event, MeetingEvent):
                self.meeting = evolve_meeting(self.meeting, event)
            else:
                self.case = casefile.evolve(self.case, event)

    def of_meeting(self) -> Sequence[MeetingEvent]:
        return [e for e in self.events if isinstance(e, MeetingEvent)]

    def of_pupil(self) -> Sequence[PupilEvent]:
        return [e for e in self.events if isinstance(e, PupilEvent)]


def at_noon(day: date) -> datetime:
    """Noon of a day, as the service is told then."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
