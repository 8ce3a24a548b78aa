"""An empty file for pupils, with the columns that an import understands, in English or Welsh."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import xlsxwriter

TEMPLATE_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADERS = {
    "en": (
        "UPN",
        "Surname",
        "First name",
        "Preferred first name",
        "Date of birth",
        "Sex",
        "Year",
        "Language",
        "ALN provision",
        "ALN needs",
        "Looked after",
        "Contact 1 name",
        "Contact 1 relationship",
        "Contact 1 parental responsibility",
        "Contact 1 telephone",
        "Contact 1 email",
        "Contact 1 address",
        "Contact 2 name",
        "Contact 2 relationship",
        "Contact 2 parental responsibility",
        "Contact 2 telephone",
        "Contact 2 email",
        "Contact 2 address",
    ),
    "cy": (
        "Rhif unigryw disgybl",
        "Cyfenw",
        "Enw cyntaf",
        "Enw cyntaf a ffefrir",
        "Dyddiad geni",
        "Rhyw",
        "Blwyddyn",
        "Iaith",
        "Darpariaeth ADY",
        "Anghenion ADY",
        "Derbyn gofal",
        "Cyswllt 1 enw",
        "Cyswllt 1 perthynas",
        "Cyswllt 1 cyfrifoldeb rhiant",
        "Cyswllt 1 ffôn",
        "Cyswllt 1 e-bost",
        "Cyswllt 1 cyfeiriad",
        "Cyswllt 2 enw",
        "Cyswllt 2 perthynas",
        "Cyswllt 2 cyfrifoldeb rhiant",
        "Cyswllt 2 ffôn",
        "Cyswllt 2 e-bost",
        "Cyswllt 2 cyfeiriad",
    ),
}


def template_file(kind: str, language: str, made_at: datetime) -> bytes:
    """The template as `csv` or `xlsx`, its columns named in `en` or `cy`. In a workbook the columns are text: no number
    loses its digits."""
    headers = HEADERS[language]
    if kind == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerow(headers)
        return ("\ufeff" + text.getvalue()).encode()
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": made_at.replace(tzinfo=None, microsecond=0)})
    sheet = book.add_worksheet("Pupils" if language == "en" else "Disgyblion")
    sheet.set_column(0, len(headers) - 1, 22, book.add_format({"num_format": "@"}))
    sheet.write_row(0, 0, headers, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
