"""The content of a directory file: fields of JSON, and the schema of each list's objects."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, validates_schema

from coordination.intake.cells import Cell, CodeCell, NameCell, RowSchema, SchoolNumberCell, TextCell
from coordination.intake.problems import CellFault, fault

ON_TRANSFER = ("continues", "restarts")
UNITS = ("calendar_days", "weeks", "working_days", "school_days")
LONGEST_NAME = 200


class DigitsOrText(TextCell):
    """A text; a whole number stands for its digits, since a code such as 670 is often written so."""

    def _deserialize(self, value: object, *_: object, **__: object) -> Any:
        return super()._deserialize(str(value) if type(value) is int else value)


class CodeOrDigits(CodeCell):
    """A code of an organisation or service, in its own case; a whole number stands for its digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("kept", **kwargs)

    def _deserialize(self, value: object, *_: object, **__: object) -> Any:
        return super()._deserialize(str(value) if type(value) is int else value)


class SchoolNumberOrDigits(SchoolNumberCell):
    """A school's number, as a text or a whole number."""

    def _deserialize(self, value: object, *_: object, **__: object) -> Any:
        return super()._deserialize(str(value) if type(value) is int else value)


class IsoDateCell(Cell):
    """A date, `yyyy-mm-dd`. Faults: `date_format`, `date_impossible`."""

    def read(self, text: str) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise fault("date_format")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise fault("date_impossible") from None


class IsoDatesCell(Cell):
    """A list of dates."""

    _one = IsoDateCell()

    def _deserialize(self, value: object, *_: object, **__: object) -> tuple[date, ...]:
        return _each(value, self._one.deserialize)


class IntegerCell(Cell):
    """A whole number between two others. Faults: `whole_number_expected`, and `wrong` where it is outside."""

    def __init__(self, least: int, most: int, wrong: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most, self.wrong = least, most, wrong

    def _deserialize(self, value: object, *_: object, **__: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise fault("whole_number_expected")
        if not self.least <= value <= self.most:
            raise fault(self.wrong)
        return int(value)


class BandsCell(Cell):
    """Upper limits, each greater than the one before. Fault: `bands_not_ascending`."""

    _one = IntegerCell(1, 10_000, "limit_not_positive")

    def _deserialize(self, value: object, *_: object, **__: object) -> tuple[int, ...]:
        found: tuple[int, ...] = _each(value, self._one.deserialize)
        if list(found) != sorted(set(found)):
            raise fault("bands_not_ascending")
        return found


class FlagCell(Cell):
    """True or false. Fault: `true_or_false_expected`."""

    def _deserialize(self, value: object, *_: object, **__: object) -> bool:
        if not isinstance(value, bool):
            raise fault("true_or_false_expected")
        return value


class UnitCell(Cell):
    """What a limit is counted in. Fault: `unknown_unit`."""

    def read(self, text: str) -> str:
        if text not in UNITS:
            raise fault("unknown_unit")
        return text


class TransferCell(Cell):
    """What becomes of a running clock on a transfer. Fault: `unknown_transfer`."""

    def read(self, text: str) -> str:
        if text not in ON_TRANSFER:
            raise fault("unknown_transfer")
        return text


def _each(value: Any, read: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Reads each item of a list; faults by position."""
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


class AuthorityObject(RowSchema):
    """An object of `authorities`."""

    code = CodeOrDigits(required=True)
    name = DigitsOrText(LONGEST_NAME, required=True)
    name_cy = DigitsOrText(LONGEST_NAME, load_default=None)


class SchoolObject(RowSchema):
    """An object of `schools`."""

    number = SchoolNumberOrDigits(required=True)
    name = DigitsOrText(LONGEST_NAME, required=True)
    phase = CodeCell("lower", required=True)
    language = CodeCell("lower", required=True)
    authority = CodeOrDigits(required=True)
    effective_to = IsoDateCell(load_default=None)
    merged_into = SchoolNumberOrDigits(load_default=None)


class AgencyObject(RowSchema):
    """An object of `agencies`."""

    code = CodeOrDigits(required=True)
    name = DigitsOrText(LONGEST_NAME, required=True)
    name_cy = DigitsOrText(LONGEST_NAME, load_default=None)
    kind = CodeCell("lower", required=True)
    ods_code = CodeOrDigits(load_default=None)


class ServiceObject(RowSchema):
    """An object of `services`."""

    code = CodeOrDigits(required=True)
    agency = CodeOrDigits(required=True)
    profession = CodeCell("lower", required=True)
    open_from = IsoDateCell(load_default=None)
    open_to = IsoDateCell(load_default=None)
    inherited_by = CodeOrDigits(load_default=None)
    name = DigitsOrText(LONGEST_NAME, load_default=None)
    name_cy = DigitsOrText(LONGEST_NAME, load_default=None)


class StandardObject(RowSchema):
    """An object of `standards`."""

    code = CodeOrDigits(required=True)
    service = CodeOrDigits(required=True)
    start = CodeCell("lower", required=True)
    stop = CodeCell("lower", required=True)
    limit = IntegerCell(1, 10_000, "limit_not_positive", required=True)
    unit = UnitCell(required=True)
    target_percent = IntegerCell(1, 100, "percent_out_of_range", load_default=None)
    bands = BandsCell(load_default=())
    legal_route = CodeCell("lower", load_default=None)
    effective_from = IsoDateCell(required=True)
    effective_to = IsoDateCell(load_default=None)
    source = DigitsOrText(500, required=True)
    on_transfer = TransferCell(load_default="continues")


class StatutoryStandardObject(RowSchema):
    """An object of `statutory_standards`."""

    code = CodeOrDigits(required=True)
    body = CodeCell("lower", required=True)
    start = CodeCell("lower", required=True)
    stop = CodeCell("lower", required=True)
    limit = IntegerCell(1, 10_000, "limit_not_positive", required=True)
    unit = CodeCell("lower", required=True)
    target_percent = IntegerCell(1, 100, "percent_out_of_range", load_default=None)
    bands = BandsCell(load_default=())
    repeats = FlagCell(load_default=False)
    from_consent = FlagCell(load_default=False)
    effective_from = IsoDateCell(required=True)
    effective_to = IsoDateCell(load_default=None)
    source = DigitsOrText(500, required=True)


class CodeObject(RowSchema):
    """An object of `code_tables`."""

    table = CodeCell("lower", required=True)
    code = CodeOrDigits(required=True)
    label = DigitsOrText(LONGEST_NAME, required=True)
    label_cy = DigitsOrText(LONGEST_NAME, load_default=None)
    effective_from = IsoDateCell(required=True)
    effective_to = IsoDateCell(load_default=None)


class OneHome(RowSchema):
    """An object that names exactly one of some organisations. Fault: `one_organisation_expected`."""

    HOMES: ClassVar[tuple[str, ...]] = ()

    @validates_schema
    def exactly_one(self, data: dict[str, Any], **_: Any) -> None:
        if sum(data.get(name) is not None for name in self.HOMES) != 1:
            raise ValidationError({self.HOMES[0]: [CellFault("one_organisation_expected", {})]})


class TermObject(OneHome):
    """An object of `terms`: of an authority, or of one school that keeps its own."""

    HOMES = ("authority", "school")

    authority = CodeOrDigits(load_default=None)
    school = SchoolNumberOrDigits(load_default=None)
    first_day = IsoDateCell(required=True)
    last_day = IsoDateCell(required=True)
    closed = IsoDatesCell(load_default=())


class CodesListCell(Cell):
    """A list of codes."""

    _one = CodeCell("lower")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        return _each(value, self._one.deserialize)


class NeedsListCell(CodesListCell):
    """A list of codes of needs, which are in capitals."""

    _one = CodeCell("upper")


class RequirementsObject(RowSchema):
    """An object of `requirements`."""

    service = CodeOrDigits(required=True)
    requirements = CodesListCell(required=True)
    effective_from = IsoDateCell(load_default=None)


class MailboxObject(OneHome):
    """An object of `mailboxes`."""

    HOMES = ("service", "school", "authority")

    service = CodeOrDigits(load_default=None)
    school = SchoolNumberOrDigits(load_default=None)
    authority = CodeOrDigits(load_default=None)
    mailbox = TextCell(254, required=True)


class ServiceCodesCell(Cell):
    """A list of codes of services."""

    _one = CodeOrDigits()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        return _each(value, self._one.deserialize)


class TriagesObject(RowSchema):
    """An object of `single_points_of_access`."""

    service = CodeOrDigits(required=True)
    services = ServiceCodesCell(required=True)
    effective_from = IsoDateCell(load_default=None)
    effective_to = IsoDateCell(load_default=None)


class TermsOfReferenceObject(RowSchema):
    """An object of `terms_of_reference`."""

    service = CodeOrDigits(required=True)
    school = SchoolNumberOrDigits(required=True)
    notice_working_days = IntegerCell(0, 100, "notice_negative", required=True)
    effective_from = IsoDateCell(required=True)
    effective_to = IsoDateCell(load_default=None)
    meetings = CodeCell("lower", load_default="hwb")


class PersonObject(OneHome):
    """An object of `people`."""

    HOMES = ("school", "agency", "authority")

    name = NameCell(required=True)
    role = CodeCell("lower", required=True)
    school = SchoolNumberOrDigits(load_default=None)
    agency = CodeOrDigits(load_default=None)
    authority = CodeOrDigits(load_default=None)
    service = CodeOrDigits(load_default=None)
    email = TextCell(200, load_default=None)
    effective_from = IsoDateCell(load_default=None)
    username = TextCell(100, load_default=None)
    language = CodeCell("lower", load_default=None)
    whole_agency = FlagCell(load_default=False)


class ProgrammeObject(OneHome):
    """An object of `programmes`: of an authority, or of one school."""

    HOMES = ("authority", "school")

    authority = CodeOrDigits(load_default=None)
    school = SchoolNumberOrDigits(load_default=None)
    code = TextCell(40, required=True)
    name = TextCell(200, required=True)
    name_cy = TextCell(200, load_default=None)
    level = IntegerCell(1, 3, "unknown_support_level", required=True)
    needs = NeedsListCell(load_default=())
    entry_criteria = TextCell(2000, required=True)
    exit_criteria = TextCell(2000, required=True)
    usual_weeks = IntegerCell(1, 156, "weeks_out_of_range", required=True)
    effective_from = IsoDateCell(required=True)
    effective_to = IsoDateCell(load_default=None)
