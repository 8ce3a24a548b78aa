"""Templates keep to the arrows between rooms that import-linter holds for modules."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEBUI = ROOT / "webui"
TEMPLATES = sorted(WEBUI.glob("*/templates/**/*.html"))
USES = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([\w./-]+)["']""")
LIBRARY = "govuk_frontend_jinja"


def contracts() -> ConfigParser:
    found = ConfigParser()
    found.read(ROOT / ".importlinter")
    return found


def levels() -> dict[str, int]:
    """The level of each room: a room uses only those of a lower level; the shared rooms are the lowest."""
    read = contracts()
    layers = read["importlinter:contract:matters"]["layers"].split("\n")
    found = {
        room.strip().removeprefix("webui."): len(layers) - above
        for above, layer in enumerate(layers)
        for room in layer.split("|")
        if room.strip()
    }
    shared = read["importlinter:contract:shared"]["source_modules"].split()
    return found | {room.removeprefix("webui."): 0 for room in shared}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(WEBUI).as_posix())
def test_a_template_uses_its_own_room_and_those_below(path: Path) -> None:
    own, known = path.relative_to(WEBUI).parts[0], levels()
    used = {name.partition("/")[0] for name in USES.findall(path.read_text())} - {own, LIBRARY}
    assert used <= known.keys()
    assert all(known[room] == 0 or known[room] < known[own] for room in used), used


def test_every_room_has_its_level() -> None:
    rooms = {path.parent.name for path in WEBUI.glob("*/__init__.py")}
    assert rooms == set(levels())


def test_every_template_is_used() -> None:
    """By a page, or by another template."""
    named = "".join(path.read_text() for path in [*WEBUI.rglob("*.py"), *TEMPLATES])
    names = [path.relative_to(WEBUI).as_posix().replace("/templates/", "/") for path in TEMPLATES]
    assert [name for name in names if f'"{name}"' not in named] == []
