"""The mutants of SQL, and the list of those that may survive."""

from __future__ import annotations

from configparser import ConfigParser

import pytest

import projections.waiting_times.queries as queries
from projections.overdue import overdue
from scripts.mutation.__main__ import ROOT, SQL_TESTS, listed, python_name, unlisted
from scripts.mutation.sql import mutations, sql_mutants


@pytest.mark.parametrize(
    ("statement", "mutants"),
    [
        ("a < b", ["a <= b"]),
        ("a >= b and c", ["a > b and c", "a >= b or c"]),
        ("min(a + 1)", ["max(a + 1)", "min(a - 1)"]),
        ("not a", [" a"]),
        ("a is not null", ["a is null"]),
        ("w.a between %(b)s and %(c)s", ["w.a > %(b)s and w.a <= %(c)s", "w.a >= %(b)s and w.a < %(c)s"]),
        ("(w.a between b and c)", ["(w.a > b and w.a <= c)", "(w.a >= b and w.a < c)"]),
        ("a::date || 'x < y and z' || %(max)s", []),
        ("standard, minimum, ordinal", []),
    ],
)
def test_each_operator_is_exchanged_once(statement: str, mutants: list[str]) -> None:
    assert [text for _, text in mutations(statement)] == mutants


def test_a_mutant_is_named_by_what_is_around_it() -> None:
    assert [said for said, _ in mutations("select a\n  where b < c")] == ["select a where b [< -> <=] c"]


def test_the_definition_of_late_is_mutated_in_every_statement_that_uses_it() -> None:
    late = overdue("c.due_on", "%(as_of)s").replace("<", "<=")
    places = {mutant.name.partition(":")[0] for mutant in sql_mutants(queries) if late in mutant.text}
    assert places == {
        "report.COUNTED",
        "overview.COUNTED",
        "waits.CONDITIONS.waiting_within",
        "waits.CONDITIONS.waiting_over",
    }


def test_a_mutant_takes_the_place_of_its_statement() -> None:
    mutant = next(of for of in sql_mutants(queries) if of.name.startswith("report.COUNTED"))
    before = queries.report.__globals__["COUNTED"]
    mutant.apply(mutant.text)
    try:
        assert queries.report.__globals__["COUNTED"] == mutant.text != before
    finally:
        mutant.apply(before)


def test_a_mutant_of_python_keeps_its_name_when_its_number_changes() -> None:
    diff = "--- a\n+++ a\n@@ -1 +1 @@\n def f():\n-    return 1\n+    return 2\n"
    assert python_name("m", "m.x_f__mutmut_7", diff) == "m.f: return 1 -> return 2"
    assert python_name("m", "m.xǁOrderǁ__init____mutmut_3", diff) == "m.Order.__init__: return 1 -> return 2"


def test_the_tests_and_modules_that_the_settings_name_exist() -> None:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg")
    tests = settings["mutmut"]["pytest_add_cli_args_test_selection"].split()
    modules = settings["mutmut"]["only_mutate"].split()
    for path in (*tests, *(test.partition("::")[0] for test in SQL_TESTS), *modules):
        assert list(ROOT.glob(path)), path


def test_only_survivors_that_are_not_listed_are_named() -> None:
    assert unlisted({"killed": True, "known": False, "new": False}, ["known"]) == ["new"]


def test_each_listed_survivor_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in listed().values())
