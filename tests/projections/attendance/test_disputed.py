"""Marks that are contested and ruled on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from coordination.challenge.commands import WithdrawChallenge
from coordination.errors import Refusal
from coordination.meeting.events import Mark
from coordination.service import Coordination
from projections.attendance.queries import (
    attendance_evidence,
)
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    CAMHS,
    SCHOOL,
)
from tests.projections.attendance.shared import disputed, one, recorded_by, rules
from tests.projections.hwb import (
    TODAY,
    correct,
    does,
    held_on,
    viewer,
)


def test_a_contested_mark_stands_apart_until_it_is_ruled_on(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    disputed(county, reader, engine)
    ruled_on = held_on(3) + timedelta(days=5)
    rules(county, "upheld", ruled_on)
    engine.catch_up()
    before, between, after = (
        one(reader, county, known_at=recorded_by(day))
        for day in (held_on(3) - timedelta(days=1), held_on(3), ruled_on)
    )
    assert (before["absent"], before["percent_attended"]) == (3, 0.0)
    assert (between["absent"], between["contested"], between["percent_attended"]) == (2, 1, 0.0)
    assert "attended" not in between
    assert (after["absent"], after["attended"], after["rulings_changed"]) == (2, 1, 1)
    assert after["percent_attended"] == 33.3


@pytest.mark.parametrize(
    ("claims", "ruling", "reads", "figures"),
    [
        ("attended", "not_upheld", None, {"absent": 3, "rulings_unchanged": 1}),
        ("attended", "partly", "apologies", {"absent": 2, "apologies": 1, "rulings_changed": 1}),
        (None, "upheld", None, {"absent": 2, "struck_out": 1, "rulings_changed": 1}),
    ],
)
def test_a_ruling_is_read_as_it_says(
    county: Coordination,
    engine: Engine,
    reader: Reader,
    claims: Mark | None,
    ruling: str,
    reads: Mark | None,
    figures: dict[str, int],
) -> None:
    disputed(county, reader, engine, claims)
    rules(county, ruling, held_on(3), reads)
    engine.catch_up()
    found = one(reader, county)
    marks = (
        "attended",
        "apologies",
        "absent",
        "contested",
        "struck_out",
        "rulings_changed",
        "rulings_unchanged",
    )
    assert {name: found[name] for name in marks if name in found} == figures
    assert found["expected"] == 3


def test_a_party_does_not_undo_a_ruling_by_correcting_its_register(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    line = disputed(county, reader, engine)
    rules(county, "upheld", held_on(3))
    correct(county, line.meeting, CAMHS, "apologies", held_on(3) + timedelta(days=1))
    engine.catch_up()
    assert one(reader, county)["attended"] == 1
    now = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY).marks[2]
    assert (now.mark, now.ruled, now.reads, now.counts_as) == ("apologies", True, "attended", "attended")


def test_a_dispute_ends_when_the_school_corrects_the_line_to_what_is_claimed(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    line = disputed(county, reader, engine)
    correct(county, line.meeting, CAMHS, "late", held_on(3))
    engine.catch_up()
    assert one(reader, county)["contested"] == 1
    correct(county, line.meeting, CAMHS, "attended", held_on(3))
    engine.catch_up()
    assert "contested" not in one(reader, county)
    assert one(reader, county)["attended"] == 1


def test_no_mark_stays_contested_because_the_challenge_is_withdrawn(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    disputed(county, reader, engine)
    withdrawn = WithdrawChallenge(occurred_on=held_on(3), challenge=UUID(int=0xF01), why="Settled")
    with pytest.raises(Refusal, match="dispute_open"):
        does(county, ALNCO, withdrawn)
    rules(county, "not_upheld", held_on(3))
    does(county, ALNCO, withdrawn)
    engine.catch_up()
    assert "contested" not in one(reader, county)
    assert one(reader, county)["absent"] == 3
