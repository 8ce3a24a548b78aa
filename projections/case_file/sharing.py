"""Agreements, bases and disclosures; minutes and actions: who may know what, and who has to do something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from coordination.pupil.actions.state import Action
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.bases import basis_in_force
from coordination.pupil.consent.events import (
    AgreementFollowed,
    ConsentEvent,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    ConsentWithdrawn,
    DisclosureMade,
    LawfulBasisRecorded,
    SharingStopped,
)
from coordination.pupil.consent.state import Consent, Disclosure
from coordination.pupil.minutes.state import Minute
from projections.projection import Change
from projections.rows import RowJournal
from projections.table import Table


class ConsentTableRow(msgspec.Struct, frozen=True):
    """A question whether data may be shared, and where it stands. `agency` is the one to which its service has moved,
    where it has."""

    consent: UUID
    pupil: UUID
    agency: UUID
    service: UUID | None
    whole_agency: bool
    also_services: list[UUID]
    purpose: str
    standing: str
    since: date
    contact: UUID | None
    expires_on: date | None
    data_classes: list[str]
    last_version: int


class DisclosureTableRow(msgspec.Struct, frozen=True):
    """What went to a service on a ground; the newest disclosure for it. `recipient` is the service, or the agency where
    the whole of it was told."""

    pupil: UUID
    agency: UUID
    ground: UUID
    recipient: UUID
    service: UUID | None
    version: int
    made_on: date
    data_classes: list[str]
    lawful_basis: str
    consent: UUID | None
    subject: str
    until_version: int | None
    stopped_on: date | None
    stopped_because: str | None


class LawfulBasisTableRow(msgspec.Struct, frozen=True):
    """The lawful basis recorded for sharing with a service, or with an agency."""

    pupil: UUID
    agency: UUID
    recipient: UUID
    service: UUID | None
    basis: str
    recorded_on: date
    version: int


class MinuteTableRow(msgspec.Struct, frozen=True):
    """A minute, with the services that were in the room for the pupil. `agencies` read one from before disclosures."""

    minute: UUID
    pupil: UUID
    meeting: UUID
    item: UUID | None
    school: UUID
    services: list[UUID]
    agencies: list[UUID]
    last_version: int


class ActionTableRow(msgspec.Struct, frozen=True):
    """What is to be done, by its one owner."""

    action: UUID
    pupil: UUID
    school: UUID
    owner_organisation: UUID | None
    owner_service: UUID | None
    owner_person: UUID | None
    agreed_on: date
    due_on: date | None
    meeting: UUID | None
    minute: UUID | None
    ended: str | None
    ended_on: date | None
    last_version: int


CONSENT = Table("consent", ConsentTableRow, key=1)
DISCLOSURE = Table("disclosure", DisclosureTableRow, key=4)
LAWFUL_BASIS = Table("lawful_basis", LawfulBasisTableRow, key=3)
MINUTE = Table("minute", MinuteTableRow, key=1)
ACTION = Table("action", ActionTableRow, key=1)


def put_sharing(change: Change, event: ConsentEvent, rows: RowJournal) -> None:
    """What an event about sharing makes of the rows."""
    pupil, on = change.stream, event.header.occurred_on
    match event:
        case (
            ConsentRequested(consent=key)
            | ConsentGiven(consent=key)
            | ConsentRefused(consent=key)
            | ConsentWithdrawn(consent=key)
            | AgreementFollowed(consent=key)
        ):
            _, case = change.states(CaseFile)
            held = case.consents.questions.get(key)
            if held is not None:
                rows.put(CONSENT, _consent(pupil, held))
        case LawfulBasisRecorded(agency=agency, basis=basis):
            to = event.service
            rows.put(
                LAWFUL_BASIS, LawfulBasisTableRow(pupil, agency, to or agency, to, basis, on, change.version)
            )
        case DisclosureMade(agency=agency, ground=ground):
            _, case = change.states(CaseFile)
            _put_disclosures(pupil, case, agency, (ground,), rows)
        case SharingStopped(agency=agency, grounds=grounds):
            _, case = change.states(CaseFile)
            _put_disclosures(pupil, case, agency, grounds, rows)
        case _:
            pass


def put_passed_on(change: Change, referral: UUID, rows: RowJournal) -> None:
    """The disclosures of a referral where passing it on within an agency made one more: as it did before access was for
    a service."""
    earlier, case = change.states(CaseFile)
    if len(case.consents.disclosures) > len(earlier.consents.disclosures):
        _put_disclosures(change.stream, case, case.referrals[referral].agency, (referral,), rows)


def _put_disclosures(
    pupil: UUID, case: CaseFile, agency: UUID, grounds: Iterable[UUID], rows: RowJournal
) -> None:
    """The newest disclosure to each service of an agency on each ground, and whether the sharing has stopped."""
    wanted = frozenset(grounds)
    for made in case.consents.disclosures:
        if made.agency == agency and made.ground in wanted:
            rows.put(DISCLOSURE, _disclosure(pupil, made))


def _disclosure(pupil: UUID, made: Disclosure) -> DisclosureTableRow:
    return DisclosureTableRow(
        pupil=pupil,
        agency=made.agency,
        ground=made.ground,
        recipient=made.service or made.agency,
        service=made.service,
        version=made.version,
        made_on=made.made_on,
        data_classes=list(made.data_classes),
        lawful_basis=made.lawful_basis,
        consent=made.consent,
        subject=made.subject,
        until_version=made.until,
        stopped_on=made.stopped_on,
        # that somebody objected is the school's to know; the service is told that the school stopped
        stopped_because="school_stopped"
        if made.stopped_because == "objection_upheld"
        else made.stopped_because,
    )


def _consent(pupil: UUID, held: Consent) -> ConsentTableRow:
    return ConsentTableRow(
        consent=held.consent,
        pupil=pupil,
        agency=held.followed_to[-1] if held.followed_to else held.agency,
        service=held.service,
        whole_agency=held.whole_agency,
        also_services=list(held.also_services),
        purpose=held.purpose,
        standing=held.standing,
        since=held.since,
        contact=held.contact,
        expires_on=held.expires_on,
        data_classes=list(held.data_classes),
        last_version=held.last_version,
    )


def put_minute(change: Change, minute: Minute, rows: RowJournal) -> None:
    """The minute as it stands. It goes to services by disclosures of their own; one from before them, to the agencies
    of the services present that had a basis."""
    _, case = change.states(CaseFile)
    row = MinuteTableRow(
        minute=minute.minute,
        pupil=change.stream,
        meeting=minute.meeting,
        item=minute.item,
        school=minute.school,
        services=list(minute.services_present),
        agencies=[] if minute.by_disclosure else _agencies(minute, case, change),
        last_version=minute.last_version,
    )
    rows.put(MINUTE, row)


def _agencies(minute: Minute, case: CaseFile, change: Change) -> list[UUID]:
    found = (change.directory.service(id) for id in minute.services_present)
    on = change.event.header.occurred_on
    return sorted(
        {
            s.agency
            for s in found
            if s and basis_in_force(case.consents, case.objections, s.agency, s.id, on) is not None
        }
    )


def put_action(change: Change, action: Action, rows: RowJournal) -> None:
    """The action as it stands."""
    owner = action.owner
    row = ActionTableRow(
        action=action.action,
        pupil=change.stream,
        school=action.school,
        owner_organisation=owner.organisation if owner else None,
        owner_service=owner.service if owner else None,
        owner_person=owner.person if owner else None,
        agreed_on=action.agreed_on,
        due_on=action.due_on,
        meeting=action.meeting,
        minute=action.minute,
        ended=action.ended,
        ended_on=action.ended_on,
        last_version=action.last_version,
    )
    rows.put(ACTION, row)
