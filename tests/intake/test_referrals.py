from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.intake.referrals import ParsedReferralFile, read_referrals
from coordination.pupil.referral.milestones import MILESTONES, natural_rank
from tests.intake.samples import FILES, ON, said, sheet, upn

HEADER = ("referral_ref", "upn", "school_number", "service_code", "event", "occurred_on", "detail")
RANKS = {"submitted": 0, "received": 1, "was_not_brought": 5, "first_contact": 6, "assessed": 6}


def milestone(**changes: str) -> dict[str, str]:
    values = ("A-1", upn(1), "6994001", "camhs-7A1", "received", "2024-01-08", "")
    return dict(zip(HEADER, values, strict=True)) | changes


def read(*rows: dict[str, str]) -> ParsedReferralFile:
    return read_referrals(sheet(rows, HEADER), RANKS, ON)


def identities(found: ParsedReferralFile) -> set[tuple[str, str, str, int]]:
    return {group.identity(one) for group in found.groups for one in group.milestones}


def test_the_example() -> None:
    found = read_referrals((FILES / "referrals.csv").read_bytes(), RANKS, ON)
    assert (found.read, found.problems) == (7, ())
    first, second = found.groups
    assert (first.referral_ref, first.upn, first.school_number, first.service_code) == (
        "CAM-001",
        upn(1),
        "6994001",
        "camhs-bcu",
    )
    assert [(m.row, m.event, m.occurred_on, m.ordinal, m.detail) for m in first.milestones] == [
        (5, "submitted", date(2024, 1, 8), 1, None),
        (2, "received", date(2024, 1, 8), 1, None),
        (6, "was_not_brought", date(2024, 2, 5), 1, "morning"),
        (7, "was_not_brought", date(2024, 2, 5), 2, "afternoon, again"),
        (4, "first_contact", date(2024, 2, 20), 1, None),
    ]
    assert [(m.event, m.occurred_on.day) for m in second.milestones] == [
        ("received", 9),
        ("first_contact", 2),
    ]


def test_a_referral_is_taken_whole_or_not_at_all() -> None:
    found = read_referrals((FILES / "referrals_bad_rows.csv").read_bytes(), RANKS, ON)
    assert [group.referral_ref for group in found.groups] == ["A-4"]
    assert said(found.problems) == [
        (2, None, "group_refused"),
        (3, "event", "unknown_milestone"),
        (4, None, "group_refused"),
        (5, "upn", "group_differs"),
        (5, "service_code", "group_differs"),
        (6, "occurred_on", "in_the_future"),
        (7, "referral_ref", "missing"),
    ]
    assert found.refused == {2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("referral_ref", "x" * 65, "too_long"),
        ("upn", "A801200005001", "upn_check_letter"),
        ("school_number", "x", "school_number_format"),
        ("service_code", "a service", "code_format"),
        ("event", "", "missing"),
        ("event", "!", "unknown_milestone"),
        ("occurred_on", "8/1/24", "date_two_digit_year"),
        ("detail", "x" * 4_001, "too_long"),
    ],
)
def test_what_keeps_a_row_out(field: str, text: str, code: str) -> None:
    found = read(milestone(**{field: text}))
    assert said(found.problems) == [(2, field, code)]
    assert found.groups == ()


def test_an_unquoted_comma_is_not_guessed_at() -> None:
    data = sheet([milestone(detail="no reply")], HEADER).replace(b"no reply", b"no, reply")
    found = read_referrals(data, RANKS)
    assert said(found.problems) == [(2, None, "too_many_cells")]
    assert found.groups == ()


def test_without_a_day_nothing_is_in_the_future() -> None:
    data = sheet([milestone(occurred_on="2099-01-01")], HEADER)
    assert len(read_referrals(data, RANKS).groups) == 1


def test_without_the_optional_column() -> None:
    rows = [{key: value for key, value in milestone().items() if key != "detail"}]
    assert len(read_referrals(sheet(rows, HEADER[:-1]), RANKS).groups) == 1


def test_a_row_is_known_by_its_content() -> None:
    found = read(milestone(), milestone(), milestone(event="first_contact", occurred_on="2024-02-20"))
    assert identities(found) == {
        ("A-1", "received", "2024-01-08", 1),
        ("A-1", "received", "2024-01-08", 2),
        ("A-1", "first_contact", "2024-02-20", 1),
    }


def test_free_text_is_not_printed() -> None:
    assert "Llewelyn" not in repr(read(milestone(detail="Llewelyn", referral_ref="Llewelyn")))


milestones = st.builds(
    milestone,
    referral_ref=st.sampled_from(["A-1", "A-2", "b"]),
    event=st.sampled_from(sorted(RANKS)),
    occurred_on=st.dates(date(2024, 1, 1), date(2024, 1, 6)).map(str),
)


@settings(deadline=None)
@given(st.lists(milestones, max_size=12), st.randoms(use_true_random=False))
def test_neither_order_nor_file_changes_what_a_row_is(rows: list[dict[str, str]], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    found = read(*rows)
    assert identities(found) == identities(read(*mixed))
    assert len(identities(found)) == len(rows), "no two rows are the same row"


@settings(deadline=None)
@given(st.lists(milestones, max_size=10), st.lists(milestones, max_size=5))
def test_a_longer_file_says_again_what_the_shorter_one_said(
    rows: list[dict[str, str]], more: list[dict[str, str]]
) -> None:
    assert identities(read(*rows)) <= identities(read(*more, *rows))


@settings(deadline=None)
@given(st.lists(milestones, max_size=12))
def test_milestones_come_in_order(rows: list[dict[str, str]]) -> None:
    for group in read(*rows).groups:
        keys = [(m.occurred_on, RANKS[m.event], m.row) for m in group.milestones]
        assert keys == sorted(keys)


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADER, st.text(max_size=10))), max_size=5))
def test_no_text_in_any_cell_crashes_it(rows: list[dict[str, str]]) -> None:
    try:
        found = read(*rows)
    except (Refusal, UnicodeEncodeError):
        return
    taken = sum(len(group.milestones) for group in found.groups)
    assert found.read == taken + len(found.refused)


MORE = (*HEADER, "new_episode", "ending", "legal_route")


def with_more(*rows: dict[str, str]) -> ParsedReferralFile:
    ranks = {name: natural_rank(name) for name in MILESTONES}
    return read_referrals(sheet(rows, MORE), ranks, ON)


def test_the_clear_columns_that_figures_read() -> None:
    found = with_more(
        milestone(legal_route="s20_nhs"),
        milestone(event="withdrawn", occurred_on="2024-02-01", ending="Moved away"),
        milestone(event="reopened", occurred_on="2024-03-01", new_episode="ydy", legal_route="s20_nhs"),
        milestone(referral_ref="A-2"),
    )
    assert found.problems == ()
    first, second = found.groups
    assert [(m.ending, m.new_episode) for m in first.milestones] == [
        (None, None),
        ("moved_away", None),
        (None, True),
    ]
    assert (first.legal_route, second.legal_route) == ("s20_nhs", None)


def test_what_the_clear_columns_refuse() -> None:
    found = with_more(
        milestone(ending="moved_away"),
        milestone(referral_ref="A-2", new_episode="no"),
        milestone(referral_ref="A-3", event="reopened", new_episode="maybe"),
        milestone(referral_ref="A-4", event="declined", ending="died"),
        milestone(referral_ref="A-5", legal_route="s20_nhs"),
        milestone(referral_ref="A-5", event="declined", legal_route="mental_health_measure"),
    )
    assert said(found.problems) == [
        (2, "ending", "not_for_this_event"),
        (3, "new_episode", "not_for_this_event"),
        (4, "new_episode", "yes_no_expected"),
        (5, "ending", "unknown_ending"),
        (6, None, "group_refused"),
        (7, "legal_route", "group_differs"),
    ]
