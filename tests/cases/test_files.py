"""Files that schools sent and that could not be read, or were read wrongly. Each test has the name of its file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from coordination.directory.codes import initial
from coordination.intake.ctf import read_ctf
from coordination.intake.problems import Standing
from coordination.intake.pupil_sheets import PupilDefaults, read_pupils
from coordination.intake.pupils import ParsedPupilFile

FILES = Path(__file__).with_name("pupils")
ON = date(2026, 11, 30)
SCHOOL = "6992001"
TABLES = {(content.table, content.code): content for content in initial()}


def known(table: str, code: str, on: date) -> Standing:
    """The first code tables."""
    found = TABLES.get((table, code))
    if found is None:
        return "unknown"
    return "ended" if found.effective_to and found.effective_to < on else "current"


def read(name: str) -> ParsedPupilFile:
    """A file on behalf of the school of the cases."""
    return read_pupils((FILES / name).read_bytes(), known, ON, defaults=PupilDefaults(SCHOOL))


def errors(file: ParsedPupilFile) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in file.problems if problem.severity == "error"]


def test_01_mis_report() -> None:
    found = read("01_mis_report.csv")
    assert [
        (r.row, r.surname, r.forename, r.date_of_birth, r.sex, r.year, r.provision) for r in found.rows
    ] == [
        (5, "Tester", "Awen", date(2016, 5, 4), "F", 5, "idp_school"),
        (6, "Tester", "Bryn", date(2016, 6, 5), "M", 5, None),
    ]
    assert {row.school_number for row in found.rows} == {SCHOOL}
    assert not errors(found)
    assert not any(row.needs_told for row in found.rows), "a file without needs says nothing of them"


def test_01c_sex_words() -> None:
    assert [row.sex for row in read("01c_sex_words.csv").rows] == ["F", "U", "U", "M", "U"]


def test_02_names() -> None:
    found = read("02_names.csv")
    assert (found.rows[2].surname, found.rows[2].forename) == ("", "Madhavi")
    assert [row.surname for row in found.rows][:2] == ["O’Brien", "O'Brien"]
    assert found.rows[9].surname == "'t Hooft"
    assert errors(found) == [(10, "too_long"), (12, "formula_in_name")]


def test_03_mac_roman() -> None:
    found = read("03_mac_roman.csv")
    assert [(row.surname, row.forename) for row in found.rows] == [("Siân", "Môn")]
    assert [(p.row, p.code, p.facts) for p in found.problems] == [
        (0, "encoding_recognised", {"encoding": "mac-roman"}),
        (2, "name_letters_doubtful", {"sign": "code_page"}),
    ]


def test_03_utf16_nobom() -> None:
    found = read("03_utf16_nobom.csv")
    assert [(row.surname, row.forename) for row in found.rows] == [("Llŷr", "Siŵan")]
    assert not found.problems


def test_04_upn() -> None:
    found = read("04_upn.csv")
    assert [(row.row, row.upn, row.forename) for row in found.rows] == [
        (2, "N699200120524", "Quote"),
        (3, "C699200120525", "Lower"),
        (4, "R699200120526", "Nbsp"),
        (7, "V699200120528", "Eqtext"),
    ]
    assert errors(found) == [(5, "upn_scientific"), (6, "upn_length")]


def test_06_title_rows() -> None:
    found = read("06_title_rows.xlsx")
    assert [(row.row, row.surname, row.date_of_birth, row.year) for row in found.rows] == [
        (5, "Xls", date(2016, 5, 4), 4)
    ]
    assert not found.problems


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig", "cp1252"])
def test_07_ctf_utf16(encoding: str) -> None:
    text = (FILES / "07_ctf_utf16.xml").read_bytes().decode("utf-16")
    if encoding == "cp1252":
        text = text.replace("Llŷr", "Llyr").replace("Siŵan", "Siân")
    found = read_ctf(text.encode(encoding), known, ON, "destination")
    (row,) = found.rows
    assert (row.surname, row.forename) == (("Llyr", "Siân") if encoding == "cp1252" else ("Llŷr", "Siŵan"))
    assert [p.code for p in found.problems if p.row == 0] == (
        ["encoding_recognised"] if encoding == "cp1252" else []
    )


def test_07_ctf_foster() -> None:
    (row,) = read_ctf((FILES / "07_ctf_foster.xml").read_bytes(), known, ON, "destination").rows
    assert (row.looked_after, row.care_authority) == (True, "666")
    assert [(c.name, c.relationship, c.parental_responsibility) for c in row.contacts] == [
        ("Nia Gofal", "foster_carer", False),
        ("Huw Cymdeithas", "social_worker", True),
    ]
