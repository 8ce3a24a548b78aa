"""Read the visible sheets of a workbook on standard input; write their rows as JSON.

A program of its own, run by `workbook.py` in a process of its own: python-calamine ends the process (it does
not raise) when a crafted workbook asks for more memory than there is, and a limit on memory can only be set
for a process. It imports nothing of the project and gets no environment, so it has no keys to lose.

Arguments: most rows, most columns, bytes of memory, seconds of processor time.
Output: {"sheets": [{"name": text, "rows": [[text, ...], ...]}, ...]}, rows from row 1 and column A; instead of rows a
sheet may have `refused` with a code. Sheets that are hidden or hold nothing are left out.
Ends with status 3 if the library is not installed.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime

try:
    from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
except ImportError:
    sys.exit(3)

MOST_MERGED_CELLS = 20_000


def cell_text(value: object) -> str:
    """A cell as text: whole numbers without a point, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        whole = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return (value.date() if whole else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def fill_merged(rows: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Repeat the value of a merged cell in each cell that it covers, as a person sees it."""
    left = MOST_MERGED_CELLS
    for (top, first), (bottom, last) in merged:
        if top >= len(rows) or first >= len(rows[top]):
            continue
        value = rows[top][first]
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            for column in range(first, min(last, len(rows[row]) - 1) + 1):
                left -= 1
                if left < 0:
                    return
                rows[row][column] = value


def read_sheet(sheet: CalamineSheet, most_rows: int, most_columns: int) -> dict[str, object] | None:
    """A sheet as rows of texts, or why it is refused; None if it holds nothing."""
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= most_rows:
        return {"name": sheet.name, "refused": "too_many_rows"}
    if last_column >= most_columns:
        return {"name": sheet.name, "refused": "too_many_columns"}
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    if not any(any(row) for row in rows):
        return None
    fill_merged(rows, sheet.merged_cell_ranges or [])
    return {"name": sheet.name, "rows": rows}


def read_sheets(data: bytes, most_rows: int, most_columns: int) -> dict[str, object]:
    """The visible sheets with anything in them, in the workbook's order."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    found = (read_sheet(book.get_sheet_by_name(name), most_rows, most_columns) for name in names)
    return {"sheets": [sheet for sheet in found if sheet is not None]}


def main() -> None:
    """Bound this process, then read."""
    most_rows, most_columns, memory, seconds = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    json.dump(read_sheets(sys.stdin.buffer.read(), most_rows, most_columns), sys.stdout)


if __name__ == "__main__":
    main()
