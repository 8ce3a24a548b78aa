"""What may be tried in a random history: each move makes a command, and says who gives it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from coordination.directory.commands import EndStandard, SetStandard
from coordination.event import Command
from coordination.pupil.consent.decide import GiveConsent, RecordLawfulBasis, RefuseConsent, WithdrawConsent
from coordination.pupil.profile.commands import (
    ContactDetails,
    MovePupil,
    RecordNeeds,
    RecordViews,
    RegisterPupil,
)
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    OpenReferral,
    RecordMilestone,
    RecordUnavailability,
    ReportSource,
    StrikeEntry,
    SubmitReferral,
)
from coordination.pupil.referral.milestones import MILESTONES, SAID_BY_SCHOOL
from coordination.pupil.referral.phase import DatedMilestone, possible_next
from coordination.pupil.referral.state import Referral
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    MOTHER,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    SCHOOL,
    THERAPY,
)

if TYPE_CHECKING:
    from tests.store.histories import RandomHistory

FIRST_DAY = date(2025, 1, 6)
SERVICES = ((CAMHS, BOARD), (PSYCHOLOGY, EDUCATION), (THERAPY, BOARD))
SPEAKERS = {BOARD: CLINICIAN, EDUCATION: PSYCHOLOGIST, SCHOOL: ALNCO, OTHER_SCHOOL: OTHER_ALNCO}


class Move(NamedTuple):
    """What somebody tries: the kind of thing, three small numbers to choose by, how many days go by first, and how
    many of them had gone by when it happened (late entries)."""

    what: str
    one: int
    two: int
    three: int
    days: int
    late: int


def pupil_id(number: int) -> UUID:
    return UUID(int=0xB000 + number)


def referral_id(number: int) -> UUID:
    return UUID(int=0xD000 + number)


Tried = tuple[Command | None, UUID]


def _register(story: RandomHistory, move: Move, on: date) -> Tried:
    school, person = ((SCHOOL, ALNCO), (OTHER_SCHOOL, OTHER_ALNCO))[move.two % 2]
    number = move.one % story.pupils
    command = RegisterPupil(
        occurred_on=on,
        pupil=pupil_id(number),
        school=school,
        upn=f"TEST{number}",
        surname="Llŷr",
        forename=f"Pupil {number}",
        date_of_birth=date(2012, 1 + number % 12, 3),
        sex="F",
        language="cy",
        needs=(("ASD",), ("ADHD", "SLCD"), ())[move.three % 3],
        year=7,
        contacts=(
            ContactDetails(
                occurred_on=on, contact=MOTHER, name="Mam", parental_responsibility=move.three != 1
            ),
        ),
    )
    return command, person


def _consent_id(number: int, agency: UUID, again: int) -> UUID:
    return UUID(int=0xE0000 + number * 1000 + agency.int * 10 + again)


def _agree(story: RandomHistory, move: Move, on: date) -> Tried:
    number = move.one % story.pupils
    agency = SERVICES[move.two % 3][1]
    given: dict[str, Any] = {
        "occurred_on": on,
        "pupil": pupil_id(number),
        "consent": _consent_id(number, agency, move.three),
        "agency": agency,
        "authority": "parental_responsibility",
        "contact": MOTHER,
        "words": "Iawn.",
    }
    if move.three == 4:
        return RefuseConsent(**given), story.teacher(story.case(number))
    named: dict[str, Any] = (
        {"whole_agency": True} if move.three == 3 else {"service": SERVICES[move.two % 3][0]}
    )
    return GiveConsent(**given, **named), story.teacher(story.case(number))


def _withdraw(story: RandomHistory, move: Move, on: date) -> Tried:
    number = move.one % story.pupils
    agency = SERVICES[move.two % 3][1]
    command = WithdrawConsent(
        occurred_on=on, pupil=pupil_id(number), consent=_consent_id(number, agency, move.three)
    )
    return command, story.teacher(story.case(number))


def _basis(story: RandomHistory, move: Move, on: date) -> Tried:
    number = move.one % story.pupils
    basis = ("public_task", "legal_obligation", "vital_interests")[move.three % 3]
    command = RecordLawfulBasis(
        occurred_on=on,
        pupil=pupil_id(number),
        agency=SERVICES[move.two % 3][1],
        basis=basis,
        reason="Because.",
    )
    return command, story.teacher(story.case(number))


def _refer(story: RandomHistory, move: Move, on: date) -> Tried:
    number = move.one % story.referrals
    case = story.case(number)
    command = OpenReferral(
        occurred_on=on,
        pupil=pupil_id(number % story.pupils),
        referral=referral_id(number),
        service=SERVICES[move.two % 3][0],
        school=case.profile.school() or SCHOOL,
        immediate_risk=False,
        reason="Worried.",
        historical=move.three == 4,
        second_referral=move.one % 2 == 0,
    )
    return command, story.teacher(case)


def _submit(story: RandomHistory, move: Move, on: date) -> Tried:
    held = story.referral(move.one)
    if held is None:
        return None, ALNCO
    forced = move.three == 4
    command = SubmitReferral(
        occurred_on=on,
        pupil=pupil_id(move.one % story.referrals % story.pupils),
        referral=held.referral,
        override="safeguarding" if forced else None,
        override_reason="Danger." if forced else None,
    )
    return command, SPEAKERS[held.school]


def _details(name: str, move: Move, on: date) -> dict[str, Any]:
    if name == "appointment_offered":
        days = (12, 15) if move.three % 2 else (3,)
        return {"for_when": tuple(datetime.combine(on + timedelta(days=d), time(10), UTC) for d in days)}
    if name == "redirected":
        service, agency = SERVICES[move.three % 3]
        return {"to_service": service, "to_agency": agency}
    if name == "declined":
        return {"reason": "below_threshold"}
    if name == "information_requested":
        return {"asked_of": ("school", "family")[move.three % 2]}
    return {}


def _milestone(story: RandomHistory, move: Move, on: date) -> Tried:
    held = story.referral(move.one)
    if held is None:
        return None, ALNCO
    names = [n for n in MILESTONES if n not in ("submitted", "recorded_in_error")]
    names = possible_next(held.counting(), names, on)
    if not names:
        return None, ALNCO
    name = names[move.two % len(names)]
    by_school = name in SAID_BY_SCHOOL or move.three == 4
    command = RecordMilestone(
        occurred_on=on,
        pupil=pupil_id(move.one % story.referrals % story.pupils),
        referral=held.referral,
        milestone=name,
        details=_details(name, move, on),
        reported=ReportSource(by="A voice", how="telephone", on=story.day) if by_school else None,
        note="Noted.",
    )
    return command, SPEAKERS[held.school if by_school else held.agency]


def _entry(story: RandomHistory, move: Move) -> tuple[Referral, DatedMilestone] | None:
    held = story.referral(move.one)
    steps = list(held.counting()) if held else []
    return (held, steps[move.two % len(steps)]) if held and steps else None


def _strike(story: RandomHistory, move: Move, on: date) -> Tried:
    found = _entry(story, move)
    if found is None:
        return None, ALNCO
    held, step = found
    pupil = pupil_id(move.one % story.referrals % story.pupils)
    command = StrikeEntry(
        occurred_on=on, pupil=pupil, referral=held.referral, entry=step.version, why="Mistaken."
    )
    return command, SPEAKERS[held.agency if move.three % 2 else held.school]


def _correct(story: RandomHistory, move: Move, on: date) -> Tried:
    found = _entry(story, move)
    if found is None:
        return None, ALNCO
    held, step = found
    command = RecordMilestone(
        occurred_on=on,
        pupil=pupil_id(move.one % story.referrals % story.pupils),
        referral=held.referral,
        milestone=step.name,
        details=_details(step.name, move, on),
        supersedes=step.version,
        why="Another day.",
    )
    return command, SPEAKERS[held.agency if move.three % 2 else held.school]


def _answer(story: RandomHistory, move: Move, on: date) -> Tried:
    found = _entry(story, move)
    if found is None:
        return None, ALNCO
    held, step = found
    given: dict[str, Any] = {
        "occurred_on": on,
        "pupil": pupil_id(move.one % story.referrals % story.pupils),
        "referral": held.referral,
        "milestone": step.version,
    }
    command = ConfirmMilestone(**given) if move.three % 2 else ContestMilestone(**given, why="Not so.")
    return command, SPEAKERS[held.agency]


def _unavailable(story: RandomHistory, move: Move, on: date) -> Tried:
    held = story.referral(move.one)
    if held is None:
        return None, ALNCO
    command = RecordUnavailability(
        occurred_on=on,
        pupil=pupil_id(move.one % story.referrals % story.pupils),
        referral=held.referral,
        from_on=on,
        until=on + timedelta(days=5 * move.two),
    )
    return command, SPEAKERS[held.school]


def _standard(story: RandomHistory, move: Move, on: date) -> Tried:
    service, agency = SERVICES[move.one % 3]
    if move.three == 4:
        return EndStandard(
            occurred_on=on, organisation=agency, service=service, code="NEW", effective_to=on
        ), ADMINISTRATOR
    command = SetStandard(
        occurred_on=on,
        organisation=agency,
        service=service,
        code="NEW",
        start=("received", "decided")[move.two % 2],
        stop=("first_contact", "assessed", "report_issued")[move.two % 3],
        limit=7 + move.three,
        unit=("calendar_days", "weeks", "working_days")[move.three % 3],
        target_percent=80,
        effective_from=FIRST_DAY - timedelta(days=30 * move.two),
        source="test",
    )
    return command, ADMINISTRATOR


def _needs(story: RandomHistory, move: Move, on: date) -> Tried:
    needs = (("MLD",), ("HI", "VI"), ())[move.two % 3]
    case = story.case(move.one)
    return RecordNeeds(occurred_on=on, pupil=pupil_id(move.one % story.pupils), needs=needs), story.teacher(
        case
    )


def _views(story: RandomHistory, move: Move, on: date) -> Tried:
    case = story.case(move.one)
    pupil = pupil_id(move.one % story.pupils)
    return RecordViews(
        occurred_on=on, pupil=pupil, whose="child", words="Dw i ddim yn siŵr", language="cy"
    ), story.teacher(case)


def _move_school(story: RandomHistory, move: Move, on: date) -> Tried:
    old, new = ((SCHOOL, OTHER_SCHOOL), (OTHER_SCHOOL, SCHOOL))[move.two % 2]
    pupil = pupil_id(move.one % story.pupils)
    return MovePupil(occurred_on=on, pupil=pupil, from_school=old, to_school=new), new


MOVES: dict[str, Callable[[RandomHistory, Move, date], Tried]] = {
    "register": _register,
    "agree": _agree,
    "withdraw": _withdraw,
    "basis": _basis,
    "refer": _refer,
    "submit": _submit,
    "milestone": _milestone,
    "strike": _strike,
    "correct": _correct,
    "answer": _answer,
    "unavailable": _unavailable,
    "standard": _standard,
    "needs": _needs,
    "views": _views,
    "move_school": _move_school,
}
