"""Objections, court orders and the givers of agreements, as rows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.event import Event
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.asking.events import AskingEvent
from coordination.pupil.asking.state import what_happened
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.events import ConsentEvent
from coordination.pupil.objections.events import ObjectionEvent
from coordination.pupil.profile.events import ContactEnded, ContactRecorded
from coordination.topics import registry
from projections.projection import Change
from projections.rows import RowJournal
from projections.table import Table


class ObjectionTableRow(msgspec.Struct, frozen=True):
    """One parent's objection; `outcome` None: not decided yet."""

    objection: UUID
    pupil: UUID
    agency: UUID
    service: UUID | None
    purpose: str
    contact: UUID
    since: date
    outcome: str | None
    decided_on: date | None
    last_version: int


class CourtOrderTableRow(msgspec.Struct, frozen=True):
    """A court order about sharing."""

    court_order: UUID
    pupil: UUID
    effect: str
    agency: UUID | None
    service: UUID | None
    purpose: str | None
    since: date
    until: date | None
    ended_on: date | None
    last_version: int


class ConsentGiverTableRow(msgspec.Struct, frozen=True):
    """Who gave an agreement, and what has happened since that gives a reason to ask again (`ask_because`)."""

    consent: UUID
    pupil: UUID
    authority: str
    kept_from_parents: bool
    standing: str
    agency: UUID
    purpose: str
    contact: UUID | None
    given_on: date
    expires_on: date | None
    reviewed_on: date | None
    ask_because: str | None
    ask_since: date | None
    last_version: int


OBJECTION = Table("objection", ObjectionTableRow, key=1)
COURT_ORDER = Table("court_order", CourtOrderTableRow, key=1)
CONSENT_GIVER = Table("consent_giver", ConsentGiverTableRow, key=1)


class AgreementsProjection:
    """A row for each objection, court order and agreement."""

    name = "agreements"
    tables: tuple[Table[Any], ...] = (OBJECTION, COURT_ORDER, CONSENT_GIVER)
    topics: frozenset[type[Event]] = frozenset(
        of
        for of in registry().values()
        if issubclass(
            of,
            ConsentEvent | ObjectionEvent | AskingEvent | ContactRecorded | ContactEnded | IdentityReplaced,
        )
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """The rows that the event changes."""
        before, case = change.states(CaseFile)
        pupil = change.stream
        if isinstance(change.event, ObjectionEvent):
            _put_objections(pupil, before, case, rows)
            return
        for key in case.consents.questions:
            row = _giver(pupil, case, key)
            if row is not None and row != _giver(pupil, before, key):
                rows.put(CONSENT_GIVER, row)


def _put_objections(pupil: UUID, before: CaseFile, case: CaseFile, rows: RowJournal) -> None:
    for key, held in case.objections.objections.items():
        if before.objections.objections.get(key) != held:
            rows.put(
                OBJECTION,
                ObjectionTableRow(
                    key,
                    pupil,
                    held.agency,
                    held.service,
                    held.purpose,
                    held.contact,
                    held.since,
                    held.outcome,
                    held.decided_on,
                    held.last_version,
                ),
            )
    for key, order in case.objections.orders.items():
        if before.objections.orders.get(key) != order:
            rows.put(
                COURT_ORDER,
                CourtOrderTableRow(
                    key,
                    pupil,
                    order.effect,
                    order.agency,
                    order.service,
                    order.purpose,
                    order.since,
                    order.until,
                    order.ended_on,
                    order.last_version,
                ),
            )


def _giver(pupil: UUID, case: CaseFile, key: UUID) -> ConsentGiverTableRow | None:
    """The row of an agreement; None for a question that nobody has agreed to."""
    held = case.consents.questions.get(key)
    if held is None or not held.authority:
        return None
    happened = what_happened(case, held) if held.standing == "given" else None
    reviewed = case.asking.reviewed.get(key)
    return ConsentGiverTableRow(
        consent=key,
        pupil=pupil,
        authority=held.authority,
        kept_from_parents=held.kept_from_parents,
        standing=held.standing,
        agency=held.agency,
        purpose=held.purpose,
        contact=held.contact,
        given_on=held.since,
        expires_on=held.expires_on,
        reviewed_on=reviewed[1] if reviewed else None,
        ask_because=happened.reason if happened else None,
        ask_since=happened.on if happened else None,
        last_version=held.last_version,
    )


PROJECTION = AgreementsProjection()
