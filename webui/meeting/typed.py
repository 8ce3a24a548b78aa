"""The texts of minute-takers about one item that are not recorded yet, and both texts of two who wrote at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from coordination.desk.minute_texts import (
    MinutePlace,
    TypedMinute,
    minute_texts,
    places_with_texts,
    writer_key,
)
from coordination.store.keys import OuterKeys
from webui.meeting.reading import SAID, MeetingPage
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import people_names


class OtherText(msgspec.Struct, frozen=True, kw_only=True):
    """A text that is in no minute: who typed it and when, its fields in the form's order, and what sets it aside."""

    writer: str
    version: int
    by: str
    kept_at: datetime
    words: tuple[tuple[str, str], ...]


def text_place(held: MeetingPage, item: UUID) -> MinutePlace:
    """Where the texts about an item are kept."""
    return MinutePlace(viewer().organisation, held.id, item, held.item(item).pupil)


def texts_about(held: MeetingPage, item: UUID, fields: Iterable[str]) -> list[TypedMinute]:
    """Every text about an item that holds words in one of these fields."""
    with runtime().desk() as desk:
        found = minute_texts(desk, outer_keys(), text_place(held, item), now=runtime().now())
    return [one for one in found if any(one.fields.get(name) for name in fields)]


def other_texts(texts: Iterable[TypedMinute], fields: Mapping[str, str], showing: str) -> list[OtherText]:
    """The texts besides that of one's own showing of the form, the newest first. `fields` are names and labels."""
    own = writer_key(outer_keys(), viewer().person, showing)
    others = [one for one in texts if one.writer != own]
    newest = {one.writer: max(o.version for o in texts if o.writer == one.writer) for one in texts}
    beside = [one for one in texts if one.writer == own and one.version != newest[own]]
    names = people_names({one.person for one in texts})
    return [
        OtherText(
            writer=one.writer.hex(),
            version=one.version,
            by=names.get(one.person, ""),
            kept_at=one.kept_at,
            words=tuple((label, one.fields[name]) for name, label in fields.items() if one.fields.get(name)),
        )
        for one in sorted([*others, *beside], key=lambda one: one.kept_at, reverse=True)
    ]


def items_with_texts(held: MeetingPage) -> set[UUID]:
    """The items of the meeting about which somebody typed something that is in no minute."""
    places = [text_place(held, item.item) for item in held.found.agenda]
    if not places:
        return set()
    with runtime().desk() as desk:
        return places_with_texts(desk, outer_keys(), places, now=runtime().now())


def both_texts(recorded: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What two minute-takers wrote about one item, field by field: one text where they agree or one has none or holds
    the other, else the recorded text and the typed one below it."""
    return {name: _both(recorded.get(name, ""), typed.get(name, "")) for name in SAID}


def _both(recorded: str, typed: str) -> str:
    first, second = recorded.strip(), typed.strip()
    if second in first:
        return recorded
    if first in second:
        return typed
    return f"{recorded}\n\n{typed}"


def outer_keys() -> OuterKeys:
    """The keys that wrap what the desk seals."""
    keys: OuterKeys = runtime().coordination.record.outer
    return keys
