"""The copy that answers a request: what the controller holds about a pupil, as a page that prints and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _l

from coordination.event import RecordedEvent
from coordination.pupil.rights.copy import (
    is_for_a_parent,
    kept_from_parents,
    needs_a_look,
    other_parts,
    own_part,
    without,
)
from coordination.pupil.rights.request_state import RightsRequest
from coordination.sensitivity import Coordinates
from projections.case_file.entries import entry_plan
from projections.case_file.queries import TimelineEntry
from projections.sentences import sentence
from webui.rights.reading import RightsFile
from webui.shell import casework
from webui.shell.ledger_heads import latest_head
from webui.shell.runtime import runtime
from webui.words.languages import language
from webui.words.naming import directory
from webui.words.text import Words

LABELS: dict[str, Words] = {
    "surname": _l("Surname"),
    "forename": _l("First name"),
    "middle_names": _l("Middle names"),
    "preferred_surname": _l("Preferred surname"),
    "preferred_forename": _l("Preferred first name"),
    "former_surname": _l("Former surname"),
    "date_of_birth": _l("Date of birth"),
    "upn": _l("Unique pupil number"),
    "sex": _l("Sex"),
    "language": _l("Language"),
    "name": _l("Name"),
    "relationship": _l("Relationship"),
    "telephone": _l("Telephone"),
    "email": _l("Email address"),
    "needs": _l("Needs"),
    "provision": _l("Provision"),
    "reason": _l("Reason"),
    "words": _l("Words"),
    "why": _l("Why"),
    "note": _l("Note"),
    "discussion": _l("Discussion"),
    "decision": _l("Decision"),
    "what": _l("What needs to be done"),
}


class CopiedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a copy. `number` is how it is named when it is left out; `look`: somebody has to read it first,
    because it may be about a third party; `withheld`: it is left out."""

    number: str
    version: int
    on: date
    sentence: str
    fields: tuple[tuple[str, str], ...]
    look: bool
    withheld: bool


class RecordCopy(msgspec.Struct, frozen=True, kw_only=True):
    """What one controller holds about a pupil. `others` are the controllers of other parts, each with the day on which
    the request was passed on to it (None: not yet). `recipients` received something, each with the day."""

    entries: tuple[CopiedEntry, ...]
    others: tuple[tuple[UUID, date | None], ...]
    recipients: tuple[tuple[UUID, date], ...]

    @property
    def to_look_at(self) -> int:
        """How many entries somebody has to read before the copy is given."""
        return sum(entry.look and not entry.withheld for entry in self.entries)


def record_copy(file: RightsFile, held: RightsRequest) -> RecordCopy:
    """The copy for a request, noted in the read log."""
    record = runtime().coordination.record
    files = record.files_of_children([file.pupil])[file.pupil]
    events = [one for some in record.load(files).values() for one in some]
    if is_for_a_parent(held):
        events = without(events, kept_from_parents(events, directory()))
    own = own_part(events, held.controller)
    places = [Coordinates(r.stream, r.version, r.event.topic, r.event.sealed) for r in own]
    opened = record.open(places)
    passed = dict(held.passed_on)
    casework.note_shown("record_copy", [file.pupil, held.request], "rights")
    return RecordCopy(
        entries=tuple(
            _entry(recorded, one if isinstance(one, Mapping) else {}, held, file.pupil)
            for recorded, one in zip(own, opened, strict=True)
        ),
        others=tuple((one, passed.get(one)) for one in sorted(other_parts(events, held.controller))),
        recipients=tuple(
            (r.event.agency, r.event.header.occurred_on)  # type: ignore[attr-defined]
            for r in own
            if r.event.topic == "consent.disclosure_made"
        ),
    )


def copy_as_json(file: RightsFile, held: RightsRequest, copy: RecordCopy) -> dict[str, Any]:
    """The copy for a machine; what is left out is named by its number only."""
    return {
        "request": str(held.request),
        "kind": held.kind,
        "controller": str(held.controller),
        "ledger_head": head.head.dated if (head := latest_head()) else None,
        "received_on": held.received_on.isoformat(),
        "kept_until": file.retention.until.isoformat() if file.retention.until else None,
        "entries": [
            {"number": one.number, "withheld": True}
            if one.withheld
            else {
                "number": one.number,
                "on": one.on.isoformat(),
                "text": one.sentence,
                "fields": dict(one.fields),
            }
            for one in copy.entries
        ],
        "recipients": [{"organisation": str(to), "on": on.isoformat()} for to, on in copy.recipients],
        "other_controllers": [
            {"organisation": str(one), "passed_on": on.isoformat() if on else None} for one, on in copy.others
        ],
    }


def _entry(
    recorded: RecordedEvent, opened: Mapping[str, Any], held: RightsRequest, pupil: UUID
) -> CopiedEntry:
    own_file = recorded.stream == pupil
    return CopiedEntry(
        number=str(recorded.version) if own_file else f"{str(recorded.stream)[:8]}-{recorded.version}",
        version=recorded.version,
        on=recorded.event.header.occurred_on,
        sentence=sentence(_line(recorded), dict(opened), directory(), language()),
        fields=tuple((str(LABELS.get(name, name)), _shown(value)) for name, value in opened.items() if value),
        look=needs_a_look(recorded.event, opened),
        withheld=own_file and recorded.version in held.withheld,
    )


def _line(recorded: RecordedEvent) -> TimelineEntry:
    """The entry as the timeline words it."""
    event: Any = recorded.event
    plan, header = entry_plan(type(recorded.event)), recorded.event.header
    clear = {name: getattr(event, name) for name in plan.clear}
    return TimelineEntry(
        pupil=recorded.stream,
        version=recorded.version,
        position=recorded.position,
        topic=event.topic,
        matter=plan.matter,
        thing=getattr(event, plan.thing) if plan.thing else None,
        occurred_on=header.occurred_on,
        recorded_at=header.recorded_at,
        person=header.person,
        organisation=header.organisation,
        role=header.role,
        on_behalf_of=header.on_behalf_of,
        source=header.source,
        service=getattr(event, "service", None),
        agency=getattr(event, "agency", None),
        clear={k: v for k, v in msgspec.to_builtins(clear).items() if v is not None},
        at=Coordinates(recorded.stream, recorded.version, event.topic, ""),
    )


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(one) for one in value)
    return ", ".join(f"{k}: {_shown(v)}" for k, v in value.items()) if isinstance(value, dict) else str(value)
