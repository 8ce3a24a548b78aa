"""Read the first visible sheet of a workbook on standard input; write its rows as JSON.

A program of its own, run by `workbook.py` in a process of its own: python-calamine ends the process (it does
not raise) when a crafted workbook asks for more memory than there is, and a limit on memory can only be set
for a process. It imports nothing of the project and gets no environment, so it has no keys to lose.

Arguments: most rows, most columns, bytes of memory, seconds of processor time.
Output: {"rows": [[text, ...], ...]}, from row 1 and column A, or {"refused": code}.
Ends with status 3 if the library is not installed.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime

try:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
except ImportError:
    sys.exit(3)


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


def read_first_sheet(data: bytes, most_rows: int, most_columns: int) -> dict[str, object]:
    """The first visible sheet with anything in it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    for name in names:
        sheet = book.get_sheet_by_name(name)
        last_row, last_column = sheet.end or (0, 0)
        if last_row >= most_rows:
            return {"refused": "too_many_rows"}
        if last_column >= most_columns:
            return {"refused": "too_many_columns"}
        rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        if any(any(row) for row in rows):
            return {"rows": rows}
    return {"rows": []}


def main() -> None:
    """Bound this process, then read."""
    most_rows, most_columns, memory, seconds = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    json.dump(read_first_sheet(sys.stdin.buffer.read(), most_rows, most_columns), sys.stdout)


if __name__ == "__main__":
    main()
