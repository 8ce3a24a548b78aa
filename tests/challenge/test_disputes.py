"""Disputes about the evidence, and rulings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.challenge.decisions.ruling import may_rule, parties, rulers
from coordination.challenge.events import (
    DisputeRuled,
    MarkDisputed,
    RulerNamed,
)
from coordination.errors import NotFound
from coordination.event import Command
from tests.challenge.letters import (
    DISPUTE,
    LATER,
    MARKS,
    RAISED,
    Letters,
    approve,
    decided,
    dispute,
    disputed,
    name,
    raise_attendance,
    rule,
    ruled,
    send,
    sent,
)
from tests.challenge.marks import lines
from tests.given import SCHOOL
from tests.meeting.hwb import (
    AS_ACCOUNTS,
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_DECLO,
    AS_FAR_DECLO,
    AS_FAR_OFFICER,
    AS_GOVERNOR,
    AS_HEAD,
    AS_MANAGER,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    EDPSYCH,
    EDPSYCH_TERMS,
    GWYNEDD,
    LA_EDUCATION,
    world,
)

# Disputes


def test_the_agency_disputes_a_line_of_the_evidence() -> None:
    letters = disputed()
    last = letters.events[-1]
    assert isinstance(last, MarkDisputed)
    assert (last.meeting, last.mark_version, last.claims) == (MARKS[2].meeting, 7, "attended")
    assert letters.state.open_disputes() == (DISPUTE,)
    assert letters.state.evidence()[2].contested
    assert letters.state.marks == MARKS  # what was raised stays
    assert not letters.state.still_met()


def test_disputes_are_refused() -> None:
    letters = sent()

    def refused(command: Command) -> tuple[str, str | None]:
        refusal = letters.tries(command, **AS_CLINICIAN)
        return refusal.code, refusal.field

    assert refused(dispute(mark_version=8)) == ("mark_not_in_evidence", "of_meeting")
    assert refused(dispute(of_meeting=UUID(int=0xFFF))) == ("mark_not_in_evidence", "of_meeting")
    assert refused(dispute(claims="absent")) == ("nothing_changes", "claims")
    assert refused(dispute(why=" ")) == ("cannot_be_empty", "why")
    assert letters.tries(dispute(), **AS_ALNCO).code == "agency_only"
    letters.does(dispute(), **AS_CLINICIAN)
    assert refused(dispute(dispute=UUID(int=0x99))) == ("already_disputed", "of_meeting")
    assert refused(dispute(1)) == ("already_disputed", "of_meeting")  # the same id for another line
    letters.does(rule(), **AS_OFFICER)
    assert refused(dispute(dispute=UUID(int=0x99))) == ("already_disputed", "of_meeting")


@pytest.mark.parametrize("by", [AS_OFFICER, AS_FAR_DECLO])
def test_somebody_of_neither_party_rules(by: dict[str, Any]) -> None:
    letters = disputed().does(rule(), **by)
    last = letters.events[-1]
    assert isinstance(last, DisputeRuled)
    assert (last.ruling, last.reads) == ("upheld", "attended")
    assert letters.state.evidence()[2].counts_as == "attended"


@pytest.mark.parametrize(
    "by",
    [
        AS_ALNCO,
        AS_HEAD,
        AS_CLINICIAN,
        AS_MANAGER,
        AS_DECLO,
        AS_GOVERNOR,
        {"on_behalf_of": GWYNEDD},
        {"person": UUID(int=0xFFF)},
    ],
)
def test_a_party_does_not_rule(by: dict[str, Any]) -> None:
    """The governor signs in at the authority and also teaches at the school: she is of the school."""
    refusal = disputed().tries(rule(), **by)
    assert (refusal.code, refusal.field) == ("ruling_by_a_party", "person")


@pytest.mark.parametrize(
    "by",
    [
        AS_STRANGER,
        AS_COUNSELLOR,
        AS_FAR_OFFICER,
        AS_ACCOUNTS,
        {**AS_FAR_DECLO, "role": "clinician"},
        {**AS_COUNSELLOR, "role": "declo"},
        {**AS_OFFICER, "person": UUID(int=0xFFF)},
    ],
)
def test_who_has_no_office_to_rule_is_told_nothing(by: dict[str, Any]) -> None:
    assert isinstance(disputed().tries(rule(), **by), NotFound)


def test_where_the_agency_is_of_the_authority_the_authority_is_a_party() -> None:
    marks = lines(("absent", "absent"), terms=EDPSYCH_TERMS)
    letters = Letters().does(raise_attendance(marks=marks, service=EDPSYCH))
    letters.does(approve(), **AS_HEAD).does(send())
    letters.does(dispute(1), **AS_PSYCHOLOGIST)
    assert parties(letters.state, world().directory) == {SCHOOL, LA_EDUCATION, GWYNEDD}
    assert letters.tries(rule(), **AS_OFFICER).code == "ruling_by_a_party"
    assert letters.tries(rule(), **AS_PSYCHOLOGIST).code == "ruling_by_a_party"
    decided(letters.state, rule(), **AS_DECLO)
    letters.does(rule(), **AS_FAR_OFFICER)
    assert not letters.state.open_disputes()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (AS_OFFICER, True),
        (AS_FAR_DECLO, True),
        (AS_GOVERNOR, False),
        (AS_DECLO, False),
        (AS_CLINICIAN, False),
        (AS_FAR_OFFICER, False),
        ({**AS_OFFICER, "role": "administrator"}, False),
        ({**AS_OFFICER, "person": UUID(int=0xFFF)}, False),
    ],
    ids=[
        *("officer", "far DECLO", "officer who teaches", "DECLO of the agency", "clinician", "far officer"),
        *("a role that is not held", "a person without a role"),
    ],
)
def test_a_ruling_is_offered_to_whom_it_is_not_refused(who: dict[str, Any], may: bool) -> None:
    letters = disputed()
    by = (who["person"], who["organisation"], who["role"])
    assert may_rule(letters.state, *by, world().directory, LATER) is may
    if may:
        letters.does(rule(), **who)
    else:
        letters.tries(rule(), **who)


def test_a_party_asks_somebody_of_neither_to_rule() -> None:
    letters = disputed()
    far = (AS_FAR_DECLO["person"], AS_FAR_DECLO["organisation"])
    department = (AS_PSYCHOLOGIST["person"], AS_PSYCHOLOGIST["organisation"])
    assert set(rulers(letters.state, world().directory, LATER)) == {far, department}
    for by in (AS_ALNCO, AS_CLINICIAN):
        asked = disputed().does(name(AS_FAR_DECLO), **by)
        assert isinstance(asked.events[-1], RulerNamed)
        assert asked.state.rulers == (AS_FAR_DECLO["person"],)
        assert asked.tries(name(AS_FAR_DECLO), **by).code == "already_named"
        asked.does(rule(), **AS_FAR_DECLO)
        assert asked.tries(name(AS_FAR_DECLO), **by).code == "no_dispute_open"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (AS_DECLO, "ruling_by_a_party"),
        (AS_GOVERNOR, "ruling_by_a_party"),
        (AS_COUNSELLOR, "may_not_rule"),
        (AS_OFFICER, "may_not_rule"),
        ({**AS_FAR_DECLO, "person": UUID(int=0xFFF)}, "may_not_rule"),
    ],
)
def test_who_cannot_be_asked_to_rule(who: dict[str, Any], code: str) -> None:
    """The officers of the school's authority see it anyhow, and are not asked by name."""
    assert disputed().tries(name(who), **AS_ALNCO).code == code


def test_who_may_not_ask() -> None:
    assert sent().tries(name(AS_FAR_DECLO), **AS_ALNCO).code == "no_dispute_open"
    assert isinstance(disputed().tries(name(AS_FAR_DECLO), **AS_STRANGER), NotFound)
    assert disputed().tries(name(AS_FAR_DECLO), **AS_OFFICER).code == "school_only"


def test_rulings_are_refused() -> None:
    letters = disputed()
    assert letters.tries(rule("partly"), **AS_OFFICER).field == "reads"
    assert letters.tries(rule("not_upheld", reads="late"), **AS_OFFICER).code == "mark_stands"
    assert letters.tries(rule(reasons=""), **AS_OFFICER).field == "reasons"
    assert isinstance(letters.tries(rule(dispute=UUID(int=0x99)), **AS_OFFICER), NotFound)
    assert letters.tries(rule(occurred_on=RAISED), **AS_OFFICER).code == "before_previous_step"
    letters.does(rule("partly", reads="apologies"), **AS_OFFICER)
    assert letters.tries(rule(), **AS_OFFICER).code == "already_ruled"
    assert isinstance(Letters().tries(rule(), **AS_OFFICER), NotFound)


def test_rulings_change_what_the_rule_counts() -> None:
    assert not ruled("upheld").state.still_met()
    assert ruled("not_upheld").state.still_met()
    assert ruled("partly", reads="apologies").state.still_met()
    assert not disputed(claims=None).does(rule(), **AS_OFFICER).state.still_met()  # struck out
