"""Two versions of the metric rules over one log: computed on demand, compared, and seen by those who may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row

from coordination.clocks import METRIC_VERSION, Wait, metric, waits_of
from coordination.clocks.metric import MetricRules, rules_of_version
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.state import Referral
from coordination.service import Coordination
from projections.reader import Reader
from projections.stamps.asking import replay, stamped_report
from projections.stamps.comparing import compare
from projections.stamps.kinds import KINDS
from projections.stamps.stamp import decode
from projections.waiting_times.on_demand import OnDemandReader, waits_under
from projections.waiting_times.queries import (
    WaitingTimesCriteria,
    WaitingTimesReport,
    months,
    report,
    wait_rows,
)
from projections.waiting_times.rows import WAIT
from tests.county import ALNCO, AUDITOR, BOARD, CAMHS, CLINICIAN, PUPIL, THERAPIST, THERAPY, register
from tests.projections.casework import SECOND, SECOND_UPN, RecordedCase, day, viewer
from tests.projections.replays import engine_on, fresh_county
from tests.readers import readers

ASK = WaitingTimesCriteria(service="CAMHS", as_of=day(60), by="school")
Store = tuple[Coordination, Reader, str]


def from_the_second_day(
    referral: Referral, directory: Directory, off_roll: Iterable[OffRoll]
) -> tuple[Wait, ...]:
    """An artificial rule: the day of receipt does not count, so that every wait is a day shorter."""
    return tuple(
        msgspec.structs.replace(
            wait, start_on=wait.start_on + timedelta(days=1), start_ordinal=wait.start_ordinal + 1
        )
        if wait.start_ordinal is not None
        else wait
        for wait in waits_of(referral, directory, off_roll)
    )


@pytest.fixture
def further(monkeypatch: pytest.MonkeyPatch) -> str:
    """A version after the newest one, for one test."""
    version = str(int(METRIC_VERSION) + 1)
    more = {version: MetricRules(version, from_the_second_day)}
    monkeypatch.setattr(metric, "METRICS", {**metric.METRICS, **more})
    return version


@pytest.fixture(scope="module")
def store(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """For CAMHS one wait that stopped on day 20, one of another pupil that was withdrawn, reopened and runs; for
    therapy one that runs and was corrected."""
    keys = tmp_path_factory.mktemp("keys") / "keys.json"
    with fresh_county(postgres, template, keys) as (address, county):
        case = RecordedCase(county)
        register(county)
        register(county, SECOND, SECOND_UPN)
        for number, pupil in enumerate((PUPIL, SECOND)):
            referral = UUID(int=0xD31 + number)
            case.agrees(UUID(int=0xE1 + number), BOARD, day(0), pupil=pupil)
            case.refers(referral, CAMHS, day(0), pupil=pupil)
            case.says(CLINICIAN, referral, "received", day(2), pupil=pupil)
        case.says(CLINICIAN, UUID(int=0xD31), "first_contact", day(20), pupil=PUPIL)
        case.says(
            ALNCO, UUID(int=0xD32), "withdrawn", day(30), pupil=SECOND, details={"reason": "family_asked"}
        )
        case.says(ALNCO, UUID(int=0xD32), "reopened", day(40), pupil=SECOND)
        case.agrees(UUID(int=0xE5), BOARD, day(0), pupil=PUPIL, service=THERAPY)
        case.refers(UUID(int=0xD33), THERAPY, day(5), pupil=PUPIL)
        case.says(THERAPIST, UUID(int=0xD33), "received", day(6), pupil=PUPIL)
        with engine_on(address, county) as engine:
            engine.catch_up()
        with readers(address) as pool:
            yield county, Reader(pool), address


def asked(store: Store, ask: WaitingTimesCriteria, who: UUID = AUDITOR) -> WaitingTimesReport:
    county, reader, _ = store
    found: WaitingTimesReport = stamped_report(county, reader, viewer(who), KINDS["waiting-times"], ask)
    return found


def test_computed_on_demand_the_newest_version_is_that_of_the_rows(store: Store) -> None:
    county, _, address = store
    with psycopg.connect(address, row_factory=dict_row) as connection:
        rows = connection.execute("select * from read.wait order by known_from").fetchall()
        last = connection.execute("select max(notification_id) as at from log.event").fetchone()
    assert rows and last
    names = WAIT.row.__struct_fields__
    for position in (last["at"], last["at"] - 2, rows[0]["known_from"]):
        directory, _ = county.directory_at(position)
        computed = waits_under(rules_of_version(None), county.record, directory, position)
        known = [
            {name: row[name] for name in names}
            for row in rows
            if row["known_from"] <= position and (row["known_to"] is None or row["known_to"] > position)
        ]
        assert sorted((msgspec.structs.asdict(row) for row in computed), key=repr) == sorted(known, key=repr)
        assert known


def test_two_versions_over_one_log_can_be_compared(store: Store, further: str) -> None:
    newest, other = (
        asked(store, msgspec.structs.replace(ASK, metric=version)) for version in (None, further)
    )
    assert (newest.metric_version, other.metric_version) == (METRIC_VERSION, further)
    assert (newest.groups[0].completed.median_days, other.groups[0].completed.median_days) == (18.0, 17.0)
    assert newest.groups[0].waiting.longest_days == 58
    assert other.groups[0].waiting.longest_days == 57
    county, reader, _ = store
    found = compare(county, reader, viewer(AUDITOR), newest.stamp or "", other.stamp or "")
    assert [(one.what, one.first, one.second) for one in found.differences] == [
        ("metric", METRIC_VERSION, further)
    ]
    assert found.changes == ()
    assert ("median_days", 18.0, 17.0) in [
        (one.name.rsplit(" ", 1)[-1], one.first, one.second) for one in found.figures
    ]


def test_a_stamp_of_another_version_is_replayed_under_it(
    store: Store, further: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    county, reader, _ = store
    made = asked(store, msgspec.structs.replace(ASK, metric=further))
    assert decode(made.stamp or "").metric == further
    assert replay(county, reader, viewer(AUDITOR), made.stamp or "").report == made
    monkeypatch.undo()  # a program that has only the newest
    with pytest.raises(Refusal) as refused:
        replay(county, reader, viewer(AUDITOR), made.stamp or "")
    assert refused.value.code == "unknown_metric"


def test_the_policies_hold_for_computed_waits_in_every_query(store: Store, further: str) -> None:
    """Who sees no wait in the read models sees none that was computed; nothing of it stays."""
    county, reader, address = store
    directory = county.directory()
    with psycopg.connect(address) as connection:
        at = connection.execute("select position from read.position").fetchone()
    assert at
    rows = waits_under(rules_of_version(further), county.record, directory, at[0])
    computed = OnDemandReader(reader, rows)
    counts = {}
    for name, person in (("auditor", AUDITOR), ("school", ALNCO), ("board", CLINICIAN)):
        who = viewer(person)
        mine = report(computed, who, directory, ASK)
        rest = report(reader, who, directory, ASK)
        assert [g.started for g in mine.groups] == [g.started for g in rest.groups]
        assert len(wait_rows(computed, who, directory, ASK, "waiting").rows) == len(
            wait_rows(reader, who, directory, ASK, "waiting").rows
        )
        counts[name] = sum(g.started for g in mine.groups)
        assert months(computed, who, directory, ASK).rows
    assert counts == {"auditor": 2, "school": 2, "board": 2}
    elsewhere = msgspec.structs.replace(viewer(ALNCO), organisation=UUID(int=0xFFF))
    assert report(computed, elsewhere, directory, ASK).started == 0
    assert report(computed, viewer(CLINICIAN), directory, ASK).started == 2
    with psycopg.connect(address) as connection:
        left = connection.execute("select count(*) from pg_class where relname = 'wait_on_demand'").fetchone()
    assert left == (0,)


def test_rows_made_by_other_rules_get_no_stamp(store: Store) -> None:
    """While a newer program makes the read models anew, reports are shown, but none promises its rules."""
    address = store[2]
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute("select definition from read.position").fetchone()
        assert row
        connection.execute("update read.position set definition = 'older'")
        try:
            made = asked(store, ASK)
        finally:
            connection.execute("update read.position set definition = %s", row)
    assert made.stamp is None and made.groups
    assert asked(store, ASK).stamp is not None
