"""Every text for people is found by the extraction, so that it cannot be without its Welsh."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
MARKERS = {
    "_",
    "_l",
    "N_",
    "gettext",
    "lazy_gettext",
    "ngettext",
    "lazy_ngettext",
    "pgettext",
    "lazy_pgettext",
}


def hidden(source: str) -> list[int]:
    """The lines on which a text stands inside an f-string: the extraction does not look into those."""
    return [
        call.lineno
        for joined in ast.walk(ast.parse(source))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKERS
    ]


def test_no_text_stands_where_the_extraction_does_not_look() -> None:
    assert hidden('''f"{_('Left')} {words}"''') == [1]
    files = sorted((ROOT / "webui").rglob("*.py"))
    assert len(files) > 200
    found = {str(file.relative_to(ROOT)): lines for file in files if (lines := hidden(file.read_text()))}
    assert found == {}
