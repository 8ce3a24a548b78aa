"""A doubt decided: what each answer records, and that it is decided once."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from coordination.desk.doubts import WaitingDoubt
from coordination.errors import NotFound, Refusal
from coordination.event import CommandContext
from coordination.intake.recording.deciding import DecidedDoubt, decide_doubt
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.referrals import read_referrals
from coordination.pupil.profile.commands import EndRegistration
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
from tests.county import AUTHORITY, SCHOOL
from tests.intake import samples
from tests.intake.recorded import RANKS, case, import_pupils, sealed, stream, told, words

TEMPORARY, PERMANENT = "Z69920012003B", "Y699200120804"


def number(serial: int) -> str:
    return samples.upn(serial, school="6992001", year="20")


ONE = number(1)
TOLD = {"contact_relationship": "mother", "contact_parental_responsibility": "yes"}


@pytest.fixture
def primary(county: Coordination) -> Coordination:
    return open_primary(county)


def order(organisation: UUID = PRIMARY, role: str = "alnco", **more: Any) -> CommandContext:
    return CommandContext(
        person=UUID(int=0xAA),
        organisation=organisation,
        role=role,
        source="screen",
        command_id=str(uuid4()),
        recorded_at=more.pop("now", NOW),
    )


def decide(
    service: Coordination,
    answer: str,
    doubt: WaitingDoubt | None = None,
    why: str = "Asked the parents",
    **by: Any,
) -> DecidedDoubt:
    held = doubt or waiting(service)[0]
    new = by.pop("new", None) or uuid4()
    return decide_doubt(service, held.doubt, held.digest, answer, why, order(**by), new=new)


def reasons(service: Coordination, number: str, topic: str = "pupil.identity_changed") -> list[Any]:
    return [event["why"] for event in sealed(service, number, topic)]


class TestAnotherNumber:
    @pytest.fixture
    def doubtful(self, primary: Coordination) -> Coordination:
        take(primary, "09_temp_upn_1.csv")
        take(primary, "09_temp_upn_2_permanent.csv")
        return primary

    def test_the_same_child_has_the_new_number(self, doubtful: Coordination) -> None:
        pupil = stream(doubtful, TEMPORARY)
        assert decide(doubtful, "file_is_right").pupil == pupil
        assert (stream(doubtful, PERMANENT), stream(doubtful, TEMPORARY)) == (pupil, pupil)
        assert reasons(doubtful, PERMANENT) == ["Asked the parents"]
        assert waiting(doubtful) == []
        assert words(take(doubtful, "09_temp_upn_2_permanent.csv")) == ["unchanged"]

    def test_the_recorded_number_is_right_and_the_same_file_asks_no_more(
        self, doubtful: Coordination
    ) -> None:
        decide(doubtful, "record_is_right")
        assert reasons(doubtful, TEMPORARY, "pupil.identity_kept") == ["Asked the parents"]
        before = doubtful.record.last_position()
        again = take(doubtful, "09_temp_upn_2_permanent.csv", now=NOW + timedelta(days=7))
        assert words(again) == ["unchanged"]
        assert (2, "upn", "kept_as_recorded") in told(again)
        assert (doubtful.record.last_position(), waiting(doubtful)) == (before, [])

    def test_another_child_is_registered(self, doubtful: Coordination) -> None:
        new = uuid4()
        assert decide(doubtful, "another_child", new=new).pupil == new
        assert stream(doubtful, PERMANENT) == new != stream(doubtful, TEMPORARY)
        assert reasons(doubtful, TEMPORARY, "pupil.identity_kept") == ["Asked the parents"]
        assert words(take(doubtful, "09_temp_upn_2_permanent.csv")) == ["unchanged"]

    def test_another_child_with_another_schools_number_is_asked_for(self, primary: Coordination) -> None:
        take(primary, sheet(child(1, "Mali")))
        take(primary, sheet(child(1, "Mali", upn=samples.upn(5))))
        decide(primary, "another_child")
        assert primary.record.pupils_by_upn([samples.upn(5)]) == {}
        assert waiting(primary) == []


class TestExchangedNumbers:
    @pytest.fixture
    def doubtful(self, primary: Coordination) -> Coordination:
        take(primary, "08_twins_1.csv")
        take(primary, "08_twins_2_swapped.csv")
        return primary

    def test_the_record_is_right(self, doubtful: Coordination) -> None:
        decide(doubtful, "record_is_right")
        decide(doubtful, "record_is_right")
        assert (name(doubtful, MALI), name(doubtful, NEL)) == (("Mali", "Gefell"), ("Nel", "Gefell"))
        assert words(take(doubtful, "08_twins_2_swapped.csv")) == ["unchanged"] * 2

    def test_the_numbers_are_exchanged_and_each_child_keeps_their_own_record(
        self, doubtful: Coordination
    ) -> None:
        """The referral stays with its child."""
        file = read_referrals((CASES / "referrals/08_twins_1_ref.csv").read_bytes(), RANKS, ON)
        record_referrals(doubtful, file, now=NOW)
        child = stream(doubtful, MALI)
        first, second = waiting(doubtful)
        decide(doubtful, "exchange_numbers", first)
        assert (name(doubtful, NEL), name(doubtful, MALI)) == (("Mali", "Gefell"), ("Nel", "Gefell"))
        assert stream(doubtful, NEL) == child
        assert len(case(doubtful, NEL).referrals) == 1
        assert case(doubtful, MALI).referrals == {}
        with pytest.raises(Refusal, match="doubt_no_longer_applies"):
            decide(doubtful, "exchange_numbers", second)
        assert words(take(doubtful, "08_twins_2_swapped.csv")) == ["unchanged"] * 2

    def test_triplets_are_put_right_one_after_the_other(self, primary: Coordination) -> None:
        names = ("Mali", "Nel", "Lowri")
        take(primary, sheet(*(child(serial, one) for serial, one in enumerate(names, 1))))
        children = {one: stream(primary, number(serial)) for serial, one in enumerate(names, 1)}
        rotated = sheet(*(child(serial, one) for serial, one in enumerate(("Nel", "Lowri", "Mali"), 1)))
        take(primary, rotated)
        for _ in names:
            take(primary, rotated)
            if waiting(primary):
                decide(primary, "exchange_numbers")
        assert words(take(primary, rotated)) == ["unchanged"] * 3
        after = {
            one: stream(primary, number(serial)) for serial, one in enumerate(("Nel", "Lowri", "Mali"), 1)
        }
        assert after == children

    def test_the_names_are_right_as_in_the_file(self, doubtful: Coordination) -> None:
        """Each answer is about one child; while the names stand twice the other is still doubtful."""
        first = waiting(doubtful)[0]
        decide(doubtful, "file_is_right", first)
        assert kinds(doubtful) == ["exchanged_numbers"]


def test_a_changed_birth_date_takes_the_rest_of_the_row_too(primary: Coordination) -> None:
    take(primary, sheet(child(1, "Mali")))
    take(primary, sheet(child(1, "Mali", born="2016-04-05", needs="HI", year="6")))
    decide(primary, "file_is_right")
    held = primary.record.latest(stream(primary, ONE), ("pupil.registered", "pupil.identity_changed"))
    assert held["date_of_birth"] == "2016-04-05"
    assert sealed(primary, ONE, "pupil.needs_recorded")[-1] == {"needs": ["HI"]}
    assert case(primary, ONE).profile.year == 6


def test_a_kept_birth_date_lets_the_rest_of_later_rows_through(primary: Coordination) -> None:
    take(primary, sheet(child(1, "Mali")))
    wrong = child(1, "Mali", born="2016-04-05")
    take(primary, sheet(wrong))
    decide(primary, "record_is_right")
    result = take(primary, sheet(wrong | {"needs": "HI"}))
    assert (words(result), result.outcomes[0].what) == (["changed"], ("needs",))
    held = primary.record.latest(stream(primary, ONE), ("pupil.registered", "pupil.identity_changed"))
    assert held["date_of_birth"] == "2016-05-04"


class TestContactAnswers:
    @pytest.fixture
    def renamed(self, primary: Coordination) -> Coordination:
        take(primary, sheet(child(1, "Mali", contact_name="Mair Gefell", **TOLD)))
        take(primary, self.file)
        return primary

    file = sheet(child(1, "Mali", contact_name="Mair Huws", **TOLD))

    def current(self, service: Coordination) -> list[str]:
        held = {c.contact: c.ended for c in case(service, ONE).profile.contacts}
        pupil = stream(service, ONE)
        events = service.record.load([pupil])[pupil]
        last: dict[Any, str] = {}
        names = iter(sealed(service, ONE, "pupil.contact_recorded"))
        for recorded in events:
            if recorded.event.topic == "pupil.contact_recorded":
                last[getattr(recorded.event, "contact")] = next(names)["name"]  # noqa: B009
        return sorted(name for contact, name in last.items() if not held[contact])

    @pytest.mark.parametrize(
        ("answer", "names"),
        [
            ("contact_same_person", ["Mair Huws"]),
            ("contact_replaced", ["Mair Huws"]),
            ("contact_two_people", ["Mair Gefell", "Mair Huws"]),
        ],
    )
    def test_a_mother_under_another_name(self, renamed: Coordination, answer: str, names: list[str]) -> None:
        decide(renamed, answer)
        assert self.current(renamed) == names
        assert len(case(renamed, ONE).profile.contacts) == (1 if answer == "contact_same_person" else 2)
        before = renamed.record.last_position()
        assert words(take(renamed, self.file)) == ["unchanged"]
        assert (renamed.record.last_position(), waiting(renamed)) == (before, [])

    @pytest.mark.parametrize(
        ("answer", "names"), [("contact_ended", []), ("contact_still_there", ["Huw Gefell"])]
    )
    def test_a_contact_no_longer_in_the_file(
        self, primary: Coordination, answer: str, names: list[str]
    ) -> None:
        other = child(2, "Nel", contact_name="Mair Jones", **TOLD)
        father = {"contact_name": "Huw Gefell", "contact_relationship": "father"}
        take(primary, sheet(child(1, "Mali", **father), other))
        file = sheet(child(1, "Mali"), other)
        take(primary, file)
        decide(primary, answer)
        assert self.current(primary) == names
        assert words(take(primary, file)) == ["unchanged", "unchanged"]


class TestOnce:
    @pytest.fixture
    def doubtful(self, primary: Coordination) -> Coordination:
        take(primary, "09_temp_upn_1.csv")
        take(primary, "09_temp_upn_2_permanent.csv")
        return primary

    def test_two_people_at_once(self, doubtful: Coordination) -> None:
        [held] = waiting(doubtful)
        outcomes: list[str] = []

        def try_it(answer: str) -> None:
            try:
                decide(doubtful, answer, held)
                outcomes.append("done")
            except Refusal as refused:
                outcomes.append(refused.code)

        people = [Thread(target=try_it, args=(answer,)) for answer in ("file_is_right", "record_is_right")]
        for person in people:
            person.start()
        for person in people:
            person.join()
        assert sorted(outcomes) == ["done", "doubt_decided"]
        assert waiting(doubtful) == []

    def test_details_that_changed_since_they_were_shown(self, doubtful: Coordination) -> None:
        [held] = waiting(doubtful)
        take(doubtful, sheet(child(804, "Dro", surname="Dros", born="2016-01-02", upn=PERMANENT, year="5")))
        with pytest.raises(Refusal, match="doubt_decided"):
            decide(doubtful, "file_is_right", held)
        assert len(waiting(doubtful)) == 1

    def test_a_pupil_who_left_meanwhile(self, doubtful: Coordination) -> None:
        gone = EndRegistration(occurred_on=ON, pupil=stream(doubtful, TEMPORARY), school=PRIMARY)
        doubtful.perform(gone, order())
        with pytest.raises(Refusal, match="doubt_no_longer_applies"):
            decide(doubtful, "file_is_right")
        assert waiting(doubtful) == []

    def test_a_pupil_who_was_erased_meanwhile(self, doubtful: Coordination, database: str) -> None:
        with psycopg.connect(database) as connection:
            connection.execute("delete from log.stream_key where stream = %s", (stream(doubtful, TEMPORARY),))
        with pytest.raises(Refusal, match="doubt_no_longer_applies"):
            decide(doubtful, "file_is_right")
        assert waiting(doubtful) == []

    def test_nobody_else_decides_it_and_a_reason_is_needed(self, doubtful: Coordination) -> None:
        with pytest.raises(NotFound):
            decide(doubtful, "file_is_right", organisation=SCHOOL)
        with pytest.raises(NotFound):
            decide(doubtful, "file_is_right", organisation=AUTHORITY, role="la_caseworker")
        for answer, why, code in (
            ("file_is_right", " ", "cannot_be_empty"),
            ("exchange_numbers", "Why not", "not_offered"),
        ):
            with pytest.raises(Refusal, match=code):
                decide(doubtful, answer, why=why)
        assert len(waiting(doubtful)) == 1


def test_the_caseworker_decides_between_two_schools(primary: Coordination) -> None:
    there = samples.pupil(upn=samples.upn(5), surname="Gefell", forename="Mali", date_of_birth="2016-05-04")
    import_pupils(primary, there)
    take(primary, sheet(child(1, "Mali")))
    [doubt] = waiting(primary, AUTHORITY)
    with pytest.raises(NotFound):
        decide(primary, "two_children", doubt)
    decide(primary, "two_children", doubt, organisation=AUTHORITY, role="la_caseworker")
    assert waiting(primary, AUTHORITY) == []
    assert reasons(primary, ONE, "pupil.identity_kept") == ["Asked the parents"]


def test_one_child_at_two_schools_is_joined_by_the_caseworker(primary: Coordination) -> None:
    there = samples.pupil(upn=samples.upn(5), surname="Gefell", forename="Mali", date_of_birth="2016-05-04")
    import_pupils(primary, there)
    take(primary, sheet(child(1, "Mali")))
    here, before = stream(primary, ONE), stream(primary, samples.upn(5))
    [doubt] = waiting(primary, AUTHORITY)
    decide(primary, "one_child", doubt, organisation=AUTHORITY, role="la_caseworker")
    assert waiting(primary, AUTHORITY) == []
    assert primary.record.files_of_children([here])[here] == (before, here)
    # each school goes on with its own file of the child
    assert words(take(primary, sheet(child(1, "Mali")), now=NOW + timedelta(days=1))) == ["unchanged"]
    assert words(import_pupils(primary, there)) == ["unchanged"]


def test_two_files_of_one_child_are_joined(primary: Coordination) -> None:
    take(primary, sheet(child(1, "Mali"), child(2, "Nel")))
    row = child(1, "Mali") | {"former_upn": number(2)}
    assert (words(take(primary, sheet(row))), kinds(primary)) == (["doubtful"], ["two_files"])
    decide(primary, "one_child")
    first, second = stream(primary, ONE), stream(primary, number(2))
    assert first == second
    assert waiting(primary) == []
