"""The same figures on the page, in the CSV and in the workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from coordination.service import Coordination
from tests.webui.papers.reading import TaggedPdf
from tests.webui.referring import browser
from tests.webui.reports_county import SEEN, reports_site, row_of, rows_of
from tests.webui.service import RunningService
from webui.parts.workbook import MOST_ROWS, WorkbookWords, workbook
from webui.reports.column_words import COLUMNS, column_words
from webui.reports.pages.files import XLSX
from webui.words.languages import COOKIE

ASKED = "as_of=2025-11-01&known_at=2025-11-01"
FILES = (
    "/waiting-times{}",
    "/waiting-times{}?service=CAMHS",
    f"/waiting-times{{}}?service=CAMHS&by=school&{ASKED}",
    "/waiting-times/months{}?service=CAMHS",
    "/waiting-times/waits{}?service=CAMHS&which=ended_late",
    f"/waiting-times/waits{{}}?service=CAMHS&which=waiting&{ASKED}",
    "/attendance{}",
    "/attendance/months{}",
    f"/attendance{{}}?by=agency&{ASKED}",
)


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, Coordination]]:
    with reports_site(postgres, template, tmp_path_factory.mktemp("files")) as found:
        yield found


@pytest.fixture
def auditor(site: tuple[RunningService, Coordination]) -> FlaskClient:
    client = browser(site[0], "auditor")
    client.get("/language/en?to=/account")
    return client


def of_csv(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.mimetype == "text/csv", address
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


def of_xlsx(content: bytes) -> dict[str, list[list[Any]]]:
    """The sheets with their rows; python-calamine reads what another program wrote."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def figures(content: bytes) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows by the permanent names of their columns, and what they rest on."""
    sheet, rests_on, columns = of_xlsx(content).values()
    permanent = dict(columns[1:])
    names = [permanent[heading] for heading in sheet[0]] if sheet else []
    return [dict(zip(names, row, strict=True)) for row in sheet[1:]], {r[0]: r[1] for r in rests_on[1:]}


def as_text(value: Any) -> str:
    """A cell of the workbook as the CSV writes it."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def plain(value: str) -> str:
    return re.sub(r"\.0$", "", value)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("address", FILES)
def test_the_workbook_has_what_the_csv_has(auditor: FlaskClient, address: str, language: str) -> None:
    auditor.get(f"/language/{language}?to=/account")
    rows = of_csv(auditor, address.format(".csv"))
    answer = auditor.get(address.format(".xlsx"))
    assert answer.mimetype == XLSX
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    found, rests_on = figures(answer.data)
    assert rows
    for row, cells in zip(rows, found, strict=True):
        for name, value in cells.items():
            assert as_text(value) == plain(row[name]), name
        stamp = {name: value for name, value in row.items() if name not in cells}
        assert {"as_of", "known_at", "log_position", "parked"} <= stamp.keys()
        for name, value in stamp.items():
            if name != "known_at" or value:
                assert as_text(rests_on[column_words_in(auditor, name)]) == plain(value), name
    sheets = list(of_xlsx(answer.data))
    assert (
        sheets
        == {
            "en": ["Figures", "Basis of the figures", "Columns"],
            "cy": ["Ffigurau", "Sail y ffigurau", "Colofnau"],
        }[language]
    )
    said = " ".join(str(value) for value in rests_on.values())
    assert {"en": "Not hidden", "cy": "Heb eu cuddio"}[language] in said


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("address", FILES)
def test_the_pdf_is_tagged_and_titled(auditor: FlaskClient, address: str, language: str) -> None:
    auditor.get(f"/language/{language}?to=/account")
    answer = auditor.get(address.format(".pdf"))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    found = TaggedPdf(answer.data)
    assert (found.part, found.language) == ("1", f"{language}-GB")
    tags = found.tags()
    assert "Table" in tags and "H1" in tags, "the figures, then their basis"


def column_words_in(client: FlaskClient, name: str) -> str:
    """The heading in the language of this client."""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    with client.application.test_request_context(headers={"Cookie": f"{COOKIE}={cookie.value}"}):
        return column_words(name)


def test_page_csv_and_workbook_have_the_same_numbers(auditor: FlaskClient) -> None:
    """One question of each report, number for number as they are printed."""
    page = auditor.get(f"/waiting-times?service=CAMHS&by=school&{ASKED}").text
    [row] = of_csv(auditor, f"/waiting-times.csv?service=CAMHS&by=school&{ASKED}")
    [cells], rests_on = figures(auditor.get(f"/waiting-times.xlsx?service=CAMHS&by=school&{ASKED}").data)
    names = ("completed_count", "waiting_count", "waiting_over_standard", "waiting_longest_days")
    printed = row_of(page, "Ysgol y Bryn")
    assert [printed[0], *(re.match(r"\d+", printed[n])[0] for n in (4, 5, 7))] == [row[n] for n in names]  # type: ignore[index]
    assert [int(row[n]) for n in names] == [cells[n] for n in names] == [0, 2, 2, 271]
    assert rests_on["As known"] == row["known_at"] != ""
    assert rests_on["As of"] == date(2025, 11, 1)

    months = auditor.get("/waiting-times?service=CAMHS").text
    march = next(
        r for r in of_csv(auditor, "/waiting-times/months.csv?service=CAMHS") if r["month"] == "2025-03"
    )
    assert row_of(months, "March 2025") == ["0", "1", "0.0%", "41", "41", "0", "0", "0"]
    assert [march["completed_count"], march["completed_median_days"], march["waiting_count"]] == [
        "1",
        "41.0",
        "0",
    ]

    lines = auditor.get("/waiting-times/waits?service=CAMHS&which=ended_late").text
    [line] = of_csv(auditor, "/waiting-times/waits.csv?service=CAMHS&which=ended_late")
    assert row_of(lines, str(SEEN)[:8])[4:6] == [line["elapsed_days"], line["days_over"]] == ["41", "13"]
    assert line["referral"] == str(SEEN)[:8]

    attended = auditor.get("/attendance").text
    for one in of_csv(auditor, "/attendance.csv"):
        printed = next(r for r in rows_of(attended) if r and r[0].startswith(one["name"]))
        assert printed[1:6] == [one[n] for n in ("meetings", "expected", "attended", "apologies", "absent")]


def test_waits_cut_off_at_a_day_are_over_by_then(auditor: FlaskClient) -> None:
    """Not by today: the day asked for ends every count."""
    asked = "service=CAMHS&which=waiting&as_of=2025-08-10"
    [line] = of_csv(auditor, f"/waiting-times/waits.csv?{asked}")
    assert (line["elapsed_days"], line["due_on"], line["days_over"]) == ("40", "2025-07-29", "12")
    assert row_of(auditor.get(f"/waiting-times/waits?{asked}").text, line["referral"])[4:6] == ["40", "12"]


def test_no_name_and_no_pupil_in_any_file(auditor: FlaskClient) -> None:
    for address in FILES:
        text = auditor.get(address.format(".csv")).text
        assert "Siân" not in text and "00000000-0000" not in text


def test_challenges_as_a_file(site: tuple[RunningService, Coordination]) -> None:
    alnco = browser(site[0], "alnco")
    assert of_csv(alnco, "/challenges.csv") == []
    assert figures(alnco.get("/challenges.xlsx").data)[0] == []


def test_who_may_not_ask(site: tuple[RunningService, Coordination]) -> None:
    administrator, nobody = browser(site[0], "administrator"), site[0].app.test_client()
    for address in (*FILES, "/challenges{}"):
        assert administrator.get(address.format(".xlsx")).status_code == 404
        assert nobody.get(address.format(".xlsx")).status_code == 303
    auditor = browser(site[0], "auditor")
    for wrong in ("/waiting-times/months.xlsx", "/waiting-times/waits.xlsx?service=CAMHS&which=all"):
        assert auditor.get(wrong).status_code == 404
    assert auditor.get("/waiting-times.xlsx?from_on=2025-02-30").status_code == 400
    assert auditor.get("/waiting-times.ods").status_code == 404


ENGLISH = WorkbookWords("Figures", "Rests on", "Columns", lambda name: name, "Item", "Value", "Name")


def test_nothing_in_a_workbook_is_a_formula_or_a_link() -> None:
    dangerous = [
        '=HYPERLINK("http://x.example")',
        "+1+1",
        "-2",
        "@SUM(A1)",
        "{=1+1}",
        "http://x.example",
        "\t=1",
    ]
    made = workbook(
        [{"name": text, "n": -3} for text in dangerous],
        [("=1+1", "=2+2")],
        ENGLISH,
    )
    assert [row[0] for row in of_xlsx(made)["Figures"][1:]] == dangerous
    with ZipFile(io.BytesIO(made)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode()
            assert "<f>" not in text and "<hyperlink" not in text, name


def test_numbers_are_numbers_and_days_are_days_and_nothing_is_nothing() -> None:
    row = {"n": 3, "share": 41.25, "day": date(2025, 3, 2), "none": None, "text": "007", "yes": True}
    made = workbook([row], [], ENGLISH)
    assert of_xlsx(made)["Figures"][1] == [3, 41.25, date(2025, 3, 2), "", "007", True]
    assert made == workbook([row], [], ENGLISH), "the same input gives the same bytes"
    assert of_xlsx(workbook([], [], ENGLISH))["Figures"] == []


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    class Many(list[dict[str, int]]):
        def __len__(self) -> int:
            return MOST_ROWS + 1

    with pytest.raises(ValueError, match="more rows"):
        workbook(Many(), [], ENGLISH)


def test_every_column_has_a_heading_of_its_own(
    auditor: FlaskClient, site: tuple[RunningService, Coordination]
) -> None:
    """Two columns of one file never have the same heading."""
    for address in (*FILES, "/challenges{}"):
        for language in ("en", "cy"):
            auditor.get(f"/language/{language}?to=/account")
            sheets = list(of_xlsx(auditor.get(address.format(".xlsx")).data).values())
            headings = sheets[0][0] if sheets[0] else []
            assert len(set(headings)) == len(headings), address
            assert not any("_" in heading for heading in headings), headings
    with site[0].app.test_request_context():
        assert {name for name in COLUMNS if column_words(name) == name} == set()
