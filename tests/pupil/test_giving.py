"""Who gives agreement, with what authority, and what takes the place of what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.asking.decide import AssessCompetence
from coordination.pupil.consent.events import ConsentGiven
from tests.meeting.hwb import GWYNEDD, PUPIL
from tests.pupil.case import AGREED, DAY, UNCLE, PupilCase, agree, day, registered

NEWER, SOMEBODY = UUID(int=0xE8), UUID(int=0x85)
CHILD: dict[str, Any] = {"authority": "competent_child", "contact": None, "competence_judged_by": SOMEBODY}


def gives(case: PupilCase, **changed: Any) -> ConsentGiven:
    [given] = case.happened(agree(**changed), ConsentGiven)
    assert isinstance(given, ConsentGiven)
    return given


def test_a_local_authority_that_holds_parental_responsibility_agrees() -> None:
    given = gives(registered(), authority="local_authority", contact=None, local_authority=GWYNEDD)
    assert given.local_authority == GWYNEDD


@pytest.mark.parametrize(
    "changed",
    [
        {"authority": "local_authority", "contact": None},
        {"authority": "local_authority", "contact": None, "local_authority": UUID(int=0x77)},
        {"authority": "lawful_representative", "contact": UNCLE},
        {"authority": "best_interests", "contact": None, "evidence": "Holwyd ei theulu."},
        {"authority": "best_interests", "contact": None, "decided_by": SOMEBODY},
    ],
    ids=["no authority named", "not an authority", "nothing shows it", "nobody decided", "nothing shows why"],
)
def test_an_authority_that_is_not_shown_is_refused(changed: dict[str, Any]) -> None:
    registered().refuses(agree(**changed), "no_authority", "authority")


def test_a_deputy_and_a_decision_in_the_best_interests_are_shown() -> None:
    deputy = gives(
        registered(), authority="lawful_representative", contact=UNCLE, evidence="Llys Gwarchod 12/26"
    )
    assert deputy.evidence == "Llys Gwarchod 12/26"
    decided = gives(
        registered(),
        authority="best_interests",
        contact=None,
        decided_by=SOMEBODY,
        evidence="Holwyd ei theulu.",
    )
    assert decided.decided_by == SOMEBODY


def test_a_child_s_competence_is_recorded_with_the_agreement_or_before() -> None:
    case = registered()
    case.refuses(agree(**CHILD), "assessment_missing", "assessment")
    given = gives(case, **CHILD, assessment="Deall beth a rennir.", assessed_on=DAY)
    assert (given.assessment, given.assessed_on) == ("Deall beth a rennir.", DAY)
    found = AssessCompetence(
        occurred_on=DAY, pupil=PUPIL, competent=True, assessed_by=SOMEBODY, assessment="Deall."
    )
    gives(registered().does(found), **CHILD)


def test_a_child_found_not_competent_does_not_agree_by_that_assessment() -> None:
    found = AssessCompetence(
        occurred_on=DAY, pupil=PUPIL, competent=False, assessed_by=SOMEBODY, assessment="Ddim eto."
    )
    registered().does(found).refuses(agree(**CHILD), "assessment_missing", "assessment")


def test_only_a_child_s_own_agreement_is_kept_from_the_parents() -> None:
    case = registered()
    case.refuses(agree(kept_from_parents=True), "kept_only_for_a_child", "kept_from_parents")
    assert gives(case, **CHILD, assessment="Deall.", kept_from_parents=True).kept_from_parents


def test_conditions_are_recorded() -> None:
    assert gives(registered(), conditions="Dim byd am y tad.").conditions == "Dim byd am y tad."


def test_a_newer_agreement_of_the_same_person_supersedes_the_older() -> None:
    case = registered().does(agree())
    gives(case, consent=NEWER, replaces=AGREED, occurred_on=day(5))
    old = case.state.consents.questions[AGREED]
    assert (old.standing, old.replaced_by, old.since) == ("superseded", NEWER, day(5))
    assert case.state.consents.questions[NEWER].standing == "given"


@pytest.mark.parametrize(
    "changed",
    [
        {"replaces": UUID(int=0xE7)},
        {"replaces": AGREED, "purpose": "meeting"},
        {"replaces": AGREED, "authority": "young_person", "contact": None},
        {"replaces": AGREED, "consent": AGREED},
    ],
    ids=["unknown", "another purpose", "another person", "itself"],
)
def test_what_is_not_the_same_is_not_superseded(changed: dict[str, Any]) -> None:
    case = registered().does(agree())
    case.refuses(agree(**{"consent": NEWER, **changed}), "nothing_to_replace", "replaces")
