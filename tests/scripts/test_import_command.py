"""`cydlynu import`: files in, a word about every row, an exit status; nothing of anybody on the terminal."""

from __future__ import annotations

import csv
import json
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest

from coordination.desk.accounts import account_for_sign_in
from coordination.desk.passwords import Passwords
from coordination.service import Coordination
from coordination.store.migrate import as_role
from tests.intake.recorded import case, history, registered_name
from tests.intake.samples import FILES, pupil, sheet, upn, workbook
from tests.scripts.conftest import Cydlynu, one, start

DIRECTORY = FILES / "directory.json"
HISTORY = (
    ("R1", upn(1), "received", "2025-01-15", "", "camhs-7A1"),
    ("R1", upn(1), "first_contact", "2025-02-20", "Seen with her aunt.", "camhs-7A1"),
)


@pytest.fixture
def county(cydlynu: Cydlynu) -> Cydlynu:
    assert cydlynu("import", "directory", DIRECTORY).status == 0
    return cydlynu


def events(cydlynu: Cydlynu) -> int:
    found: int = one(cydlynu.database, "select count(*) from log.event")
    return found


def report(cydlynu: Cydlynu, *arguments: object) -> tuple[int, Any]:
    into = cydlynu.data / "report.json"
    said = cydlynu("import", *arguments, "--report", into)
    return said.status, json.loads(into.read_text())


class TestDirectory:
    def test_a_preview_then_the_real_thing_then_nothing_new(self, cydlynu: Cydlynu) -> None:
        preview = cydlynu("import", "directory", DIRECTORY, "--preview")
        assert preview.status == 0
        assert preview.out.splitlines()[-1].startswith("Preview, nothing was recorded. directory: ")
        assert events(cydlynu) == 0
        taken = cydlynu("import", "directory", DIRECTORY)
        assert taken.out.splitlines()[:-1] == preview.out.splitlines()[:-1]
        assert ["schools[1]", "new"] in taken.lines
        assert events(cydlynu) > 200
        again = cydlynu("import", "directory", DIRECTORY, "--quiet")
        assert (again.status, again.out) == (0, "directory: 17 read; 17 already recorded.\n")

    def test_a_part_that_is_wrong_is_status_2(self, cydlynu: Cydlynu) -> None:
        file = json.loads(DIRECTORY.read_text())
        file["schools"][0]["phase"] = "castle"
        said = cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(file)))
        assert said.status == 2
        assert [
            "schools[0]",
            "refused",
            "schools[0].phase",
            "unknown_code",
            "Choose a code from the list.",
        ] in said.lines

    def test_a_file_that_is_no_json_is_status_1(self, cydlynu: Cydlynu) -> None:
        said = cydlynu("import", "directory", cydlynu.file("d.json", "{\n,"))
        assert (said.status, said.out) == (1, "")
        assert said.err == "json_malformed: The file is not valid JSON: see line 2.\n"
        assert events(cydlynu) == 0


class TestPupils:
    @pytest.mark.parametrize(
        "name", ["pupils_utf8.csv", "pupils_utf8_bom.csv", "pupils_utf16_tabs.txt", "pupils.xlsx"]
    )
    def test_every_way_of_writing_the_same_pupils(
        self, county: Cydlynu, record: Coordination, name: str
    ) -> None:
        said = county("import", "pupils", FILES / name)
        assert said.status in (0, 2)
        assert registered_name(record, upn(1)) == ("Prydderch", "Siŵan")
        assert "Siŵan" not in said.out
        assert upn(1) not in said.out

    def test_bad_rows_are_told_one_by_one_and_the_rest_is_taken(self, county: Cydlynu) -> None:
        status, told = report(county, "pupils", FILES / "pupils_bad_rows.csv")
        assert status == told["status"] == 2
        assert told["counts"] == {"new": 1, "refused": 6}
        by_row = {row["row"]: [p["code"] for p in row["problems"]] for row in told["rows"]}
        assert by_row[2] == ["upn_check_letter"]
        assert by_row[3] == ["formula_in_name"]
        assert by_row[6] == []
        assert by_row[7] == ["duplicate_in_file"]
        assert all(p["sentence"] for row in told["rows"] for p in row["problems"])

    def test_a_file_of_a_school_s_system_on_behalf_of_the_school(
        self, county: Cydlynu, record: Coordination
    ) -> None:
        rows = [["UPN", "Legal Surname", "Legal Forename", "DOB", "Gender", "NC Year", "SEN Status"]]
        rows.append([upn(1), "Prydderch", "Siŵan", "04/03/2012", "Female", "Year 9", "IDP"])
        lines = ["Ysgol Glan y Ffin", "", *(",".join(row) for row in rows)]
        path = county.file("export.csv", "\n".join(lines))
        status, told = report(county, "pupils", path, "--school", "6994001")
        assert (status, told["rows"][0]["outcome"], told["rows"][0]["row"]) == (0, "taken", 4)
        assert registered_name(record, upn(1)) == ("Prydderch", "Siŵan")

    def test_an_ambiguous_file_is_refused_until_a_mapping_is_given(self, county: Cydlynu) -> None:
        lines = [
            "UPN,Surname,Forename,DOB,SEN,ALN",
            f"{upn(1)},Prydderch,Non,04/03/2012,Statement,School IDP",
        ]
        path = county.file("export.csv", "\n".join(lines))
        said = county("import", "pupils", path, "--school", "6994001")
        assert said.status == 1 and "ALN, SEN" in said.err and "mapping" in said.err
        columns = {"upn": "upn", "surname": "surname", "forename": "forename", "dob": "date_of_birth"}
        mapping = county.file(
            "m.json", json.dumps({"name": "ours", "columns": columns | {"aln": "provision"}})
        )
        assert county("import", "pupils", path, "--school", "6994001", "--mapping", mapping).status == 0
        unknown = county("import", "pupils", path, "--mapping", "Nothing")
        assert unknown.status == 1 and "Arbor, Bromcom, SIMS, Teacher Centre" in unknown.err

    def test_several_files_one_after_another(self, county: Cydlynu) -> None:
        good, other = (county.file(f"{n}.csv", sheet([pupil(upn=upn(n))])) for n in (1, 2))
        bad = county.file("bad.csv", "nothing,here\n")
        said = county("import", "pupils", good, other, "--school", "6994001")
        assert said.status == 0 and said.out.count("1 new") == 2
        assert county("import", "pupils", good, bad, "--school", "6994001").status == 2

    def test_a_transfer_file_by_its_content(self, county: Cydlynu, record: Coordination) -> None:
        path = county.file("export.dat", (FILES / "ctf_21_wales.xml").read_bytes())
        status, told = report(county, "pupils", path, "--preview")
        assert (status, told["preview"]) == (2, True)
        status, taken = report(county, "pupils", path)
        assert status == 2
        assert taken["counts"] == told["counts"] == {"new": 2, "refused": 1}
        assert [row["problems"][-1]["code"] for row in taken["rows"] if row["outcome"] == "refused"] == [
            "upn_check_letter"
        ]

    def test_at_its_destination_their_files_are_asked_for(
        self, county: Cydlynu, record: Coordination
    ) -> None:
        transfer = (FILES / "ctf_21_wales.xml").read_text()
        county("import", "pupils", FILES / "ctf_21_wales.xml")
        there = transfer.replace("<DestSchool>", "<DestSchool><LEA>699</LEA><Estab>2002</Estab>", 1)
        path = county.file("to.xml", there)
        assert report(county, "pupils", path, "--for", "destination")[1]["counts"] == {
            "asked": 2,
            "refused": 1,
        }
        assert report(county, "pupils", path, "--for", "destination")[1]["counts"] == {
            "asked": 2,
            "refused": 1,
        }

    def test_on_behalf_of_one_school(self, county: Cydlynu, record: Coordination) -> None:
        other = pupil(upn=upn(2, school="6992002"), forename="Mali")
        rows = [pupil(), other, pupil(upn=upn(3), school_number="6992002")]
        path = county.file("pupils.csv", sheet(rows))
        status, told = report(county, "pupils", path, "--school", "699/4001")
        assert status == 2
        outcomes = [(row["outcome"], row["did"]) for row in told["rows"]]
        assert outcomes == [("taken", "new"), ("asked", "asked"), ("refused", "refused")]
        assert told["rows"][2]["problems"][0]["code"] == "not_your_school"
        assert county("import", "pupils", path, "--school", "6999999").status == 1

    def test_what_was_asked_for_and_was_nobodys_is_registered_by_the_command_itself(
        self, county: Cydlynu, record: Coordination
    ) -> None:
        number = upn(2, school="6992002")
        path = county.file("pupils.csv", sheet([pupil(upn=number)]))
        assert report(county, "pupils", path, "--preview")[1]["counts"] == {"asked": 1}
        assert record.record.pupils_by_upn([number]) == {}
        assert report(county, "pupils", path)[1]["counts"] == {"asked": 1}
        assert report(county, "pupils", path)[1]["counts"] == {"unchanged": 1}

    def test_a_zip_bomb(self, county: Cydlynu) -> None:
        bomb = BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<a/>")
            archive.writestr("xl/workbook.xml", "<a/>")
            archive.writestr("xl/worksheets/sheet1.xml", b" " * 2**28)
        before = events(county)
        said = county("import", "pupils", county.file("b.xlsx", bomb.getvalue()))
        assert (said.status, said.err.partition(":")[0]) == (1, "zip_bomb")
        assert events(county) == before

    @pytest.mark.parametrize(
        "name", ["ctf_external_entity.xml", "ctf_external_dtd.xml", "ctf_billion_laughs.xml"]
    )
    def test_entities(self, county: Cydlynu, name: str) -> None:
        said = county("import", "pupils", FILES / name)
        assert (said.status, said.out) == (1, "")
        assert said.err.startswith("xml_entities: ")

    def test_a_workbook_with_a_formula_as_a_name(self, county: Cydlynu) -> None:
        row = pupil(forename='=HYPERLINK("http://example.org")')
        book = county.file("p.xlsx", workbook([list(row), list(row.values())]))
        status, told = report(county, "pupils", book)
        assert status == 1
        assert told["rows"][0]["problems"][0]["code"] == "formula_in_name"

    def test_no_rows(self, county: Cydlynu) -> None:
        said = county("import", "pupils", county.file("p.csv", sheet([])))
        assert (said.status, said.err) == (1, "no_rows: The file has no rows.\n")

    def test_before_any_directory(self, cydlynu: Cydlynu) -> None:
        status, told = report(cydlynu, "pupils", FILES / "pupils_utf8.csv")
        assert (status, told["status"], told["problems"][0]["code"]) == (1, 1, "no_directory")


class TestReferrals:
    def test_in_and_again(self, county: Cydlynu, record: Coordination) -> None:
        county("import", "pupils", county.file("p.csv", sheet([pupil(upn=upn(1))])))
        path = county.file("r.csv", history(HISTORY))
        assert report(county, "referrals", path, "--preview")[1]["counts"] == {"new": 2}
        assert report(county, "referrals", path)[1]["counts"] == {"new": 2}
        said = county("import", "referrals", path)
        assert said.lines[:2] == [["row 2", "unchanged"], ["row 3", "unchanged"]]
        (held,) = case(record, upn(1)).referrals.values()
        assert [(s.name, s.word) for s in held.steps] == [
            ("received", "reported"),
            ("first_contact", "reported"),
        ]

    def test_an_agencys_own_word(self, county: Cydlynu, record: Coordination) -> None:
        county("import", "pupils", county.file("p.csv", sheet([pupil(upn=upn(1))])))
        path = county.file("r.csv", history(HISTORY))
        assert county("import", "referrals", path, "--word-of", "7A1").status == 0
        (held,) = case(record, upn(1)).referrals.values()
        assert {s.word for s in held.steps} == {"own"}
        said = county("import", "referrals", path, "--word-of", "7A9")
        assert (said.status, said.err.partition(":")[0]) == (1, "unknown_agency")

    def test_the_two_steps_of_an_impossible_order_are_named(self, county: Cydlynu) -> None:
        county("import", "pupils", county.file("p.csv", sheet([pupil(upn=upn(1))])))
        rows = (HISTORY[0], ("R1", upn(1), "treatment_started", "2025-01-10", "", "camhs-7A1"))
        said = county("import", "referrals", county.file("r.csv", history(rows)))
        assert said.status == 1
        assert [
            "row 2",
            "refused",
            "occurred_on",
            "impossible_order",
            "Received on 15 January 2025 conflicts with Treatment started on 10 January 2025. Check the dates.",
        ] in said.lines


class TestTheCommandItself:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("import",),
            ("import", "wizards", "x"),
            ("import", "pupils", "no-such-file.csv"),
            ("import", "pupils", "--no-such-option"),
            ("no-such-command",),
        ],
    )
    def test_a_wrong_call_is_nothing_done(self, cydlynu: Cydlynu, arguments: tuple[str, ...]) -> None:
        said = cydlynu(*arguments)
        assert said.status == 1
        assert "Traceback" not in said.err

    def test_a_report_that_cannot_be_written_is_said_first(self, cydlynu: Cydlynu) -> None:
        said = cydlynu("import", "directory", DIRECTORY, "--report", "/no/such/folder/report.json")
        assert (said.status, said.err) == (1, "The report cannot be written: No such file or directory.\n")
        assert one(cydlynu.database, "select count(*) from log.event") == 0

    def test_what_should_not_happen_is_told_without_a_word_of_anybody(
        self, county: Cydlynu, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ValueError("Siŵan Prydderch")

        monkeypatch.setattr("scripts.cli.files.record_pupils", broken)
        said = county("import", "pupils", FILES / "pupils_utf8.csv")
        assert said.status == 1
        assert said.err.startswith("Unexpected error: ValueError at test_import_command.py:")
        assert "Siŵan" not in said.err + said.out

    def test_a_file_on_standard_input(self, county: Cydlynu, record: Coordination) -> None:
        command = ["scripts.cli.main", "import", "pupils", "-"]
        process = start(command, county.database, county.data, stdin=subprocess.PIPE)
        out, err = process.communicate(sheet([pupil(upn=upn(1))]).decode(), timeout=60)
        assert (process.returncode, err) == (0, "")
        assert out == "row 2  new\npupils: 1 read; 1 new.\n"
        assert registered_name(record, upn(1))[0] == "Prydderch"


def test_first_passwords_of_the_people_of_a_directory_file(cydlynu: Cydlynu, tmp_path: Path) -> None:
    """An account for each person with a username; the file is new, its owner's only, and never written over."""
    into = tmp_path / "first.csv"
    said = cydlynu("import", "directory", FILES / "directory.json", "--first-passwords", into)
    assert (said.status, said.err) == (0, "")
    lines = list(csv.DictReader(into.open(encoding="utf-8")))
    assert [(line["username"], line["role"], line["organisation"]) for line in lines] == [
        ("gwen.enghraifft", "alnco", "6994001")
    ]
    assert into.stat().st_mode & 0o077 == 0
    assert lines[0]["password"] not in said.out
    with psycopg.connect(as_role(cydlynu.database, "cydlynu_append")) as desk:
        found = account_for_sign_in(desk, "gwen.enghraifft")
    assert found is not None
    assert (found[0].language, Passwords().verify(found[1], lines[0]["password"])) == ("cy", True)
    before = into.read_text(encoding="utf-8")
    again = cydlynu("import", "directory", FILES / "directory.json", "--first-passwords", into)
    assert again.status == 1
    assert into.read_text(encoding="utf-8") == before
    other = tmp_path / "second.csv"
    assert cydlynu("import", "directory", FILES / "directory.json", "--first-passwords", other).status == 0
    assert list(csv.DictReader(other.open(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("destination", "school", "outcome"),
    [
        ("<LEA>699</LEA><Estab>2002</Estab>", "6994001", "new"),  # the school that sent it
        ("<LEA>699</LEA><Estab>2002</Estab>", "6992002", "asked"),  # the school that it was sent to
        (
            "<LEA>XXX</LEA><Estab>XXXX</Estab>",
            "6992002",
            "asked",
        ),  # sent to nobody: whoever has the child asks
    ],
)
def test_a_transfer_file_is_taken_for_the_end_at_which_the_school_is(
    county: Cydlynu, destination: str, school: str, outcome: str
) -> None:
    text = (FILES / "ctf_21_wales.xml").read_text()
    text = text.replace("<LEA>699</LEA><Estab>4002</Estab>", destination)
    _, said = report(county, "pupils", county.file("transfer.xml", text), "--school", school)
    assert said["counts"] == {outcome: 2, "refused": 1}  # one number of the file is wrong
