"""A child who was adopted, in the files of the school. Each test of a case has its name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import Refusal
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.referrals import read_referrals
from coordination.pupil.adoption.commands import ReplaceIdentity
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.joining.commands import JoinPupils
from coordination.pupil.profile.commands import ChangeIdentity, ContactDetails
from coordination.pupil.profile.events import IDENTITY_TOPICS
from coordination.sensitivity import Coordinates
from coordination.service import Coordination
from tests.cases.primary import CASES, NOW, ON, PRIMARY, child, kinds, open_primary, sheet, take, waiting
from tests.county import ADOPTION_OFFICER, ALNCO, BOARD, CAMHS, order
from tests.intake import samples
from tests.intake.recorded import RANKS, case, stream, words

NUMBER = "Q699200120807"
NEW_NUMBER = samples.upn(911, school="6992001", year="20")
ADOPTIVE = UUID(int=0xAD1)


@pytest.fixture
def primary(county: Coordination) -> Coordination:
    return open_primary(county)


def adopt(service: Coordination, pupil: UUID, upn: str = NUMBER) -> None:
    command = ReplaceIdentity(
        occurred_on=ON,
        pupil=pupil,
        upn=upn,
        surname="Newfamily",
        forename="Newfirst",
        date_of_birth=date(2016, 5, 4),
        sex="F",
        language="cy",
        why="Adoption order",
        contacts=(
            ContactDetails(
                occurred_on=ON,
                contact=ADOPTIVE,
                name="Adoptive Parent",
                relationship="mother",
                parental_responsibility=True,
            ),
        ),
    )
    service.perform(command, order(ADOPTION_OFFICER, ON))


def agree(service: Coordination, pupil: UUID, contact: UUID, consent: int = 0xE1) -> None:
    command = GiveConsent(
        occurred_on=ON,
        pupil=pupil,
        consent=UUID(int=consent),
        agency=BOARD,
        service=CAMHS,
        authority="parental_responsibility",
        contact=contact,
    )
    service.perform(command, order(ALNCO, ON, on_behalf_of=PRIMARY))


def opened(service: Coordination, pupil: UUID) -> str:
    """Everything of a pupil that opens for anybody but an adoption officer."""
    events = service.record.load([pupil])[pupil]
    places = [Coordinates(pupil, r.version, r.event.topic, r.event.sealed) for r in events]
    return str(service.record.open(places))


def test_12_adopted(primary: Coordination) -> None:
    """The birth mother stayed a contact who may agree, by name for ever."""
    take(primary, "12_adopted_1.csv")
    history = read_referrals((CASES / "referrals/12_adopted_ref.csv").read_bytes(), RANKS, ON)
    assert words(record_referrals(primary, history, now=NOW)) == ["new"]
    pupil = stream(primary, NUMBER)
    (birth_mother,) = case(primary, NUMBER).profile.contacts
    agree(primary, pupil, birth_mother.contact)

    # the file alone does not say whose child it is now: nothing is recorded
    before = primary.record.last_position()
    result = take(primary, "12_adopted_2.csv")
    assert (words(result), kinds(primary), result.status) == (["doubtful"], ["names_changed"], 2)
    assert primary.record.last_position() == before

    adopt(primary, pupil)
    held = case(primary, NUMBER)
    assert [c.contact for c in held.profile.contacts if not c.ended] == [ADOPTIVE]
    with pytest.raises(Refusal) as refused:
        agree(primary, pupil, birth_mother.contact, 0xE2)
    assert refused.value.code == "no_authority"
    asked = [c for c in held.consents.questions.values() if c.standing == "requested"]
    assert [(c.agency, c.contact) for c in asked] == [(BOARD, ADOPTIVE)]
    assert len(held.referrals) == 1
    for earlier in ("Birthname", "Oldfirst", "Birth Mother"):
        assert earlier not in opened(primary, pupil)

    # the school's file now agrees, and the one with the old name is a doubt
    assert words(take(primary, "12_adopted_2.csv", now=NOW + timedelta(days=1))) in (
        ["unchanged"],
        ["changed"],
    )
    assert waiting(primary) == []
    assert words(take(primary, "12_adopted_1.csv", now=NOW + timedelta(days=2))) == ["doubtful"]
    assert primary.record.latest(pupil, IDENTITY_TOPICS)["surname"] == "Newfamily"
    assert "Birth Mother" not in opened(primary, pupil)


def test_adopted_with_a_new_number_the_old_file_is_a_doubt_for_the_school(primary: Coordination) -> None:
    take(primary, "12_adopted_1.csv")
    pupil = stream(primary, NUMBER)
    adopt(primary, pupil, NEW_NUMBER)
    assert primary.record.pupils_by_upn([NUMBER]) == {}
    before = primary.record.last_position()
    assert words(take(primary, "12_adopted_1.csv", now=NOW + timedelta(days=1))) == ["doubtful"]
    assert [doubt.pupil for doubt in waiting(primary)] == [pupil]
    assert primary.record.last_position() == before


def test_adopted_with_only_the_surname_changed(primary: Coordination) -> None:
    """Number, forename and date of birth agree, which is enough for any other child."""
    row = child(21, "Nel", surname="Geni", contact_name="Birth Mother", contact_relationship="mother")
    take(primary, sheet(row))
    pupil = stream(primary, row["upn"])
    command = ReplaceIdentity(
        occurred_on=ON,
        pupil=pupil,
        upn=row["upn"],
        surname="Newydd",
        forename="Nel",
        date_of_birth=date(2016, 5, 4),
        sex="F",
        language="cy",
        why="Adoption order",
    )
    primary.perform(command, order(ADOPTION_OFFICER, ON))
    assert words(take(primary, sheet(row), now=NOW + timedelta(days=1))) == ["doubtful"]
    assert primary.record.latest(pupil, IDENTITY_TOPICS)["surname"] == "Newydd"
    held = case(primary, row["upn"])
    assert [c for c in held.profile.contacts if not c.ended] == []


def test_a_surname_changed_by_a_parents_marriage_is_no_adoption(primary: Coordination) -> None:
    row = child(31, "Mali")
    take(primary, sheet(row))
    assert words(take(primary, sheet(row | {"surname": "Priod"}), now=NOW + timedelta(days=1))) == ["changed"]
    assert primary.record.latest(stream(primary, row["upn"]), IDENTITY_TOPICS)["surname"] == "Priod"


def history(upn: str) -> bytes:
    header = "referral_ref,upn,school_number,service_code,event,occurred_on,detail"
    return f"{header}\nR-1,{upn},6992001,CAMHS,received,2026-06-01,\n".encode()


def import_history(service: Coordination, upn: str, **more: Any) -> list[str]:
    return words(record_referrals(service, read_referrals(history(upn), RANKS, ON), now=NOW, **more))


def test_a_joined_child_is_one_child_for_files(primary: Coordination) -> None:
    """Either number finds the child; a referral stays on the file on which it was opened."""
    one, other = child(41, "Nel"), child(42, "Nel")
    take(primary, sheet(one))
    take(primary, sheet(other | {"date_of_birth": "2016-05-05"}))
    assert import_history(primary, other["upn"]) == ["new"]
    first, second = stream(primary, one["upn"]), stream(primary, other["upn"])
    corrected = ChangeIdentity(
        occurred_on=ON,
        pupil=second,
        upn=other["upn"],
        surname="Gefell",
        forename="Nel",
        date_of_birth=date(2016, 5, 4),
        sex="F",
        language="cy",
    )
    primary.perform(corrected, order(ALNCO, ON, on_behalf_of=PRIMARY))
    join = JoinPupils(occurred_on=ON, pupil=first, other=second, why="The same child")
    primary.perform(join, order(ALNCO, ON, on_behalf_of=PRIMARY))
    assert stream(primary, other["upn"]) == first
    assert import_history(primary, one["upn"]) == ["unchanged"]
    assert import_history(primary, other["upn"]) == ["unchanged"]
