"""Referral milestones to waits."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.calendars import local_date
from coordination.clocks import FAR, METRIC_VERSION, Wait, waits_of
from coordination.directory.events import SchoolTermSet, StandardEnded, StandardSet
from coordination.directory.state import Directory, Organisation
from coordination.event import Event
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.casefile import CaseFile
from coordination.pupil.profile.events import (
    IdentityChanged,
    ProfileEvent,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
)
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
from coordination.pupil.referral.milestones.appointments import AppointmentOffered
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.milestones.opening import Received
from coordination.pupil.referral.state import Referral
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.waiting_times.rows import (
    PUPIL_LANGUAGE,
    REFERRAL_NEED,
    WAIT,
    WAIT_ENTRY,
    PupilLanguageTableRow,
    ReferralNeedTableRow,
    WaitEntryTableRow,
    WaitTableRow,
)

IDENTITIES: tuple[type[Event], ...] = (PupilRegistered, IdentityChanged, IdentityReplaced)
"""They hold the pupil's language with the rest of the identity."""
REMEMBERED = 10_000
Waits = dict[tuple[str, int], WaitTableRow]
"""The rows of one referral by standard and number."""


class WaitingTimesProjection:
    """A wait row is known from the event that made it so until the event that changed it."""

    name = "waiting_times"
    tables: tuple[AnyTable, ...] = (WAIT, REFERRAL_NEED, PUPIL_LANGUAGE, WAIT_ENTRY)
    topics: frozenset[type[Event]] = frozenset(
        {
            *MILESTONES.values(),
            ReferralOpened,
            EntryStruck,
            MilestoneConfirmed,
            MilestoneContested,
            UnavailabilityRecorded,
            *IDENTITIES,
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
                rows.put(
                    REFERRAL_NEED, ReferralNeedTableRow(event.referral, change.stream, list(needs or ()))
                )
            case PupilRegistered() | IdentityChanged() | IdentityReplaced():
                opened = change.coded()
                language = opened.get("language") if isinstance(opened, dict) else None
                rows.end(PUPIL_LANGUAGE, (change.stream,), change.position)
                rows.begin(PUPIL_LANGUAGE, PupilLanguageTableRow(change.stream, language), change.position)
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
        for key, row in before.items():
            if after.get(key) != row:
                rows.end(WAIT, (referral, *key), position)
        for key, row in after.items():
            if before.get(key) != row:
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
        """The rows of one referral by standard and number."""
        if not referral.steps:
            return {}
        authority = directory.authority_of(referral.school)
        return {
            (wait.standard, wait.number): wait_row(wait, referral, pupil, authority)
            for wait in waits_of(referral, directory, off_roll)
        }


def wait_row(wait: Wait, referral: Referral, pupil: UUID, authority: UUID | None) -> WaitTableRow:
    """The row of a wait."""
    version = wait.version
    return WaitTableRow(  # by place, as the struct has them: names take four times as long
        referral.referral,
        wait.standard,
        wait.number,
        pupil,
        wait.service,
        wait.agency,
        referral.school,
        authority,
        wait.holder_kind,
        version.effective_from if version is not None else None,
        wait.unit,
        version.limit if version is not None else None,
        list(version.bands) if version is not None else [],
        version.legal_route if version is not None else None,
        referral.priority,
        wait.start_on,
        wait.begins_on,
        wait.held_from,
        wait.due_on,
        wait.own_due_on,
        wait.end_on,
        wait.ending,
        wait.age_years,
        wait.inherited_days,
        wait.inherited_from,
        wait.uncountable,
        wait.start_ordinal,
        wait.end_ordinal,
        wait.unconfirmed,
        METRIC_VERSION,
        [gap.from_on for gap in wait.gaps],
        [gap.until for gap in wait.gaps],
        [gap.ending for gap in wait.gaps],
        [s.party for s in wait.periods],
        [s.service for s in wait.periods],
        [s.from_on for s in wait.periods],
        [None if s.until == FAR else s.until for s in wait.periods],
        [s.cause for s in wait.periods],
    )


def _entry(event: ReferralEvent, change: Change, rows: RowJournal) -> None:
    """Adds what was recorded, where it is a step of the referral or about one."""
    word: str | None = None
    about: int | None = None
    says_on: date | None = None
    until: date | None = None
    match event:
        case AppointmentOffered():
            kind, word, about = event.name, event.word, event.supersedes
            offered = [local_date(instant) for instant in event.for_when]
            says_on, until = min(offered, default=None), max(offered, default=None)
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
        age_months=event.age_months if isinstance(event, Received) else None,
    )
    rows.add(WAIT_ENTRY, row)


def _measured_in_school_days(directory: Directory) -> list[UUID]:
    """The services with a standard in school days."""
    units = ((s.id, [v.unit for v in directory.standards_of(s.id)]) for s in directory.services)
    return [service for service, used in units if "school_days" in used]


PROJECTION = WaitingTimesProjection()
