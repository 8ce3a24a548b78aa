"""Tables 1a, 1b and 2 of Estyn, "Pupils with special educational needs in mainstream schools" (2020), from a register.

A register is lines of pupils: the school year, the setting in which they are counted (their main or current one), and
their status. A line counts one pupil, or as many as it says. Classes are lines of their own. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from coordination.errors import Refusal

SETTINGS = ("mainstream", "special", "eotas")
"""Maintained nursery, primary, secondary and all-age schools; maintained special schools; education otherwise than at
school."""
STATUSES = ("none", "sen", "statement")
"""Without special educational needs, with them and without a statement, with a statement."""
Lines = Iterable[Mapping[str, str | None]]


class PlacedPupils(msgspec.Struct, frozen=True, kw_only=True):
    """A row of table 1a: pupils with SEN by setting, all pupils, and the percentage with SEN."""

    year: str
    mainstream: int
    special: int
    eotas: int
    all_pupils: int
    percent: float | None


class SpecialistClasses(msgspec.Struct, frozen=True, kw_only=True):
    """A row of table 1b. A pupil in classes of several schools counts in each."""

    year: str
    classes: int
    schools: int
    pupils: int


class SenProportions(msgspec.Struct, frozen=True, kw_only=True):
    """A row of table 2: pupils of maintained schools (without EOTAS), with SEN and with statements."""

    year: str
    pupils: int
    with_sen: int
    with_statements: int
    percent_sen: float | None
    percent_statements: float | None
    percent_statements_of_sen: float | None


class NationalTables(msgspec.Struct, frozen=True, kw_only=True):
    """The three tables, the newest year first."""

    table_1a: tuple[PlacedPupils, ...]
    table_1b: tuple[SpecialistClasses, ...]
    table_2: tuple[SenProportions, ...]


def national_tables(register: Lines, classes: Lines = ()) -> NationalTables:
    """The tables of a register with the columns year, setting, status and perhaps pupils, and of classes with the
    columns year, school, class and pupils. Refuses `register_line_not_valid` with the number of the line (the first
    after the headings is 2)."""
    counts: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for number, line in enumerate(register, 2):
        year, setting, status = (_text(line, name, number) for name in ("year", "setting", "status"))
        if setting not in SETTINGS or status not in STATUSES:
            raise _not_valid(number)
        counts[year][setting, status] += _pupils(line, number, missing=1)
    years = sorted(counts, reverse=True)
    return NationalTables(
        table_1a=tuple(_placed(year, counts[year]) for year in years),
        table_1b=_classes(classes),
        table_2=tuple(_proportions(year, counts[year]) for year in years),
    )


def _placed(year: str, counts: Counter[tuple[str, str]]) -> PlacedPupils:
    with_sen = {setting: counts[setting, "sen"] + counts[setting, "statement"] for setting in SETTINGS}
    every = counts.total()
    return PlacedPupils(
        year=year, all_pupils=every, percent=_percent(sum(with_sen.values()), every), **with_sen
    )


def _proportions(year: str, counts: Counter[tuple[str, str]]) -> SenProportions:
    at_school = {status: counts["mainstream", status] + counts["special", status] for status in STATUSES}
    pupils, statements = sum(at_school.values()), at_school["statement"]
    with_sen = at_school["sen"] + statements
    return SenProportions(
        year=year,
        pupils=pupils,
        with_sen=with_sen,
        with_statements=statements,
        percent_sen=_percent(with_sen, pupils),
        percent_statements=_percent(statements, pupils),
        percent_statements_of_sen=_percent(statements, with_sen),
    )


def _classes(lines: Lines) -> tuple[SpecialistClasses, ...]:
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for number, line in enumerate(lines, 2):
        year, school, name = (_text(line, column, number) for column in ("year", "school", "class"))
        found[year][school, name] = found[year].get((school, name), 0) + _pupils(line, number, missing=None)
    return tuple(
        SpecialistClasses(
            year=year,
            classes=len(held),
            schools=len({school for school, _ in held}),
            pupils=sum(held.values()),
        )
        for year, held in sorted(found.items(), reverse=True)
    )


def _text(line: Mapping[str, str | None], column: str, number: int) -> str:
    text = (line.get(column) or "").strip()
    if not text:
        raise _not_valid(number)
    return text


def _pupils(line: Mapping[str, str | None], number: int, *, missing: int | None) -> int:
    text = (line.get("pupils") or "").strip()
    if not text and missing is not None:
        return missing
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise _not_valid(number)
    return int(text)


def _percent(part: int, whole: int) -> float | None:
    """To one decimal place, halves up; None of nothing."""
    if whole == 0:
        return None
    return float((Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _not_valid(number: int) -> Refusal:
    return Refusal("register_line_not_valid", line=number)
