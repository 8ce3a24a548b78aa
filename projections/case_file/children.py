"""Which files are of one child, and whose identity was replaced."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.pupil.casefile import CaseFile
from coordination.pupil.joining.events import AnyJoiningEvent, PupilsJoined, PupilsSeparated
from projections.case_file.people import CONTACT, CONTACT_END, IDENTITY, put_newest
from projections.case_file.sharing import CONSENT
from projections.projection import Change
from projections.rows import RowJournal
from projections.table import Table


class JoinedTableRow(msgspec.Struct, frozen=True):
    """A file that follows another: `child` is the one that leads."""

    pupil: UUID
    child: UUID


class ReplacedTableRow(msgspec.Struct, frozen=True):
    """The version of a pupil's stream before which words are withheld: the identity was replaced there."""

    pupil: UUID
    version: int


JOINED = Table("joined", JoinedTableRow, key=1, bitemporal=True)
REPLACED = Table("replaced", ReplacedTableRow, key=1)


def put_joining(change: Change, event: AnyJoiningEvent, rows: RowJournal) -> None:
    """The link of the file that follows, from one position of the log to another."""
    match event:
        case PupilsJoined(part="follows", other=child):
            rows.begin(JOINED, JoinedTableRow(change.stream, child), change.position)
        case PupilsSeparated(part="follows"):
            rows.end(JOINED, (change.stream,), change.position)
        case _:
            pass


def put_replacement(change: Change, rows: RowJournal) -> None:
    """The new identity; nothing is left of the earlier contacts, of what they were asked and of what they agreed."""
    pupil = change.stream
    before, _ = change.states(CaseFile)
    rows.put(REPLACED, ReplacedTableRow(pupil, change.version))
    put_newest("identity", change, rows)
    rows.remove(IDENTITY, (pupil, "language_wish"))
    for contact in before.profile.contacts:
        rows.remove(CONTACT, (pupil, contact.contact))
        rows.remove(CONTACT_END, (pupil, contact.contact))
    for consent in before.consents.questions.values():
        if consent.contact is not None:
            rows.remove(CONSENT, (consent.consent,))
