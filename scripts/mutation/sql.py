"""Mutants of SQL: a statement with one operator exchanged for another.

Statements are found where the modules of a package keep them: in names of the module, or in a mapping. A fragment that
several statements share is mutated in each of them, since each needs a test of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from operator import setitem
from pkgutil import iter_modules
from types import ModuleType

import msgspec

EXCHANGES = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "=": "<>",
    "+": "-",
    "-": "+",
    "and": "or",
    "or": "and",
    "min": "max",
    "max": "min",
    "least": "greatest",
    "greatest": "least",
    "desc": "asc",
    "not": "",
}
# Whole first, so that no operator inside it is found: a quoted string, a parameter, a cast, a range.
_TOKEN = re.compile(
    r"'[^']*' | %\(\w+\)s | :: | (?P<range>(?P<value>[\w.]+)\sbetween\s(?P<low>\S+)\sand\s(?P<high>[^\s)]+\)s|[\w.]+))"
    r"| (?P<null>is\s(?:not\s)?null) | (?P<operator><=|>=|<>|[<>=+-]|\b(?:and|or|min|max|least|greatest|desc|not)\b)",
    re.VERBOSE,
)
_AROUND = 30  # characters on each side that say where a mutant is


class SqlMutant(msgspec.Struct, frozen=True):
    """One change of one statement. `name` says where; `apply` puts it in the place of the statement."""

    name: str
    text: str
    apply: Callable[[str], object]


def mutations(statement: str) -> Iterator[tuple[str, str]]:
    """The mutants of a statement, each with a description: `… before [old -> new] after …`."""
    for match in _TOKEN.finditer(statement):
        for new in _instead_of(match):
            begin, end = match.span()
            before = " ".join(statement[:begin].split())[-_AROUND:]
            after = " ".join(statement[end:].split())[:_AROUND]
            old = " ".join(match.group().split())
            yield f"{before} [{old} -> {new}] {after}", statement[:begin] + new + statement[end:]


def _instead_of(match: re.Match[str]) -> Iterator[str]:
    if match["range"]:
        value, low, high = match["value"], match["low"], match["high"]
        yield f"{value} > {low} and {value} <= {high}"
        yield f"{value} >= {low} and {value} < {high}"
    elif match["null"]:
        yield "is null" if "not" in match["null"] else "is not null"
    elif match["operator"] in EXCHANGES:
        yield EXCHANGES[match["operator"]]


# what is put in before it (the needs of pupils) is no part of it
STATEMENT = re.compile(r"\s*(?:\{\w+\}\s*)?select\b")


def sql_mutants(package: ModuleType) -> list[SqlMutant]:
    """The mutants of every statement in the modules of a package."""
    found = []
    for module in iter_modules(package.__path__, f"{package.__name__}."):
        for name, statement, put in _statements(import_module(module.name)):
            short = f"{module.name.removeprefix(package.__name__ + '.')}.{name}"
            found += [SqlMutant(f"{short}: {said}", text, put) for said, text in mutations(statement)]
    return found


def _statements(module: ModuleType) -> Iterable[tuple[str, str, Callable[[str], object]]]:
    for name, value in vars(module).items():
        if isinstance(value, str) and STATEMENT.match(value):
            yield name, value, partial(setattr, module, name)
        elif isinstance(value, dict) and name == "CONDITIONS":
            for key, part in value.items():
                yield f"{name}.{key}", part, partial(setitem, value, key)
