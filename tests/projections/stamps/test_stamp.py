"""A stamp holds its whole question, comes back as it was, and says when it does not."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from projections.stamps.changes import ReportChange
from projections.stamps.comparing import FigureChange, StampComparison, differences, figures_of
from projections.stamps.kinds import KINDS
from projections.stamps.stamp import LARGEST, LONGEST, Stamp, decode, encode, question_of, short_form
from projections.waiting_times.queries import WaitingTimesCriteria
from webui.reports.stamp_words import compared, in_english

STAMP = Stamp(
    kind="waiting-times",
    question={"service": "CAMHS", "as_of": "2026-03-02", "by": "school"},
    position=1234,
    store=UUID(int=7),
    chain="0123456789abcdef",
    directory=90,
    standards={"first": ["2017-12-13", "2026-02-01"]},
    metric="1",
    code="fedcba9876543210",
    organisation=UUID(int=8),
    role="auditor",
)

stamps = st.builds(
    Stamp,
    kind=st.sampled_from(sorted(KINDS)),
    question=st.dictionaries(st.text(), st.text() | st.integers(0, 2**60) | st.booleans(), max_size=6),
    position=st.integers(0, 2**60),
    store=st.uuids(),
    chain=st.text("0123456789abcdef", min_size=16, max_size=16),
    directory=st.integers(0, 2**60),
    standards=st.dictionaries(st.text(), st.lists(st.text(), max_size=3), max_size=3),
    metric=st.text(),
    code=st.text(),
    organisation=st.uuids(),
    role=st.text(),
)


@given(stamps)
@settings(max_examples=100)
def test_what_was_stamped_is_read_again(stamp: Stamp) -> None:
    text = encode(stamp)
    assert decode(text) == stamp
    assert encode(decode(text)) == text
    assert not set(text) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


@given(st.data())
@settings(max_examples=150)
def test_a_slip_in_copying_is_found(data: st.DataObject) -> None:
    text = encode(STAMP)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("Aa0-_z").filter(lambda letter: letter != text[place]))
    lost = data.draw(st.booleans())
    with pytest.raises(Refusal) as refused:
        decode(text[:place] + ("" if lost else other) + text[place + 1 :])
    assert refused.value.code == "stamp_broken"


@pytest.mark.parametrize(
    "text", ["", "x", "cyd1-", "cyd1-AAAA", "cyd1-é", "cyd2-AAAA", encode(STAMP) + "A" * LONGEST]
)
def test_what_is_no_stamp_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        decode(text)
    assert refused.value.code == "stamp_broken"


def test_a_stamp_may_be_broken_over_lines_as_in_a_letter() -> None:
    text = encode(STAMP)
    assert decode(f"  {text[:40]}\n {text[40:]}\n") == STAMP


def whole(packed: bytes) -> str:
    """A text with the right check sum over anything."""
    return "cyd1-" + base64.urlsafe_b64encode(sha256(packed).digest()[:6] + packed).decode().rstrip("=")


@pytest.mark.parametrize(
    "packed",
    [
        b"not compressed",
        zlib.compress(b"\xc1"),
        zlib.compress(msgspec.msgpack.encode([*msgspec.to_builtins(STAMP), "more"])),
        zlib.compress(b"\x00" * (LARGEST + 1), 9),
    ],
)
def test_a_whole_stamp_of_an_unknown_form_is_of_another_program(packed: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        decode(whole(packed))
    assert refused.value.code == "stamp_of_another_program"


def test_the_short_form_tells_stamps_apart() -> None:
    other = msgspec.structs.replace(STAMP, role="alnco")
    assert STAMP.short == short_form(encode(STAMP)) != other.short
    assert STAMP.short.startswith("1234-") and len(STAMP.short) == len("1234-") + 8


def test_the_question_is_what_was_asked_without_the_position() -> None:
    ask = WaitingTimesCriteria(
        service="CAMHS",
        as_of=date(2026, 3, 2),
        known_at=datetime(2026, 3, 1, tzinfo=UTC),
        by="need",
        at=1234,
    )
    asked = question_of(ask)
    assert asked == {
        "service": "CAMHS",
        "as_of": "2026-03-02",
        "known_at": "2026-03-01T00:00:00Z",
        "by": "need",
    }
    assert msgspec.convert({**asked, "at": 1234}, WaitingTimesCriteria) == ask


# What a question may be made of: codes, days, instants, numbers.
PLAIN = {str, int, bool, date, datetime, type(None)}


def parts(hint: Any) -> set[Any]:
    inner = get_args(hint)
    if not inner:
        return {hint}
    return {str} if all(isinstance(one, str) for one in inner) else set().union(*map(parts, inner))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_no_question_of_a_kind_can_name_a_pupil(kind: Any) -> None:
    hints = get_type_hints(kind.criteria)
    assert "at" in hints
    # but the page of one wait, whose address has the same random id of its referral: who replays it must see that wait
    if kind is KINDS["one-wait"]:
        assert hints.pop("referral") is UUID
    assert not {"pupil", "referral", "person", "upn"} & set(hints)
    assert set().union(*map(parts, hints.values())) <= PLAIN, "an id could be a pupil's"


def test_what_two_stamps_say_differently() -> None:
    other = msgspec.structs.replace(
        STAMP,
        question={"service": "CAMHS", "as_of": "2026-04-02"},
        metric="2",
        code="0",
        role="alnco",
        position=2000,
    )
    assert [(d.what, d.field, d.first, d.second) for d in differences(STAMP, other)] == [
        ("question", "as_of", "2026-03-02", "2026-04-02"),
        ("question", "by", "school", ""),
        ("view", "", "auditor", "alnco"),
        ("metric", "", "1", "2"),
        ("code", "", "fedcba9876543210", "0"),
    ]
    assert list(differences(STAMP, msgspec.structs.replace(STAMP, position=1))) == []


def test_figures_have_names() -> None:
    report = {
        "stamp": "x",
        "log_position": 5,
        "service": "CAMHS",
        "groups": [
            {
                "key": "A",
                "version": "2026-01-01",
                "count": 3,
                "bands": [{"over": None, "up_to": 28, "count": 2}],
            },
            {"key": "B", "count": None},
        ],
        "days": [4],
    }
    assert dict(figures_of(report)) == {
        "groups A 2026-01-01 count": 3,
        "groups A 2026-01-01 bands 0-28 up_to": 28,
        "groups A 2026-01-01 bands 0-28 count": 2,
        "days 1": 4,
    }


def test_sentences_in_english() -> None:
    other = msgspec.structs.replace(STAMP, metric="2")
    found = StampComparison(
        first=STAMP,
        second=other,
        changes=(ReportChange("late_entries", 2, 1300, 1310), ReportChange("standards_set", 1, 1400, 1400)),
        differences=tuple(differences(STAMP, other)),
        figures=(FigureChange("count", 1, 2),),
        code="0",
    )
    assert list(compared(found, in_english)) == [
        "Late entries, dated on or before the day of the first report: 2 (positions 1300 to 1310).",
        "Standards set or changed: 1 (position 1400).",
        "The metric version differs: first 1, then 2.",
        "Figures that differ: 1.",
    ]
    nothing = msgspec.structs.replace(found, changes=(), differences=(), figures=())
    assert list(compared(nothing, in_english)) == [
        "Nothing that these figures rest on was recorded between the two.",
        "All figures are equal.",
    ]
