"""Rows written in the same transaction as the events: look-ups, keys, access, repeated commands.

They are derived from the events before these are sealed, so that a personal natural key is only ever stored as its
HMAC.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.advice.events import AdviceErased
from coordination.calendars import local_date
from coordination.directory.events import OrganisationRegistered, ServiceOpened
from coordination.event import Event, OrganisationEvent, RecordedEvent
from coordination.outbox.message import QueuedMessage
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.consent.events import ConsentWithdrawn, DisclosureClosed, DisclosureMade
from coordination.pupil.joining.events import PupilsJoined, PupilsSeparated
from coordination.pupil.moves.events import (
    EmergencyAccessOpened,
    EmergencyFileOpened,
    FileRequestAnswered,
    FileRequestEscalated,
)
from coordination.pupil.no_roll.events import ChildTakenOn
from coordination.pupil.profile.events import (
    IdentityChanged,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
)
from coordination.pupil.referral.events import ReferralOpened
from coordination.pupil.rights.events import PupilErased
from coordination.store.documents import DocumentRows, DocumentSeals
from coordination.store.keys import OuterKeys
from coordination.store.likeness import add_likenesses, details_of, likeness_hmacs
from coordination.store.numbers import NumberRows
from coordination.store.places_taken import PlaceChanges, write_places
from coordination.store.queue import queue_messages
from coordination.store.restrictions import RestrictionRows

Access = tuple[UUID, UUID, UUID, UUID | None]
"""Pupil, organisation, ground, service (None: the whole organisation)."""


ERASING = (PupilErased, AdviceErased)
"""With these the key of their stream is destroyed."""


class InlineRows:
    """The rows of one save, gathered and then written with one statement a table."""

    def __init__(self, outer: OuterKeys) -> None:
        self.outer = outer
        self.commands: list[tuple[UUID, str, bytes, UUID, int]] = []
        self.keys: dict[UUID, bytes] = {}
        self.likenesses: set[tuple[bytes, UUID]] = set()
        self.numbers = NumberRows()
        self.leading: dict[UUID, UUID | None] = {}
        self.withheld: dict[UUID, tuple[int, datetime]] = {}
        self.references: list[tuple[UUID, bytes, UUID, UUID]] = []
        self.organisations: dict[UUID, tuple[str, str]] = {}
        self.versions: dict[UUID, int] = {}
        self.services: list[tuple[str, UUID, UUID]] = []
        self.opened: dict[Access, tuple[str, date, date | None]] = {}
        self.closed: dict[Access, date] = {}
        # pupils whom a school put on its roll
        self.on_roll: dict[UUID, date] = {}
        self.ends: dict[Access, datetime] = {}
        self.erased: list[UUID] = []
        self.people: dict[Access, UUID] = {}
        self.restrictions = RestrictionRows()
        self.people_of_save: set[UUID] = set()
        self.messages: list[QueuedMessage] = []
        self.places: PlaceChanges = {}
        self.documents = DocumentRows()
        self.sealed = DocumentSeals()

    @property
    def changes_sight(self) -> bool:
        """Whether the save changes who may see whom."""
        rows = (self.opened, self.closed, self.on_roll, self.leading, self.withheld, self.erased)
        return any(rows) or self.restrictions.any()

    def gather(self, writes: Sequence[RecordedEvent]) -> None:
        """Collects what must be looked up later from events that are not sealed yet."""
        self.people_of_save.update(write.event.header.person for write in writes)
        self.erased += [write.stream for write in writes if isinstance(write.event, ERASING)]
        for recorded in writes:
            event, stream, on = recorded.event, recorded.stream, recorded.event.header.occurred_on
            self.restrictions.gather(stream, event)
            self.documents.gather(event)
            if isinstance(event, OrganisationEvent):
                self.versions[stream] = recorded.version
            self._liken(stream, event)
            match event:
                case OrganisationRegistered(kind=kind, code=code):
                    self.organisations[stream] = (kind, code)
                case ServiceOpened(service=service, code=code):
                    self.services.append((code, service, stream))
                case PupilRegistered(school=school, upn=str() as upn):
                    self.numbers.now(stream, self.outer.lookup_hmac("upn", upn))
                    self._open(stream, school, "registration", school, on)
                case RegistrationAdded(school=school):
                    self._open(stream, school, "registration", school, on)
                case SchoolMoved(from_school=old, to_school=new):
                    self._close(stream, old, old, on)
                    self._open(stream, new, "registration", new, on)
                case RegistrationEnded(school=school, held_by=authority):
                    self._close(stream, school, school, on)
                    if authority is not None:
                        self._open(stream, authority, "no_roll", authority, on)
                case ChildTakenOn(held_by=authority):
                    self._open(stream, authority, "no_roll", authority, on)
                case IdentityChanged(upn=str() as upn) if upn:
                    self.numbers.now(stream, self.outer.lookup_hmac("upn", upn))
                case IdentityReplaced(upn=str() as upn):
                    self.numbers.now(stream, self.outer.lookup_hmac("upn", upn), replaced=True)
                    self.withheld[stream] = (recorded.version, event.header.recorded_at)
                case PupilsJoined(part="follows", other=leading):
                    self.leading[stream] = leading
                case PupilsSeparated(part="follows"):
                    self.leading[stream] = None
                case FileRequestEscalated(request=request, authority=authority, ground=why):
                    basis = "confidential_request" if why == "confidential" else "disputed_request"
                    self._open(stream, authority, basis, request, local_date(event.header.recorded_at))
                case FileRequestAnswered(request=request, authority=UUID() as authority):
                    self._close(stream, authority, request, local_date(event.header.recorded_at))
                case EmergencyAccessOpened() | EmergencyFileOpened():
                    self._open_in_emergency(stream, event)
                case ReferralOpened(reference=str() as reference, school=school, referral=referral):
                    found_by = self.outer.lookup_hmac("referral_ref", reference)
                    self.references.append((school, found_by, stream, referral))
                case DisclosureMade(agency=agency, ground=ground, lawful_basis=basis, until=last_day):
                    self._open(stream, agency, basis, ground, on, _service(event), last_day)
                case DisclosureClosed(agency=agency, ground=ground):
                    self._close(stream, agency, ground, on, _service(event))
                case ConsentWithdrawn(agency=agency, grounds=grounds):
                    for ground in grounds:
                        self._close(stream, agency, ground, on, _service(event))
                case _:
                    pass

    def _liken(self, stream: UUID, event: Event) -> None:
        if isinstance(event, PupilRegistered | IdentityChanged | IdentityReplaced) and isinstance(
            event.surname, str
        ):
            details = details_of(msgspec.structs.asdict(event))
            self.likenesses |= {(h, stream) for h in likeness_hmacs(self.outer, details)}

    def _open(
        self,
        pupil: UUID,
        organisation: UUID,
        basis: str,
        ground: UUID,
        on: date,
        service: UUID | None = None,
        last_day: date | None = None,
    ) -> None:
        until = None if last_day is None else last_day + date.resolution
        if basis == "registration":
            self._enter_roll(pupil, on)
        self.opened[pupil, organisation, ground, service] = (basis, on, until)
        self.closed.pop((pupil, organisation, ground, service), None)

    def _open_in_emergency(self, pupil: UUID, event: EmergencyAccessOpened | EmergencyFileOpened) -> None:
        """Access until an instant: of a school that asked for the file, or of one person of any organisation."""
        own = event.school if isinstance(event, EmergencyAccessOpened) else event.organisation
        self._open(pupil, own, "emergency", event.access, event.header.occurred_on)
        self.ends[pupil, own, event.access, None] = event.closes_at
        if isinstance(event, EmergencyFileOpened):
            self.people[pupil, own, event.access, None] = event.header.person

    def _enter_roll(self, pupil: UUID, on: date) -> None:
        """A school has the pupil: an authority that held the child on no roll no longer does."""
        self.on_roll[pupil] = on
        for key, (basis, since, until) in self.opened.items():
            if key[0] == pupil and basis == "no_roll" and until is None:
                self.opened[key] = (basis, since, on)

    def _close(
        self, pupil: UUID, organisation: UUID, ground: UUID, on: date, service: UUID | None = None
    ) -> None:
        key = (pupil, organisation, ground, service)
        if key in self.opened:
            basis, since, _ = self.opened[key]
            self.opened[key] = (basis, since, on)
        else:
            self.closed[key] = on

    def write(self, cursor: Cursor[DictRow]) -> None:
        """Writes the rows with one statement per table, inside the transaction of the events."""
        if self.commands:
            cursor.execute(
                "insert into log.command (organisation, command_id, digest, stream, version)"
                " select * from unnest(%s::uuid[], %s::text[], %s::bytea[], %s::uuid[], %s::bigint[])",
                _columns(self.commands),
                prepare=True,
            )
        if self.keys:
            name = self.outer.current
            cursor.execute(
                "insert into log.stream_key (stream, wrapped, wrapping_key)"
                " select s, w, %s from unnest(%s::uuid[], %s::bytea[]) as new(s, w)",
                (name, list(self.keys), [self.outer.wrap(key) for key in self.keys.values()]),
                prepare=True,
            )
        self.numbers.write(cursor)
        self._write_children(cursor)
        add_likenesses(cursor, self.likenesses, self.withheld)
        if self.references:
            cursor.execute(
                "insert into log.referral_ref (organisation, ref_hmac, pupil, referral)"
                " select * from unnest(%s::uuid[], %s::bytea[], %s::uuid[], %s::uuid[])",
                _columns(self.references),
            )
        self._write_directory(cursor)
        self._write_access(cursor)
        self.restrictions.write(cursor)
        if self.messages:
            queue_messages(cursor, self.messages)
        if self.places:
            write_places(cursor, self.places)
        self.documents.write(cursor, self.sealed)

    def write_erasures(self, cursor: Cursor[DictRow]) -> None:
        """Destroys the keys, look-ups and desk rows of erased streams: after the events, because the database lets the
        append role do it only for a stream with the event of its erasure."""
        if self.erased:
            cursor.execute("select log.erase(%s)", (self.erased,))

    def _write_children(self, cursor: Cursor[DictRow]) -> None:
        if self.leading:
            cursor.execute(
                "insert into log.joined_pupil (pupil, child)"
                " select * from unnest(%s::uuid[], %s::uuid[])"
                " on conflict (pupil) do update set child = excluded.child",
                _columns(list(self.leading.items())),
            )
        if self.withheld:
            cursor.execute(
                "insert into log.withheld_before (stream, version, since)"
                " select * from unnest(%s::uuid[], %s::bigint[], %s::timestamptz[])"
                " on conflict (stream) do update set version = excluded.version, since = excluded.since",
                _columns([(stream, *at) for stream, at in self.withheld.items()]),
            )
            self.documents.withhold(cursor, [(stream, since) for stream, (_, since) in self.withheld.items()])

    def _write_directory(self, cursor: Cursor[DictRow]) -> None:
        if self.organisations:
            rows = [(s, k, c, self.versions[s]) for s, (k, c) in self.organisations.items()]
            cursor.execute(
                "insert into log.organisation (stream, kind, code, version)"
                " select * from unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[])",
                _columns(rows),
            )
        known = {s: v for s, v in self.versions.items() if s not in self.organisations}
        if known:
            cursor.execute(
                "update log.organisation o set version = new.v"
                " from unnest(%s::uuid[], %s::bigint[]) as new(s, v) where o.stream = new.s",
                (list(known), list(known.values())),
            )
        if self.services:
            cursor.execute(
                "insert into log.service_code (code, service, organisation)"
                " select * from unnest(%s::text[], %s::uuid[], %s::uuid[])",
                _columns(self.services),
            )

    def _write_access(self, cursor: Cursor[DictRow]) -> None:
        if self.on_roll:  # before the rows of this save: a pupil may have left every roll again in it
            cursor.execute(
                "update log.pupil_access a set closed_on = new.since"
                " from unnest(%s::uuid[], %s::date[]) as new(pupil, since)"
                " where a.pupil = new.pupil and a.basis = 'no_roll' and a.closed_on is null",
                (list(self.on_roll), list(self.on_roll.values())),
            )
        if self.opened:
            rows = [
                (p, o, b, g, on, end, self.ends.get((p, o, g, s)), self.people.get((p, o, g, s)), s)
                for (p, o, g, s), (b, on, end) in self.opened.items()
            ]
            cursor.execute(
                "insert into log.pupil_access"
                " (pupil, organisation, basis, ground, opened_on, closed_on, closes_at, person, service)"
                " select * from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::date[], %s::date[],"
                " %s::timestamptz[], %s::uuid[], %s::uuid[])"
                " on conflict (pupil, organisation, ground, service) do update set basis = excluded.basis,"
                " opened_on = least(pupil_access.opened_on, excluded.opened_on), closed_on = excluded.closed_on,"
                " closes_at = excluded.closes_at",
                _columns(rows),
            )
        if self.closed:
            rows_closed = [(*key, on) for key, on in self.closed.items()]
            cursor.execute(
                "update log.pupil_access a set closed_on = gone.closed_on"
                " from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::date[])"
                " as gone(pupil, organisation, ground, service, closed_on)"
                " where a.pupil = gone.pupil and a.organisation = gone.organisation and a.ground = gone.ground"
                " and a.service is not distinct from gone.service",
                _columns(rows_closed),
            )


def _service(event: DisclosureMade | DisclosureClosed | ConsentWithdrawn) -> UUID | None:
    """For which service access is opened or closed; None for the whole agency, where the event says so. Raises
    ValueError for an event as it was recorded before access was for a service: none is recorded now."""
    if event.service is None and not (
        isinstance(event, DisclosureMade | DisclosureClosed) and event.whole_agency
    ):
        raise ValueError(f"{event.topic} names no service")
    return event.service


def _columns(rows: list[Any]) -> tuple[list[object], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))
