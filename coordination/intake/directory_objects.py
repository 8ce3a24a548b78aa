"""What may stand in a directory file: fields of JSON, and the schema of each list's objects."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from marshmallow import ValidationError

from coordination.intake.cells import Cell, Cells, Code, SchoolNumber, Text
from coordination.intake.problems import fault

UNITS = ("calendar_days", "weeks", "working_days", "school_days")
LONGEST_NAME = 200


class Said(Text):
    """A text; a whole number stands for its digits, since a code such as 670 is often written so."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return super()._deserialize(str(value) if type(value) is int else value)


class Key(Code):
    """A code of an organisation or service, in its own case; a whole number stands for its digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("kept", **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return super()._deserialize(str(value) if type(value) is int else value)


class Number(SchoolNumber):
    """A school's number, as a text or a whole number."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return super()._deserialize(str(value) if type(value) is int else value)


class IsoDay(Cell):
    """A date, `yyyy-mm-dd`. Faults: `date_format`, `date_impossible`."""

    def read(self, text: str) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise fault("date_format")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise fault("date_impossible") from None


class IsoDays(Cell):
    """A list of dates."""

    _one = IsoDay()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[date, ...]:
        return _each(value, self._one.deserialize)


class Whole(Cell):
    """A whole number between two others. Faults: `whole_number_expected`, and `wrong` where it is outside."""

    def __init__(self, least: int, most: int, wrong: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most, self.wrong = least, most, wrong

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise fault("whole_number_expected")
        if not self.least <= value <= self.most:
            raise fault(self.wrong)
        return int(value)


class Bands(Cell):
    """Upper limits, each greater than the one before. Fault: `bands_not_ascending`."""

    _one = Whole(1, 10_000, "limit_not_positive")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[int, ...]:
        found: tuple[int, ...] = _each(value, self._one.deserialize)
        if list(found) != sorted(set(found)):
            raise fault("bands_not_ascending")
        return found


class Unit(Cell):
    """What a limit is counted in. Fault: `unknown_unit`."""

    def read(self, text: str) -> str:
        if text not in UNITS:
            raise fault("unknown_unit")
        return text


def _each(value: Any, read: Callable[[Any], Any]) -> tuple[Any, ...]:
    """A list, each of its items read; faults by place."""
    if not isinstance(value, list):
        raise fault("list_expected")
    found: list[Any] = []
    wrong: dict[str | int, Any] = {}
    for place, item in enumerate(value):
        try:
            found.append(read(item))
        except ValidationError as refused:
            wrong[place] = refused.messages
    if wrong:
        raise ValidationError(wrong)
    return tuple(found)


# Schemas of the lists


class AuthorityObject(Cells):
    """An object of `authorities`."""

    code = Key(required=True)
    name = Said(LONGEST_NAME, required=True)
    name_cy = Said(LONGEST_NAME, load_default=None)


class SchoolObject(Cells):
    """An object of `schools`."""

    number = Number(required=True)
    name = Said(LONGEST_NAME, required=True)
    phase = Code("lower", required=True)
    language = Code("lower", required=True)
    authority = Key(required=True)


class AgencyObject(Cells):
    """An object of `agencies`."""

    code = Key(required=True)
    name = Said(LONGEST_NAME, required=True)
    name_cy = Said(LONGEST_NAME, load_default=None)
    kind = Code("lower", required=True)
    ods_code = Key(load_default=None)


class ServiceObject(Cells):
    """An object of `services`."""

    code = Key(required=True)
    agency = Key(required=True)
    profession = Code("lower", required=True)
    open_from = IsoDay(load_default=None)
    open_to = IsoDay(load_default=None)
    name = Said(LONGEST_NAME, load_default=None)
    name_cy = Said(LONGEST_NAME, load_default=None)


class StandardObject(Cells):
    """An object of `standards`."""

    code = Key(required=True)
    service = Key(required=True)
    start = Code("lower", required=True)
    stop = Code("lower", required=True)
    limit = Whole(1, 10_000, "limit_not_positive", required=True)
    unit = Unit(required=True)
    target_percent = Whole(1, 100, "percent_out_of_range", load_default=None)
    bands = Bands(load_default=())
    legal_route = Code("lower", load_default=None)
    effective_from = IsoDay(required=True)
    effective_to = IsoDay(load_default=None)
    source = Said(500, required=True)


class CodeObject(Cells):
    """An object of `code_tables`."""

    table = Code("lower", required=True)
    code = Key(required=True)
    label = Said(LONGEST_NAME, required=True)
    label_cy = Said(LONGEST_NAME, load_default=None)
    effective_from = IsoDay(required=True)
    effective_to = IsoDay(load_default=None)


class TermObject(Cells):
    """An object of `terms`."""

    authority = Key(required=True)
    first_day = IsoDay(required=True)
    last_day = IsoDay(required=True)
    closed = IsoDays(load_default=())
