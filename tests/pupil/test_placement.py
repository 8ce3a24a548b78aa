"""Nobody's child, an invariant: whatever moves, closes, is withdrawn or leaves, every open referral has a desk that
sees it, a next step with a party that can see it, and a day for that step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import event as noted
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.authority import OPERATOR
from coordination.clocks import PARTIES
from coordination.directory.commands import (
    CloseOrganisation,
    CloseService,
    MoveService,
    ReceiveService,
    RecordPersonLeft,
)
from coordination.directory.state import Directory
from coordination.domain import DECISIONS
from coordination.errors import Refusal
from coordination.event import Command, RecordedEvent
from coordination.pupil import casefile
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.decide import GiveConsent, RefuseConsent, WithdrawConsent
from coordination.pupil.placement import placement, with_access
from coordination.pupil.profile.commands import EndRegistration, MovePupil
from coordination.pupil.referral.commands import MoveReferralService
from coordination.pupil.referral.decide import (
    AllocateReferral,
    OpenReferral,
    RecordMilestone,
    RecordUnavailability,
    ReportSource,
    StrikeEntry,
    SubmitReferral,
    allowed_milestones,
)
from coordination.pupil.referral.state import Referral
from coordination.store.inline import InlineRows
from coordination.store.keys import OuterKeys
from coordination.world import ProfileFacts, World
from projections.case_file.referrals import referral_row
from projections.policies import HOLDING
from tests.given import SCHOOL, header
from tests.meeting import hwb
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    BOARD,
    CAMHS,
    CHARITY,
    CLINICIAN,
    COUNSELLOR,
    EDPSYCH,
    FAR_BOARD,
    GWYNEDD,
    LA_EDUCATION,
    OTHER_SCHOOL,
    PUPIL,
)
from tests.pupil.case import MOTHER, register

BEGIN = date(2026, 3, 2)
SERVICES = ((CAMHS, BOARD), (COUNSELLOR, CHARITY), (EDPSYCH, LA_EDUCATION))
AS_FAR_CLINICIAN: dict[str, Any] = {"person": UUID(int=0xB9), "role": "clinician", "organisation": FAR_BOARD}
SPEAKS = {
    BOARD: AS_CLINICIAN,
    FAR_BOARD: AS_FAR_CLINICIAN,
    CHARITY: AS_COUNSELLOR,
    LA_EDUCATION: AS_PSYCHOLOGIST,
    SCHOOL: AS_ALNCO,
    OTHER_SCHOOL: AS_STRANGER,
    GWYNEDD: AS_OFFICER,
}
AS_PROGRAM: dict[str, Any] = {
    "person": OPERATOR, "organisation": OPERATOR, "role": "operator", "source": "command_line",
}  # fmt: skip
KEYS = OuterKeys(wrapping={}, current="", lookup=b"test")
HISTORIES = 2_000


class Turn(NamedTuple):
    """What somebody tries: a kind of thing, two small numbers to choose by, and how many days go by first."""

    what: str
    one: int
    two: int
    days: int


class ChildsCounty:
    """A pupil's file, the directory and the rows of access, each after the same events; refused turns do nothing."""

    def __init__(self) -> None:
        self.directory: Directory = hwb.world().directory
        self.case = CaseFile()
        self.access = InlineRows(KEYS)
        self.day = BEGIN
        self.perform(register(occurred_on=BEGIN), AS_ALNCO)
        _refers(self, Turn("refers", 0, 0, 0))
        _sends(self, Turn("sends", 0, 0, 0))

    def perform(self, command: Command, by: dict[str, Any]) -> bool:
        """Carry a command of the pupil's file out; False where it is refused."""
        stamp = header(
            command.occurred_on, **{"recorded_at": datetime.combine(self.day, time(12), UTC), **by}
        )
        world = World(self.directory, lambda: ProfileFacts(needs=("ASD",), born=date(2014, 1, 20)))
        try:
            events = DECISIONS[type(command)].decide(self.case, command, stamp, world)
        except Refusal:
            return False
        for happened in events:
            self.case = casefile.evolve(self.case, happened)
            self.access.gather([RecordedEvent(PUPIL, self.case.version, happened)])
        return bool(events)

    def changes(self, command: Command) -> None:
        """Change the directory; what is refused does nothing."""
        try:
            self.directory = hwb._does(self.directory, command)
        except Refusal:
            return

    def holder(self) -> dict[str, Any]:
        """Somebody who speaks for whoever holds the file."""
        return SPEAKS[next(iter(sorted(self.case.profile.holders())))]

    def referral(self, number: int) -> Referral | None:
        held = sorted(self.case.referrals.values(), key=lambda one: one.opened_on)
        return held[number % len(held)] if held else None

    def follows(self) -> None:
        """What the worker does after a change of the directory (scripts/service/reorganising.py)."""
        for school in sorted(self.case.profile.schools()):
            found = self.directory.organisation(school)
            if found is None or found.is_open(self.day):
                continue
            into, known = found.merged_into, {"occurred_on": self.day, "pupil": PUPIL}
            if into is None or into in self.case.profile.schools():
                by = {**AS_PROGRAM, "on_behalf_of": school}
                self.perform(EndRegistration(school=school, **known), by)
            else:
                by = {**AS_PROGRAM, "on_behalf_of": into}
                self.perform(MovePupil(from_school=school, to_school=into, **known), by)
        for held in list(self.case.referrals.values()):
            command = MoveReferralService(occurred_on=self.day, pupil=PUPIL, referral=held.referral)
            self.perform(command, AS_PROGRAM)


Step = Callable[[ChildsCounty, Turn], None]


def _registers(county: ChildsCounty, turn: Turn) -> None:
    school = (SCHOOL, OTHER_SCHOOL)[turn.one % 2]
    county.perform(register(occurred_on=county.day, school=school), SPEAKS[school])


def _leaves(county: ChildsCounty, turn: Turn) -> None:
    school = (SCHOOL, OTHER_SCHOOL)[turn.one % 2]
    county.perform(EndRegistration(occurred_on=county.day, pupil=PUPIL, school=school), SPEAKS[school])


def _moves(county: ChildsCounty, turn: Turn) -> None:
    old, new = ((SCHOOL, OTHER_SCHOOL), (OTHER_SCHOOL, SCHOOL))[turn.one % 2]
    command = MovePupil(occurred_on=county.day, pupil=PUPIL, from_school=old, to_school=new)
    county.perform(command, {**AS_PROGRAM, "on_behalf_of": new})


def _agrees(county: ChildsCounty, turn: Turn) -> None:
    _, agency = SERVICES[turn.one % 3]
    asked = (agency, FAR_BOARD)[turn.two % 2]
    kind = (GiveConsent, GiveConsent, RefuseConsent, WithdrawConsent)[turn.two % 4]
    consent = {"occurred_on": county.day, "pupil": PUPIL, "consent": UUID(int=0xE000 + turn.one)}
    if kind is not WithdrawConsent:
        consent |= {"agency": asked, "authority": "parental_responsibility", "contact": MOTHER}
        # the far board has no service of its own: it is agreed to share with the whole of it, or refused
        named = {"service": CAMHS} if asked == BOARD else {"whole_agency": True}
        consent |= named if kind is GiveConsent else {}
    county.perform(kind(**consent), county.holder())  # type: ignore[arg-type]


def _refers(county: ChildsCounty, turn: Turn) -> None:
    schools = sorted(county.case.profile.schools())
    if not schools:
        return
    service, agency = SERVICES[turn.one % 3]
    about = {"occurred_on": county.day, "pupil": PUPIL, "referral": UUID(int=0xD000 + turn.two)}
    by = SPEAKS[schools[0]]
    agreed = {
        "agency": agency,
        "service": service,
        "authority": "parental_responsibility",
        "contact": MOTHER,
    }
    consent = UUID(int=0xE100 + turn.one)
    county.perform(GiveConsent(occurred_on=county.day, pupil=PUPIL, consent=consent, **agreed), by)  # type: ignore[arg-type]
    county.perform(OpenReferral(service=service, school=schools[0], immediate_risk=False, **about), by)  # type: ignore[arg-type]


def _sends(county: ChildsCounty, turn: Turn) -> None:
    held = county.referral(turn.one)
    if held is not None:
        about = {"occurred_on": county.day, "pupil": PUPIL, "referral": held.referral}
        county.perform(SubmitReferral(**about), county.holder())  # type: ignore[arg-type]


def _says(county: ChildsCounty, turn: Turn) -> None:
    held = county.referral(turn.one)
    if held is None:
        return
    by = SPEAKS[held.agency] if turn.two % 3 else county.holder()
    stamp = header(county.day, **{"recorded_at": datetime.combine(county.day, time(12), UTC), **by})
    possible = [name for name in allowed_milestones(held, stamp) if name != "recorded_in_error"]
    if not possible:
        return
    name = possible[turn.two % len(possible)]
    details: dict[str, Any] = {"asked_of": ("school", "family")[turn.one % 2]} if "requested" in name else {}
    if name == "redirected":
        service, agency = SERVICES[(turn.one + 1) % 3]
        details = {"to_service": service, "to_agency": agency}
    told = ReportSource(by="the secretary", how="telephone", on=county.day)
    about = {"occurred_on": county.day, "pupil": PUPIL, "referral": held.referral, "reported": told}
    county.perform(RecordMilestone(milestone=name, details=details, **about), by)  # type: ignore[arg-type]


def _strikes(county: ChildsCounty, turn: Turn) -> None:
    held = county.referral(turn.one)
    if held is None or not held.steps:
        return
    step = held.steps[turn.two % len(held.steps)]
    about = {"occurred_on": county.day, "pupil": PUPIL, "referral": held.referral}
    for by in (county.holder(), SPEAKS[held.agency]):
        if county.perform(StrikeEntry(entry=step.version, why="A mistake.", **about), by):  # type: ignore[arg-type]
            return


def _waits(county: ChildsCounty, turn: Turn) -> None:
    held = county.referral(turn.one)
    if held is not None:
        until = county.day + timedelta(days=turn.two)
        away = RecordUnavailability(
            occurred_on=county.day, pupil=PUPIL, referral=held.referral, from_on=county.day, until=until
        )
        county.perform(away, county.holder())


def _allocates_and_leaves(county: ChildsCounty, turn: Turn) -> None:
    held = county.referral(turn.one)
    if held is None:
        return
    about = {"occurred_on": county.day, "pupil": PUPIL, "referral": held.referral}
    county.perform(AllocateReferral(person=CLINICIAN, instead_of=held.allocated, **about), AS_CLINICIAN)  # type: ignore[arg-type]
    gone = RecordPersonLeft(
        occurred_on=county.day, organisation=BOARD, person=CLINICIAN, effective_to=county.day
    )
    county.changes(gone)


def _closes(county: ChildsCounty, turn: Turn) -> None:
    known = county.directory
    yesterday = county.day - timedelta(days=1)
    match turn.one % 4:
        case 0 | 1 as number:
            school, other = ((SCHOOL, OTHER_SCHOOL), (OTHER_SCHOOL, SCHOOL))[number]
            into = other if turn.two % 2 else None
            command: Command = CloseOrganisation(
                occurred_on=county.day, organisation=school, effective_to=yesterday, merged_into=into
            )
            county.changes(command)
        case 2:
            service, agency = SERVICES[turn.two % 3]
            if known.agency_of(service) is not None:
                closed = {"occurred_on": county.day, "organisation": agency, "service": service}
                county.changes(CloseService(open_to=yesterday, **closed))  # type: ignore[arg-type]
        case _:
            agency = (BOARD, CHARITY, LA_EDUCATION)[turn.two % 3]
            command = CloseOrganisation(
                occurred_on=county.day,
                organisation=agency,
                effective_to=county.day + timedelta(days=turn.two),
            )
            county.changes(command)
    county.follows()


def _service_moves(county: ChildsCounty, turn: Turn) -> None:
    moved = {"occurred_on": county.day, "service": CAMHS}
    county.changes(MoveService(organisation=BOARD, to_agency=FAR_BOARD, **moved))  # type: ignore[arg-type]
    county.changes(ReceiveService(organisation=FAR_BOARD, from_agency=BOARD, **moved))  # type: ignore[arg-type]
    county.follows()


STEPS: dict[str, Step] = {
    "registers": _registers,
    "leaves": _leaves,
    "moves": _moves,
    "agrees": _agrees,
    "refers": _refers,
    "sends": _sends,
    "says": _says,
    "strikes": _strikes,
    "waits": _waits,
    "leaver": _allocates_and_leaves,
    "closes": _closes,
    "service moves": _service_moves,
}
OFTEN = ("refers", "sends", "says", "says", "leaves", "registers", "moves", "agrees", *STEPS)
turns_tried = st.lists(
    st.builds(Turn, st.sampled_from(OFTEN), st.integers(0, 11), st.integers(0, 11), st.integers(0, 40)),
    min_size=4,
    max_size=14,
)


def open_to(county: ChildsCounty, referral: UUID) -> set[UUID]:
    """The organisations with a row of access to a referral, as the row policies read them."""
    return {
        organisation
        for (_, organisation, ground, _), row in county.access.opened.items()
        if row[2] is None and (f"'{row[0]}'" in HOLDING or ground == referral)
    }


def check(county: ChildsCounty) -> int:
    """Nobody's child there is none; the number of open referrals."""
    found = 0
    for held in county.case.referrals.values():
        stands = placement(county.case, held, county.directory, county.day)
        row = referral_row(held, PUPIL, county.directory, county.day, county.case)
        assert row.ended == (stands is None)
        # who passed it on keeps a row of access, to what it had received
        stopped = {
            d.agency
            for d in county.case.consents.disclosures
            if d.ground == held.referral and not d.closed and not d.receives
        }
        assert open_to(county, held.referral) == with_access(county.case, held) | stopped
        if stands is None:
            continue
        found += 1
        assert stands.seen_by, "nobody sees it"
        assert (row.move_party, row.move_from) == (stands.party, stands.since)
        assert stands.party in PARTIES and stands.by >= stands.since
        match stands.party:
            case "agency":
                assert held.agency in stands.seen_by, "the next step is with who cannot see it"
            case "school":
                assert county.case.profile.schools() & stands.seen_by, "the next step is with no school"
            case "authority":
                assert county.case.profile.authority in stands.seen_by, "the next step is with no authority"
    return found


@settings(max_examples=HISTORIES, deadline=None)
@given(tried=turns_tried)
def test_every_open_referral_has_somebody_a_next_step_and_a_day(tried: list[Turn]) -> None:
    county, most = ChildsCounty(), 0
    for turn in tried:
        county.day += timedelta(days=turn.days)
        STEPS[turn.what](county, turn)
        county.follows()
        most = max(most, check(county))
    noted(f"open referrals: {min(most, 3)}")
    noted(f"on a roll: {bool(county.case.profile.schools())}")
