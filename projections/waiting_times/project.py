"""Referral milestones to waits."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.clocks import METRIC_VERSION, Clock, clock, ordinal, party_periods
from coordination.directory.events import SchoolTermSet, StandardEnded, StandardSet
from coordination.directory.state import Directory, Organisation, Standard
from coordination.errors import Refusal
from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.profile.events import ProfileEvent, RegistrationAdded, RegistrationEnded, SchoolMoved
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.events import (
    EntryStruck,
    MilestoneConfirmed,
    MilestoneContested,
    ReferralEvent,
    ReferralOpened,
    ReferralServiceMoved,
    UnavailabilityRecorded,
)
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.phase import DatedMilestone, in_order
from coordination.pupil.referral.state import Referral
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.waiting_times.rows import (
    REFERRAL_NEED,
    WAIT,
    WAIT_ENTRY,
    ReferralNeedTableRow,
    WaitEntryTableRow,
    WaitTableRow,
)

FAR = date(9999, 1, 1)
REMEMBERED = 10_000
Waits = dict[str, WaitTableRow]
"""The rows of one referral by standard."""


class WaitingTimesProjection:
    """A wait row is known from the event that made it so until the event that changed it."""

    name = "waiting_times"
    tables: tuple[AnyTable, ...] = (WAIT, REFERRAL_NEED, WAIT_ENTRY)
    topics: frozenset[type[Event]] = frozenset(
        {
            *MILESTONES.values(),
            ReferralOpened,
            EntryStruck,
            MilestoneConfirmed,
            MilestoneContested,
            UnavailabilityRecorded,
            RegistrationAdded,
            RegistrationEnded,
            SchoolMoved,
            ReferralServiceMoved,
            StandardSet,
            StandardEnded,
            SchoolTermSet,
        }
    )
    wide: frozenset[type[Event]] = frozenset({StandardSet, StandardEnded, SchoolTermSet})

    def __init__(self) -> None:
        self._worked_out: dict[UUID, tuple[Referral, Directory, tuple[OffRoll, ...], Waits]] = {}

    def project(self, change: Change, rows: RowJournal) -> None:
        """The waits before and after the event; what differs ends and begins at its position."""
        event = change.event
        if isinstance(event, ReferralEvent):
            _entry(event, change, rows)
        match event:
            case ReferralOpened():
                opened = change.coded()
                needs = opened.get("needs") if isinstance(opened, dict) else None
                rows.put(REFERRAL_NEED, ReferralNeedTableRow(event.referral, list(needs or ())))
            case StandardSet(service=service) | StandardEnded(service=service):
                self._standards_changed(change, service, rows)
            case SchoolTermSet():
                for service in _measured_in_school_days(change.directory):
                    self._standards_changed(change, service, rows)
            case ReferralEvent(referral=referral):
                before, after = (
                    self._remembered(case.referrals.get(referral), change.stream, change.directory, case)
                    for case in change.states(CaseFile)
                )
                self._record(referral, before, after, change.position, rows)
            case ProfileEvent():
                self._roll_changed(change, rows)
            case _:
                pass

    def _standards_changed(self, change: Change, service: UUID, rows: RowJournal) -> None:
        organisation, _ = change.states(Organisation)
        earlier = change.directory.with_organisation(organisation)
        for pupil, case in change.others(service):
            for referral in case.referrals.values():
                before = self._waits(referral, pupil, earlier, case.profile.off_roll())
                after = self._waits(referral, pupil, change.directory, case.profile.off_roll())
                self._record(referral.referral, before, after, change.position, rows)

    def _roll_changed(self, change: Change, rows: RowJournal) -> None:
        """Whose days they were depends on the days on which the child was on no roll."""
        earlier, case = change.states(CaseFile)
        if earlier.profile.off_roll() == case.profile.off_roll():
            return
        for referral in case.referrals.values():
            before = self._remembered(referral, change.stream, change.directory, earlier)
            after = self._remembered(referral, change.stream, change.directory, case)
            self._record(referral.referral, before, after, change.position, rows)

    def _record(self, referral: UUID, before: Waits, after: Waits, position: int, rows: RowJournal) -> None:
        for standard, row in before.items():
            if after.get(standard) != row:
                rows.end(WAIT, (referral, standard), position)
        for standard, row in after.items():
            if before.get(standard) != row:
                rows.begin(WAIT, row, position)

    def _remembered(
        self, referral: Referral | None, pupil: UUID, directory: Directory, case: CaseFile
    ) -> Waits:
        """As `_waits`. The rows after one event are those before the next: they are worked out once, and used again
        only for the very same referral in the very same directory, with the same days on no roll."""
        if referral is None:
            return {}
        off_roll = case.profile.off_roll()
        held = self._worked_out.get(referral.referral)
        if held is not None and held[0] is referral and held[1] is directory and held[2] == off_roll:
            return held[3]
        waits = self._waits(referral, pupil, directory, off_roll)
        if len(self._worked_out) >= REMEMBERED:
            self._worked_out.clear()
        self._worked_out[referral.referral] = referral, directory, off_roll, waits
        return waits

    def _waits(
        self, referral: Referral, pupil: UUID, directory: Directory, off_roll: tuple[OffRoll, ...]
    ) -> Waits:
        """The rows of one referral by standard: of the service that holds it now, by the version of the standard in
        force when its clock started."""
        if not referral.steps:
            return {}
        standards = directory.standards_of(referral.service)
        if not standards:
            return {}
        ordered = in_order(referral.counting())
        names = {s.name for s in ordered}
        found: Waits = {}
        for standard in standards:
            if standard.start not in names or standard.legal_route not in (None, referral.legal_route):
                continue
            try:
                row = self._row(referral, pupil, standard, ordered, directory, off_roll)
            except Refusal:  # the school's terms are not known that far: it is measured when they are
                continue
            if row is not None:
                found[standard.code] = row
        return found

    def _row(
        self,
        referral: Referral,
        pupil: UUID,
        standard: Standard,
        ordered: list[DatedMilestone],
        directory: Directory,
        off_roll: tuple[OffRoll, ...],
    ) -> WaitTableRow | None:
        """The wait against one standard; None when there is none. Raises Refusal where days cannot be counted."""
        school_days = directory.school_days(referral.school) if standard.unit == "school_days" else None
        if school_days is None and standard.unit == "school_days":
            raise Refusal("school_terms_unknown")
        running = clock(ordered, standard, school_days)
        if running is None or not _in_force(standard, running.start_on):
            return None
        whose = party_periods(
            ordered,
            running.start_on,
            running.stop_on or running.ended_on or FAR,
            referral.unavailable,
            off_roll=off_roll,
        )
        return WaitTableRow(  # by place, as the struct has them: names take four times as long
            referral.referral,
            standard.code,
            pupil,
            referral.service,
            referral.agency,
            referral.school,
            directory.authority_of(referral.school),
            running.start_on,
            running.due_on,
            running.stop_on,
            running.ended_on,
            ordinal(running.start_on, standard.unit, school_days),
            ordinal(running.stop_on, standard.unit, school_days) if running.stop_on else None,
            _unconfirmed(ordered, running),
            METRIC_VERSION,
            [s.party for s in whose],
            [s.from_on for s in whose],
            [None if s.until == FAR else s.until for s in whose],
        )


def _entry(event: ReferralEvent, change: Change, rows: RowJournal) -> None:
    """Adds what was recorded, where it is a step of the referral or about one."""
    word: str | None = None
    about: int | None = None
    says_on: date | None = None
    until: date | None = None
    match event:
        case Milestone():
            kind, word, about = event.name, event.word, event.supersedes
        case ReferralOpened():
            kind = "opened"
        case EntryStruck():
            kind, about = "entry_struck", event.supersedes
        case MilestoneConfirmed():
            kind, about = "milestone_confirmed", event.milestone
        case MilestoneContested():
            kind, about, says_on = "milestone_contested", event.milestone, event.says_on
        case UnavailabilityRecorded():
            kind, says_on, until = "unavailable", event.from_on, event.until
        case _:
            return
    header = event.header
    row = WaitEntryTableRow(
        referral=event.referral,
        version=change.version,
        position=change.position,
        kind=kind,
        occurred_on=header.occurred_on,
        recorded_at=header.recorded_at,
        organisation=header.on_behalf_of or header.organisation,
        word=word,
        about=about,
        says_on=says_on,
        until=until,
    )
    rows.add(WAIT_ENTRY, row)


def _measured_in_school_days(directory: Directory) -> list[UUID]:
    """The services with a standard in school days."""
    units = ((s.id, [v.unit for v in directory.standards_of(s.id)]) for s in directory.services)
    return [service for service, used in units if "school_days" in used]


def _in_force(standard: Standard, on: date) -> bool:
    return standard.effective_from <= on and (standard.effective_to is None or on <= standard.effective_to)


def _unconfirmed(ordered: list[DatedMilestone], running: Clock) -> int:
    ends = {running.started_by, running.stopped_by}
    return sum(1 for s in ordered if s.version in ends and s.word == "reported" and s.standing != "confirmed")


PROJECTION = WaitingTimesProjection()
