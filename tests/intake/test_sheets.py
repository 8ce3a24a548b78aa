from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.intake.limits import FileLimits
from coordination.intake.sheets import SheetColumns, read_sheet
from tests.intake.samples import FILES, workbook

PAIR = SheetColumns(required=("name", "date_of_birth"), optional=("note",), aliases={"dob": "date_of_birth"})
SHEET = "xl/worksheets/sheet1.xml"


def cells(data: bytes, **options: object) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, row.cells) for row in read_sheet(data, PAIR, **options).rows]  # type: ignore[arg-type]


def refused(data: bytes, **options: object) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as caught:
        read_sheet(data, PAIR, **options)  # type: ignore[arg-type]
    return caught.value.code, caught.value.facts


# CSV


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Name,DOB\nŴyn,2012-03-04\n", "utf-8"),
        ("\ufeffName,DOB\nŴyn,2012-03-04\n", "utf-8"),
        ("Name\tDate of birth\r\nŴyn\t2012-03-04\r\n", "utf-16"),
        (" NAME ;date-of-birth\nŴyn;2012-03-04\n", "utf-8"),
        ("sep=;\r\nname;dob\r\nŴyn;2012-03-04\r\n", "utf-8"),
    ],
)
def test_encodings_delimiters_and_headers(text: str, encoding: str) -> None:
    rows = cells(text.encode(encoding))
    assert [row for _, row in rows] == [{"name": "Ŵyn", "date_of_birth": "2012-03-04"}]


def test_windows_1252_is_read_and_said() -> None:
    sheet = read_sheet("name,dob\nZoë,2012-03-04\n".encode("cp1252"), PAIR)
    assert sheet.rows[0].cells["name"] == "Zoë"
    assert sheet.encoding == "windows-1252"
    assert [p.code for p in sheet.problems()] == ["encoding_lacks_welsh_letters"]


def test_the_caller_may_know_the_encoding() -> None:
    data = "name,dob\nŴyn ap Llŷr,2012-03-04\n".encode("iso8859_14")
    assert cells(data, encoding="iso-8859-14")[0][1]["name"] == "Ŵyn ap Llŷr"
    assert cells(data)[0][1]["name"] == "Ðyn ap Llþr"


def test_row_numbers_are_those_that_a_spreadsheet_shows() -> None:
    data = b'\n,\nname,dob,note\nA,1,"two\nlines"\n\n,,\nB,2\n'
    assert cells(data) == [
        (4, {"name": "A", "date_of_birth": "1", "note": "two\nlines"}),
        (7, {"name": "B", "date_of_birth": "2", "note": ""}),
    ]
    assert cells(b"sep=,\nname,dob\nA,1\n")[0][0] == 3


def test_a_comma_that_was_not_quoted_shows() -> None:
    sheet = read_sheet(b"name,dob\nJones, Ann,2012-03-04\nB,2,\n", PAIR)
    assert [(p.row, p.code, p.facts) for p in sheet.problems()] == [(2, "too_many_cells", {"surplus": 1})]


def test_unknown_columns_are_passed_over_and_said() -> None:
    sheet = read_sheet(b"name,shoe size,dob,\nA,4,2012-03-04,\n", PAIR)
    assert [(p.code, p.severity, p.facts) for p in sheet.problems()] == [
        ("column_ignored", "warning", {"header": "shoe size"})
    ]


@pytest.mark.parametrize(
    ("data", "code", "facts"),
    [
        (b"", "file_empty", {}),
        (b"\xef\xbb\xbf\r\n \n", "file_empty", {}),
        (b",,\n;\n", "header_missing", {"columns": ["name", "date_of_birth"]}),
        (b"name,born\nA,1\n", "header_missing", {"columns": ["date_of_birth"]}),
        (b"name,dob,date of birth\nA,1,2\n", "duplicate_column", {"column": "date_of_birth"}),
        (b'name,dob\nA,"1\nB,2\n', "csv_malformed", {"line": 3}),
        (b'name,dob\n"A"x,1\n', "csv_malformed", {"line": 2}),
        (b"name,dob\na\x81\xb0b,1\n", "encoding_unknown", {}),
        (b"\xff\xfen\x00a", "header_missing", {"columns": ["name", "date_of_birth"]}),
        (b"\xff\xfen\x00a\x00m", "encoding_unknown", {}),
        (b"n\x00a\x00m\x00e\x00", "header_missing", {"columns": ["date_of_birth"]}),
        (b"n\x00a\x00m\x00\x01\x00", "not_a_spreadsheet", {}),
        (b"%PDF-1.7\n\x01\x02", "not_a_spreadsheet", {}),
        (b"PK\x03\x04 and nothing else", "not_a_spreadsheet", {}),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook", "spreadsheet_old_format", {}),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "spreadsheet_encrypted",
            {},
        ),
    ],
)
def test_files_that_cannot_be_read(data: bytes, code: str, facts: dict[str, object]) -> None:
    if data == b"\xff\xfen\x00a":
        data += b"\x00"
    assert refused(data) == (code, facts)


def test_size_is_capped() -> None:
    data = b"name,dob\n" + b"A,1\n" * 5
    assert refused(data, limits=FileLimits(file_bytes=20)) == ("file_too_large", {"limit": 20})
    assert refused(data, limits=FileLimits(rows=4)) == ("too_many_rows", {"limit": 4})
    assert refused(data, limits=FileLimits(columns=1)) == ("too_many_columns", {"limit": 1})
    assert refused(b"name,dob\n" + b"x" * 200_000 + b",1\n")[0] == "csv_malformed"


texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t,;\"'"), max_size=30)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), max_size=8), st.sampled_from(",;\t"), st.booleans())
def test_what_is_written_is_read(rows: list[tuple[str, str]], delimiter: str, mark: bool) -> None:
    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["name", "dob"])
    writer.writerows(rows)
    found = cells(out.getvalue().encode("utf-8-sig" if mark else "utf-8"))
    kept = [(n, row) for n, row in enumerate(rows, 2) if any(cell.strip() for cell in row)]
    assert found == [(n, {"name": name, "date_of_birth": dob}) for n, (name, dob) in kept]


@settings(deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: b"name,dob\n" + tail))
def test_no_bytes_crash_it(data: bytes) -> None:
    try:
        read_sheet(data, PAIR)
    except Refusal as refusal:
        assert refusal.code.islower()


# XLSX


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """The same workbook with its parts changed (None: left out) and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in more.items():
            new.writestr(name, part)
    return out.getvalue()


def replaced(where: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, part: bytes) -> bytes:
        if name != where:
            return part
        assert old in part
        return part.replace(old, new)

    return change


BOOK = workbook([["Name", "DOB", "Note"], ["Ŵyn", date(2012, 3, 4), 6702012], ["B", "04/03/2012", 1.5]])


def test_a_workbook_gives_texts() -> None:
    assert cells(BOOK) == [
        (2, {"name": "Ŵyn", "date_of_birth": "2012-03-04", "note": "6702012"}),
        (3, {"name": "B", "date_of_birth": "04/03/2012", "note": "1.5"}),
    ]


def test_a_workbook_whose_table_does_not_begin_in_its_corner() -> None:
    data = workbook([[], [], ["", "name", "dob"], [], ["", True, datetime(2012, 3, 4, 9, 30)]])  # noqa: DTZ001
    assert cells(data) == [(5, {"name": "true", "date_of_birth": "2012-03-04T09:30:00"})]
    assert read_sheet(data, PAIR).encoding == "xlsx"


def test_a_zip_bomb_is_not_opened() -> None:
    bomb = repacked(BOOK, lambda _, part: part, **{"xl/worksheets/sheet9.xml": b" " * 40_000_000})
    assert len(bomb) < 100_000
    assert refused(bomb) == ("zip_bomb", {"reason": "ratio", "limit": 250})
    assert refused(bomb, limits=FileLimits(ratio=2_000, unzipped_bytes=2**20))[1]["reason"] == "total"
    many = repacked(BOOK, lambda _, part: part, **{f"x{n}.xml": b"" for n in range(1_000)})
    assert refused(many) == ("zip_bomb", {"reason": "entries", "limit": 1_000})


def test_a_part_that_lies_about_its_size_unfolds_no_further() -> None:
    """30 MB that declare 1,000 bytes: no more than those are held at once, whatever the checksum says."""
    content = b"<a>" + b" " * 30_000_000
    honest = repacked(BOOK, lambda n, part: content if n == SHEET else part)
    lie = honest.replace(struct.pack("<L", len(content)), struct.pack("<L", 1_000))
    checksum = struct.pack("<L", zlib.crc32(content)), struct.pack("<L", zlib.crc32(content[:1_000]))
    assert lie != honest and checksum[0] in lie
    tracemalloc.start()
    try:
        assert refused(lie)[0] == "not_a_spreadsheet"
        assert refused(lie.replace(*checksum))[0] in ("file_empty", "spreadsheet_unreadable")
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("change", "more", "code"),
    [
        (None, {"xl/vbaProject.bin": b"x"}, "spreadsheet_has_macros"),
        (None, {"xl/macrosheets/sheet1.xml": b"x"}, "spreadsheet_has_macros"),
        (
            replaced("[Content_Types].xml", b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main"),
            {},
            "spreadsheet_has_macros",
        ),
        (None, {"xl/embeddings/oleObject1.bin": b"x"}, "spreadsheet_has_embedded_files"),
        (None, {"inner.zip": BOOK}, "spreadsheet_has_embedded_files"),
        (None, {"xl/../../x.xml": b"x"}, "not_a_spreadsheet"),
        (None, {"XL/Workbook.xml": b"x"}, "not_a_spreadsheet"),
        (
            replaced(SHEET, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
            {},
            "xml_entities",
        ),
        (replaced(SHEET, b"<sheetData>", b"<sheetData>\0"), {}, "not_a_spreadsheet"),
        (lambda name, part: None if name == "xl/workbook.xml" else part, {}, "not_a_spreadsheet"),
        (lambda name, part: None if name == SHEET else part, {}, "spreadsheet_unreadable"),
        (replaced(SHEET, b"</sheetData>", b"</sheet"), {}, "spreadsheet_unreadable"),
    ],
)
def test_tricks_of_workbooks(
    change: Callable[[str, bytes], bytes | None] | None, more: dict[str, bytes], code: str
) -> None:
    assert refused(repacked(BOOK, change or (lambda _, part: part), **more))[0] == code


def test_a_workbook_with_a_password_on_its_parts() -> None:
    data = bytearray(BOOK)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 4)
    assert refused(bytes(data))[0] == "spreadsheet_encrypted"


def test_a_workbook_that_would_end_the_process_is_refused() -> None:
    """The library asks for memory by what the file claims, and aborts: it runs in a process of its own."""
    claims = repacked(BOOK, lambda name, part: part.replace(b'uniqueCount="', b'uniqueCount="99999999'))
    assert refused(claims)[0] == "spreadsheet_unreadable"
    far = repacked(BOOK, replaced(SHEET, b'r="B3"', b'r="XFD1048576"'))
    assert refused(far)[0] in ("spreadsheet_unreadable", "too_many_rows")


def test_a_workbook_s_size_is_capped() -> None:
    assert refused(BOOK, limits=FileLimits(rows=1)) == ("too_many_rows", {"limit": 1})
    assert len(cells(BOOK, limits=FileLimits(rows=2))) == 2
    assert refused(BOOK, limits=FileLimits(columns=2)) == ("too_many_columns", {"limit": 2})


def test_an_empty_workbook() -> None:
    assert refused(workbook([]))[0] == "file_empty"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_no_damaged_workbook_crashes_it(damage: list[tuple[int, int]]) -> None:
    data = bytearray(BOOK)
    for place, value in damage:
        data[place] = value
    try:
        read_sheet(bytes(data), PAIR)
    except Refusal as refusal:
        assert refusal.code.islower()


def test_the_example_workbook_is_the_example_sheet() -> None:
    from coordination.intake.pupil_sheets import read_pupils
    from tests.intake.samples import ON, known

    sheet = read_pupils((FILES / "pupils_utf8.csv").read_bytes(), known, ON)
    book = read_pupils((FILES / "pupils.xlsx").read_bytes(), known, ON)
    assert (book.rows, book.problems, book.names) == (sheet.rows, sheet.problems, sheet.names)
