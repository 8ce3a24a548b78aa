"""The format of the log as it was first written down, and whether the events still fit it.

The log is never changed, so what was stored once must be read for ever: `event_format.json` holds, for each topic and
class_version, the fields with their class, type and default (a default is part of the format: a field that has it is
not stored), and the same of the structs inside events and of the header. Only additions are allowed.

    python -m tests.store.event_format          writes additions down
    python -m tests.store.event_format --anew   forgets the past; only before anything was ever recorded with it
"""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from coordination.event import Event, Header
from coordination.sensitivity import ENVELOPE, SEALED, classes
from coordination.topics import registry

FILE = Path(__file__).with_name("event_format.json")
HEADER = "the header"

Described = dict[str, Any]


def describe(events: dict[str, type[Event]] | None = None) -> Described:
    """The format of the event types as they are in the program now."""
    events = registry() if events is None else events
    structs: dict[str, Any] = {HEADER: _fields(Header)}
    topics: dict[str, Any] = {}
    for topic, of in sorted(events.items()):
        fields = _fields(of)
        for name, sensitivity in classes(of).items():
            fields[name]["class"] = str(sensitivity)
        topics[topic] = {str(of.class_version): {n: f for n, f in fields.items() if n not in ENVELOPE}}
        for struct in _structs(of):
            structs[struct.__name__] = _fields(struct)
    found: Described = json.loads(json.dumps({"topics": topics, "structs": dict(sorted(structs.items()))}))
    return found


def _fields(of: type[msgspec.Struct]) -> dict[str, dict[str, Any]]:
    hints = get_type_hints(of, include_extras=True)
    found: dict[str, dict[str, Any]] = {}
    for field in msgspec.structs.fields(of):
        found[field.name] = {"type": _type(hints[field.name])}
        if not field.required:
            found[field.name]["default"] = _default(field)
    return found


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default is SEALED:
        return "not stored"
    if field.default is msgspec.NODEFAULT:
        return msgspec.to_builtins(field.default_factory())  # type: ignore[operator]
    return msgspec.to_builtins(field.default)


def _type(hint: Any) -> Any:
    """A type in words; a list of words is a choice."""
    if get_origin(hint) is Annotated:
        return _type(get_args(hint)[0])
    if get_origin(hint) is Literal:
        return sorted(get_args(hint))
    if get_origin(hint) in (Union, types.UnionType):
        parts = [_type(part) for part in get_args(hint) if part is not msgspec.UnsetType]
        flat = [word for part in parts for word in (part if isinstance(part, list) else [part])]
        return flat[0] if len(flat) == 1 else sorted(flat)
    if get_origin(hint) is tuple:
        inner, ellipsis = get_args(hint)
        assert ellipsis is ..., "a list has any length"
        return f"list of {json.dumps(_type(inner))}"
    return "null" if hint is type(None) else hint.__name__


def _structs(of: type) -> Iterator[type[msgspec.Struct]]:
    """The structs inside the fields of an event."""
    hints = get_type_hints(of, include_extras=True)
    for field in msgspec.structs.fields(of):
        if field.name not in ENVELOPE:
            yield from _inside(hints[field.name])


def _inside(hint: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
        yield from _structs(hint)
    for part in get_args(hint):
        yield from _inside(part)


def problems(written: Described, now: Described, events: dict[str, type[Event]] | None = None) -> list[str]:
    """A sentence for each change that is not an addition, which says what to do instead."""
    events = registry() if events is None else events
    found: list[str] = []
    for topic, versions in written["topics"].items():
        if topic not in now["topics"]:
            found.append(
                f"{topic} is gone. A topic is permanent: the log holds it. Keep the event type (no decision need"
                " make it any more)."
            )
            continue
        found += _topic(topic, versions, now["topics"][topic], events[topic])
    for name, fields in written["structs"].items():
        if name in now["structs"]:
            found += _changes(name, fields, now["structs"][name])
        else:
            found.append(f"{name} is gone, but stored events hold it. Keep it, under this name.")
    return found


def _topic(topic: str, written: Described, now: Described, of: type[Event]) -> Iterator[str]:
    newest, current = max(map(int, written)), of.class_version
    if current < newest:
        yield f"{topic} went back to class_version {current}; the log holds version {newest}. Put it back."
    elif current == newest:
        yield from _changes(topic, written[str(newest)], now[str(current)])
    for version in range(1, current):
        if not hasattr(of, f"upcast_v{version}_v{version + 1}"):
            yield (
                f"{topic} is at class_version {current} but cannot read version {version}. Give it"
                f" upcast_v{version}_v{version + 1}(state), which changes the clear part only."
            )


def _changes(name: str, written: Described, now: Described) -> Iterator[str]:
    instead = (
        "Keep it as it was and add a field with a default, or raise class_version and write the upcaster."
    )
    for field, was in written.items():
        if field not in now:
            yield f"{name}.{field} is gone, but stored events hold it. {instead}"
            continue
        is_ = now[field]
        if was.get("class") != is_.get("class") and not _lowered(was.get("class"), is_.get("class")):
            yield (
                f"{name}.{field} was {was.get('class')} and is {is_.get('class')}: stored events hold it in"
                " another place. Give what is new another name, with a default, and keep this field."
            )
        if not _wider(was["type"], is_["type"]):
            yield f"{name}.{field} was {was['type']} and is {is_['type']}: not every stored event fits. {instead}"
        if was.get("default", was) != is_.get("default", is_) and "default" in was:
            yield (
                f"{name}.{field} had the default {was['default']!r}, which is not stored: events that had it"
                f" would change their meaning. {instead}"
            )
    for field, is_ in now.items():
        if field not in written and "default" not in is_:
            yield f"{name}.{field} is new and has no default, but stored events lack it. Give it one."


def _lowered(was: str | None, now: str | None) -> bool:
    """Whether a class was lowered among those that are sealed together: stored events hold the field where they did."""
    sealed = ("coded", "personal", "special")
    return was in sealed and now in sealed and sealed.index(now) < sealed.index(was)


def _wider(was: Any, is_: Any) -> bool:
    """Whether everything of the one type is of the other."""
    one = set(was) if isinstance(was, list) else {was}
    other = set(is_) if isinstance(is_, list) else {is_}
    return one <= other


def with_additions(written: Described, now: Described) -> Described:
    """What was written down, and what is new."""
    topics = {t: {**written["topics"].get(t, {}), **v} for t, v in now["topics"].items()}
    return {
        "topics": dict(sorted({**written["topics"], **topics}.items())),
        "structs": dict(sorted({**written["structs"], **now["structs"]}.items())),
    }


def _a_field_a_line(described: Described) -> str:
    """JSON in which a change of one field is a change of one line."""

    def lines(held: Any, depth: int, leaves: int) -> str:
        if depth == leaves or not held:
            return json.dumps(held, ensure_ascii=False)
        inner = ",\n".join(
            f"{' ' * (depth + 1)}{json.dumps(key)}: {lines(value, depth + 1, leaves)}"
            for key, value in held.items()
        )
        return f"{{\n{inner}\n{' ' * depth}}}"

    topics, structs = lines(described["topics"], 1, 4), lines(described["structs"], 1, 3)
    return f'{{\n "topics": {topics},\n "structs": {structs}\n}}\n'


def main(anew: bool) -> int:
    now = describe()
    written = {"topics": {}, "structs": {}} if anew else json.loads(FILE.read_text())
    wrong = problems(written, now)
    for sentence in wrong:
        sys.stdout.write(f"{sentence}\n")
    if not wrong:
        FILE.write_text(_a_field_a_line(with_additions(written, now)))
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main("--anew" in sys.argv))
