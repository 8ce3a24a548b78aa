from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from coordination.challenge.rule import MISSED, AttendanceRule, MarkEvidence, assess
from coordination.meeting.events import Mark
from tests.challenge.marks import line, lines

ATTENDED, LATE, LEFT, SORRY, ABSENT, SUBSTITUTE, WROTE = get_args(Mark)


@pytest.mark.parametrize(
    ("marks", "met", "code", "counted"),
    [
        ((), False, "missed_of_last", 0),
        ((ABSENT,), False, "missed_of_last", 1),
        ((ABSENT, ABSENT), True, "missed_of_last", 2),
        ((SORRY, SORRY, ATTENDED), True, "missed_of_last", 2),
        ((SORRY, ABSENT, LATE), True, "missed_of_last", 2),
        ((SORRY, SUBSTITUTE, WROTE), False, "missed_of_last", 1),
        ((LATE, LEFT, SORRY), False, "missed_of_last", 1),
        ((SORRY, SORRY, ATTENDED, ATTENDED), False, "missed_of_last", 1),
        ((ABSENT, ATTENDED, ATTENDED, ABSENT), True, "absent_without_apology", 2),
        ((SORRY, ATTENDED, ATTENDED, SORRY), False, "missed_of_last", 1),
        ((ABSENT, *[ATTENDED] * 4, ABSENT), True, "absent_without_apology", 2),
        ((ABSENT, *[ATTENDED] * 5, ABSENT), False, "missed_of_last", 1),
    ],
)
def test_the_rule_as_it_comes(marks: tuple[Any, ...], met: bool, code: str, counted: int) -> None:
    finding = assess(lines(marks))
    assert (finding.met, finding.code, finding.counted) == (met, code, counted)


def test_a_finding_names_its_numbers_and_its_evidence() -> None:
    marks = lines((ATTENDED, SORRY, ATTENDED, ABSENT))
    finding = assess(reversed(marks))
    assert (finding.threshold, finding.window) == (2, 3)
    assert finding.considered == marks[1:]


def test_the_settings_are_data() -> None:
    strict = AttendanceRule(version="2", missed=1, of_last=1, absences=9, within=9)
    assert assess(lines((ATTENDED, SORRY)), strict).met
    lenient = AttendanceRule(missed=3, of_last=3, absences=3, within=12)
    assert not assess(lines((ABSENT, ABSENT)), lenient).met


def test_only_meetings_at_which_it_was_expected_found_a_challenge() -> None:
    unasked = lines((ABSENT, ABSENT, ABSENT), expected=False, because="no_terms", terms=None)
    assert not assess(unasked).met
    assert assess(unasked).considered == ()
    assert assess(unasked, only_owed=False).met
    assert not assess(lines((ABSENT, ABSENT), terms=None)).met


def test_a_contested_mark_is_left_out_until_ruled_on() -> None:
    marks = (line(0, ATTENDED), line(1, ABSENT), line(2, ABSENT))
    assert assess(marks).met
    contested = replace(marks[2], contested=True)
    assert not assess((*marks[:2], contested)).met
    stands = replace(marks[2], contested=False)
    assert assess((*marks[:2], stands)).met
    excused = replace(marks[2], ruled=True, reads=LATE)
    finding = assess((*marks[:2], excused))
    assert not finding.met
    assert excused in finding.considered
    struck_out = replace(marks[2], ruled=True, reads=None)
    assert struck_out not in assess((*marks[:2], struck_out)).considered
    apologised = replace(marks[2], ruled=True, reads=SORRY)
    assert assess((*marks[:2], apologised)).code == "missed_of_last"


_marks = st.lists(st.sampled_from(get_args(Mark)), max_size=10)
_rules = st.builds(
    AttendanceRule,
    missed=st.integers(1, 4),
    of_last=st.integers(1, 6),
    absences=st.integers(1, 4),
    within=st.integers(1, 8),
)
_evidence = st.builds(
    lambda marks, flags: tuple(
        replace(m, expected=flags[n][0], contested=flags[n][1]) for n, m in enumerate(lines(marks))
    ),
    _marks,
    st.lists(
        st.tuples(st.sampled_from([True, True, True, False]), st.sampled_from([False, False, False, True])),
        min_size=10,
        max_size=10,
    ),
)
BADNESS = {SORRY: 1, ABSENT: 2}


@for_all(_evidence, _rules, st.data())
def test_a_worse_mark_never_unmakes_a_finding(
    marks: tuple[MarkEvidence, ...], rule: AttendanceRule, data: st.DataObject
) -> None:
    worse = tuple(
        replace(
            m,
            mark=data.draw(
                st.sampled_from([w for w in get_args(Mark) if BADNESS.get(w, 0) >= BADNESS.get(m.mark, 0)])
            ),
        )
        for m in marks
    )
    if assess(marks, rule).met:
        assert assess(worse, rule).met


@for_all(_marks, _rules)
def test_one_more_absence_never_unmakes_a_finding(marks: list[Any], rule: AttendanceRule) -> None:
    if assess(lines(marks), rule).met:
        assert assess(lines([*marks, ABSENT]), rule).met


@for_all(_evidence, _rules, st.randoms())
def test_the_order_of_reading_does_not_matter(
    marks: tuple[MarkEvidence, ...], rule: AttendanceRule, random: Any
) -> None:
    shuffled = list(marks)
    random.shuffle(shuffled)
    assert assess(shuffled, rule) == assess(marks, rule)


@for_all(_evidence, _rules)
def test_the_evidence_alone_gives_the_same_finding(
    marks: tuple[MarkEvidence, ...], rule: AttendanceRule
) -> None:
    finding = assess(marks, rule)
    if finding.met:
        assert assess(finding.considered, rule) == finding
    assert finding.counted <= len(finding.considered) <= finding.window
    assert not any(m.contested for m in finding.considered)
    assert all(m.owed for m in finding.considered)


@for_all(_evidence, _rules)
def test_what_founds_a_challenge_would_found_an_enquiry_if_all_were_expected(
    marks: tuple[MarkEvidence, ...], rule: AttendanceRule
) -> None:
    all_expected = tuple(replace(m, expected=True) for m in marks)
    assert assess(marks, rule, only_owed=False).met == assess(all_expected, rule).met


@for_all(_evidence, _rules)
def test_nobody_is_challenged_for_coming(marks: tuple[MarkEvidence, ...], rule: AttendanceRule) -> None:
    came = tuple(replace(m, mark=SUBSTITUTE if m.mark in MISSED else m.mark) for m in marks)
    assert not assess(came, rule).met
