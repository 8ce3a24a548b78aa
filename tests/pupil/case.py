"""A pupil's case file after commands, carried out as the service does it: decide, then evolve. No database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from coordination.domain import DECISIONS
from coordination.errors import Refusal
from coordination.event import Command, Event
from coordination.pupil import casefile
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.profile.commands import ContactDetails, RecordContact, RegisterPupil
from coordination.pupil.referral.decide import OpenReferral, RecordMilestone, ReportSource, SubmitReferral
from coordination.pupil.referral.state import Referral
from coordination.world import ProfileFacts, World
from tests.given import SCHOOL, header
from tests.meeting import hwb
from tests.meeting.hwb import AS_ALNCO, BOARD, CAMHS, PUPIL, at_noon

MOTHER, UNCLE, REFERRAL = UUID(int=0x81), UUID(int=0x82), UUID(int=0x91)
AGREED = UUID(int=0xE1)
DAY = date(2026, 3, 2)
LATER = date(2026, 12, 1)


def day(number: int) -> date:
    return date.fromordinal(DAY.toordinal() + number)


def contact(who: UUID = MOTHER, **changed: Any) -> ContactDetails:
    given: dict[str, Any] = {
        "name": "Mair",
        "relationship": "mother",
        "parental_responsibility": who == MOTHER,
    }
    return ContactDetails(occurred_on=DAY, contact=who, **{**given, **changed})


def contact_recorded(who: UUID, **changed: Any) -> RecordContact:
    return RecordContact(occurred_on=DAY, pupil=PUPIL, details=contact(who, **changed))


def register(**changed: Any) -> RegisterPupil:
    usual: dict[str, Any] = {
        "occurred_on": DAY,
        "pupil": PUPIL,
        "school": SCHOOL,
        "upn": "B801200005001",
        "surname": "Gŵyn",
        "forename": "Siân",
        "date_of_birth": date(2014, 1, 20),
        "sex": "F",
        "language": "cy",
        "year": 7,
        "contacts": (contact(), contact(UNCLE, name="Ianto", relationship="other")),
    }
    return RegisterPupil(**{**usual, **changed})


def agree(**changed: Any) -> GiveConsent:
    usual: dict[str, Any] = {
        "occurred_on": DAY,
        "pupil": PUPIL,
        "consent": AGREED,
        "agency": BOARD,
        "authority": "parental_responsibility",
        "contact": MOTHER,
        "data_classes": ("identity", "referral"),
    }
    if changed.get("agency", BOARD) == BOARD and not changed.get("whole_agency"):
        usual["service"] = CAMHS
    return GiveConsent(**{**usual, **changed})


def refer(**changed: Any) -> OpenReferral:
    usual: dict[str, Any] = {
        "occurred_on": DAY,
        "pupil": PUPIL,
        "referral": REFERRAL,
        "service": CAMHS,
        "school": SCHOOL,
        "immediate_risk": False,
    }
    return OpenReferral(**{**usual, **changed})


def submit(on: date = DAY, **more: Any) -> SubmitReferral:
    return SubmitReferral(occurred_on=on, pupil=PUPIL, referral=REFERRAL, **more)


def reach(name: str, on: date | int = 0, **more: Any) -> RecordMilestone:
    """That the referral reached a milestone on a day, or so many days after it was begun."""
    when = day(on) if isinstance(on, int) else on
    return RecordMilestone(occurred_on=when, pupil=PUPIL, referral=REFERRAL, milestone=name, **more)


def told(on: date | int = 0, **changed: Any) -> ReportSource:
    when = day(on) if isinstance(on, int) else on
    return ReportSource(**{"by": "the secretary", "how": "telephone", "on": when, **changed})


# What an outcome says of its appointment where none is on record.
NOT_ON_RECORD = {"no_appointment_on_record": True}


class PupilCase:
    """`does` and `tries` take who acts, as `hwb.AS_...`, and perhaps for which `services`; everything is told to the
    service long after it happened, unless `recorded_at` says otherwise."""

    def __init__(self, known: World | None = None, needs: tuple[str, ...] | None = ("ASD",)) -> None:
        about = ProfileFacts(needs=needs, born=date(2014, 1, 20))
        self.world = World((known or hwb.world()).directory, lambda: about)
        self.state = CaseFile()
        self.events: list[Event] = []

    @property
    def referral(self) -> Referral:
        return self.state.referrals[REFERRAL]

    @property
    def last(self) -> int:
        """The version of the last event."""
        return self.state.version

    def decided(
        self, command: Command, *, services: tuple[UUID, ...] | None = None, **by: Any
    ) -> list[Event]:
        stamp = header(command.occurred_on, **{"recorded_at": at_noon(LATER), **AS_ALNCO, **by})
        world = msgspec.structs.replace(self.world, services=services)
        return DECISIONS[type(command)].decide(self.state, command, stamp, world)

    def does(self, *commands: Command, **by: Any) -> PupilCase:
        for command in commands:
            for event in self.decided(command, **by):
                self.events.append(event)
                self.state = casefile.evolve(self.state, event)
        return self

    def tries(self, command: Command, **by: Any) -> Refusal:
        """What refused it."""
        try:
            events = self.decided(command, **by)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"not refused; it gave {events!r}")

    def refuses(self, command: Command, code: str, field: str | None = None, **by: Any) -> None:
        refusal = self.tries(command, **by)
        assert (refusal.code, refusal.field) == (code, field)

    def happened(self, command: Command, *types: type[Event], **by: Any) -> list[Event]:
        """The events of a command that is carried out, when they are of just these types in this order."""
        before = len(self.events)
        self.does(command, **by)
        found = self.events[before:]
        assert [type(e) for e in found] == list(types)
        return found


def registered(**changed: Any) -> PupilCase:
    return PupilCase().does(register(**changed))


def referred(known: World | None = None) -> PupilCase:
    return PupilCase(known).does(register(), agree(), refer())


def sent(known: World | None = None) -> PupilCase:
    return referred(known).does(submit())


def instant(on: date, hour: int = 10) -> datetime:
    return at_noon(on).replace(hour=hour)
