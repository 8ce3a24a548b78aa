"""What the tests of the readers share: fictional pupils' numbers, the files, and a world of codes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter
from stdnum.gb import upn as stdnum_upn

from coordination.intake.problems import RowProblem, Standing

FILES = Path(__file__).with_name("files")
ON = date(2026, 3, 2)
HEADER = (
    "upn",
    "surname",
    "forename",
    "date_of_birth",
    "sex",
    "school_number",
    "language",
    "provision",
    "needs",
)

CODES = {
    "provision": {"idp_school", "idp_la", "idp_fei", "being_decided", "no_aln", "ehc_plan"},
    "need": {"MLD", "GLD", "DYSL", "ADHD", "BESD", "SLCD", "ASD", "HI", "VI", "PMED"},
    "language": {"en", "cy"},
    "sex": {"F", "M", "U", "I"},
    "relationship": {"mother", "father", "parent", "foster_carer", "step_parent", "social_worker", "other"},
    "phase": {"nursery", "primary", "secondary", "special"},
    "school_language": {"english", "welsh", "bilingual"},
    "agency_kind": {"local_health_board", "la_education", "third_sector"},
    "profession": {"camhs", "speech_and_language_therapy", "educational_psychology"},
    "requirement": {"parents_view", "childs_view", "school_observation"},
    "meeting_kind": {"hwb", "idp_review"},
    "role": {"alnco", "head", "clinician"},
    "legal_route": {"service_request", "s20_nhs", "mental_health_measure"},
}
ENDED = {"provision": {"school_action", "school_action_plus", "statement"}, "profession": {"trac"}}


def known(table: str, code: str, on: date) -> Standing:
    """The first code tables, as on the day of the tests."""
    assert on == ON
    if code in CODES.get(table, ()):
        return "current"
    return "ended" if code in ENDED.get(table, ()) else "unknown"


def upn(serial: int, school: str = "6994001", year: str = "15", letter: str = "") -> str:
    """A valid number; with a `letter`, a temporary one."""
    rest = f"{school}{year}{serial:0{3 - len(letter)}d}{letter}"
    return stdnum_upn.calc_check_digit(rest) + rest


def pupil(**changes: str) -> dict[str, str]:
    """A sound row of a pupil file. Pupils of different numbers have different names, unless told otherwise."""
    row = dict(
        zip(
            HEADER,
            (upn(1), "Prydderch", "Non", "2012-03-04", "F", "6994001", "cy", "idp_school", "ASD"),
            strict=True,
        )
    )
    if changes.get("upn", row["upn"]) != row["upn"]:
        row["forename"] = f"Non {changes['upn'][-3:]}"
    return row | changes


def sheet(rows: Iterable[dict[str, str]], header: Sequence[str] = HEADER, **dialect: str) -> bytes:
    """A CSV file in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, **dialect)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def workbook(
    rows: Sequence[Sequence[object]], more: Mapping[str, Sequence[Sequence[object]]] | None = None
) -> bytes:
    """An XLSX file; dates become cells formatted as dates, numbers stay numbers. `more`: further sheets by name."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "default_date_format": "dd/mm/yyyy"}
    )
    for name, lines in {None: rows, **(more or {})}.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(lines):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(number, column, value)
                else:
                    page.write(number, column, value)
    book.close()
    return out.getvalue()


def said(problems: Iterable[RowProblem]) -> list[tuple[int, str | None, str]]:
    """Row, field and code of each problem."""
    return [(problem.row, problem.field, problem.code) for problem in problems]
