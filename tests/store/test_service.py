"""Commands through the service against a real PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import Refusal
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.profile.commands import RecordViews
from coordination.pupil.referral.decide import OpenReferral, RecordMilestone, SubmitReferral
from coordination.sensitivity import Coordinates
from coordination.service import Coordination
from tests.county import ALNCO, BOARD, CAMHS, CLINICIAN, MOTHER, PUPIL, SCHOOL, UPN, order, register

REFERRAL = UUID(int=0xD1)
MONDAY = date(2025, 1, 13)


def test_a_pupil_is_registered_once_at_a_school(county: Coordination) -> None:
    register(county)
    with pytest.raises(Refusal) as refusal:
        register(county)
    assert refusal.value.code == "already_registered"
    assert county.record.pupils_by_upn([UPN, "A801200005001"]) == {UPN: PUPIL}


def test_names_are_sealed_and_open_with_the_key(county: Coordination) -> None:
    register(county)
    first = county.record.load([PUPIL])[PUPIL][0]
    assert "Siân" not in first.event.sealed
    opened = county.record.open([Coordinates(PUPIL, 1, first.event.topic, first.event.sealed)])[0]
    assert isinstance(opened, dict)
    assert opened["forename"] == "Siân"


def test_a_referral_goes_from_consent_to_acknowledgement(county: Coordination) -> None:
    register(county)
    opened = OpenReferral(
        occurred_on=MONDAY, pupil=PUPIL, referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=False
    )
    county.perform(opened, order(ALNCO, MONDAY))
    submit = SubmitReferral(occurred_on=MONDAY, pupil=PUPIL, referral=REFERRAL, supplied=("parents_view",))
    with pytest.raises(Refusal) as refusal:
        county.perform(submit, order(ALNCO, MONDAY))
    assert refusal.value.code == "disclosure_without_basis"
    agreed = GiveConsent(
        occurred_on=MONDAY,
        pupil=PUPIL,
        consent=UUID(int=0xE1),
        agency=BOARD,
        service=CAMHS,
        authority="parental_responsibility",
        contact=MOTHER,
    )
    county.perform(agreed, order(ALNCO, MONDAY))
    county.perform(submit, order(ALNCO, MONDAY))
    for name, day in (("received", 14), ("acknowledged", 16)):
        command = RecordMilestone(
            occurred_on=date(2025, 1, day), pupil=PUPIL, referral=REFERRAL, milestone=name
        )
        county.perform(command, order(CLINICIAN, date(2025, 1, day)))
    case = county.batch().state(PUPIL_STREAM, PUPIL)
    assert [s.name for s in case.referrals[REFERRAL].steps] == ["submitted", "received", "acknowledged"]
    assert case.referrals[REFERRAL].missing == ("childs_view", "school_observation")


def test_a_repeated_command_answers_with_its_first_result(county: Coordination) -> None:
    register(county)
    said = RecordViews(
        occurred_on=MONDAY, pupil=PUPIL, whose="child", words="Dwi ddim yn licio sŵn.", language="cy"
    )
    first = county.perform(said, order(ALNCO, MONDAY, command_id="one"))
    again = county.perform(said, order(ALNCO, MONDAY, command_id="one"))
    assert again.repeated
    assert (again.version, again.position) == (first.version, first.position)
    other = RecordViews(occurred_on=MONDAY, pupil=PUPIL, whose="child", words="Other", language="en")
    with pytest.raises(Refusal) as refusal:
        county.perform(other, order(ALNCO, MONDAY, command_id="one"))
    assert refusal.value.code == "command_id_reused"


def test_several_commands_are_taken_all_or_none_also_after_a_lost_race(county: Coordination) -> None:
    register(county)

    def said(words: str, whose: str = "child") -> RecordViews:
        return RecordViews(occurred_on=MONDAY, pupil=PUPIL, whose=whose, words=words, language="en")  # type: ignore[arg-type]

    wrong = RecordViews(
        occurred_on=MONDAY, pupil=PUPIL, whose="parent", words="?", language="en", contact=UUID(int=0xEEE)
    )
    before = county.record.last_position()
    with pytest.raises(Refusal):
        county.perform_all([(said("One."), order(ALNCO, MONDAY)), (wrong, order(ALNCO, MONDAY))])
    assert county.record.last_position() == before

    # somebody else writes to the stream between the decision and the append
    append = county.record.append

    def append_late(*saved: Any) -> int:
        county.record.append = append  # type: ignore[method-assign]
        county.perform(said("In between."), order(ALNCO, MONDAY))
        return append(*saved)

    county.record.append = append_late  # type: ignore[method-assign]
    both = [(said("One."), order(ALNCO, MONDAY)), (said("Two."), order(ALNCO, MONDAY))]
    at_first = len(county.record.load([PUPIL])[PUPIL])
    last = county.perform_all(both)
    assert last == county.record.last_position()
    assert len(county.record.load([PUPIL])[PUPIL]) == at_first + 3
    assert county.perform_all(both) == 0
