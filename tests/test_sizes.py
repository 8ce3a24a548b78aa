"""Modules and functions stay small enough to be read at once, in the service and in its tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("coordination", "projections", "webui", "scripts", "tests")
LINES_OF_A_MODULE, LINES_OF_A_FUNCTION = 400, 60


def too_long(name: str, text: str) -> Iterator[str]:
    """What of a module is too long, with how long it is."""
    lines = len(text.splitlines())
    if lines > LINES_OF_A_MODULE:
        yield f"{name}: {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LINES_OF_A_FUNCTION:
                yield f"{name}: {lines} lines of {node.name}"


def test_no_module_and_no_function_is_too_long() -> None:
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    assert len(files) > 500
    found = [line for file in files for line in too_long(str(file.relative_to(ROOT)), file.read_text())]
    assert not found, "\n".join(found)


def test_what_is_too_long_is_found() -> None:
    function = "def long():\n" + "    pass\n" * LINES_OF_A_FUNCTION
    assert list(too_long("a.py", function)) == ["a.py: 61 lines of long"]
    assert list(too_long("a.py", "x = 1\n" * (LINES_OF_A_MODULE + 1))) == ["a.py: 401 lines"]
    assert not list(too_long("a.py", "x = 1\n" * LINES_OF_A_MODULE))
