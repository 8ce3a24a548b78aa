"""Which child is this: files that exchanged, doubled or lost children. Each test has the name of its case.

The files are of a review on 29 November 2026; all people and schools are fictional.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from coordination.desk.doubts import doubt_content
from coordination.intake.pupil_sheets import read_pupils
from coordination.intake.recording.doubts import read_description
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.referrals import read_referrals
from coordination.service import Coordination
from tests.cases.primary import (
    CASES,
    MALI,
    NEL,
    NOW,
    ON,
    PRIMARY,
    child,
    kinds,
    name,
    open_primary,
    sheet,
    take,
    waiting,
)
from tests.county import AUTHORITY
from tests.intake import samples
from tests.intake.recorded import RANKS, case, stream, told, words


@pytest.fixture
def primary(county: Coordination) -> Coordination:
    """The county with the primary school of the cases."""
    return open_primary(county)


def test_08_twins_swapped(primary: Coordination) -> None:
    """Forenames were exchanged silently, and the referral changed child."""
    take(primary, "08_twins_1.csv")
    file = read_referrals((CASES / "referrals/08_twins_1_ref.csv").read_bytes(), RANKS, ON)
    assert words(record_referrals(primary, file, now=NOW)) == ["new", "new"]
    before = primary.record.last_position()
    preview = take(primary, "08_twins_2_swapped.csv", preview=True)
    assert (words(preview), waiting(primary)) == (["doubtful", "doubtful"], [])
    result = take(primary, "08_twins_2_swapped.csv")
    assert (result, result.status) == (preview, 2)
    assert told(result) == [(2, "upn", "exchanged_numbers"), (3, "upn", "exchanged_numbers")]
    assert primary.record.last_position() == before
    assert (name(primary, MALI), name(primary, NEL)) == (("Mali", "Gefell"), ("Nel", "Gefell"))
    assert len(case(primary, MALI).referrals) == 1
    assert case(primary, NEL).referrals == {}
    first, second = waiting(primary)
    assert {first.pupil, first.other} == {second.pupil, second.other}
    assert {first.pupil, first.other} == {stream(primary, MALI), stream(primary, NEL)}


def test_08_again_does_not_multiply_the_doubts(primary: Coordination) -> None:
    take(primary, "08_twins_1.csv")
    take(primary, "08_twins_2_swapped.csv")
    before = waiting(primary)
    take(primary, "08_twins_2_swapped.csv", now=NOW + timedelta(days=7))
    assert waiting(primary) == before
    take(primary, "08_twins_1.csv")
    assert waiting(primary) == []


def test_09_temporary_number_made_permanent(primary: Coordination) -> None:
    """It made two children."""
    take(primary, "09_temp_upn_1.csv")
    result = take(primary, "09_temp_upn_2_permanent.csv")
    assert (words(result), told(result), result.status) == (["doubtful"], [(2, "upn", "another_number")], 2)
    assert primary.record.pupils_by_upn(["Y699200120804"]) == {}
    [doubt] = waiting(primary)
    assert doubt.pupil == stream(primary, "Z69920012003B")
    with primary.record.desk() as connection:
        content = doubt_content(connection, primary.record.outer, doubt.doubt)
    assert content is not None
    assert read_description(content).row.upn == "Y699200120804"


def test_20_temporary_number_then_transfer_file(primary: Coordination) -> None:
    """It was joined rightly; the preferred name was dropped."""
    take(primary, "20_temp_then_ctf_1.csv")
    result = take(primary, "20_temp_then_ctf_2.xml")
    assert (words(result), result.outcomes[0].what) == (["changed"], ("upn", "preferred_forename"))
    pupil = stream(primary, "Z699200120992")
    held = primary.record.latest(pupil, ("pupil.registered", "pupil.identity_changed"))
    assert (held["forename"], held["preferred_forename"]) == ("Rhif", "Rhi")
    assert stream(primary, "V69920012091C") == pupil
    assert words(take(primary, "20_temp_then_ctf_2.xml")) == ["unchanged"]


def test_triplets_each_with_the_next_ones_number(primary: Coordination) -> None:
    names = ("Mali", "Nel", "Lowri")
    take(primary, sheet(*(child(serial, name) for serial, name in enumerate(names, 1))))
    rotated = ("Nel", "Lowri", "Mali")
    result = take(primary, sheet(*(child(serial, name) for serial, name in enumerate(rotated, 1))))
    assert words(result) == ["doubtful"] * 3
    assert kinds(primary) == ["exchanged_numbers"] * 3


def test_twins_of_one_initial_are_two_children(primary: Coordination) -> None:
    assert words(take(primary, sheet(child(1, "Mali"), child(2, "Mari")))) == ["new", "new"]
    assert words(take(primary, sheet(child(2, "Mali"), child(1, "Mari")))) == ["doubtful"] * 2


def test_one_child_twice_in_one_file_under_two_numbers(primary: Coordination) -> None:
    result = take(primary, sheet(child(1, "Mali"), child(2, "Mâli")))
    assert words(result) == ["new", "doubtful"]
    assert words(take(primary, sheet(child(1, "Mali"), child(2, "Mâli")))) == ["unchanged", "doubtful"]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"upn": samples.upn(101, school="6992001", year="20")}, "another_number"),
        ({"date_of_birth": "2016-04-05"}, "birth_date_changed"),
        ({"forename": "Nel", "surname": "Huws"}, "names_changed"),
        ({"forename": "Nel", "surname": "Huws", "date_of_birth": "2014-01-01"}, "number_of_another"),
    ],
)
def test_a_retyped_number_a_changed_birth_date_other_names(
    primary: Coordination, changed: dict[str, str], kind: str
) -> None:
    take(primary, sheet(child(1, "Mali")))
    before = primary.record.last_position()
    result = take(primary, sheet(child(1, "Mali") | {"year": "6", "needs": "HI"} | changed))
    assert (words(result), kinds(primary)) == (["doubtful"], [kind])
    assert primary.record.last_position() == before
    take(primary, sheet(child(1, "Mali")))
    assert kinds(primary) == ([] if kind != "another_number" else [kind])


def test_the_same_child_at_another_school_is_told_to_the_authority_alone(primary: Coordination) -> None:
    there = samples.pupil(upn=samples.upn(5), surname="Gefell", forename="Mali", date_of_birth="2016-05-04")
    file = read_pupils(samples.sheet([there]), primary.directory().code, ON)
    record_pupils(primary, file, now=NOW)
    result = take(primary, sheet(child(1, "Mali")))
    assert (words(result), told(result), waiting(primary)) == (["new"], [], [])
    [doubt] = waiting(primary, AUTHORITY)
    assert (doubt.kind, doubt.school) == ("alike_elsewhere", PRIMARY)
    assert (doubt.pupil, doubt.other) == (
        stream(primary, samples.upn(1, school="6992001", year="20")),
        stream(primary, samples.upn(5)),
    )


class TestContacts:
    """A mother under another name is a doubt, and not a second mother."""

    def mother(self, name: str, **more: str) -> dict[str, str]:
        told = {"contact_relationship": "mother", "contact_parental_responsibility": "yes"}
        return child(1, "Mali", **({"contact_name": name} | told | more))

    def contacts(self, service: Coordination) -> int:
        number = samples.upn(1, school="6992001", year="20")
        return len([c for c in case(service, number).profile.contacts if not c.ended])

    def test_renamed(self, primary: Coordination) -> None:
        take(primary, sheet(self.mother("Mair Gefell")))
        result = take(primary, sheet(self.mother("Mair Huws", year="7")))
        assert (words(result), result.outcomes[0].what) == (["doubtful"], ("year",))
        assert told(result) == [(2, "contact_name", "contact_renamed")]
        assert (self.contacts(primary), kinds(primary)) == (1, ["contact_renamed"])
        assert words(take(primary, sheet(self.mother("MAIR GEFELL", year="7")))) == ["unchanged"]
        assert kinds(primary) == []

    def test_no_longer_in_the_file(self, primary: Coordination) -> None:
        other = child(2, "Nel", contact_name="Huw Jones", contact_relationship="father")
        take(primary, sheet(self.mother("Mair Gefell"), other))
        result = take(primary, sheet(child(1, "Mali"), other))
        assert words(result) == ["doubtful", "unchanged"]
        assert (self.contacts(primary), kinds(primary)) == (1, ["contact_missing"])

    def test_a_file_without_contacts_says_nothing_of_them(self, primary: Coordination) -> None:
        take(primary, sheet(self.mother("Mair Gefell")))
        assert words(take(primary, sheet(child(1, "Mali")))) == ["unchanged"]
        assert kinds(primary) == []

    def test_another_relationship_is_another_contact(self, primary: Coordination) -> None:
        take(primary, sheet(self.mother("Mair Gefell")))
        father = self.mother("Huw Gefell", contact_relationship="father")
        assert told(take(primary, sheet(father))) == [(2, "contact_name", "contact_missing")]
        assert self.contacts(primary) == 2
