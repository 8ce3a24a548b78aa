"""Histories of referrals recorded through the real decisions on a real database."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest

from coordination.directory.commands import ChangeService
from coordination.pupil.profile.commands import EndRegistration
from coordination.pupil.referral.decide import ContestMilestone, RecordMilestone, StrikeEntry
from coordination.service import Coordination
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    PSYCHOLOGY,
    SCHOOL,
    THERAPY,
    order,
)
from tests.intake.recorded import (
    NOW,
    ON,
    answer_request,
    case,
    import_pupils,
    import_referrals,
    pupil,
    referral,
    sealed,
    stream,
    told,
    upn,
    words,
)

SIWAN = upn(1)
WAIT = (
    ("R1", SIWAN, "submitted", "2025-01-13"),
    ("R1", SIWAN, "received", "2025-01-15"),
    ("R1", SIWAN, "appointment_offered", "2025-02-03", "2025-02-20T10:00; 2025-02-21T14:30"),
    ("R1", SIWAN, "first_contact", "2025-02-20", "Came with her grandmother."),
)


@pytest.fixture
def school(county: Coordination) -> Coordination:
    """The county with one pupil at the first school."""
    import_pupils(county, pupil(upn=SIWAN, forename="Siŵan"))
    return county


def steps(service: Coordination, ref: str = "R1", number: str = SIWAN) -> list[tuple[str, str, str]]:
    return [(s.name, s.word, s.standing) for s in referral(service, ref, number).counting()]


def test_a_schools_file_opens_the_referral_and_reports_what_the_agency_did(school: Coordination) -> None:
    result = import_referrals(school, *WAIT)
    assert (words(result), result.status) == (["new"] * 4, 0)
    held = referral(school, "R1", SIWAN)
    assert (held.basis, held.school, held.service, held.opened_on) == (
        "historical_record",
        SCHOOL,
        CAMHS,
        date(2025, 1, 13),
    )
    assert steps(school) == [
        ("submitted", "own", "said"),
        ("received", "reported", "said"),
        ("appointment_offered", "reported", "said"),
        ("first_contact", "reported", "said"),
    ]
    offered = next(s for s in held.steps if s.name == "appointment_offered")
    assert [hour.isoformat() for hour in offered.for_when] == [
        "2025-02-20T10:00:00+00:00",
        "2025-02-21T14:30:00+00:00",
    ]
    (contact,) = sealed(school, SIWAN, "referral.first_contact")
    assert (contact["note"], contact["reported_by"]) == ("Came with her grandmother.", "history file")


def test_the_agency_may_see_what_the_history_disclosed(school: Coordination) -> None:
    import_referrals(school, *WAIT)
    assert case(school, SIWAN).consents.disclosed(referral(school, "R1", SIWAN).referral, BOARD, CAMHS)


def test_a_preview_says_the_same_and_writes_nothing(school: Coordination) -> None:
    before = school.record.last_position()
    result = import_referrals(school, *WAIT, preview=True)
    assert words(result) == ["new"] * 4
    assert school.record.last_position() == before
    assert words(import_referrals(school, *WAIT)) == ["new"] * 4


def test_the_same_file_again_on_another_day_appends_nothing(school: Coordination) -> None:
    import_referrals(school, *WAIT)
    before = school.record.last_position()
    result = import_referrals(school, *WAIT, now=NOW + timedelta(days=30))
    assert words(result) == ["unchanged"] * 4
    assert told(result) == []
    assert school.record.last_position() == before


def test_a_longer_file_in_another_order_appends_only_what_is_new(school: Coordination) -> None:
    import_referrals(school, *WAIT[:2])
    more = [("R1", SIWAN, "was_not_brought", "2025-02-20"), ("R1", SIWAN, "was_not_brought", "2025-02-20")]
    result = import_referrals(school, *reversed(WAIT), *more)
    assert sorted(words(result)) == ["new"] * 4 + ["unchanged"] * 2
    again = import_referrals(school, *more, *WAIT)
    assert set(words(again)) == {"unchanged"}
    assert [name for name, _, _ in steps(school)].count("was_not_brought") == 2


def test_another_detail_of_a_known_row_is_told_and_not_guessed(school: Coordination) -> None:
    import_referrals(school, *WAIT)
    changed = (*WAIT[3][:4], "Came with her aunt.")
    result = import_referrals(school, *WAIT[:3], changed)
    assert told(result) == [(5, "detail", "detail_differs")]
    assert [fields["note"] for fields in sealed(school, SIWAN, "referral.first_contact")] == [
        "Came with her grandmother."
    ]


def test_a_row_that_was_struck_out_on_the_record_stays_struck_out(school: Coordination) -> None:
    import_referrals(school, *WAIT)
    held = referral(school, "R1", SIWAN)
    entry = held.steps[-1].version
    strike = StrikeEntry(
        occurred_on=ON,
        pupil=stream(school, SIWAN),
        referral=held.referral,
        entry=entry,
        why="Another child.",
    )
    school.perform(strike, order(ALNCO, ON))
    assert words(import_referrals(school, *WAIT)) == ["unchanged"] * 4
    assert "first_contact" not in {name for name, _, _ in steps(school)}


def test_a_step_typed_in_by_the_school_is_not_doubled(school: Coordination) -> None:
    import_referrals(school, *WAIT[:2])
    held = referral(school, "R1", SIWAN)
    typed = RecordMilestone(
        occurred_on=date(2025, 2, 20),
        pupil=stream(school, SIWAN),
        referral=held.referral,
        milestone="first_contact",
    )
    school.perform(typed, order(CLINICIAN, ON))
    assert words(import_referrals(school, *WAIT)) == ["unchanged", "unchanged", "new", "unchanged"]
    assert steps(school)[-2:] == [
        ("first_contact", "own", "said"),
        ("appointment_offered", "reported", "said"),
    ]


class TestTheAgencysOwnFile:
    def word_of(self, service: Coordination, code: str = "BOARD") -> object:
        return service.directory().by_code("agency", code)

    def test_is_its_own_word_and_the_schools_steps_stay_the_schools(self, school: Coordination) -> None:
        result = import_referrals(school, *WAIT, word_of=self.word_of(school))
        assert words(result) == ["new"] * 4
        assert {word for _, word, _ in steps(school)} == {"own"}
        events = {
            r.event.topic: r.event for r in school.record.load([stream(school, SIWAN)])[stream(school, SIWAN)]
        }
        assert events["referral.opened"].header.on_behalf_of == SCHOOL
        assert events["referral.submitted"].header.on_behalf_of == SCHOOL
        assert events["referral.received"].header.on_behalf_of == BOARD

    def test_confirms_what_the_school_had_reported(self, school: Coordination) -> None:
        import_referrals(school, *WAIT)
        own = import_referrals(school, *WAIT, word_of=self.word_of(school))
        assert words(own) == ["unchanged", "confirmed", "confirmed", "confirmed"]
        assert [standing for _, _, standing in steps(school)] == [
            "said",
            "confirmed",
            "confirmed",
            "confirmed",
        ]
        assert words(import_referrals(school, *WAIT, word_of=self.word_of(school))) == ["unchanged"] * 4
        assert words(import_referrals(school, *WAIT)) == ["unchanged"] * 4

    def test_leaves_what_the_agency_contested(self, school: Coordination) -> None:
        import_referrals(school, *WAIT)
        held = referral(school, "R1", SIWAN)
        contest = ContestMilestone(
            occurred_on=ON,
            pupil=stream(school, SIWAN),
            referral=held.referral,
            milestone=held.steps[1].version,
            why="It came a week later.",
        )
        school.perform(contest, order(CLINICIAN, ON))
        result = import_referrals(school, *WAIT, word_of=self.word_of(school))
        assert told(result) == [(3, "event", "contested_before")]

    def test_may_not_speak_for_another_agencys_service(self, school: Coordination) -> None:
        result = import_referrals(school, *WAIT, word_of=self.word_of(school, "EDUCATION"))
        assert {problem[1:] for problem in told(result)} == {("service_code", "not_this_agencys")}
        assert result.status == 1

    def test_what_comes_after_it_passed_the_referral_on_is_only_reported(self, school: Coordination) -> None:
        rows = (
            *WAIT[:2],
            ("R1", SIWAN, "redirected", "2025-01-20", "EPS"),
            ("R1", SIWAN, "first_contact", "2025-02-20"),
        )
        assert words(import_referrals(school, *rows, word_of=self.word_of(school))) == ["new"] * 4
        held = referral(school, "R1", SIWAN)
        assert (held.service, held.services) == (PSYCHOLOGY, (CAMHS, PSYCHOLOGY))
        assert [(name, word) for name, word, _ in steps(school)][2:] == [
            ("redirected", "own"),
            ("first_contact", "reported"),
        ]


class TestRefusedReferrals:
    def test_an_impossible_order_whole_with_both_steps_named(self, school: Coordination) -> None:
        before = school.record.last_position()
        result = import_referrals(
            school,
            ("R1", SIWAN, "assessed", "2025-01-10"),
            ("R1", SIWAN, "received", "2025-01-15"),
            ("R1", SIWAN, "discharged", "2025-01-20"),
        )
        assert told(result) == [
            (2, None, "group_refused"),
            (3, "occurred_on", "impossible_order"),
            (4, None, "group_refused"),
        ]
        facts = result.outcomes[1].problems[0].facts
        assert (facts["step"], facts["on"], facts["other"], facts["other_on"]) == (
            "received",
            "2025-01-15",
            "assessed",
            "2025-01-10",
        )
        assert school.record.last_position() == before

    def test_beside_a_refused_referral_the_others_are_taken(self, school: Coordination) -> None:
        result = import_referrals(
            school,
            *WAIT,
            ("R2", SIWAN, "received", "2025-03-01"),
            ("R2", SIWAN, "received", "2025-03-02"),
            ("R3", SIWAN, "received", "2025-03-03", "", "SALT"),
        )
        assert (words(result)[4:], result.status) == (["refused", "refused", "new"], 2)
        assert [r.service for r in case(school, SIWAN).referrals.values()] == [CAMHS, THERAPY]

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            (("R9", upn(2), "received", "2025-01-15"), ("upn", "unknown_upn")),
            (("R9", SIWAN, "received", "2025-01-15", "", "NONE"), ("service_code", "unknown_service")),
            (
                ("R9", SIWAN, "received", "2025-01-15", "", "CAMHS", "6994009"),
                ("school_number", "unknown_school"),
            ),
            (
                ("R9", SIWAN, "received", "2025-01-15", "", "CAMHS", "6994002"),
                ("school_number", "pupil_not_at_school"),
            ),
            (("R9", SIWAN, "received", "2026-03-03"), ("occurred_on", "in_the_future")),
            (("R9", SIWAN, "seen", "2025-01-15"), ("event", "unknown_milestone")),
            (("R9", SIWAN, "redirected", "2025-01-15", "Another team"), ("detail", "unknown_service")),
            (("R9", SIWAN, "redirected", "2025-01-15"), ("detail", "cannot_be_empty")),
            (("R9", SIWAN, "recorded_in_error", "2025-01-15"), ("detail", "cannot_be_empty")),
        ],
    )
    def test_what_the_directory_and_the_record_do_not_know(
        self, school: Coordination, row: tuple[str, ...], problem: tuple[str, str]
    ) -> None:
        result = import_referrals(school, row)
        assert told(result) == [(2, *problem)]
        assert result.status == 1

    def test_a_reference_of_another_pupil_or_service(self, school: Coordination) -> None:
        import_pupils(school, pupil(upn=upn(2)))
        import_referrals(school, *WAIT)
        other = import_referrals(school, ("R1", upn(2), "received", "2025-01-15"))
        assert told(other) == [(2, "referral_ref", "reference_of_another_pupil")]
        service = import_referrals(school, ("R1", SIWAN, "received", "2025-01-15", "", "SALT"))
        assert told(service) == [(2, "referral_ref", "reference_of_another_service")]

    def test_an_agencys_own_refusal_needs_its_reason(self, school: Coordination) -> None:
        agency = school.directory().by_code("agency", "BOARD")
        bare = import_referrals(school, ("R1", SIWAN, "declined", "2025-01-15"), word_of=agency)
        assert told(bare) == [(2, "detail", "cannot_be_empty")]


def test_a_closed_service_is_no_obstacle_to_its_history(school: Coordination) -> None:
    close = ChangeService(
        occurred_on=ON,
        organisation=BOARD,
        service=CAMHS,
        effective_from=date(2024, 12, 31),
        open_to=date(2024, 12, 31),
    )
    school.perform(close, order(ADMINISTRATOR, ON, source="command_line"))
    assert words(import_referrals(school, *WAIT)) == ["new"] * 4


def test_the_history_of_a_pupil_who_has_left_goes_on(school: Coordination) -> None:
    import_referrals(school, *WAIT[:2])
    left = EndRegistration(occurred_on=ON, pupil=stream(school, SIWAN), school=SCHOOL)
    school.perform(left, order(ALNCO, ON))
    assert words(import_referrals(school, *WAIT)) == ["unchanged", "unchanged", "new", "new"]


def test_the_same_reference_at_two_schools_is_two_referrals(school: Coordination) -> None:
    import_pupils(school, pupil(upn=SIWAN, school_number="6994002"))
    answer_request(school, SIWAN, "kept_on_both")
    assert words(import_referrals(school, ("R1", SIWAN, "received", "2025-01-15"))) == ["new"]
    elsewhere = ("R1", SIWAN, "received", "2025-01-15", "", "CAMHS", "6994002")
    assert words(import_referrals(school, elsewhere)) == ["new"]
    assert len(case(school, SIWAN).referrals) == 2


@pytest.mark.parametrize(
    ("event", "detail", "topic", "fields"),
    [
        ("declined", "below_threshold", "referral.declined", {"reason": "below_threshold", "note": None}),
        ("declined", "Below threshold: see letter", "referral.declined", {"note": "see letter"}),
        ("declined", "not for us", "referral.declined", {"reason": None, "note": "not for us"}),
        ("withdrawn", "moved_away", "referral.withdrawn", {"reason": "moved_away"}),
        ("assessed", "below_threshold", "referral.assessed", {"note": "below_threshold"}),
        ("waiting_list_reviewed", "Tenth", "referral.waiting_list_reviewed", {"note": "Tenth"}),
    ],
)
def test_a_detail_is_the_milestones_own_code_or_else_a_note(
    school: Coordination, event: str, detail: str, topic: str, fields: dict[str, str | None]
) -> None:
    import_referrals(school, ("R1", SIWAN, event, "2025-01-15", detail))
    (held,) = sealed(school, SIWAN, topic)
    assert {name: held[name] for name in fields} == fields


def test_whose_move_it_is_and_by_when_comes_from_the_detail(school: Coordination) -> None:
    import_referrals(
        school,
        ("R1", SIWAN, "received", "2025-01-15"),
        ("R1", SIWAN, "triaged", "2025-01-16", "urgent: self-harm"),
        ("R1", SIWAN, "information_requested", "2025-01-17", "family"),
        ("R1", SIWAN, "opt_in_asked", "2025-01-20", "2025-02-03"),
    )
    held = referral(school, "R1", SIWAN)
    assert held.priority == "urgent"
    assert next(s for s in held.steps if s.name == "information_requested").asked_of == "family"
    events = school.record.load([stream(school, SIWAN)])[stream(school, SIWAN)]
    asked = next(r.event for r in events if r.event.topic == "referral.opt_in_asked")
    assert asked.answer_by == date(2025, 2, 3)


def test_only_the_school_and_the_agency_get_access(school: Coordination, database: str) -> None:
    import_referrals(school, *WAIT)
    with psycopg.connect(database) as connection:
        found = connection.execute("select organisation, basis, opened_on from log.pupil_access").fetchall()
    assert set(found) == {
        (SCHOOL, "registration", ON),
        (BOARD, "historical_record", date(2025, 1, 13)),
    }
