"""Pupils of a file recorded through the real decisions on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from coordination.intake.ctf import read_ctf
from coordination.intake.recording.outcomes import ImportResult
from coordination.intake.recording.pupils import record_pupils
from coordination.pupil.profile.commands import (
    EndContact,
    EndRegistration,
    RecordLeadingSchool,
    RecordNeeds,
)
from coordination.service import Coordination
from tests.county import ALNCO, OTHER_SCHOOL, SCHOOL, order
from tests.intake import samples
from tests.intake.recorded import (
    NOW,
    ON,
    answer_request,
    case,
    import_pupils,
    pupil,
    sealed,
    stream,
    told,
    upn,
    words,
)

ONE = upn(1)
WHOLE = pupil(
    upn=ONE,
    surname="Prydderch",
    forename="Siŵan",
    year="9",
    looked_after="no",
    contact_name="Gwenllïan Prydderch",
    contact_relationship="mother",
    contact_parental_responsibility="yes",
)


def registered(service: Coordination) -> dict[str, Any]:
    """The identity as last recorded."""
    return service.record.latest(stream(service, ONE), ("pupil.registered", "pupil.identity_changed"))


def test_a_new_pupil_is_registered_with_all_that_the_row_says(county: Coordination) -> None:
    result = import_pupils(county, WHOLE)
    assert (words(result), told(result), result.status) == (["new"], [], 0)
    held = case(county, ONE).profile
    assert (held.schools(), held.year) == ({SCHOOL}, 9)
    assert [c.parental_responsibility for c in held.contacts] == [True]
    assert registered(county)["forename"] == "Siŵan"
    assert sealed(county, ONE, "pupil.needs_recorded") == [{"needs": ["ASD"]}]
    assert sealed(county, ONE, "pupil.provision_recorded") == [{"provision": "idp_school"}]
    assert sealed(county, ONE, "pupil.looked_after_recorded") == [
        {"care_authority": None, "looked_after": False}
    ]
    header = county.record.load([stream(county, ONE)])[stream(county, ONE)][0].event.header
    assert (header.on_behalf_of, header.source, header.role, header.occurred_on) == (
        SCHOOL,
        "import",
        "operator",
        ON,
    )


def test_a_preview_writes_nothing(county: Coordination) -> None:
    before = county.record.last_position()
    assert words(import_pupils(county, WHOLE, preview=True)) == ["new"]
    assert county.record.last_position() == before
    assert county.record.pupils_by_upn([ONE]) == {}


def test_the_same_file_again_appends_nothing(county: Coordination) -> None:
    import_pupils(county, WHOLE)
    before = county.record.last_position()
    result = import_pupils(county, WHOLE, now=NOW + timedelta(days=7))
    assert words(result) == ["unchanged"]
    assert county.record.last_position() == before


@pytest.mark.parametrize(
    ("changes", "what", "topic"),
    [
        ({"surname": "Huws"}, ("surname",), "pupil.identity_changed"),
        ({"language": "en"}, ("language",), "pupil.language_wish_recorded"),
        ({"needs": "ASD;ADHD"}, ("needs",), "pupil.needs_recorded"),
        ({"needs": ""}, ("needs",), "pupil.needs_recorded"),
        ({"provision": "idp_la"}, ("provision",), "pupil.provision_recorded"),
        ({"year": "10"}, ("year",), "pupil.year_recorded"),
        ({"looked_after": "yes"}, ("looked_after",), "pupil.looked_after_recorded"),
        ({"contact_relationship": "guardian"}, ("contact",), "pupil.contact_recorded"),
    ],
)
def test_a_change_is_one_event_and_is_named(
    county: Coordination, changes: dict[str, str], what: tuple[str, ...], topic: str
) -> None:
    import_pupils(county, WHOLE)
    before = case(county, ONE).version
    result = import_pupils(county, WHOLE | changes)
    assert [(o.word, o.what) for o in result.outcomes] == [("changed", what)]
    assert case(county, ONE).version == before + 1
    assert county.record.load([stream(county, ONE)])[stream(county, ONE)][-1].event.topic == topic
    assert words(import_pupils(county, WHOLE | changes)) == ["unchanged"]


def test_a_value_may_come_back(county: Coordination) -> None:
    """A to B to A to B: each is a command of its own."""
    for surname in ("Prydderch", "Huws", "Prydderch", "Huws"):
        import_pupils(county, WHOLE | {"surname": surname})
        assert registered(county)["surname"] == surname
    assert len(sealed(county, ONE, "pupil.identity_changed")) == 3


def test_what_the_file_does_not_say_stays(county: Coordination) -> None:
    import_pupils(county, WHOLE)
    result = import_pupils(county, pupil(upn=ONE, surname="Prydderch", forename="Siŵan"))
    assert words(result) == ["unchanged"]


def test_two_needs_in_another_order_are_no_change(county: Coordination) -> None:
    import_pupils(county, WHOLE | {"needs": "ASD;SLCD"})
    assert words(import_pupils(county, WHOLE | {"needs": "SLCD;ASD"})) == ["unchanged"]


def test_the_schools_own_later_word_is_compared_with(county: Coordination) -> None:
    import_pupils(county, WHOLE)
    typed = RecordNeeds(occurred_on=ON, pupil=stream(county, ONE), needs=("ASD", "ADHD"))
    county.perform(typed, order(ALNCO, ON))
    assert words(import_pupils(county, WHOLE | {"needs": "ADHD;ASD"})) == ["unchanged"]


class TestNamesThatLostTheirLetters:
    @pytest.mark.parametrize("forename", ["Siwan", "Si?an", "Siw^an"])
    def test_never_overwrite_the_records(self, county: Coordination, forename: str) -> None:
        import_pupils(county, WHOLE)
        result = import_pupils(county, WHOLE | {"forename": forename, "contact_name": "Gwenllian Prydderch"})
        assert words(result) == ["unchanged"]
        assert (2, "forename", "name_letters_kept") in told(result)
        assert registered(county)["forename"] == "Siŵan"
        assert len(case(county, ONE).profile.contacts) == 1

    def test_and_are_put_right_by_a_file_that_has_them(self, county: Coordination) -> None:
        import_pupils(county, WHOLE | {"forename": "Siwan"})
        assert words(import_pupils(county, WHOLE)) == ["changed"]
        assert registered(county)["forename"] == "Siŵan"

    def test_another_name_is_another_name(self, county: Coordination) -> None:
        import_pupils(county, WHOLE)
        import_pupils(county, WHOLE | {"forename": "Sian"})
        assert registered(county)["forename"] == "Sian"


def test_a_contact_who_was_ended_does_not_come_back(county: Coordination) -> None:
    import_pupils(county, WHOLE)
    contact = case(county, ONE).profile.contacts[0].contact
    county.perform(EndContact(occurred_on=ON, pupil=stream(county, ONE), contact=contact), order(ALNCO, ON))
    result = import_pupils(county, WHOLE)
    assert (words(result), told(result)) == (["unchanged"], [(2, "contact_name", "contact_ended_before")])
    assert case(county, ONE).profile.contact(contact) is None


class TestAtAnotherSchool:
    there = WHOLE | {"school_number": "6994002", "surname": "Huws", "needs": "ADHD", "year": "10"}

    def test_the_file_is_asked_for_and_nothing_changes(self, county: Coordination, database: str) -> None:
        import_pupils(county, WHOLE)
        preview = import_pupils(county, self.there, preview=True)
        result = import_pupils(county, self.there)
        assert preview == result
        assert (words(result), told(result), result.status) == (["asked"], [], 2)
        assert case(county, ONE).profile.schools() == {SCHOOL}
        assert registered(county)["surname"] == "Prydderch"
        assert words(import_pupils(county, self.there)) == ["asked"]
        assert len(case(county, ONE).moves.requests) == 1
        with psycopg.connect(database) as connection:
            access = connection.execute("select organisation, closed_on from log.pupil_access").fetchall()
        assert access == [(SCHOOL, None)]

    def test_an_unknown_number_of_another_school_has_the_same_answer(self, county: Coordination) -> None:
        unknown = self.there | {"upn": upn(77)}
        result = import_pupils(county, unknown)
        assert (words(result), told(result), result.status) == (["asked"], [], 2)
        assert case(county, upn(77)).profile.schools() == {OTHER_SCHOOL}
        assert words(import_pupils(county, unknown)) == ["unchanged"]

    def test_two_schools_files_in_turn_settle(self, county: Coordination) -> None:
        import_pupils(county, WHOLE)
        import_pupils(county, self.there)
        answer_request(county, ONE, "kept_on_both")
        for round in range(3):
            before = county.record.last_position()
            assert words(import_pupils(county, WHOLE)) == ["unchanged"]
            other = import_pupils(county, self.there)
            assert (words(other), told(other)) == (["unchanged"], [(2, "school_number", "own_part_only")])
            assert county.record.last_position() == before, round
        assert registered(county)["surname"] == "Prydderch"

    def test_the_school_that_leads_is_the_one_whose_file_counts(self, county: Coordination) -> None:
        import_pupils(county, WHOLE)
        import_pupils(county, self.there)
        answer_request(county, ONE, "kept_on_both")
        leads = RecordLeadingSchool(occurred_on=ON, pupil=stream(county, ONE), school=OTHER_SCHOOL)
        county.perform(leads, order(ALNCO, ON))
        assert words(import_pupils(county, self.there)) == ["changed"]
        assert told(import_pupils(county, WHOLE)) == [(2, "school_number", "own_part_only")]
        assert (registered(county)["surname"], case(county, ONE).profile.year) == ("Huws", 10)

    def test_on_behalf_of_one_school_the_rows_of_another_are_refused(self, county: Coordination) -> None:
        result = import_pupils(county, pupil(upn=upn(2)), self.there, school=SCHOOL)
        assert words(result) == ["new", "refused"]
        assert told(result) == [(3, "school_number", "not_your_school")]

    def test_no_more_requests_than_a_school_may_make(self, county: Coordination) -> None:
        others = [self.there | {"upn": upn(serial), "forename": f"N{serial}"} for serial in (81, 82, 83)]
        result = import_pupils(county, *others, most_requests=2)
        assert words(result) == ["asked", "asked", "refused"]
        assert told(result) == [(4, "upn", "too_many_file_requests")]

    def test_who_left_may_return(self, county: Coordination) -> None:
        import_pupils(county, WHOLE)
        for _ in range(2):
            gone = EndRegistration(occurred_on=ON, pupil=stream(county, ONE), school=SCHOOL)
            county.perform(gone, order(ALNCO, ON))
            assert words(import_pupils(county, WHOLE)) == ["returned"]
            assert case(county, ONE).profile.schools() == {SCHOOL}


class TestRefusedPupils:
    def test_an_unknown_school(self, county: Coordination) -> None:
        result = import_pupils(county, WHOLE | {"school_number": "6994009"})
        assert (told(result), result.status) == ([(2, "school_number", "unknown_school")], 1)

    def test_a_number_twice_at_one_school_and_the_rest_is_taken(self, county: Coordination) -> None:
        result = import_pupils(county, WHOLE, WHOLE, pupil(upn=upn(2)))
        assert (words(result), result.status) == (["new", "refused", "new"], 2)
        assert told(result) == [(3, "upn", "duplicate_in_file")]

    def test_an_erased_record_is_not_begun_again(self, county: Coordination, database: str) -> None:
        import_pupils(county, WHOLE)
        _erase(database, county, forget_number=False)
        assert told(import_pupils(county, WHOLE)) == [(2, "upn", "record_erased")]


def test_a_pupil_who_comes_back_after_an_erasure_is_somebody_new(county: Coordination, database: str) -> None:
    import_pupils(county, WHOLE)
    erased = stream(county, ONE)
    _erase(database, county, forget_number=True)
    assert words(import_pupils(county, WHOLE)) == ["new"]
    assert stream(county, ONE) != erased


class TestTransferFile:
    def take(self, service: Coordination, name: str = "ctf_21_wales.xml", **how: Any) -> ImportResult:
        data = (samples.FILES / name).read_bytes()
        file = read_ctf(data, service.directory().code, ON)
        return record_pupils(service, file, now=NOW, whole=False, **how)

    def test_provision_comes_with_its_own_days_and_no_wish_is_claimed(self, county: Coordination) -> None:
        result = self.take(county)
        assert words(result).count("new") == 2
        first = next(o.place for o in result.outcomes if o.word == "new")
        file = read_ctf((samples.FILES / "ctf_21_wales.xml").read_bytes(), county.directory().code, ON)
        row = next(r for r in file.rows if r.row == first)
        events = county.record.load([stream(county, row.upn)])[stream(county, row.upn)]
        recorded = [r.event.header.occurred_on for r in events if r.event.topic == "pupil.provision_recorded"]
        assert recorded == [step.starts_on for step in row.provision_history if step.code]
        assert county.record.latest(stream(county, row.upn), ("pupil.registered",))["language"] is None

    def test_again_nothing(self, county: Coordination) -> None:
        self.take(county)
        before = county.record.last_position()
        assert set(words(self.take(county))) == {"unchanged", "refused"}
        assert county.record.last_position() == before

    def test_a_permanent_number_takes_the_place_of_the_temporary_one(self, county: Coordination) -> None:
        temporary, permanent = "Q69940011511B", "D699400115011"
        import_pupils(county, pupil(upn=temporary, surname="Prydderch", forename="Siŵan"))
        result = self.take(county)
        assert (result.outcomes[0].word, result.outcomes[0].what[0]) == ("changed", "upn")
        assert stream(county, temporary) == stream(county, permanent)
        assert set(words(self.take(county))) == {"unchanged", "refused"}

    def test_an_old_and_a_new_number_of_two_pupils_are_not_made_one(self, county: Coordination) -> None:
        import_pupils(county, pupil(upn="Q69940011511B"), pupil(upn="D699400115011", forename="Mali"))
        result = self.take(county)
        assert (1, "upn", "two_files") in told(result)

    def test_what_it_leaves_out_is_no_change(self, county: Coordination) -> None:
        file = read_ctf((samples.FILES / "ctf_21_wales.xml").read_bytes(), county.directory().code, ON)
        row = file.rows[-1]
        sheet = pupil(
            upn=row.upn,
            surname=row.surname,
            forename=row.forename,
            date_of_birth=row.date_of_birth.isoformat(),
            sex=row.sex or "F",
            school_number=row.school_number,
            needs="VI;ASD",
        )
        import_pupils(county, sheet)
        before = case(county, row.upn)
        self.take(county)
        assert sealed(county, row.upn, "pupil.language_wish_recorded") == []
        assert before.profile.schools() == case(county, row.upn).profile.schools()
        if not row.needs:
            assert len(sealed(county, row.upn, "pupil.needs_recorded")) == 1


def _erase(database: str, county: Coordination, *, forget_number: bool) -> None:
    """As an erasure does: the stream's key goes, and with it, or later, the look-up of the number."""
    with psycopg.connect(database) as connection:
        connection.execute("delete from log.stream_key where stream = %s", (stream(county, ONE),))
        if forget_number:
            connection.execute("delete from log.pupil_upn")


class TestYears:
    """A pupil born on 4 March 2012 is in year 9 on the day of these imports."""

    def year(self, county: Coordination) -> int | None:
        return case(county, upn(1)).profile.year_group(ON)

    def test_without_a_year_it_follows_from_the_date_of_birth(self, county: Coordination) -> None:
        import_pupils(county, pupil(upn=upn(1), date_of_birth="2012-03-04", year=""))
        assert self.year(county) == 9
        assert case(county, upn(1)).profile.year_group(date(2026, 9, 1)) == 10

    @pytest.mark.parametrize("year", ["14", "2"])
    def test_a_year_that_contradicts_it_is_a_doubt_and_not_recorded(
        self, county: Coordination, year: str
    ) -> None:
        row = pupil(upn=upn(1), date_of_birth="2012-03-04", year=year)
        first = import_pupils(county, row)
        assert told(first) == [(2, "year", "year_contradicts_birth")]
        assert (words(first), self.year(county)) == (["new"], 9)
        again = import_pupils(county, row)
        assert (words(again), told(again), self.year(county)) == (["unchanged"], told(first), 9)

    def test_a_child_taught_a_year_down_is_taken_as_the_file_says(self, county: Coordination) -> None:
        row = pupil(upn=upn(1), date_of_birth="2012-03-04", year="8")
        assert told(import_pupils(county, row)) == []
        assert self.year(county) == 8
        assert case(county, upn(1)).profile.year_group(date(2026, 9, 1)) == 9

    def test_the_next_school_year_s_file_changes_nothing(self, county: Coordination) -> None:
        import_pupils(county, pupil(upn=upn(1), date_of_birth="2012-03-04", year="9"))
        later = datetime(2026, 9, 2, 9, tzinfo=UTC)
        result = import_pupils(county, pupil(upn=upn(1), date_of_birth="2012-03-04", year="10"), now=later)
        assert words(result) == ["unchanged"]
