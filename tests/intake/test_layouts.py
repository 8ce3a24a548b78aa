"""Files of schools' systems in all layouts: the same pupils come out; what is ambiguous is refused with its reason."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.intake.column_mapping import ColumnMapping, mapping_json, parse_mapping
from coordination.intake.pupil_columns import field_of_header
from coordination.intake.pupil_sheets import PupilDefaults, read_pupils
from coordination.intake.pupils import ImportedContact, ParsedPupilFile
from coordination.intake.starting_mappings import STARTING, mapping_named
from tests.intake.samples import ON, known, pupil, sheet, upn, workbook

SCHOOL = "6994001"
HEADERS = {
    "ours": ("upn", "surname", "forename", "date_of_birth", "sex", "year", "provision", "contact_name"),
    "english": (
        "Unique Pupil Number",
        "Legal Surname",
        "Legal Forename",
        "DOB",
        "Gender",
        "NC Year",
        "SEN Status",
        "Contact 1 Name",
    ),
    "welsh": (
        "Rhif unigryw disgybl",
        "Cyfenw",
        "Enw cyntaf",
        "Dyddiad geni",
        "Rhyw",
        "Blwyddyn",
        "Statws ADY",
        "Cyswllt 1 enw",
    ),
}
PUPILS = [
    [upn(1), "Prydderch", "Siân", "04/05/2014", "Female", "Year 7", "School IDP", "Gwen Prydderch"],
    [upn(2), "O’Brien", "Môn", "5 Mehefin 2013", "Gwryw", "Blwyddyn 8", "Dim ADY", "Huw Bowen"],
    [upn(3), "", "Madhavi", "2012-03-04", "", "9", "", ""],
]


def read(data: bytes, **options: Any) -> ParsedPupilFile:
    return read_pupils(data, known, ON, defaults=PupilDefaults(SCHOOL, "cy"), **options)


def lines(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def refusal(data: bytes, **options: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refusal) as caught:
        read(data, **options)
    return caught.value.code, caught.value.facts


def said(found: ParsedPupilFile) -> list[tuple[Any, ...]]:
    return [
        (
            r.upn,
            r.surname,
            r.forename,
            r.date_of_birth,
            r.sex,
            r.year,
            r.provision,
            [c.name for c in r.contacts],
        )
        for r in found.rows
    ]


EXPECTED = [
    (upn(1), "Prydderch", "Siân", date(2014, 5, 4), "F", 7, "idp_school", ["Gwen Prydderch"]),
    (upn(2), "O’Brien", "Môn", date(2013, 6, 5), "M", 8, "no_aln", ["Huw Bowen"]),
    (upn(3), "", "Madhavi", date(2012, 3, 4), "U", 9, None, []),
]


@settings(max_examples=60)
@given(
    language=st.sampled_from(sorted(HEADERS)),
    order=st.permutations(range(8)),
    titles=st.integers(0, 8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]
    ),
    footer=st.booleans(),
    repeated=st.booleans(),
)
def test_the_same_pupils_come_out_of_every_layout(
    language: str,
    order: list[int],
    titles: int,
    delimiter: str,
    encoding: str,
    footer: bool,
    repeated: bool,
) -> None:
    header = [HEADERS[language][at] for at in order]
    body = [[row[at] for at in order] for row in PUPILS]
    if repeated:
        body.insert(1, header)
    above = [[f"Report, line {number}", "", "run 27/11/2026"] for number in range(titles)]
    below = [["Total: 3"]] if footer else []
    data = lines([*above, header, *body, *below], delimiter).encode(encoding)
    found = read(data)
    assert said(found) == EXPECTED
    assert {row.school_number for row in found.rows} == {SCHOOL}
    assert {row.language for row in found.rows} == {"cy"}
    first = titles + 2
    assert [row.row for row in found.rows] == [first, first + 1 + repeated, first + 2 + repeated]
    assert not found.refused


def test_dos_letters_are_recognised() -> None:
    found = read(lines([list(HEADERS["ours"]), PUPILS[0]]).encode("cp850"))
    assert found.rows[0].forename == "Siân"
    assert found.problems[0].code == "encoding_recognised"


def test_a_group_of_headers_over_the_header() -> None:
    over = ["Pupil", "", "", "", "Contact 1", "", "Contact 2", ""]
    under = ["UPN", "Surname", "Forename", "DOB", "Surname", "Relationship", "Surname", "Telephone"]
    row = [upn(1), "Prydderch", "Non", "04/05/2014", "Bowen", "Mam", "Rhys", "01656 000000"]
    (found,) = read(lines([over, under, row]).encode()).rows
    assert (found.surname, found.contacts) == (
        "Prydderch",
        (
            ImportedContact("Bowen", "mother", None),
            ImportedContact("Rhys", None, None, "01656 000000"),
        ),
    )


def test_two_header_rows_that_agree_and_that_do_not() -> None:
    agree = [list(HEADERS["english"]), list(HEADERS["welsh"]), *PUPILS]
    assert said(read(lines(agree).encode())) == EXPECTED
    other = list(HEADERS["welsh"])
    other[1], other[2] = other[2], other[1]
    code, facts = refusal(lines([list(HEADERS["english"]), other, *PUPILS]).encode())
    assert code == "header_rows_disagree"
    assert facts["columns"] == ["Legal Surname / Enw cyntaf", "Legal Forename / Cyfenw"]


def test_two_columns_for_one_field_are_named() -> None:
    rows = [["UPN", "Surname", "Forename", "DOB", "SEN Status", "ALN Status"]]
    rows.append([upn(1), "Prydderch", "Non", "04/05/2014", "Statement", "School IDP"])
    code, facts = refusal(lines(rows).encode())
    assert (code, facts) == (
        "mapping_two_columns",
        {"column": "provision", "columns": ["SEN Status", "ALN Status"]},
    )
    keys = {"upn": "upn", "surname": "surname", "forename": "surname", "dob": "date_of_birth"}
    code, facts = refusal(lines(rows).encode(), mapping=ColumnMapping("wrong", keys))
    assert (code, facts["columns"]) == ("mapping_two_columns", ["Surname", "Forename"])
    right = keys | {"forename": "forename", "aln status": "provision", "sen status": ""}
    assert read(lines(rows).encode(), mapping=ColumnMapping("right", right)).rows[0].provision == "idp_school"


def test_a_column_of_numbers_is_that_of_the_upn_and_one_of_dates_is_a_doubt() -> None:
    rows = [["Ref", "Surname", "Forename", "When"], [upn(1), "Prydderch", "Non", "04/05/2014"]]
    assert refusal(lines(rows).encode()) == ("mapping_guessed", {"columns": ["When"]})
    rows[0][3] = "DOB"
    assert read(lines(rows).encode()).rows[0].upn == upn(1)


def test_months_first_are_not_read_as_days() -> None:
    rows = [["UPN", "Surname", "Forename", "DOB"]]
    rows += [
        [upn(n), "Prydderch", "Non", day]
        for n, day in ((1, "05/13/2014"), (2, "04/25/2014"), (3, "04/05/2014"))
    ]
    assert refusal(lines(rows).encode())[0] == "dates_month_first"
    keys = {"upn": "upn", "surname": "surname", "forename": "forename", "dob": "date_of_birth"}
    mapping = ColumnMapping("american", keys, date_order="month_first")
    assert [r.date_of_birth for r in read(lines(rows).encode(), mapping=mapping).rows] == [
        date(2014, 5, 13),
        date(2014, 4, 25),
        date(2014, 4, 5),
    ]


def test_a_row_for_each_contact_is_one_pupil_with_several() -> None:
    head = [
        "UPN",
        "Surname",
        "Forename",
        "DOB",
        "Priority",
        "Contact name",
        "Relationship",
        "Parental responsibility",
    ]
    own = [upn(1), "Prydderch", "Non", "04/05/2014"]
    rows = [head, [*own, "2", "Huw Bowen", "Tad", "Ie"], [*own, "1", "Gwen Bowen", "Mam", "Yes"]]
    found = read(lines(rows).encode())
    assert found.read == 1 and not found.refused
    assert [(c.name, c.relationship) for c in found.rows[0].contacts] == [
        ("Gwen Bowen", "mother"),
        ("Huw Bowen", "father"),
    ]


def test_a_workbook_s_numbers_for_dates_are_read_in_its_own_calendar() -> None:
    header = ["UPN", "Surname", "Forename", "DOB"]
    assert read(workbook([header, [upn(1), "Prydderch", "Non", 41763]])).rows[0].date_of_birth == date(
        2014, 5, 4
    )
    assert read(lines([header, [upn(1), "P", "N", "41763"]]).encode()).problems[0].code == "date_is_a_number"


def test_several_sheets_are_offered() -> None:
    rows = [["UPN", "Surname", "Forename", "DOB"], [upn(1), "Prydderch", "Non", "04/05/2014"]]
    book = workbook(rows, more={"Year 8": rows, "Notes": [["nothing"]]})
    assert refusal(book) == ("several_sheets", {"sheets": ["Sheet1", "Year 8"]})
    keys = {"upn": "upn", "surname": "surname", "forename": "forename", "dob": "date_of_birth"}
    assert len(read(book, mapping=ColumnMapping("year 8", keys, sheet="Year 8")).rows) == 1


def test_a_kept_mapping_reads_its_own_sheet() -> None:
    head = ["UPN", "Surname", "Forename", "DOB"]
    first, second = [[head, [upn(n), "Prydderch", "Non", "04/05/2014"]] for n in (1, 2)]
    keys = {"upn": "upn", "surname": "surname", "forename": "forename", "dob": "date_of_birth"}
    kept = ColumnMapping("second", keys, sheet="Second")
    found = read(workbook(first, more={"Second": second}), kept=[kept])
    assert [row.upn for row in found.rows] == [upn(2)]


def test_formulas_hidden_sheets_and_merged_cells() -> None:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    hidden, page = book.add_worksheet("Old"), book.add_worksheet("Pupils")
    hidden.write_row(0, 0, ["UPN", "Surname", "Forename", "DOB"])
    hidden.write_row(1, 0, [upn(9), "Hidden", "Non", "04/05/2014"])
    hidden.hide()
    page.activate()
    page.merge_range(0, 0, 0, 3, "All pupils")
    page.write_row(1, 0, ["UPN", "Surname", "Forename", "DOB"])
    page.write_formula(2, 0, "=Old!A1", None, upn(1))
    page.write(3, 0, upn(2))
    page.merge_range(2, 1, 3, 1, "Prydderch")
    page.write_column(2, 2, ["Non", "Gwyn"])
    page.write_column(2, 3, ["04/05/2014", "05/06/2013"])
    book.close()
    assert [(r.row, r.upn, r.surname, r.forename) for r in read(out.getvalue()).rows] == [
        (3, upn(1), "Prydderch", "Non"),
        (4, upn(2), "Prydderch", "Gwyn"),
    ]


def test_a_school_s_own_words_and_a_kept_mapping() -> None:
    rows = [
        ["UPN", "Surname", "Forename", "DOB", "Cefnogaeth"],
        [upn(1), "Prydderch", "Non", "04/05/2014", "Lefel 2"],
    ]
    keys = {
        "upn": "upn",
        "surname": "surname",
        "forename": "forename",
        "dob": "date_of_birth",
        "cefnogaeth": "provision",
    }
    plain = read(lines(rows).encode(), mapping=ColumnMapping("plain", keys))
    (problem,) = [p for p in plain.problems if p.severity == "error"]
    assert problem.code == "code_format" or problem.code == "unknown_code"
    assert "idp_school" in problem.facts["words"], "the words that are accepted are shown"
    own = ColumnMapping("own", keys, words={"provision": {"lefel 2": "idp_school"}})
    assert parse_mapping(mapping_json(own)) == own
    assert read(lines(rows).encode(), kept=[own]).rows[0].provision == "idp_school"


@pytest.mark.parametrize("mapping", STARTING, ids=lambda one: one.name)
def test_a_mapping_to_start_with_is_marked_and_names_known_fields(mapping: ColumnMapping) -> None:
    assert mapping.unverified_source
    assert all(field == "" or field_of_header(field) == field for field in mapping.columns.values())
    assert mapping_named(mapping.name.lower()) == mapping


def test_a_mapping_that_does_not_fit_says_which_columns_are_missing() -> None:
    rows = [["Number", "Family", "Born"], [upn(1), "Prydderch", "04/05/2014"]]
    code, facts = refusal(lines(rows).encode(), mapping=mapping_named("SIMS"))
    assert code == "mapping_does_not_fit" and "legal surname" in facts["columns"]


@pytest.mark.slow
def test_forty_thousand_pupils() -> None:
    rows = [pupil(upn=upn(n % 1000, year=f"{n // 1000:02d}"), forename=f"Non {n}") for n in range(40_000)]
    found = read(sheet(rows))
    assert (found.read, len(found.rows)) == (40_000, 40_000)
