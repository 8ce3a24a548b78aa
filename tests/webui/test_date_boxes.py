"""No template asks for a date with a box of the browser's own, which shows day and month in the browser's order."""

from __future__ import annotations

import re
from pathlib import Path

import webui

BROWSERS_OWN = re.compile(r"""type["']?\s*[=:]\s*["']?(date|datetime-local|month|week)\b""")
TEMPLATES = sorted(Path(webui.__file__).parent.glob("*/templates/**/*.html"))


def test_no_template_has_a_date_box_of_the_browser() -> None:
    assert len(TEMPLATES) > 100
    assert [path.name for path in TEMPLATES if BROWSERS_OWN.search(path.read_text(encoding="utf-8"))] == []


def test_the_search_finds_one() -> None:
    assert BROWSERS_OWN.search('<input class="x" type="date">')
    assert BROWSERS_OWN.search("""govukInput({"type": "date"})""")
    assert not BROWSERS_OWN.search('<input type="text" name="date">')
