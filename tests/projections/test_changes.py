"""What changed for an organisation, as each of those who may look is told, against a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.case_file.queries import changes as module
from projections.case_file.queries.changes import ChangeCriteria, RecordedChange, changes
from projections.reader import Reader
from tests.county import ALNCO, BOARD, CLINICIAN, PUPIL, SCHOOL
from tests.projections.casework import MEETING, SECOND, TO_CAMHS, RecordedCase, known_story, viewers

Story = tuple[RecordedCase, Reader]


@pytest.fixture(scope="module")
def story(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with known_story(postgres, template, tmp_path_factory.mktemp("changes") / "keys.json") as told:
        yield told


def walked(reader: Reader, name: str, limit: int = 7, after: int = 0) -> list[RecordedChange]:
    """Everything, in pages, until there is no more."""
    found: list[RecordedChange] = []
    while True:
        page = changes(reader, viewers()[name], ChangeCriteria(after=after, limit=limit))
        found += page.rows
        if not page.more:
            return found
        assert page.next > after
        after = page.next


@pytest.mark.parametrize("name", ["alnco", "clinician", "psychologist", "auditor", "other_alnco"])
@given(limit=st.integers(1, 60))
def test_pages_of_any_size_tell_all_of_it_once(story: Story, name: str, limit: int) -> None:
    _case, reader = story
    whole = walked(reader, name, limit=1000)
    assert walked(reader, name, limit) == whole
    assert [row.position for row in whole] == sorted({row.position for row in whole})


def test_a_school_is_told_everything_of_its_pupils(story: Story) -> None:
    case, reader = story
    found = walked(reader, "alnco")
    told = {(row.stream, row.position) for row in found if row.kind == "pupil"}
    record = case.service.record.load([PUPIL, SECOND])
    assert told == {(stream, one.position) for stream, events in record.items() for one in events}
    assert {row.stream for row in found if row.kind == "meeting"} == {MEETING}


def test_an_agency_is_told_of_what_it_sees(story: Story) -> None:
    _case, reader = story
    found = walked(reader, "clinician")
    things = {row.thing for row in found if row.topic.startswith("referral.")}
    assert things == {TO_CAMHS}
    assert not any(row.topic.startswith(("consent.", "pupil.")) for row in found)
    assert {row.organisation for row in found if row.kind == "pupil"} == {BOARD, SCHOOL}
    assert MEETING in {row.stream for row in found}


@pytest.mark.parametrize("name", ["other_alnco", "far_auditor", "administrator", "school_administrator"])
def test_who_sees_no_case_is_told_of_none(story: Story, name: str) -> None:
    _case, reader = story
    assert [row for row in walked(reader, name) if row.kind == "pupil"] == []


def test_nobody_is_told_who_or_what(story: Story) -> None:
    _case, reader = story
    for row in walked(reader, "alnco"):
        assert not {ALNCO, CLINICIAN} & {row.stream, row.thing, row.organisation}


def test_from_beyond_the_end_it_begins_at_the_end(story: Story) -> None:
    case, reader = story
    end = case.service.record.last_position()
    page = changes(reader, viewers()["alnco"], ChangeCriteria(after=10**15))
    assert (page.rows, page.next, page.more) == ((), end, False)


def test_a_window_holds_nothing_back(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    _case, reader = story
    whole = walked(reader, "psychologist")
    monkeypatch.setattr(module, "WINDOW", 3)
    assert walked(reader, "psychologist") == whole


def test_the_order_of_the_log_is_found_by_an_index(story: Story) -> None:
    _case, reader = story
    with reader.viewing(viewers()["operator"]) as cursor:
        cursor.execute("set local enable_seqscan = off")
        sql = "explain select position from read.timeline where position > 5 order by position limit 10"
        plan = "\n".join(str(row["QUERY PLAN"]) for row in cursor.execute(sql))
    assert "timeline_position" in plan
