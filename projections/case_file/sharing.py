"""Agreements, bases and disclosures; minutes and actions: who may know what, and who has to do something."""

from __future__ import annotations

from uuid import UUID

from coordination.directory.state import Directory
from coordination.pupil.actions.state import Action
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.events import (
    ConsentEvent,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    ConsentWithdrawn,
    DisclosureMade,
    LawfulBasisRecorded,
)
from coordination.pupil.minutes.state import Minute
from projections.projection import Change
from projections.rows import RowJournal, Table

CONSENT = Table(
    "consent",
    (
        "consent",
        "pupil",
        "agency",
        "purpose",
        "standing",
        "since",
        "contact",
        "expires_on",
        "data_classes",
        "last_version",
    ),
    key=1,
)
DISCLOSURE = Table(
    "disclosure",
    ("pupil", "agency", "ground", "version", "made_on", "data_classes", "lawful_basis", "consent"),
    key=3,
)
LAWFUL_BASIS = Table("lawful_basis", ("pupil", "agency", "basis", "recorded_on", "version"), key=2)
MINUTE = Table(
    "minute", ("minute", "pupil", "meeting", "item", "school", "services", "agencies", "last_version"), key=1
)
ACTION = Table(
    "action",
    (
        "action",
        "pupil",
        "school",
        "owner_organisation",
        "owner_service",
        "owner_person",
        "agreed_on",
        "due_on",
        "meeting",
        "minute",
        "ended",
        "ended_on",
        "last_version",
    ),
    key=1,
)


def put_sharing(change: Change, event: ConsentEvent, rows: RowJournal) -> None:
    """What an event about sharing makes of the rows."""
    pupil, on = change.stream, event.header.occurred_on
    match event:
        case (
            ConsentRequested(consent=key)
            | ConsentGiven(consent=key)
            | ConsentRefused(consent=key)
            | ConsentWithdrawn(consent=key)
        ):
            case: CaseFile = change.after
            held = case.consents.questions.get(key)
            if held is not None:
                stands = (held.standing, held.since, held.contact, held.expires_on, list(held.data_classes))
                rows.put(CONSENT, (key, pupil, held.agency, held.purpose, *stands, held.last_version))
        case LawfulBasisRecorded(agency=agency, basis=basis):
            rows.put(LAWFUL_BASIS, (pupil, agency, basis, on, change.version))
        case DisclosureMade(agency=agency, ground=ground, data_classes=data, lawful_basis=basis, consent=key):
            rows.put(DISCLOSURE, (pupil, agency, ground, change.version, on, list(data), basis, key))
        case _:
            pass


def put_minute(change: Change, minute: Minute, rows: RowJournal) -> None:
    """The minute as it stands, with the agencies whose services were present."""
    agencies = _agencies(minute, change.directory)
    place = (minute.meeting, minute.item, minute.school)
    present = list(minute.services_present)
    rows.put(MINUTE, (minute.minute, change.stream, *place, present, agencies, minute.last_version))


def _agencies(minute: Minute, directory: Directory) -> list[UUID]:
    services = (directory.service(id) for id in minute.services_present)
    return sorted({service.agency for service in services if service is not None})


def put_action(change: Change, action: Action, rows: RowJournal) -> None:
    """The action as it stands."""
    owner = action.owner
    rows.put(
        ACTION,
        (
            action.action,
            change.stream,
            action.school,
            owner.organisation if owner else None,
            owner.service if owner else None,
            owner.person if owner else None,
            action.agreed_on,
            action.due_on,
            action.meeting,
            action.minute,
            action.ended,
            action.ended_on,
            action.last_version,
        ),
    )
