from __future__ import annotations

from datetime import date

import msgspec
import pytest

from coordination.directory.codes import first_codes, initial, tables
from coordination.directory.decide import CodeContents, RegisterOrganisation, SetCode, SetCodes
from coordination.directory.decisions.codes import decide_set_code, decide_set_codes
from coordination.directory.events import CodeEnded, CodeSet
from tests.directory.county import GWYNEDD, NEW, REFERENCE, TODAY, county
from tests.given import header

BEGINNING = date(1996, 4, 1)


def contents(**changed: object) -> CodeContents:
    usual = CodeContents(
        table="decline_reason",
        code="waiting_list_closed",
        label="The waiting list is closed",
        label_cy="Mae’r rhestr aros ar gau",
        effective_from=date(2026, 1, 1),
        cy_review=True,
    )
    return msgspec.structs.replace(usual, **changed)


def setting(**changed: object) -> SetCode:
    return SetCode(occurred_on=TODAY, organisation=REFERENCE, contents=contents(**changed))


def recorded(wanted: CodeContents) -> CodeSet:
    return CodeSet(header=header(), **msgspec.structs.asdict(wanted))


def test_a_code_is_set_and_set_again_is_nothing_new() -> None:
    here = county()
    here.given(REFERENCE).when(decide_set_code, setting(), here.world).then([recorded(contents())])
    here.does(setting())
    here.given(REFERENCE).when(decide_set_code, setting(), here.world).then([])
    assert here.directory.codes("decline_reason", TODAY)[-1] == "waiting_list_closed"
    assert here.directory.labels("decline_reason", "waiting_list_closed") == (
        "The waiting list is closed",
        "Mae’r rhestr aros ar gau",
    )


def test_a_code_with_an_end_is_current_to_that_day_and_ended_after() -> None:
    here = county(setting(effective_to=date(2026, 6, 30)))
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [here.directory.code("decline_reason", "waiting_list_closed", day) for day in days] == [
        "unknown",
        "current",
        "current",
        "ended",
    ]
    assert "waiting_list_closed" not in here.directory.codes("decline_reason", date(2026, 7, 1))
    assert here.directory.knows("decline_reason", "waiting_list_closed")


def test_a_new_label_from_a_day_on_ends_the_version_before() -> None:
    here = county(setting())
    later = contents(label="No new referrals", effective_from=date(2026, 9, 1))
    here.given(REFERENCE).when(
        decide_set_codes, SetCodes(occurred_on=TODAY, organisation=REFERENCE, codes=(later,)), here.world
    ).then(
        [
            CodeEnded(
                header=header(),
                table="decline_reason",
                code="waiting_list_closed",
                effective_from=date(2026, 1, 1),
                effective_to=date(2026, 8, 31),
            ),
            recorded(later),
        ]
    )
    here.does(SetCode(occurred_on=TODAY, organisation=REFERENCE, contents=later))
    assert here.does(setting()) == []
    assert here.directory.code("decline_reason", "waiting_list_closed", date(2026, 9, 1)) == "current"


def test_many_codes_are_set_each_after_the_one_before() -> None:
    here = county()
    first, second = contents(), contents(label="No new referrals", effective_from=date(2026, 9, 1))
    command = SetCodes(occurred_on=TODAY, organisation=REFERENCE, codes=(first, second))
    here.given(REFERENCE).when(decide_set_codes, command, here.world).happened(CodeSet, CodeEnded, CodeSet)
    here.does(command)
    here.given(REFERENCE).when(decide_set_codes, command, here.world).then([])


def test_an_unknown_codes_label_is_the_code_and_english_stands_in_for_missing_welsh() -> None:
    here = county(setting(label_cy=None))
    assert here.directory.labels("decline_reason", "gone") == ("gone", "gone")
    assert here.directory.labels("decline_reason", "waiting_list_closed")[1] == "The waiting list is closed"
    assert here.directory.codes("no_such_table", TODAY) == ()


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (setting(table="horoscope"), "unknown_table", "table"),
        (setting(code="two words"), "code_format", "code"),
        (setting(label=""), "cannot_be_empty", "label"),
        (setting(effective_to=date(2025, 12, 31)), "end_before_start", "effective_to"),
    ],
)
def test_what_is_no_code(command: SetCode, code: str, field: str) -> None:
    here = county()
    here.given(REFERENCE).when(decide_set_code, command, here.world).refused(code, field)
    many = SetCodes(occurred_on=TODAY, organisation=REFERENCE, codes=(contents(), command.contents))
    here.given(REFERENCE).when(decide_set_codes, many, here.world).refused(code, field)


def test_codes_are_kept_on_the_reference_stream_and_each_in_one_place() -> None:
    here = county()
    elsewhere = SetCode(occurred_on=TODAY, organisation=GWYNEDD, contents=contents())
    here.given(GWYNEDD).when(decide_set_code, elsewhere, here.world).refused("wrong_kind")
    here.does(
        RegisterOrganisation(
            occurred_on=TODAY, organisation=NEW, kind="reference", code="second", name="Second"
        )
    )
    again = SetCode(
        occurred_on=TODAY, organisation=NEW, contents=contents(table="sex", code="F", label="Female")
    )
    here.given(NEW).when(decide_set_code, again, here.world).refused("code_taken", "code")


def test_the_first_codes_leave_alone_what_is_there() -> None:
    here = county()
    assert first_codes(REFERENCE, TODAY, here.directory).codes == ()
    assert here.does(SetCodes(occurred_on=TODAY, organisation=REFERENCE, codes=initial())) == []
    lost = SetCode(
        occurred_on=TODAY,
        organisation=REFERENCE,
        contents=contents(table="sex", code="F", label="Girl", effective_from=BEGINNING),
    )
    here.does(lost)
    assert first_codes(REFERENCE, TODAY, here.directory).codes == ()
    assert here.directory.labels("sex", "F")[0] == "Girl"


# The codes that files of other systems use (they are a published format).
FORMAT = {
    "provision": "idp_school idp_la idp_fei being_decided no_aln ehc_plan",
    "need": "MLD GLD SLD PMLD DYSL DYSC DYSP ADHD BESD SLCD ASD HI VI MSI PMED",
    "language": "en cy",
    "sex": "F M U I",
    "phase": "nursery primary secondary all_age special pru independent eotas",
    "school_language": "english welsh bilingual",
    "agency_kind": (
        "school la_education la_social_services local_health_board nhs_trust youth_offending police"
        " third_sector careers further_education"
    ),
    "profession": (
        "camhs primary_mental_health neurodevelopment speech_and_language_therapy occupational_therapy"
        " physiotherapy dietetics audiology paediatrics general_practice health_visiting"
        " educational_psychology school_nursing autism_nursing counselling education_welfare"
        " specialist_teaching family_support youth_work social_work police careers third_sector"
        " resource_base specialist_class"
    ),
    "role": (
        "alnco head designated_safeguarding_person wellbeing_coordinator class_teacher clinician"
        " service_manager declo la_caseworker la_safeguarding early_years_aln_lead adoption_officer auditor"
        " data_protection_officer national_analyst administrator"
    ),
    "legal_route": (
        "service_request s11_school s12_to_authority s13_authority s20_nhs s64_health_notification"
        " s65_request mental_health_measure"
    ),
    "priority": "urgent priority routine",
    "attendance_mark": "attended late left_early apologies absent substitute written_contribution",
    "told": "emergency_services nhs_111_option_2 crisis_team social_services designated_safeguarding_person",
}


@pytest.mark.parametrize("table", FORMAT)
def test_the_codes_of_the_file_formats_are_all_there(table: str) -> None:
    assert county().directory.codes(table, TODAY) == tuple(FORMAT[table].split())


@pytest.mark.parametrize("code", ["school_action", "school_action_plus", "statement"])
def test_the_old_regime_ended_on_31_august_2025(code: str) -> None:
    known = county().directory
    assert known.code("provision", code, date(2025, 8, 31)) == "current"
    assert known.code("provision", code, date(2025, 9, 1)) == "ended"


def test_every_first_code_has_a_welsh_label_of_its_own_and_no_code_comes_twice() -> None:
    first = initial()
    assert len({(c.table, c.code) for c in first}) == len(first)
    assert {c.table for c in first} == tables()
    same = {c.code for c in first if c.label_cy == c.label}
    assert same == {"trac"}
    assert all(c.label_cy and c.label_cy.strip() == c.label_cy for c in first)


def test_only_labels_read_in_official_texts_need_no_review() -> None:
    reviewed = {c.label_cy for c in initial() if not c.cy_review}
    assert reviewed == {
        "Awdurdod lleol",
        "Bwrdd Iechyd Lleol",
        "CADY",
        "Corff GIG",
        "Swyddog arweiniol clinigol addysg dynodedig",
        "Person ifanc",
        "Rhiant",
    }


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (
            "consent_authority",
            {
                *("parental_responsibility", "young_person", "competent_child", "court"),
                *("local_authority", "lawful_representative", "best_interests"),
            },
        ),
        ("consent_route", {"paper", "verbal", "online"}),
        (
            "lawful_basis",
            {"public_task", "legal_obligation", "vital_interests", "safeguarding", "historical_record"},
        ),
        ("consent_purpose", {"referral"}),
        ("data_class", {"identity", "needs", "referral"}),
        ("meeting_kind", {"hwb", "idp_review", "other"}),
    ],
)
def test_the_codes_that_decisions_name_are_there(table: str, codes: set[str]) -> None:
    assert codes <= set(county().directory.codes(table, TODAY))
