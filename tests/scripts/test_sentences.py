"""Every code that a file, a command or a report can be refused with has its sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from scripts.cli.sentences import SENTENCES, UNKNOWN, sentence
from tests.scripts.conftest import ROOT

# Where the codes come from that the command line can meet.
ROOMS = (
    "coordination/intake",
    "coordination/directory/decisions",
    "coordination/pupil/profile",
    "coordination/pupil/referral",
    "coordination/desk",
    "coordination/authority.py",
    "coordination/service.py",
    "coordination/calendars.py",
    "coordination/identifiers.py",
    "projections/waiting_times",
    "projections/attendance/queries",
    "projections/reader.py",
    "scripts/cli",
)
# Which argument of a call is the code.
CALLS = {"Refused": 0, "fault": 0, "Fault": 0, "Checked": 1, "error": 2, "warning": 2}
# Of things that only screens do.
ELSEWHERE = {
    "allocated_meanwhile",
    "immediate_risk_untold",
    "nhs_number_characters",
    "nhs_number_check_digit",
    "nhs_number_length",
    "nhs_number_missing",
    "not_of_the_agency",
    "not_reported_of_you",
    "not_your_entry",
    "nothing_changes",
    "notice_negative",
    "on_behalf_of_missing",
    "referral_ended",
    "terms_differ",
    "term_ends_before_it_starts",
    "terms_missing",
    "unknown_contact",
    "unknown_terms",
}


def codes() -> Iterator[str]:
    for room in ROOMS:
        place = ROOT / room
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            yield from said_in(path)


def said_in(path: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        place = CALLS.get(name)
        if place is not None and len(call.args) > place and isinstance(call.args[place], ast.Constant):
            code = call.args[place].value
            if isinstance(code, str):
                yield code


def test_every_code_has_a_sentence() -> None:
    found = set(codes())
    assert len(found) > 100
    assert sorted(found - SENTENCES.keys() - ELSEWHERE) == []


def test_no_sentence_stands_for_a_code_that_the_screens_alone_have() -> None:
    assert not ELSEWHERE & SENTENCES.keys()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_ends_as_one_whatever_facts_there_are(code: str) -> None:
    said = sentence(code, {})
    assert said.endswith(".")
    assert not set("[]{}") & set(said)
    assert "  " not in said


def test_facts_take_their_places_and_what_is_not_known_is_left_out() -> None:
    assert sentence("too_many_rows", {"limit": 5}) == "The file has more rows than can be taken (5)."
    assert sentence("too_many_rows", {}) == "The file has more rows than can be taken."
    said = sentence("header_missing", {"columns": ("upn", "needs")})
    assert said == "The first row must name the columns; these are missing: upn, needs."
    assert "since 2026-03-02" in sentence("already_appointed", {"since": date(2026, 3, 2)})
    assert sentence("a code of tomorrow", {}) == UNKNOWN
