"""The report by month, by group, and what it rests on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from coordination.errors import Refusal
from coordination.meeting.commands import (
    MarkPresence,
)
from coordination.meeting.events import Party
from coordination.service import Coordination
from projections.attendance.queries import (
    AttendanceCriteria,
    meeting,
    months,
    report,
)
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    OTHER_SCHOOL,
    PSYCHOLOGY,
    THERAPY,
    at,
)
from tests.projections.attendance.shared import told
from tests.projections.hwb import (
    FIRST,
    TODAY,
    accept_terms,
    does,
    held_on,
    hold,
    mark,
    meeting_id,
    schedule,
    viewer,
)


def test_month_by_month_adds_up_to_the_report(county: Coordination, engine: Engine, reader: Reader) -> None:
    accept_terms(county)
    for n, how in enumerate(("attended", "apologies", "absent", "attended")):
        hold(county, n, {CAMHS: how})
    engine.catch_up()
    directory, looking = county.directory(), viewer(ALNCO)
    ask = AttendanceCriteria(as_of=TODAY)
    found = months(reader, looking, directory, ask)
    whole = report(reader, looking, directory, ask).total
    firsts = [month.first for month in found]
    assert firsts == sorted(firsts) and {first.day for first in firsts} == {1}
    last = firsts[-1]
    assert len(found) == (last.year - firsts[0].year) * 12 + last.month - firsts[0].month + 1, (
        "no month is left out"
    )
    for name in ("meetings", "expected", "attended", "apologies", "absent", "not_marked", "contested"):
        assert sum(getattr(month.group, name) for month in found) == getattr(whole, name) > -1, name
    assert [m.group.key for m in found if m.group.meetings] == sorted(
        {f"{held_on(n):%Y-%m}" for n in range(4)}
    )
    for month in found:
        days = [n for n in range(4) if held_on(n).replace(day=1) == month.first]
        assert month.group.meetings == len(days)
        until = report(
            reader,
            looking,
            directory,
            AttendanceCriteria(as_of=TODAY, from_on=month.first, to_on=_last(month.first)),
        )
        assert until.total.percent_attended == month.group.percent_attended
    assert months(reader, looking, directory, AttendanceCriteria(as_of=held_on(0) - timedelta(days=1))) == ()
    # as it was known before the last meeting was marked
    then = months(reader, looking, directory, AttendanceCriteria(as_of=TODAY, known_at=at(held_on(2))))
    assert sum(month.group.attended for month in then) == 1


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def test_groups_and_filters(county: Coordination, engine: Engine, reader: Reader) -> None:
    accept_terms(county)
    accept_terms(county, PSYCHOLOGY, OTHER_SCHOOL)
    hold(county, 0, {CAMHS: "attended", THERAPY: "attended"})
    hold(county, 1, {CAMHS: "absent"})
    hold(county, 0, {PSYCHOLOGY: "absent", CAMHS: "late"}, school=OTHER_SCHOOL)
    engine.catch_up()
    directory = county.directory()

    def keys(**asked: Any) -> list[tuple[str, int, int, int]]:
        found = report(reader, viewer(AUDITOR), directory, AttendanceCriteria(as_of=TODAY, **asked))
        assert sum(g.invited for g in found.groups) == found.total.invited
        return [(g.key, g.meetings, g.expected, g.attended) for g in (*found.groups, found.total)]

    assert keys() == [("CAMHS", 3, 2, 1), ("EPS", 1, 1, 0), ("SALT", 1, 0, 0), ("all", 3, 3, 1)]
    assert keys(by="agency") == [("BOARD", 3, 2, 1), ("EDUCATION", 1, 1, 0), ("all", 3, 3, 1)]
    assert keys(by="school") == [("6994001", 2, 2, 1), ("6994002", 1, 1, 0), ("all", 3, 3, 1)]
    assert keys(school="6994002") == [("CAMHS", 1, 0, 0), ("EPS", 1, 1, 0), ("all", 1, 1, 0)]
    assert keys(agency="BOARD", by="school") == [("6994001", 2, 2, 1), ("6994002", 1, 0, 0), ("all", 3, 2, 1)]
    assert keys(service="CAMHS", from_on=held_on(1)) == [("CAMHS", 1, 1, 0), ("all", 1, 1, 0)]
    assert keys(to_on=FIRST - timedelta(days=1)) == [("all", 0, 0, 0)]


def test_an_unknown_code_is_refused_by_name(county: Coordination, engine: Engine, reader: Reader) -> None:
    for field in ("school", "agency", "service"):
        with pytest.raises(Refusal, match=f"unknown_{field}") as refusal:
            report(
                reader, viewer(AUDITOR), county.directory(), AttendanceCriteria(as_of=TODAY, **{field: "?"})
            )
        assert refusal.value.field == field
    with pytest.raises(Refusal, match="ends_before_it_begins"):
        ask = AttendanceCriteria(as_of=TODAY, from_on=TODAY, to_on=FIRST)
        report(reader, viewer(AUDITOR), county.directory(), ask)


def test_figures_show_services_and_agencies_never_staff(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    schedule(county, 0)
    day = held_on(0)
    board, named = Party(organisation=BOARD), Party(organisation=BOARD, person=CLINICIAN)
    for invited in (board, named):
        does(
            county,
            ALNCO,
            MarkPresence(occurred_on=day, meeting=meeting_id(0), party=invited, mark="attended"),
        )
    mark(county, 0, {})
    engine.catch_up()
    found = report(reader, viewer(AUDITOR), county.directory(), AttendanceCriteria(as_of=TODAY))
    assert [(g.key, told(g)) for g in found.groups] == [
        ("BOARD", {"meetings": 1, "not_expected": {"count": 1, "uninvited": 1, "attended": 1}})
    ]
    for person, seats in ((ALNCO, 3), (CLINICIAN, 2), (AUDITOR, 1)):
        shown = meeting(reader, viewer(person), meeting_id(0))
        assert shown is not None
        assert len(shown.seats) == seats


def test_the_report_says_on_what_it_rests_and_is_json(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    hold(county, 0, {CAMHS: "attended"})
    last = engine.catch_up()
    found = report(
        reader, viewer(AUDITOR), county.directory(), AttendanceCriteria(as_of=TODAY, school="6994001")
    )
    said = msgspec.json.decode(msgspec.json.encode(found))
    assert (said["log_position"], said["metric_version"], said["parked"], said["school"]) == (
        last,
        "2",
        0,
        "6994001",
    )
    assert said["groups"][0]["not_expected"]["no_terms"] == 1
