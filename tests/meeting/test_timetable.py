"""Slots for meetings: the published instances, every small timetable against trying all, and files that are wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.meeting.timetable.bounding import group_bounds
from coordination.meeting.timetable.published import BadInstance, Published, read_instances
from coordination.meeting.timetable.solving import solve

FILE = Path(__file__).parents[1] / "data" / "meeting-scheduling-csplib-046.json"
PUBLISHED: list[dict[str, Any]] = json.loads(FILE.read_text())


def counted(instance: dict[str, Any], starts: Sequence[int]) -> int:
    """The conflicts by the rule as the data file states it: a calculation of its own."""
    return sum(
        abs(starts[a] - starts[b]) - 1 < instance["travel"][a][b]
        for agent in instance["agents"]
        for a, b in combinations(sorted(set(agent)), 2)
    )


def read(instance: dict[str, Any]) -> Published:
    (found,) = read_instances(json.dumps(instance).encode())
    return found


@pytest.mark.parametrize(
    "instance", [i for i in PUBLISHED if i["feasible"]], ids=lambda i: f"instance {i['instance']}"
)
def test_each_feasible_instance_is_solved(instance: dict[str, Any]) -> None:
    found = solve(read(instance).timetable, seconds=16, clock=time.monotonic)
    assert (found.conflicts, found.bound) == (0, 0)
    assert counted(instance, found.starts) == 0
    assert len(found.starts) == instance["meetings"]
    assert all(0 <= slot < instance["slots"] for slot in found.starts)


def test_of_an_infeasible_instance_the_fewest_conflicts_are_proved() -> None:
    (instance,) = [i for i in PUBLISHED if i["instance"] == 12]
    found = solve(read(instance).timetable, seconds=8, clock=time.monotonic)
    assert not instance["feasible"]
    assert counted(instance, found.starts) == found.conflicts == found.bound == found.pairs == 1


@st.composite
def small(draw: st.DrawFn) -> dict[str, Any]:
    meetings, slots = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    of_agent = st.lists(st.integers(0, meetings - 1), max_size=4)
    travel = [[0] * meetings for _ in range(meetings)]
    for a, b in combinations(range(meetings), 2):
        travel[a][b] = travel[b][a] = draw(st.integers(0, 5))
    agents = draw(st.lists(of_agent, max_size=4))
    return {"instance": 1, "meetings": meetings, "slots": slots, "agents": agents, "travel": travel}


@given(small())
@settings(max_examples=60, deadline=None)
def test_a_small_timetable_has_the_fewest_conflicts_there_are(instance: dict[str, Any]) -> None:
    every = product(range(instance["slots"]), repeat=instance["meetings"])
    fewest = min(counted(instance, starts) for starts in every)
    timetable = read(instance).timetable
    found = solve(timetable, seconds=0.2, clock=time.monotonic)
    assert counted(instance, found.starts) == found.conflicts
    assert found.bound <= fewest <= found.conflicts
    assert found.conflicts == fewest


@given(small())
@settings(max_examples=60, deadline=None)
def test_the_bound_of_each_agent_is_never_above_what_can_be_reached(instance: dict[str, Any]) -> None:
    bounds = group_bounds(read(instance).timetable)
    for agent in instance["agents"]:
        alone = {**instance, "agents": [agent]}
        every = product(range(instance["slots"]), repeat=instance["meetings"])
        assert bounds.get(tuple(sorted(set(agent))), 0) == min(counted(alone, starts) for starts in every)


def test_twelve_meetings_in_too_few_slots_are_bounded_by_pigeonholes() -> None:
    """Twelve meetings, any two of which need two slots: five slots hold three without a conflict, so that four share
    each: 3 times 6 pairs."""
    travel = [[int(a != b) for a in range(12)] for b in range(12)]
    timetable = read({"meetings": 12, "slots": 5, "agents": [list(range(12))], "travel": travel}).timetable
    assert set(group_bounds(timetable).values()) == {18}
    found = solve(timetable, seconds=1, clock=time.monotonic)
    assert (found.conflicts, found.bound) == (18, 18)


def test_two_agents_in_the_same_two_meetings_are_two_conflicts_in_one_pair() -> None:
    two = {"meetings": 2, "slots": 1, "agents": [[0, 1], [1, 0, 0]], "travel": [[0, 0], [0, 0]]}
    found = solve(read(two).timetable, seconds=1, clock=time.monotonic)
    assert (found.conflicts, found.bound, found.pairs) == (2, 2, 1)


def test_nothing_to_plan_and_nobody_who_attends_are_answered() -> None:
    none = {"meetings": 0, "slots": 0, "agents": [], "travel": []}
    assert solve(read(none).timetable, seconds=1, clock=time.monotonic).starts == ()
    alone = {"meetings": 2, "slots": 1, "agents": [[0], []], "travel": [[0, 9], [9, 0]]}
    assert solve(read(alone).timetable, seconds=1, clock=time.monotonic).starts == (0, 0)


GOOD: dict[str, Any] = {
    "instance": 7,
    "meetings": 2,
    "slots": 3,
    "agents": [[0, 1]],
    "travel": [[0, 1], [1, 0]],
}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[3]", "Entry 1"),
        ({"slots": None}, "slots must be a whole number"),
        ({"meetings": True}, "meetings must be a whole number"),
        ({"meetings": 2.5}, "meetings must be a whole number"),
        ({"slots": 0}, "no slots"),
        ({"slots": 10**12}, "too many"),
        ({"agents": {"0": [1]}}, "agents must be a list"),
        ({"agents": [[0, 2]]}, "agent 1 attends 2"),
        ({"agents": [[0], [-1]]}, "agent 2 attends -1"),
        ({"agents": [["0"]]}, "agent 1 attends '0'"),
        ({"travel": [[0, 1]]}, "travel must have 2 rows"),
        ({"travel": [[0, 1], [1]]}, "travel must have 2 rows"),
        ({"travel": [[0, -1], [-1, 0]]}, "travel from 0 to 1 must be a whole number"),
        ({"travel": [[0, 2], [1, 0]]}, "travel from 0 to 1 differs"),
        ({"instance": [1]}, "instance must be a number or a text"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(raw: bytes | dict[str, Any], says: str) -> None:
    content = raw if isinstance(raw, bytes) else json.dumps([{**GOOD, **raw}]).encode()
    with pytest.raises(BadInstance, match=says):
        read_instances(content)


@pytest.mark.parametrize("field", ["meetings", "slots", "agents", "travel"])
def test_a_field_that_is_missing_is_named(field: str) -> None:
    with pytest.raises(BadInstance, match=f"Instance 7: {field} missing"):
        read_instances(json.dumps([{k: v for k, v in GOOD.items() if k != field}]).encode())
