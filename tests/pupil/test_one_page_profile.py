"""The one-page profile: its headings, its occasion and who writes it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.one_page_profile.decide import LONGEST_PART, WriteOnePageProfile
from coordination.pupil.one_page_profile.events import OnePageProfileWritten
from tests.meeting.hwb import AS_CLINICIAN, AS_STRANGER, PUPIL
from tests.pupil.case import DAY, registered

PROFILE = UUID(int=0x99)


def write(**changed: Any) -> WriteOnePageProfile:
    usual: dict[str, Any] = {
        "occurred_on": DAY,
        "pupil": PUPIL,
        "profile": PROFILE,
        "occasion": "every_day",
        "language": "cy",
        "with_child": True,
        "important": "Fy nghi, Mot",
        "admired": "Dw i’n garedig",
        "support": "Rhowch amser i mi ateb",
    }
    return WriteOnePageProfile(**{**usual, **changed})


def test_a_profile_has_three_headings_in_the_child_s_language() -> None:
    case = registered()
    (event,) = case.happened(write(important=" Fy nghi, Mot "), OnePageProfileWritten)
    assert isinstance(event, OnePageProfileWritten)
    assert (event.important, event.language, event.with_child) == ("Fy nghi, Mot", "cy", True)
    assert case.state.one_page_profiles.written[PROFILE].occasion == "every_day"


@pytest.mark.parametrize(
    "who", [AS_CLINICIAN, AS_STRANGER, {"role": "class_teacher"}, {"role": "administrator"}]
)
def test_nobody_from_outside_the_school_writes_one(who: dict[str, Any]) -> None:
    assert registered().tries(write(), **who).code == "not_found"


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"occasion": "party"}, "unknown_occasion", "occasion"),
        ({"language": "xx"}, "unknown_code", "language"),
        ({"important": " "}, "cannot_be_empty", "important"),
        ({"admired": ""}, "cannot_be_empty", "admired"),
        ({"support": "x" * (LONGEST_PART + 1)}, "profile_too_long", "support"),
        ({"occurred_on": date(2030, 1, 1)}, "in_the_future", "occurred_on"),
    ],
)
def test_what_cannot_be_written(changed: dict[str, Any], code: str, field: str) -> None:
    registered().refuses(write(**changed), code, field)


def test_the_longest_part_fits_and_an_id_is_used_once() -> None:
    case = registered().does(write(support="x" * LONGEST_PART))
    case.refuses(write(), "profile_already_written", "profile")
