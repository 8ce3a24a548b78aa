"""The README names every setting and every role."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings_read() -> set[str]:
    """The variables that the source names."""
    found: set[str] = set()
    for room in ("coordination", "projections", "webui", "scripts"):
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and (path.suffix in (".py", "") or path.name in ("run", "test")):
                found |= set(
                    re.findall(r"\b(?:CYDLYNU_[A-Z_]*[A-Z]|DATABASE_URL)\b", path.read_text(errors="ignore"))
                )
    return found


def test_every_setting_is_in_the_readme() -> None:
    read = settings_read()
    assert {"CYDLYNU_DATA", "CYDLYNU_HOSTS", "DATABASE_URL"} <= read, "the check finds what the source reads"
    assert {name for name in read if f"`{name}`" not in README} == set()


def test_every_role_is_in_the_readme() -> None:
    tables = json.loads((ROOT / "coordination/directory/codes.json").read_text(encoding="utf-8"))["tables"]
    roles = {one["code"] for one in tables["role"]}
    listed = set(re.findall(r"`([a-z_]+)`", README.split("\nRoles: ", 1)[1].split("\n\n", 1)[0]))
    assert roles - listed == set()
