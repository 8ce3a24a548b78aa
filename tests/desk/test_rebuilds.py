"""Rebuilds asked for at a desk, in the role that the service has there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.desk.rebuilds import (
    MOST_ATTEMPTS,
    ask_rebuild,
    begin_rebuild,
    fail_rebuild,
    finish_rebuild,
    note_rebuild_progress,
    rebuild_open,
    rebuilds,
    return_rebuild,
)
from coordination.errors import Refusal
from tests.desk.conftest import NOW

Conn = psycopg.Connection[Any]
FIRST, SECOND, WHO = UUID(int=1), UUID(int=2), UUID(int=0xA7)


def test_one_at_a_time_and_the_same_asked_twice_is_one(conn: Conn) -> None:
    assert not rebuild_open(conn)
    ask_rebuild(conn, FIRST, WHO, NOW)
    ask_rebuild(conn, FIRST, WHO, NOW)
    with pytest.raises(Refusal, match="rebuild_under_way"):
        ask_rebuild(conn, SECOND, WHO, NOW)
    [found] = rebuilds(conn)
    assert (found.state, found.asked_by, found.open, found.percent) == ("asked", WHO, True, 0)
    assert begin_rebuild(conn, NOW, 200) is not None
    with pytest.raises(Refusal, match="rebuild_under_way"):
        ask_rebuild(conn, SECOND, WHO, NOW)
    finish_rebuild(conn, FIRST, NOW, 200, ())
    ask_rebuild(conn, SECOND, WHO, NOW + timedelta(hours=1))
    assert [r.rebuild for r in rebuilds(conn)] == [SECOND, FIRST]


def test_how_far_it_is_and_how_it_ended(conn: Conn) -> None:
    ask_rebuild(conn, FIRST, WHO, NOW)
    begun = begin_rebuild(conn, NOW, 200)
    assert begun is not None
    assert (begun.state, begun.attempts, begun.goal, begun.begun_at) == ("running", 1, 200, NOW)
    for position, percent in ((0, 0), (50, 25), (199, 99), (200, 99)):
        note_rebuild_progress(conn, FIRST, position)
        assert rebuilds(conn)[0].percent == percent
    finish_rebuild(conn, FIRST, NOW, 203, ("wait",))
    [done] = rebuilds(conn)
    assert (done.state, done.percent, done.position, done.differing) == ("done", 100, 203, ("wait",))
    # what ended is not changed by a worker that comes late
    fail_rebuild(conn, FIRST, NOW, "KeyError")
    note_rebuild_progress(conn, FIRST, 1)
    return_rebuild(conn, FIRST)
    assert rebuilds(conn) == [done]
    assert begin_rebuild(conn, NOW, 200) is None


def test_what_a_killed_worker_left_is_taken_up_and_in_the_end_given_up(conn: Conn) -> None:
    ask_rebuild(conn, FIRST, WHO, NOW)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        begun = begin_rebuild(conn, NOW, 200)
        assert begun is not None
        assert (begun.attempts, begun.position) == (attempt, 0)
        note_rebuild_progress(conn, FIRST, 70)
    assert begin_rebuild(conn, NOW, 200) is None
    [given_up] = rebuilds(conn)
    assert (given_up.state, given_up.position, given_up.ended_at) == ("broken_off", 70, NOW)
    assert not rebuild_open(conn)


def test_what_could_not_be_begun_was_no_attempt(conn: Conn) -> None:
    ask_rebuild(conn, FIRST, WHO, NOW)
    for _ in range(MOST_ATTEMPTS + 1):
        assert begin_rebuild(conn, NOW, 200) is not None
        return_rebuild(conn, FIRST)
    assert (rebuilds(conn)[0].state, rebuilds(conn)[0].attempts) == ("asked", 0)
