"""Suggestions of challenges from facts and dated rules, and what a person decides about them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.challenge.suggesting import LateFact, attendance_rule, grounds
from coordination.challenge.suggestions import (
    AcceptSuggestion,
    PutSuggestionAside,
    SuggestChallenge,
    SuggestionPutAside,
)
from coordination.directory.challenge_rules import USUAL_RULES, ChallengeRule
from coordination.errors import NotFound
from tests.challenge.letters import CHALLENGE, RAISED, Letters
from tests.challenge.marks import line, lines
from tests.given import SCHOOL
from tests.meeting.hwb import AS_ALNCO, AS_CLINICIAN, CAMHS

AS_JOB: dict[str, Any] = {
    "person": UUID(int=0),
    "organisation": UUID(int=0),
    "role": "operator",
    "on_behalf_of": SCHOOL,
}
SUGGEST = SuggestChallenge(
    occurred_on=RAISED,
    challenge=CHALLENGE,
    code="silence",
    school=SCHOOL,
    service=CAMHS,
    counted=2,
    least=1,
    days=10,
    window=None,
    things=(UUID(int=1), UUID(int=2)),
    as_of=RAISED,
    rule_from=date(2025, 9, 1),
    source="ALN panel, 3 September 2025",
)


def late(code: str, thing: int, days: int, service: UUID | None = CAMHS) -> LateFact:
    return LateFact(code=code, service=service, thing=UUID(int=thing), days=days)


def usual(code: str) -> ChallengeRule:
    return USUAL_RULES[code]


def test_the_schools_own_matters_come_first_and_a_rule_is_met_from_the_day_after() -> None:
    facts = [
        late("silence", 1, 10),  # ten working days is not yet more than ten
        late("silence", 2, 11),
        late("silence", 3, 30),
        late("own_not_sent", 4, 6, None),
        late("own_action_overdue", 5, 0, None),
        late("support", 6, 1),
    ]
    found = [
        (g.rule.code, g.service, g.counted, [t.int for t in g.things]) for g in grounds(facts, (), usual)
    ]
    assert found == [
        ("own_not_sent", None, 1, [4]),
        ("silence", CAMHS, 2, [3, 2]),
        ("support", CAMHS, 1, [6]),
    ]


def test_a_rule_of_the_authority_holds_instead_of_the_usual_one() -> None:
    def stricter(code: str) -> ChallengeRule:
        return replace(USUAL_RULES[code], least=2, days=5)

    facts = [late("silence", 1, 6), late("silence", 2, 5), late("delay", 3, 9), late("delay", 4, 8)]
    assert [(g.rule.code, g.counted) for g in grounds(facts, (), stricter)] == [("delay", 2)]


def test_meetings_missed_are_counted_under_one_kind_and_one_set_of_terms() -> None:
    missed = lines(("attended", "absent", "absent"))
    (found,) = grounds((), [(CAMHS, missed)], usual)
    assert (found.rule.code, found.counted, len(found.things)) == ("missed_of_last", 2, 3)
    # the terms changed between the two meetings that were missed: under the new ones one was
    other = line(2, "absent", terms=UUID(int=0x7777))
    assert grounds((), [(CAMHS, (*missed[:2], other))], usual) == ()
    # a meeting at which the service was not expected gives no ground
    assert grounds((), [(CAMHS, (*missed[:2], replace(missed[2], expected=False)))], usual) == ()


def test_the_settings_of_another_rule_say_which_they_are() -> None:
    missed = replace(USUAL_RULES["missed_of_last"], least=3, window=5, effective_from=date(2026, 1, 1))
    settings = attendance_rule(missed, USUAL_RULES["absent_without_apology"])
    assert (settings.missed, settings.of_last) == (3, 5)
    assert settings.version.startswith("2026-01-01")
    assert attendance_rule(usual("missed_of_last"), usual("absent_without_apology")).version == "1"


def test_only_the_service_itself_suggests_and_each_thing_once() -> None:
    letters = Letters()
    assert isinstance(letters.tries(SUGGEST, **AS_ALNCO), NotFound)
    assert letters.tries(replace(SUGGEST, counted=0), **AS_JOB).code == "rule_not_met"
    assert letters.tries(replace(SUGGEST, service=None), **AS_JOB).code == "unknown_service"
    assert letters.tries(replace(SUGGEST, code="x"), **AS_JOB).code == "unknown_code"
    letters.does(SUGGEST, **AS_JOB)
    assert letters.tries(SUGGEST, **AS_JOB).code == "already_suggested"
    assert not letters.state.raised


@pytest.mark.parametrize("by", [AS_CLINICIAN, {**AS_ALNCO, "organisation": UUID(int=0x9)}])
def test_nobody_but_the_school_knows_of_it(by: dict[str, Any]) -> None:
    letters = Letters().does(SUGGEST, **AS_JOB)
    aside = PutSuggestionAside(occurred_on=RAISED, challenge=CHALLENGE, why="They rang us")
    assert isinstance(letters.tries(aside, **by), NotFound)


def test_a_person_puts_it_aside_with_a_reason_or_accepts_it_once() -> None:
    letters = Letters().does(SUGGEST, **AS_JOB)
    aside = PutSuggestionAside(occurred_on=RAISED, challenge=CHALLENGE, why="They rang us")
    assert letters.tries(replace(aside, why="  "), **AS_ALNCO).field == "why"
    letters.does(aside, **AS_ALNCO)
    assert isinstance(letters.events[-1], SuggestionPutAside)
    accept = AcceptSuggestion(occurred_on=RAISED, challenge=CHALLENGE)
    assert letters.tries(accept, **AS_ALNCO).code == "suggestion_decided"
    assert letters.state.suggestion is not None
    assert letters.state.suggestion.decided == "put_aside"
