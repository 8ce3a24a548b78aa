"""Files of support and of one-page profiles, and programmes in the directory file."""

from __future__ import annotations

import json
from datetime import date

import pytest

from coordination.errors import Refusal
from coordination.intake.column_mapping import parse_mapping
from coordination.intake.directory import read_directory
from coordination.intake.recording.support import record_support
from coordination.intake.support import Kind, read_support
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.service import Coordination
from tests.county import OTHER_SCHOOL, PUPIL, SCHOOL, UPN, at, register
from tests.intake.samples import ON, known

TODAY = date(2025, 6, 2)
HEADER = (
    "upn,started_on,level,activity,aim,ends_by,need,measure,unit,starting_point,"
    "reviewed_on,outcome,child_words,language,ended_on,reason\n"
)
ROW = (
    f"{UPN},2025-03-03,2,Paired reading,60 words,2025-05-30,DYSL,Words,words a minute,42,"
    "2025-04-14,nearer,Da iawn.,cy,,\n"
)


def read(text: str, kind: Kind = "support", **more: object):  # type: ignore[no-untyped-def]
    return read_support(text.encode(), kind, TODAY, **more)  # type: ignore[arg-type]


def test_a_row_has_the_support_and_perhaps_a_review_and_its_end() -> None:
    [row] = read(HEADER + ROW).rows
    assert (row.values["level"], row.values["ends_by"], row.values["outcome"]) == (
        "2",
        date(2025, 5, 30),
        "nearer",
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        (UPN, "B801200005002", "upn", "upn_check_letter"),
        ("2025-03-03", "", "started_on", "missing"),
        ("2025-03-03", "2025-06-03", "started_on", "in_the_future"),
        ("Paired reading", "", "activity", "missing"),
        ("nearer", "much better!", "outcome", "code_format"),
    ],
)
def test_a_faulty_row_is_named(old: str, new: str, field: str, code: str) -> None:
    found = read(HEADER + ROW.replace(old, new, 1))
    assert found.rows == ()
    assert (found.problems[0].field, found.problems[0].code) == (field, code)


def test_a_mapping_gives_the_school_s_own_columns_and_words_their_meaning() -> None:
    mapping = {
        "name": "ours",
        "columns": {"pupil no": "upn", "begins": "started_on", "tier": "level", "until": "ends_by"},
        "words": {"need": {"reading": "DYSL"}},
    }
    text = (
        (HEADER + ROW).replace("upn,started_on,level", "pupil no,begins,tier").replace(",ends_by,", ",until,")
    )
    [row] = read(text.replace(",DYSL,", ",Reading,"), mapping=parse_mapping(mapping)).rows
    assert (row.upn, row.values["need"]) == (UPN, "DYSL")
    wrong = parse_mapping({"name": "ours", "columns": {"pupil no": "surname"}})
    with pytest.raises(Refusal) as refused:
        read(text, mapping=wrong)
    assert refused.value.code == "unknown_field"


def test_rows_are_recorded_once_for_pupils_of_the_school(county: Coordination) -> None:
    register(county)
    now = at(TODAY)
    file = read(HEADER + ROW + ROW.replace("2025-04-14", "2025-02-03").replace("Paired", "Later"))
    previewed = record_support(county, file, "support", SCHOOL, now=now, preview=True)
    assert previewed.counts == {"new": 1, "refused": 1}
    taken = record_support(county, file, "support", SCHOOL, now=now)
    assert [problem.code for outcome in taken.outcomes for problem in outcome.problems] == [
        "review_before_start"
    ]
    assert record_support(county, file, "support", SCHOOL, now=now).counts == {"unchanged": 1, "refused": 1}
    [held] = county.batch().state(PUPIL_STREAM, PUPIL).support.given.values()
    assert (held.by, [review.on for review in held.reviews]) == (SCHOOL, [date(2025, 4, 14)])
    elsewhere = record_support(county, file, "support", OTHER_SCHOOL, now=now)
    assert {p.code for o in elsewhere.outcomes for p in o.problems} == {"pupil_not_at_school"}
    text = f"upn,important,admired,support,language,with_child\n{UPN},Mot,Caredig,Amser,cy,yes\n"
    profiles = read(text, "one-page-profile")
    assert record_support(county, profiles, "one-page-profile", SCHOOL, now=now).counts == {"new": 1}
    assert record_support(county, profiles, "one-page-profile", SCHOOL, now=now).counts == {"unchanged": 1}


def test_programmes_in_the_directory_file() -> None:
    one = {
        "authority": "699",
        "code": "TALK",
        "name": "Talk Boost",
        "level": 2,
        "needs": ["SLCD"],
        "entry_criteria": "Below the screen",
        "exit_criteria": "Passes it",
        "usual_weeks": 10,
        "effective_from": "2025-09-01",
    }
    faulty = [
        {**one, "code": "A", "level": 4},
        {**one, "code": "B", "usual_weeks": 0},
        {**one, "code": "C", "effective_to": "2025-08-31"},
    ]
    data = json.dumps({"programmes": [one, *faulty]}).encode()
    found = read_directory(data, known, ON, set())
    assert [p.code for p in found.programmes] == ["TALK"]
    assert [p.code for p in found.problems] == [
        "unknown_support_level",
        "weeks_out_of_range",
        "end_before_start",
    ]
