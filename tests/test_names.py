"""One name for one thing: a top-level class name is defined in one place of the repository, the tests included."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("coordination", "projections", "webui", "scripts", "tests")


def classes_of(source: str) -> list[str]:
    """The names of the classes at the top level of a module."""
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]


def defined_twice(sources: dict[str, str]) -> dict[str, list[str]]:
    """Each class name that more than one definition has, with the modules that define it."""
    places: dict[str, list[str]] = defaultdict(list)
    for module, source in sources.items():
        for name in classes_of(source):
            places[name].append(module)
    return {name: modules for name, modules in sorted(places.items()) if len(modules) > 1}


def test_each_class_name_is_defined_in_one_place() -> None:
    sources = {
        str(path.relative_to(ROOT)): path.read_text()
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    }
    assert len(sources) > 300, "the check reads every module"
    assert defined_twice(sources) == {}


def test_the_check_finds_a_name_that_two_modules_define() -> None:
    sources = {
        "a.py": "class Line: ...\nclass Page:\n    class Inner: ...",
        "b.py": "class Line: ...\nclass Inner: ...",
    }
    assert defined_twice(sources) == {"Line": ["a.py", "b.py"]}
