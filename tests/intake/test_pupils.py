from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.intake.cells import doubtful_letters, parse_date
from coordination.intake.pupil_columns import FIELDS
from coordination.intake.pupil_sheets import read_pupils
from coordination.intake.pupils import ImportedContact, ParsedPupilFile, PupilRow, year_number
from tests.intake.samples import FILES, HEADER, ON, known, pupil, said, sheet, upn, workbook


def read(*rows: dict[str, str]) -> ParsedPupilFile:
    header = list(dict.fromkeys([*HEADER, *(key for row in rows for key in row)]))
    return read_pupils(sheet(rows, header), known, ON)


def complaints(**changes: str) -> list[tuple[str | None, str]]:
    """Field and code of the errors of one row."""
    found = read(pupil(**changes))
    assert bool(found.rows) is not bool(found.refused)
    return [(p.field, p.code) for p in found.problems if p.severity == "error"]


def doubted(**changes: str) -> list[tuple[str | None, str, dict[str, Any]]]:
    """Field, code and facts of the warnings of one row, which is taken."""
    found = read(pupil(**changes))
    assert found.rows and not found.refused
    return [(p.field, p.code, p.facts) for p in found.problems]


def example(name: str) -> ParsedPupilFile:
    return read_pupils((FILES / name).read_bytes(), known, ON)


def test_the_example() -> None:
    first, second, third, fourth = example("pupils_utf8.csv").rows
    assert first == PupilRow(
        row=2,
        upn=upn(1),
        surname="Prydderch",
        forename="Siŵan",
        date_of_birth=date(2012, 3, 4),
        sex="F",
        school_number="6994001",
        language="cy",
        provision="idp_school",
        needs=("ASD", "SLCD"),
        year=9,
        looked_after=False,
        contacts=(ImportedContact("Gwenllian Prydderch", "mother", True),),
    )
    assert (second.forename, second.sex, second.school_number, second.language) == (
        "Ŷnyr Zoë",
        "M",
        "6994001",
        "en",
    )
    assert (third.forename, third.needs, third.looked_after) == ("Llŷr", ("BESD", "ADHD"), True)
    assert third.contacts == (ImportedContact("Huw ap Dafydd", "father", True),)
    assert (fourth.surname, fourth.forename, fourth.year) == ("Jones, Bowen", "Mair Gwen", 0)
    assert said(example("pupils_utf8.csv").problems) == [
        (4, "provision", "code_ended"),
        (5, "upn", "upn_temporary"),
    ]


@pytest.mark.parametrize("name", ["pupils_utf8_bom.csv", "pupils_utf16_tabs.txt", "pupils.xlsx"])
def test_the_example_in_other_clothes(name: str) -> None:
    assert example(name) == example("pupils_utf8.csv")


def test_windows_1252_has_no_w_circumflex_and_says_where_one_may_be_lost() -> None:
    found = example("pupils_windows_1252.csv")
    assert len(found.rows) == 4, "a warning does not keep a pupil out"
    assert found.rows[1].forename == "Ynyr Zoë"
    signs = [(p.row, p.code, p.facts.get("sign")) for p in found.problems if "letters" in p.code]
    assert signs == [
        (0, "encoding_lacks_welsh_letters", None),
        (2, "name_letters_doubtful", "question_mark"),
        (4, "name_letters_doubtful", "circumflex"),
    ]


def test_iso_8859_14_is_suspected_and_can_be_named() -> None:
    data = (FILES / "pupils_iso_8859_14.csv").read_bytes()
    assert "celtic" in [p.facts.get("sign") for p in read_pupils(data, known, ON).problems]
    named = read_pupils(data, known, ON, encoding="iso-8859-14")
    assert named.rows == example("pupils_utf8.csv").rows[:3]


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("Siŵan Zoë Þóra", None),
        ("Si?an", "question_mark"),
        ("Si\ufffdan", "replacement"),
        ("Siw^an", "circumflex"),
        ("Siwˆan", "circumflex"),
        ("SiÅµan", "double_encoded"),
        ("ZoÃ«", "double_encoded"),
    ],
)
def test_signs_of_lost_letters(name: str, sign: str | None) -> None:
    assert doubtful_letters(name, eight_bit=False) == sign


def test_every_fault_of_a_row_is_told_at_once() -> None:
    found = example("pupils_bad_rows.csv")
    assert found.read == 7
    assert [row.row for row in found.rows] == [6, 8]
    assert said(found.problems) == [
        (2, "upn", "upn_check_letter"),
        (3, "surname", "formula_in_name"),
        (4, "date_of_birth", "date_two_digit_year"),
        (5, "date_of_birth", "date_impossible"),
        (5, "school_number", "school_number_format"),
        (5, "language", "unknown_code"),
        (5, "needs", "unknown_code"),
        (5, "provision", "plan_taken_as_school"),
        (7, "upn", "duplicate_in_file"),
    ]


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("upn", "", "missing"),
        ("upn", "B80120000500", "upn_length"),
        ("upn", "B80120000A001", "upn_characters"),
        ("surname", "@SUM(A1)", "formula_in_name"),
        ("surname", " +44", "formula_in_name"),
        ("surname", "-1", "formula_in_name"),
        ("surname", "\t=1", "formula_in_name"),
        ("surname", "\rJones", "formula_in_name"),
        ("forename", "＝1+1", "formula_in_name"),
        ("forename", "Ann\u202eNAOJ", "name_characters"),
        ("forename", "A" * 101, "too_long"),
        ("date_of_birth", "yesterday", "date_format"),
        ("date_of_birth", "04/03", "date_format"),
        ("date_of_birth", "4.3.12", "date_two_digit_year"),
        ("date_of_birth", "29/02/2011", "date_impossible"),
        ("date_of_birth", "03/25/2011", "date_impossible"),
        ("date_of_birth", "0212-03-04", "date_impossible"),
        ("date_of_birth", "40972", "date_is_a_number"),
        ("date_of_birth", "2026-03-03", "in_the_future"),
        ("sex", "Q", "unknown_code"),
        ("sex", "1", "code_format"),
        ("school_number", "Ysgol", "school_number_format"),
        ("language", "Pwyleg", "unknown_code"),
        ("provision", "=1", "code_format"),
        ("needs", "ASD;A B", "code_format"),
        ("needs", "ASD,H I", "code_format"),
        ("looked_after", "perhaps", "yes_no_expected"),
        ("contact_name", "=cmd|' /C calc'!A0", "formula_in_name"),
        ("contact_parental_responsibility", "?", "yes_no_expected"),
    ],
)
def test_what_keeps_a_row_out(field: str, text: str, code: str) -> None:
    assert complaints(**{field: text}) == [(field, code)]


def test_what_a_row_is_taken_with() -> None:
    assert doubted() == []
    assert doubted(provision="Statement") == [("provision", "code_ended", {})]
    assert doubted(date_of_birth="1999-01-01") == [("date_of_birth", "age_doubtful", {"oldest": 26})]
    assert doubted(year="M") == [("year", "year_unknown", {})]
    assert doubted(contact_relationship="mother") == [("contact_name", "contact_without_name", {})]
    assert doubted(contact_name="Ann Bowen", contact_relationship="neighbour") == [
        ("contact_relationship", "relationship_not_mapped", {})
    ]


def test_problems_repeat_nothing_of_a_person() -> None:
    row = pupil(surname="=Llewelyn", sex="Llewelyn", date_of_birth="Llewelyn", needs="LLEWELYN")
    found = read(row, pupil(forename="Si?an Llewelyn"))
    assert len(found.problems) >= 5
    assert "llewelyn" not in repr(found).lower()


def test_a_pupil_twice_at_one_school_and_once_at_another() -> None:
    found = read(pupil(), pupil(upn=upn(1).lower(), school_number="699/4001"), pupil(school_number="6994002"))
    assert [(row.row, row.school_number) for row in found.rows] == [(2, "6994001"), (4, "6994002")]
    assert [(p.row, p.code, p.facts) for p in found.problems] == [(3, "duplicate_in_file", {"first_row": 2})]


def test_the_second_of_two_is_out_even_when_the_first_is() -> None:
    """Which of the two is right is not for a reader to choose."""
    assert read(pupil(sex="?"), pupil()).rows == ()


def test_the_header_can_say_what_a_contact_may() -> None:
    header = [*HEADER, "Contact with parental responsibility"]
    data = sheet([pupil(**{header[-1]: "Ann Bowen"})], header)
    assert read_pupils(data, known, ON).rows[0].contacts == (ImportedContact("Ann Bowen", None, True),)
    assert read(pupil(contact_name="Ann Bowen")).rows[0].contacts == (
        ImportedContact("Ann Bowen", None, None),
    )


def test_columns_in_any_order_and_case() -> None:
    header = tuple(reversed(HEADER))
    data = sheet([pupil()], header).replace(b"date_of_birth", b" Date of  BIRTH ").replace(b"upn", b"Upn", 1)
    assert len(read_pupils(data, known, ON).rows) == 1


def test_a_missing_column_is_named() -> None:
    data = sheet([], [name for name in HEADER if name not in ("sex", "upn")])
    with pytest.raises(Refusal) as caught:
        read_pupils(data, known, ON)
    assert (caught.value.code, caught.value.facts) == ("header_missing", {"columns": ["upn"]})


@pytest.mark.parametrize(
    ("text", "number"),
    [("9", 9), ("Year 09", 9), ("Blwyddyn 7", 7), ("R", 0), ("Derbyn", 0), ("N2", -1), ("n1", -2)]
    + [("Year R", 0), ("Y4", 4), ("Bl. 10", 10), ("NC Year 3", 3), ("Meithrin 2", -1)]
    + [(odd, None) for odd in ("15", "0", "M", "Nursery", "Year nine", "²")],
)
def test_years(text: str, number: int | None) -> None:
    assert year_number(text) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2012-03-04", date(2012, 3, 4)),
        ("2012-03-04T00:00:00", date(2012, 3, 4)),
        ("2012-03-04 23:59:59", date(2012, 3, 4)),
        ("2012-07-04T23:30:00Z", date(2012, 7, 5)),  # past midnight in Wales
        ("4/3/2012", date(2012, 3, 4)),
        ("04.03.2012", date(2012, 3, 4)),
        ("04-03-2012 00:00", date(2012, 3, 4)),
        ("2012/03/04", date(2012, 3, 4)),
        ("20120304", date(2012, 3, 4)),
        ("4 March 2012", date(2012, 3, 4)),
        ("4ydd Mawrth 2012", date(2012, 3, 4)),
        ("Mar 4, 2012", date(2012, 3, 4)),
        ("Sul, 4-Maw-2012", date(2012, 3, 4)),
    ],
)
def test_dates(text: str, day: date) -> None:
    assert parse_date(text) == day


def test_a_workbook_keeps_its_leading_noughts_and_dates() -> None:
    row = pupil()
    data = workbook([HEADER, [date(2012, 3, 4) if key == "date_of_birth" else row[key] for key in HEADER]])
    assert read_pupils(data, known, ON).rows == read(row).rows


# Laws

LETTERS = "abcdefghijklmnopqrstuvwyŵŷâêîôûïëáéÿ '’-"
names = st.text(LETTERS, min_size=1, max_size=30).filter(lambda n: n.strip() and n.strip()[0] not in "-'")
rows = st.fixed_dictionaries(
    {
        "upn": st.integers(0, 999).map(upn),
        "surname": names,
        "forename": names,
        "date_of_birth": st.dates(date(2004, 1, 1), ON).map(str),
        "sex": st.sampled_from("FM"),
        "school_number": st.sampled_from(["6994001", "6994002"]),
        "language": st.sampled_from(["en", "cy"]),
        "provision": st.sampled_from(["idp_la", "no_aln"]),
        "needs": st.lists(st.sampled_from(["ASD", "HI", "VI"]), unique=True).map(";".join),
    }
)


@settings(deadline=None)
@given(st.lists(rows, max_size=6, unique_by=lambda row: row["upn"]), st.sampled_from(["NFC", "NFD"]))
def test_a_pupil_written_is_a_pupil_read(written: list[dict[str, str]], form: Any) -> None:
    found = read_pupils(unicodedata.normalize(form, sheet(written).decode()).encode(), known, ON)
    assert [p for p in found.problems if p.severity == "error"] == []
    assert [
        {
            "upn": row.upn,
            "surname": row.surname,
            "forename": row.forename,
            "date_of_birth": row.date_of_birth.isoformat(),
            "sex": row.sex,
            "school_number": row.school_number,
            "language": row.language,
            "provision": row.provision,
            "needs": ";".join(row.needs),
        }
        for row in found.rows
    ] == [
        row
        | {key: " ".join(unicodedata.normalize("NFC", row[key]).split()) for key in ("surname", "forename")}
        for row in written
    ]


anything = st.text(max_size=20) | st.sampled_from(
    [upn(1), "ASD", "2012-03-04", "6994001", "yes", "=1", "1/1/11"]
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS[:30]), anything), max_size=4))
def test_no_text_in_any_cell_crashes_it(written: list[dict[str, str]]) -> None:
    header = list(FIELDS[:30])
    try:
        data = sheet(written, header)
    except UnicodeEncodeError:
        return
    try:
        found = read_pupils(data, known, ON)
    except Refusal as refusal:
        assert refusal.code in (
            "not_a_spreadsheet",
            "csv_malformed",
            "header_rows_disagree",
            "dates_month_first",
        )
        return
    assert {row.row for row in found.rows}.isdisjoint(found.refused)
    assert found.read == len(found.rows) + len(found.refused)
