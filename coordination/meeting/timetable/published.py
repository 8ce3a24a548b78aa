"""Instances of CSPLib problem 046, *Meeting Scheduling*, as JSON: https://www.csplib.org/Problems/prob046/.

An instance has `meetings` and `slots` (numbers), `agents` (the meetings each must attend) and `travel` (slots on the
way between two meetings). Two meetings of one agent conflict when |slot a - slot b| - 1 < travel.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import msgspec

from coordination.meeting.timetable.problem import Apart, Timetable

MOST_CELLS = 4_000_000
"""Meetings times slots, or squared: beyond that an instance is not read into memory."""


class BadInstance(ValueError):
    """An instance cannot be read; the text says which and why, in words for whoever wrote the file."""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """An instance under the name or number its file gives it."""

    instance: int | str
    timetable: Timetable


def read_instances(raw: bytes) -> list[Published]:
    """The instances of a file: a list of them, or one alone. Raises BadInstance."""
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BadInstance(f"The file is not JSON: {problem}") from None
    instances = found if isinstance(found, list) else [found]
    return [_instance(one, place) for place, one in enumerate(instances, 1)]


def _instance(one: Any, place: int) -> Published:
    if not isinstance(one, dict):
        raise BadInstance(
            f"Entry {place} of the file is not an object with meetings, slots, agents and travel."
        )
    name = one.get("instance", place)
    if isinstance(name, bool) or not isinstance(name, int | str):
        raise BadInstance(f"Entry {place}: instance must be a number or a text.")
    missing = [field for field in ("meetings", "slots", "agents", "travel") if field not in one]
    if missing:
        raise BadInstance(f"Instance {name}: {', '.join(missing)} missing.")
    meetings, slots = (_count(one[field], field, name) for field in ("meetings", "slots"))
    if meetings and not slots:
        raise BadInstance(f"Instance {name}: there are meetings but no slots.")
    if meetings * max(meetings, slots) > MOST_CELLS:
        raise BadInstance(f"Instance {name}: {meetings} meetings and {slots} slots are too many.")
    groups = _groups(one["agents"], meetings, name)
    travel = _travel(one["travel"], meetings, name)
    shared = Counter(pair for group in groups for pair in combinations(group, 2))
    apart = tuple(Apart(a, b, travel[a][b] + 1, times) for (a, b), times in sorted(shared.items()))
    return Published(
        instance=name, timetable=Timetable(meetings=meetings, slots=slots, groups=groups, apart=apart)
    )


def _count(value: Any, field: str, name: int | str) -> int:
    if not _is_whole(value):
        raise BadInstance(f"Instance {name}: {field} must be a whole number, 0 or more.")
    return int(value)


def _groups(agents: Any, meetings: int, name: int | str) -> tuple[tuple[int, ...], ...]:
    """The meetings of each agent; one named twice is one."""
    if not isinstance(agents, list) or not all(isinstance(agent, list) for agent in agents):
        raise BadInstance(f"Instance {name}: agents must be a list of lists of meetings.")
    for place, agent in enumerate(agents, 1):
        unknown = next((m for m in agent if not _is_whole(m) or m >= meetings), None)
        if unknown is not None:
            raise BadInstance(
                f"Instance {name}: agent {place} attends {unknown!r}, which is not a meeting (0 to {meetings - 1})."
            )
    return tuple(tuple(sorted(set(agent))) for agent in agents)


def _travel(travel: Any, meetings: int, name: int | str) -> list[list[int]]:
    """The ways between the meetings, as long one way as the other."""
    rows = travel if isinstance(travel, list) else []
    if len(rows) != meetings or not all(isinstance(row, list) and len(row) == meetings for row in rows):
        raise BadInstance(f"Instance {name}: travel must have {meetings} rows of {meetings} numbers.")
    for a, row in enumerate(rows):
        for b, way in enumerate(row):
            if not _is_whole(way):
                raise BadInstance(
                    f"Instance {name}: travel from {a} to {b} must be a whole number, 0 or more."
                )
            if way != rows[b][a]:
                raise BadInstance(f"Instance {name}: travel from {a} to {b} differs from the way back.")
    return rows


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
