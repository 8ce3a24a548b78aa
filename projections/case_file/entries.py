"""The timeline: one row for each event of a pupil, written once and never changed."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from coordination.event import Event, Header, PupilEvent
from coordination.pupil.actions.events import ActionEvent
from coordination.pupil.adoption.events import AdoptionEvent
from coordination.pupil.advice.events import PupilAdviceEvent
from coordination.pupil.aln.events import AlnEvent
from coordination.pupil.asking.events import AskingEvent
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.events import ConsentEvent, InformationShared
from coordination.pupil.documents.events import FiledDocumentEvent
from coordination.pupil.family.events import FamilyEvent
from coordination.pupil.joining.events import JoiningEvent
from coordination.pupil.minutes.events import MinuteEvent
from coordination.pupil.moves.events import EmergencyEvent, FileRequestEvent, MoveEvent
from coordination.pupil.no_roll.events import NoRollEvent
from coordination.pupil.objections.events import ObjectionEvent
from coordination.pupil.one_page_profile.events import OnePageProfileEvent
from coordination.pupil.profile.events import ProfileEvent
from coordination.pupil.referral.events import (
    MilestoneConfirmed,
    MilestoneContested,
    ReferralEvent,
    ServiceNoteRecorded,
)
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.restriction.events import InterestEvent, RestrictionEvent
from coordination.pupil.rights.events import RightsEvent
from coordination.pupil.support.events import SupportEvent
from coordination.pupil.transition.events import TransitionEvent
from coordination.sensitivity import ENVELOPE, sealed_fields
from projections.projection import Change
from projections.rows import RowJournal
from projections.table import Json, Table

Matter = Literal[
    "profile",
    "consent",
    "referral",
    "minute",
    "action",
    "request",
    "emergency",
    "move",
    "restriction",
    "interest",
    "aln",
    "support",
    "one_page_profile",
    "transition",
    "rights",
    "document",
    "advice",
]


class TimelineTableRow(msgspec.Struct, frozen=True):
    """Who recorded what of a pupil: ids and clear fields only. `thing` is the contact, consent, referral, minute or
    action that it is about."""

    pupil: UUID
    version: int
    position: int
    topic: str
    matter: str
    thing: UUID | None
    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    role: str
    on_behalf_of: UUID | None
    source: str
    service: UUID | None
    agency: UUID | None
    supersedes: int | None
    clear: Json


class SealTableRow(msgspec.Struct, frozen=True):
    """The ciphertext of an entry. `handed_on`: for services too that take the referral on later."""

    pupil: UUID
    version: int
    handed_on: bool
    sealed: str


class MarkTableRow(msgspec.Struct, frozen=True):
    """What a later event says of an entry: `kind` superseded, or standing with what the agency `says`."""

    pupil: UUID
    version: int
    kind: str
    by_version: int
    says: str | None


class RecordedTableRow(msgspec.Struct, frozen=True):
    """Who recorded what on the stream of a meeting, challenge or organisation."""

    position: int
    stream: UUID
    version: int
    kind: str
    topic: str
    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    role: str
    on_behalf_of: UUID | None
    source: str


TIMELINE = Table("timeline", TimelineTableRow)
SEAL = Table("seal", SealTableRow)
MARK = Table("mark", MarkTableRow, key=3)
RECORDED = Table("recorded", RecordedTableRow)

# Each matter with the field that names its thing.
MATTERS: tuple[tuple[type[PupilEvent], Matter, str], ...] = (
    (ReferralEvent, "referral", "referral"),
    (ConsentEvent, "consent", "consent"),
    (ObjectionEvent, "consent", "objection"),
    (AskingEvent, "consent", "consent"),
    (FamilyEvent, "consent", "hold"),
    (MinuteEvent, "minute", "minute"),
    (ActionEvent, "action", "action"),
    (ProfileEvent, "profile", "contact"),
    (FileRequestEvent, "request", "request"),
    (EmergencyEvent, "emergency", "access"),
    (MoveEvent, "move", "move"),
    (RestrictionEvent, "restriction", "restriction"),
    (InterestEvent, "interest", "interest"),
    (AlnEvent, "aln", "concern"),
    (SupportEvent, "support", "support"),
    (OnePageProfileEvent, "one_page_profile", "profile"),
    (TransitionEvent, "transition", "transition"),
    (JoiningEvent, "profile", "other"),
    (AdoptionEvent, "profile", "contact"),
    (NoRollEvent, "profile", "contact"),
    (RightsEvent, "rights", "proposal"),
    (FiledDocumentEvent, "document", "document"),
    (PupilAdviceEvent, "advice", "advice"),
)
# What an agency says to a milestone that the school reported.
ANSWERS: dict[type[Event], str] = {MilestoneConfirmed: "confirmed", MilestoneContested: "contested"}
# What has a column of its own.
COLUMNS = frozenset({"service", "agency", "supersedes"})

_json = msgspec.json.Encoder()


class EntryPlan(NamedTuple):
    """How the events of one type become entries: the matter, the field of its thing, the clear fields, whether it can
    supersede an entry, and how it answers one that was reported."""

    matter: Matter
    thing: str | None
    clear: tuple[str, ...]
    supersedes: bool
    answer: str | None


@cache
def entry_plan(of: type[Event]) -> EntryPlan:
    """The plan of an event type of a pupil's stream."""
    matter, key = next((m, k) for base, m, k in MATTERS if issubclass(of, base))
    fields = of.__struct_fields__
    apart = {*ENVELOPE, *sealed_fields(of), *COLUMNS, key}
    clear = tuple(f for f in fields if f not in apart)
    return EntryPlan(matter, key if key in fields else None, clear, "supersedes" in fields, ANSWERS.get(of))


def add_entry(change: Change, rows: RowJournal) -> None:
    """Adds the entry of a pupil's event, its ciphertext apart, and what it does to an earlier entry. Whose family a
    pupil belongs to is no entry: it leaves no trace for others."""
    event: Any = change.event
    if isinstance(event, InterestEvent):
        return
    header: Header = event.header
    stream, version = change.stream, change.version
    how = entry_plan(type(change.event))
    service, agency = _holder(how.matter, event, change)
    gone = event.supersedes if how.supersedes else None
    row = TimelineTableRow(  # by place, as the struct has them: names take four times as long
        stream,
        version,
        change.position,
        event.topic,
        how.matter,
        getattr(event, how.thing) if how.thing else None,
        header.occurred_on,
        header.recorded_at,
        header.person,
        header.organisation,
        header.role,
        header.on_behalf_of,
        header.source,
        service,
        agency,
        gone,
        _clear(event, how.clear),
    )
    rows.add(TIMELINE, row)
    if event.sealed:
        rows.add(SEAL, SealTableRow(stream, version, _handed_on(event), event.sealed))
    if gone is not None:
        rows.put(MARK, MarkTableRow(stream, gone, "superseded", version, None))
    if how.answer is not None:
        rows.put(MARK, MarkTableRow(stream, event.milestone, "standing", version, how.answer))


def _handed_on(event: Event) -> bool:
    """Whether a service reads the words that takes the referral on later: never a note from before there were two kinds
    of note, and never a note within a service."""
    if isinstance(event, ServiceNoteRecorded):
        return False
    return not isinstance(event, Milestone) or event.note_for == "shared"


def _clear(event: Any, names: tuple[str, ...]) -> str:
    """The clear fields that say something, as JSON."""
    values = {name: value for name in names if (value := getattr(event, name)) is not None and value != ()}
    if event.header.occurred_at is not None:
        values["occurred_at"] = event.header.occurred_at
    return _json.encode(values).decode() if values else "{}"


def _holder(matter: Matter, event: Any, change: Change) -> tuple[UUID | None, UUID | None]:
    """Service and agency: of a referral those that held it when this was recorded (a redirection is the word of who
    passes on); of a note within a service that service; of agreements, disclosures and advice their own."""
    if isinstance(event, ServiceNoteRecorded):
        return event.service, event.agency
    if matter == "referral":
        before, after = change.states(CaseFile)
        held = before.referrals.get(event.referral) or after.referrals.get(event.referral)
        return (held.service, held.agency) if held is not None else (None, None)
    if matter not in ("consent", "advice"):
        return None, None
    agency = event.organisation if isinstance(event, InformationShared) else getattr(event, "agency", None)
    return getattr(event, "service", None), agency


def add_entry_elsewhere(change: Change, rows: RowJournal) -> None:
    """Adds who recorded what on a meeting's, challenge's or organisation's stream."""
    header = change.event.header
    row = RecordedTableRow(  # by place, as the struct has them: names take four times as long
        change.position,
        change.stream,
        change.version,
        change.kind,
        change.event.topic,
        header.occurred_on,
        header.recorded_at,
        header.person,
        header.organisation,
        header.role,
        header.on_behalf_of,
        header.source,
    )
    rows.add(RECORDED, row)


def recorded_on(event: Event) -> date:
    """A day no later than the one in Wales on which the event was recorded (that of Greenwich)."""
    return event.header.recorded_at.date()
