"""The end of an organisation's sight of a referral, from the event that ended it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.events import (
    ConsentWithdrawn,
    DisclosureClosed,
    DisclosureMade,
    SharingStopped,
)
from coordination.pupil.profile.events import RegistrationAdded, RegistrationEnded, SchoolMoved
from coordination.pupil.referral.phase import phase
from coordination.pupil.referral.state import Referral
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.table import Table

SHARED_AGAIN = "shared_again"


SCHOOL_STOPPED = "school_stopped"
KEPT_REASONS = ("objection_upheld", "court_order")
"""Why the school stopped sharing, which it keeps to itself: the agency is told that it did."""


class SightEndTableRow(msgspec.Struct, frozen=True):
    """That an organisation no longer receives what is new of a referral; `service` is the one that had it."""

    organisation: UUID
    service: UUID
    referral: UUID
    pupil: UUID
    school: UUID
    since: date
    because: str
    referral_open: bool
    received: bool
    topic: str
    position: int
    recorded_at: datetime
    recorded_by: UUID


SIGHT_END = Table("sight_end", SightEndTableRow, key=3)


class SightEndsProjection:
    """A row for each organisation and referral whose sight ended, once it has."""

    name = "sight_ends"
    tables: tuple[AnyTable, ...] = (SIGHT_END,)
    topics: frozenset[type[Event]] = frozenset(
        {
            SharingStopped,
            DisclosureClosed,
            DisclosureMade,
            ConsentWithdrawn,
            SchoolMoved,
            RegistrationEnded,
            RegistrationAdded,
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Says of each referral that the event takes out of sight, or brings back, where it stands."""
        match change.event:
            case SharingStopped(agency=agency, service=service, grounds=grounds, because=because):
                for ground in grounds:
                    _agency_row(change, rows, agency, service, ground, _told(because), received=True)
            case DisclosureClosed(agency=agency, service=service, ground=ground, because=because):
                _agency_row(change, rows, agency, service, ground, _told(because), received=False)
            case ConsentWithdrawn(agency=agency, service=service, grounds=grounds):
                for ground in grounds:
                    _agency_row(change, rows, agency, service, ground, "agreement_withdrawn", received=False)
            case DisclosureMade(agency=agency, service=service, ground=ground):
                before, _ = change.states(CaseFile)
                earlier = [d for d in before.consents.disclosures if (d.ground, d.agency) == (ground, agency)]
                if earlier and not any(d.receives for d in earlier):
                    _agency_row(change, rows, agency, service, ground, SHARED_AGAIN, received=True)
            case SchoolMoved(from_school=school, to_school=to_school):
                _school_rows(change, rows, school, "moved")
                _school_rows(change, rows, to_school, SHARED_AGAIN)
            case RegistrationEnded(school=school):
                _school_rows(change, rows, school, "left")
            case RegistrationAdded(school=school):
                _school_rows(change, rows, school, SHARED_AGAIN)
            case _:
                pass


def _told(because: str) -> str:
    return SCHOOL_STOPPED if because in KEPT_REASONS else because


def _agency_row(
    change: Change,
    rows: RowJournal,
    agency: UUID,
    service: UUID | None,
    ground: UUID,
    because: str,
    *,
    received: bool,
) -> None:
    """The row of an agency; none for a ground that is no referral (a minute, an agenda)."""
    before, after = change.states(CaseFile)
    held = after.referrals.get(ground)
    if held is not None:
        was = before.referrals.get(ground, held)
        of = service or _service_of(was, agency, change)
        _put(change, rows, held, agency, of, because, received=received)


def _service_of(held: Referral, agency: UUID, change: Change) -> UUID:
    """The service of an agency that had a referral: of old events, which do not say it, the last that was the
    agency's."""
    if held.agency == agency:
        return held.service
    theirs = [
        id for id in held.services if (found := change.directory.service(id)) and found.agency == agency
    ]
    return theirs[-1] if theirs else held.service


def _school_rows(change: Change, rows: RowJournal, school: UUID, because: str) -> None:
    """A row for each referral of a school whose pupil has left; after a return only for those that had one."""
    before, case = change.states(CaseFile)
    returned = because == SHARED_AGAIN
    if returned and school in before.profile.schools():
        return
    for held in case.referrals.values():
        if held.school != school:
            continue
        if returned or not phase(held.counting()).ended:
            _put(change, rows, held, school, held.service, because, received=False)


def _put(
    change: Change,
    rows: RowJournal,
    held: Referral,
    organisation: UUID,
    service: UUID,
    because: str,
    *,
    received: bool,
) -> None:
    header = change.event.header
    row = SightEndTableRow(
        organisation=organisation,
        service=service,
        referral=held.referral,
        pupil=change.stream,
        school=held.school,
        since=header.occurred_on,
        because=because,
        referral_open=not phase(held.counting() if held.superseded else held.steps).ended,
        received=received,
        topic=change.event.topic,
        position=change.position,
        recorded_at=header.recorded_at,
        recorded_by=header.on_behalf_of or header.organisation,
    )
    rows.put(SIGHT_END, row)


PROJECTION = SightEndsProjection()
