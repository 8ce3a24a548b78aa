"""Generated rows of the table of waits on PostgreSQL: every figure recounted from them in another way, and the account
adds up: started = completed + ended otherwise + waiting + uncountable."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.clocks import ENDINGS, PARTIES
from coordination.service import Coordination
from projections.reader import Reader
from projections.waiting_times.queries import (
    GROUPINGS,
    WHICH,
    WaitingTimesCriteria,
    WaitingTimesGroup,
    WaitsBehind,
    Which,
    months,
    report,
    wait_rows,
    whose_days,
)
from projections.waiting_times.rows import ReferralNeedTableRow, WaitTableRow
from tests.county import AUDITOR
from tests.projections.casework import day, viewer
from tests.projections.generated_waits import LAST, VERSIONS, naive_days, rows_and_a_day
from tests.projections.replays import fresh_county
from tests.readers import readers


@pytest.fixture(scope="module")
def recorded(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Coordination, Reader, psycopg.Connection[Any]]]:
    """A county without pupils, its reader, and its owner, who puts rows into the tables."""
    keys = tmp_path_factory.mktemp("keys") / "keys.json"
    with (
        fresh_county(postgres, template, keys) as (address, county),
        psycopg.connect(address, autocommit=True) as owner,
        readers(address) as pool,
    ):
        yield county, Reader(pool), owner


def put(owner: psycopg.Connection[Any], waits: list[tuple[WaitTableRow, tuple[str, ...]]]) -> None:
    """These rows and no others."""
    names = WaitTableRow.__struct_fields__
    places = ", ".join(["%s"] * len(names))
    statement = f"insert into read.wait ({', '.join(names)}, known_from) values ({places}, 0)".encode()
    with owner.transaction():
        owner.execute("truncate read.wait, read.referral_need")
        for wait, needs in waits:
            owner.execute(statement, msgspec.structs.astuple(wait))
            owner.execute(
                "insert into read.referral_need (referral, pupil, needs) values (%s, %s, %s)",
                msgspec.structs.astuple(ReferralNeedTableRow(wait.referral, wait.pupil, list(needs))),
            )


def state(wait: WaitTableRow, on: date) -> tuple[str, date | None]:
    """What a wait is on a day, and since when it has ended."""
    if wait.begins_on > on:
        return "not begun", None
    if wait.end_on is not None and wait.end_on <= on:
        ended: tuple[str, date] = (wait.ending or "", wait.end_on)
        return ended
    for since, until, ending in zip(wait.gap_from, wait.gap_until, wait.gap_ending, strict=True):
        if since <= on < until:
            return ending, since
    return "waiting", None


def counted(waits: list[WaitTableRow], on: date, first: date, last: date) -> dict[str, list[WaitTableRow]]:
    """Which waits each figure is about."""
    found: dict[str, list[WaitTableRow]] = {
        which: [] for which in ("started", "completed", "waiting", "uncountable", *ENDINGS)
    }
    for wait in waits:
        what, since = state(wait, on)
        if what == "not begun":
            continue
        if first <= wait.begins_on <= last:
            found["started"].append(wait)
        if since is not None and not first <= since <= last:
            continue
        if what in ENDINGS:
            found[what].append(wait)
        elif wait.uncountable:
            found["uncountable"].append(wait)
        else:
            found["completed" if what == "stopped" else "waiting"].append(wait)
    return found


def exact(days: list[int], per_cent: int) -> float | None:
    if not days:
        return None
    ordered, place = sorted(days), Fraction(per_cent * (len(days) - 1), 100)
    low = math.floor(place)
    value = ordered[low] + (ordered[min(low + 1, len(days) - 1)] - ordered[low]) * (place - low)
    return float((Decimal(value.numerator) / value.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP))


def bands(days: list[int], version: tuple[date, str, int, list[int]]) -> list[int]:
    limits = [limit * (7 if version[1] == "weeks" else 1) for limit in version[3]]
    fallen = Counter(sum(1 for limit in limits if length > limit) for length in days)
    return [fallen[index] for index in range(len(limits) + 1)]


def check(group: WaitingTimesGroup, waits: list[WaitTableRow], on: date, first: date, last: date) -> None:
    """A group against its own waits of its own version."""
    version = next(v for v in VERSIONS if v[0] == group.version)
    found = counted([wait for wait in waits if wait.version == group.version], on, first, last)
    assert group.started == len(found["started"])
    assert group.ended_otherwise == {ending: len(found[ending]) for ending in ENDINGS}
    assert group.uncountable == len(found["uncountable"])
    done = [naive_days(w.start_on, w.end_on, w.unit) for w in found["completed"] if w.end_on]
    open_ = [naive_days(w.start_on, on, w.unit) for w in found["waiting"]]
    late = [w for w in found["completed"] if w.end_on > w.due_on]  # type: ignore[operator]
    over = [w for w in found["waiting"] if on > w.due_on]  # type: ignore[operator]
    figures = group.completed
    assert (figures.count, figures.within_standard) == (len(done), len(done) - len(late))
    assert (figures.median_days, figures.p95_days) == (exact(done, 50), exact(done, 95))
    assert [band.count for band in figures.bands] == bands(done, version)
    assert figures.bands[version[3].index(version[2])].up_to == version[2]
    within = sum(band.count for band in figures.bands[: version[3].index(version[2]) + 1])
    assert within == figures.within_standard, "bands and within agree"
    waiting = group.waiting
    assert (waiting.count, waiting.over_standard) == (len(open_), len(over))
    assert waiting.within_standard == len(open_) - len(over)
    assert (waiting.median_days, waiting.p92_days, waiting.p95_days, waiting.longest_days) == (
        exact(open_, 50), exact(open_, 92), exact(open_, 95), max(open_, default=None),
    )  # fmt: skip
    assert [band.count for band in waiting.bands] == bands(open_, version)


OFTEN = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@OFTEN
@given(
    asked=rows_and_a_day(),
    first=st.one_of(st.none(), st.integers(0, LAST)),
    length=st.one_of(st.none(), st.integers(0, 300)),
)
def test_every_figure_is_that_of_its_rows(
    recorded: tuple[Coordination, Reader, psycopg.Connection[Any]],
    asked: tuple[list[tuple[WaitTableRow, tuple[str, ...]]], date],
    first: int | None,
    length: int | None,
) -> None:
    county, reader, owner = recorded
    waits, on = asked
    put(owner, waits)
    begin = None if first is None else day(first)
    end = None if length is None else day((first or 0) + length)
    ask = WaitingTimesCriteria(service="CAMHS", standard="CAMHS-28", as_of=on, from_on=begin, to_on=end)
    who, directory = viewer(AUDITOR, day(LAST + 60)), county.directory()
    only = [wait for wait, _needs in waits]
    last = min(end or on, on)
    found = counted(only, on, begin or date.min, last)

    whole = report(reader, who, directory, ask)
    assert whole.started == len(found["started"])
    assert whole.uncountable == len(found["uncountable"])
    assert whole.ended_otherwise == {ending: len(found[ending]) for ending in ENDINGS}
    assert {version.version for version in whole.versions} >= {group.version for group in whole.groups}
    for group in whole.groups:
        if any(wait.version == group.version for wait in only):
            check(group, only, on, begin or date.min, last)

    by_school = report(reader, who, directory, msgspec.structs.replace(ask, by="school"))
    for group in by_school.groups:
        school = directory.by_code("school", group.key)
        assert school is not None
        check(group, [wait for wait in only if wait.school == school.id], on, begin or date.min, last)
    by_need = report(reader, who, directory, msgspec.structs.replace(ask, by="need"))
    assert (by_need.started, by_need.ended_otherwise, by_need.uncountable, by_need.unconfirmed) == (
        whole.started, whole.ended_otherwise, whole.uncountable, whole.unconfirmed,
    )  # fmt: skip
    for group in by_need.groups:
        own = [w for w, needs in waits if group.key in needs or (group.key == "not_recorded" and not needs)]
        check(group, own, on, begin or date.min, last)

    behind: dict[Which, int] = {
        "started": len(found["started"]),
        "ended": len(found["completed"]),
        "waiting": len(found["waiting"]),
        "uncountable": len(found["uncountable"]),
        "ended_otherwise": sum(len(found[ending]) for ending in ENDINGS),
        "ended_late": sum(g.completed.count - (g.completed.within_standard or 0) for g in whole.groups),
        "waiting_over": sum(g.waiting.over_standard or 0 for g in whole.groups),
        "ended_within": sum(g.completed.within_standard or 0 for g in whole.groups),
        "waiting_within": sum(g.waiting.within_standard or 0 for g in whole.groups),
    }
    assert {which: wait_rows(reader, who, directory, ask, which).total for which in WHICH} == behind


@OFTEN
@given(asked=rows_and_a_day(), by=st.sampled_from(GROUPINGS))
def test_what_started_has_ended_or_waits_or_cannot_be_counted(
    recorded: tuple[Coordination, Reader, psycopg.Connection[Any]],
    asked: tuple[list[tuple[WaitTableRow, tuple[str, ...]]], date],
    by: Any,
) -> None:
    """In every group and version, and in all together, whatever is compared."""
    county, reader, owner = recorded
    waits, on = asked
    put(owner, waits)
    ask = WaitingTimesCriteria(service="CAMHS", standard="CAMHS-28", as_of=on, by=by)
    who = viewer(AUDITOR, day(LAST + 60))
    found = report(reader, who, county.directory(), ask)
    for group in found.groups:
        otherwise = sum(group.ended_otherwise.values())
        assert group.started == group.completed.count + otherwise + group.waiting.count + group.uncountable
        assert group.completed.count == sum(band.count for band in group.completed.bands)
        assert group.waiting.count == sum(band.count for band in group.waiting.bands)
    for group in found.groups[:1]:
        of = WaitsBehind(by=by, key=group.key, version=group.version)

        def listed(which: Which, of: WaitsBehind = of, **narrower: Any) -> int:
            behind = msgspec.structs.replace(of, **narrower)
            return wait_rows(reader, who, county.directory(), ask, which, behind=behind, size=1).total

        assert listed("started") == group.started
        assert listed("ended") == group.completed.count and listed("waiting") == group.waiting.count
        last = len(group.completed.bands) - 1
        assert listed("ended", band=last) == group.completed.bands[last].count
        assert listed("waiting", band=0) == group.waiting.bands[0].count
        for ending, count in group.ended_otherwise.items():
            if count:
                assert listed("ended_otherwise", ending=ending) == count
    assert len({(group.key, group.version) for group in found.groups}) == len(found.groups)
    assert found.started == sum(wait.begins_on <= on for wait, _needs in waits)
    if by != "need":
        assert found.started == sum(group.started for group in found.groups)
        assert found.uncountable == sum(group.uncountable for group in found.groups)
    for key, parts in whose_days(reader, who, county.directory(), ask).items():
        own = [group for group in found.groups if group.key == key]
        for part, days in parts.items():
            assert set(days) == {*PARTIES, "other_service"}
            assert sum(days.values()) == 0 or any(getattr(group, part).count for group in own)


@OFTEN
@given(asked=rows_and_a_day(), first=st.integers(0, LAST))
def test_the_months_are_those_of_their_rows(
    recorded: tuple[Coordination, Reader, psycopg.Connection[Any]],
    asked: tuple[list[tuple[WaitTableRow, tuple[str, ...]]], date],
    first: int,
) -> None:
    county, reader, owner = recorded
    waits, on = asked
    put(owner, waits)
    ask = WaitingTimesCriteria(service="CAMHS", standard="CAMHS-28", as_of=on, from_on=day(first))
    for month in months(reader, viewer(AUDITOR, day(LAST + 60)), county.directory(), ask).rows:
        own = [wait for wait, _needs in waits if wait.version == month.version.version]
        begin = max(month.first, day(first))
        now = counted(own, on, begin, month.until)  # as it is known now
        then = counted(own, month.until, begin, month.until)  # as it stood at its end
        assert month.started == len(now["started"])
        assert month.ended_otherwise == sum(len(now[ending]) for ending in ENDINGS)
        assert month.completed.count == len(now["completed"])
        assert month.waiting == len(then["waiting"])
        over = [w for w in then["waiting"] if month.until > w.due_on]  # type: ignore[operator]
        assert month.over_standard == len(over)
