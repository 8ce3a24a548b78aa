"""Encoding and decoding of events as the bytes of the log.

The stored state is the event's JSON: clear fields, and at most one ciphertext `sealed`. The topic is the event type's
permanent name. A stored form older than the type's `class_version` is upcast when read; upcasters change the clear part
only.
"""

from __future__ import annotations

from typing import Any

import msgspec
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent

from coordination.event import Event, RecordedEvent
from coordination.struct_types import decoder, prepared
from coordination.topics import event_type

VERSION_KEY = "class_version"
_VERSION_MARK = b'"%s"' % VERSION_KEY.encode()
# The version is the last key of a state: within this many bytes of its end.
_VERSION_SPAN = len(_VERSION_MARK) + 16


class _StoredVersion(msgspec.Struct):
    class_version: int = 1


_version = msgspec.json.Decoder(_StoredVersion)


def encode(event: Event) -> bytes:
    """The stored state of a sealed event.

    Raises ValueError for one that could not be read again, because a field holds a value that its type does not have:
    on the record it would stop its stream for good. The error's text holds no values.
    """
    state = msgspec.json.encode(event)
    try:
        decoder(type(event)).decode(state)
    except msgspec.ValidationError:
        raise ValueError(f"a {event.topic} that could not be read again is not stored") from None
    if event.class_version > 1:
        return b"%s,%s:%d}" % (state[:-1], _VERSION_MARK, event.class_version)
    return state


def decode(topic: str, state: bytes) -> Event:
    """The event of a stored state, its sealed fields unopened.

    Raises MapperDeserialisationError for an unknown topic, a state that does not fit, one that a newer program wrote
    and one whose upcaster fails; the error's text holds no values.
    """
    try:
        of = event_type(topic)
        stored = _version.decode(state).class_version if _VERSION_MARK in state[-_VERSION_SPAN:] else 1
        if stored > of.class_version:
            raise LookupError  # this version cannot know what a newer program meant
        if stored < of.class_version:
            return _upcast(of, stored, state)
        event: Event = decoder(of).decode(state)
        return event
    except Exception as problem:
        raise MapperDeserialisationError(f"cannot read a stored {topic}: {type(problem).__name__}") from None


def _upcast(of: type[Event], stored: int, state: bytes) -> Event:
    fields: dict[str, Any] = msgspec.json.decode(state)
    for version in range(stored, of.class_version):
        getattr(of, f"upcast_v{version}_v{version + 1}")(fields)
    return msgspec.convert(fields, prepared(of))


class RecordMapper(Mapper[Any]):
    """The library's mapper for frozen msgspec events; both directions are our own, upcasting included."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        recorded: RecordedEvent = domain_event
        return StoredEvent(recorded.stream, recorded.version, recorded.event.topic, encode(recorded.event))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return RecordedEvent(
            stored_event.originator_id,  # type: ignore[arg-type]
            stored_event.originator_version,
            decode(stored_event.topic, stored_event.state),
        )
