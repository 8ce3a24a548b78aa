"""The fields that the schemas of all files share: each turns the text of a cell into a value or raises a coded fault.

Nothing here reads the record or the clock. A cell's value is Any because marshmallow gives no types to what a schema
loads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load

from coordination.calendars import local_date
from coordination.identifiers import CheckedIdentifier, check_school_number, check_upn, normalise_name
from coordination.intake.problems import fault

LONGEST_NAME = 100
FORMULA = "=+-@"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.])([0-9]{1,2})\2([0-9]{1,2})( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_IN_WORDS = re.compile(
    r"(?:[a-zŵŷâêîôû]{2,9}\.?,? )?(?:([0-9]{1,2})(?:st|nd|rd|th|af|il|ydd|ed|fed|eg|ain)?[ \-]+([a-z]{3,9})\.?,?"
    r"|([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,?)[ \-]+([0-9]{4}|[0-9]{2})"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ion ionawr",
            "feb february chwe chwef chwefror",
            "mar march maw mawrth",
            "apr april ebr ebrill",
            "may mai",
            "jun june meh mehefin",
            "jul july gor gorff gorffennaf",
            "aug august aws awst",
            "sep sept september med medi",
            "oct october hyd hydref",
            "nov november tach tachwedd",
            "dec december rhag rhagfyr",
        ),
        1,
    )
    for name in names.split()
}
_UK = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?")
_YES = {"y", "yes", "true", "t", "1", "ie", "ydy", "ydi"}
_NO = {"n", "no", "false", "f", "0", "na", "nage", "nac ydy", "nac ydi"}


@lru_cache(maxsize=20_000)
def parse_date(text: str) -> date:
    """A date written as ISO (`2012-03-04`, a time after it allowed), as in Britain (`04/03/2012`, day first), with the
    year first (`2012/03/04`, `20120304`) or with the month in words, English or Welsh (`4 March 2012`, `4 Mai 2012`).

    An instant with an offset becomes its date in Wales. Faults: `date_format`, `date_two_digit_year`,
    `date_impossible`, `date_is_a_number` (a spreadsheet's day number, which is ambiguous between two calendars).
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{4,5}(\.[0-9]+)?", text):
        raise fault("date_is_a_number")
    try:
        if _ISO.fullmatch(text):
            moment = datetime.fromisoformat(text)
            found = local_date(moment) if moment.tzinfo else moment.date()
        elif british := _UK.fullmatch(text):
            if len(british[4]) == 2:
                raise fault("date_two_digit_year")
            found = date(int(british[4]), int(british[3]), int(british[1]))
        elif year_first := _YEAR_FIRST.fullmatch(text):
            found = date(int(year_first[1]), int(year_first[3]), int(year_first[4]))
        elif compact := _COMPACT.fullmatch(text):
            found = date(int(compact[1]), int(compact[2]), int(compact[3]))
        else:
            found = _date_in_words(text)
    except (ValueError, OverflowError):
        raise fault("date_impossible") from None
    if not 1900 <= found.year <= 2199:
        raise fault("date_impossible")
    return found


def is_date(text: str) -> bool:
    """Whether the text is a date that `parse_date` reads."""
    try:
        parse_date(text)
    except ValidationError:
        return False
    return True


def _date_in_words(text: str) -> date:
    found = _IN_WORDS.fullmatch(" ".join(text.casefold().split()))
    month = _MONTHS.get(found[2] or found[3]) if found else None
    if found is None or month is None:
        raise fault("date_format")
    if len(found[5]) == 2:
        raise fault("date_two_digit_year")
    return date(int(found[5]), month, int(found[1] or found[4]))


def day_number(text: str, from_1904: bool) -> str | None:
    """A workbook's day number (from 1954 to 2091) as an ISO date; None for any other text.

    Day 1 of a workbook is 1 January 1900, which it takes for a leap year; in one that counts `from_1904`, day 0 is
    1 January 1904.
    """
    if not re.fullmatch(r"[2-6][0-9]{4}(\.0+)?", text.strip()):
        return None
    first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
    return (first + timedelta(days=int(text.strip()[:5]))).isoformat()


_TEXT_FORMULA = re.compile(r'="([^"]*)"')


def plain_cell(text: str) -> str:
    """A cell without the formula that some systems write around a number to keep it a text (`="0123"`)."""
    found = _TEXT_FORMULA.fullmatch(text.strip())
    return found[1] if found else text


def without_apostrophe(text: str) -> str:
    """A cell that is no name, without the apostrophe that spreadsheets put before a number to keep it a text."""
    return text.strip().lstrip("'’‘`")


def parse_yes_no(text: str) -> bool:
    """Yes or no, in English or Welsh, or as machines write it. Fault: `yes_no_expected`."""
    word = " ".join(text.casefold().split())
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise fault("yes_no_expected")


def parse_name(text: str) -> str:
    """A person's name in its normal form.

    Faults: `formula_in_name` (a spreadsheet would run it: it begins with = + - @, a tab or a return),
    `name_characters` (control characters), `too_long`.
    """
    first = unicodedata.normalize("NFKC", text.strip()[:1])[:1]
    if text[:1] in ("\t", "\r") or (first and first in FORMULA):
        raise fault("formula_in_name")
    name = normalise_name(text)
    if _CONTROLS.search(name):
        raise fault("name_characters")
    if len(name) > LONGEST_NAME:
        raise fault("too_long", limit=LONGEST_NAME)
    return name


def doubtful_letters(name: str, eight_bit: bool) -> str | None:
    """Why a name may have lost its Welsh letters on the way here; None if nothing shows.

    Windows-1252 has no ŵ and no ŷ. Programs that write it put `?` in their place (`question_mark`), a `^` or
    `ˆ` next to the letter (`circumflex`), or silently a bare w or y, which cannot be detected afterwards. A file
    written in ISO 8859-14 (Celtic) and read as Windows-1252 shows ð and þ (`celtic`, only if `eight_bit`).
    UTF-8 read as Windows-1252 somewhere on the way shows pairs such as Åµ (`double_encoded`).
    `replacement` is the character that a decoder inserted for what it could not read.
    """
    if "\ufffd" in name:
        return "replacement"
    if "?" in name or "¿" in name:
        return "question_mark"
    if "^" in name or "ˆ" in name:
        return "circumflex"
    if eight_bit and re.search("[ðÐþÞ]", name):
        return "celtic"
    if any(ord(letter) > 0x7F for letter in name):
        try:
            name.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return None
        return "double_encoded"
    return None


class Cell(fields.Field[Any]):
    """A cell's text; blank is missing. Messages are codes."""

    default_error_messages = {"required": "missing", "null": "missing", "text": "text_expected"}  # noqa: RUF012

    def _deserialize(self, value: object, *_: object, **__: object) -> Any:
        if not isinstance(value, str):
            raise self.make_error("text")
        return self.read(value)

    def read(self, text: str) -> Any:
        """The value of the text. Raises a fault."""
        return text.strip()


class NameCell(Cell):
    """A person's name."""

    def read(self, text: str) -> str:
        return parse_name(text)


class DateCell(Cell):
    """A date."""

    def read(self, text: str) -> date:
        return parse_date(text)


class YesNoCell(Cell):
    """Yes or no."""

    def read(self, text: str) -> bool:
        return parse_yes_no(text)


_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")


def _sound(found: CheckedIdentifier) -> str:
    if found.problem:
        raise fault(found.problem)
    return found.value


class UpnCell(Cell):
    """A unique pupil number. Fault also: `upn_scientific` (a spreadsheet took it for a number; its digits are lost)."""

    def read(self, text: str) -> str:
        text = without_apostrophe(text)
        if _SCIENTIFIC.fullmatch(text):
            raise fault("upn_scientific")
        return _sound(check_upn(text))


class SchoolNumberCell(Cell):
    """A school's number, LA and establishment."""

    def read(self, text: str) -> str:
        return _sound(check_school_number(text))


class TextCell(Cell):
    """Free text, composed, lines kept. Faults: `too_long`, `text_characters`."""

    def __init__(self, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def read(self, text: str) -> str:
        found = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(found) > self.longest:
            raise fault("too_long", limit=self.longest)
        if _CONTROLS.search(found):
            raise fault("text_characters")
        return found


class CodeCell(Cell):
    """A code of one of our tables, in the table's own case; only its shape is checked. Fault: `code_format`.

    `case` is `lower` (`idp_school`; spaces and hyphens become underscores), `upper` (`ASD`) or `kept` (a
    service's code: letters, digits and `. _ -` as they were written).
    """

    _shapes = {  # noqa: RUF012
        "lower": re.compile(r"[a-z][a-z0-9_]{0,59}"),
        "upper": re.compile(r"[A-Z][A-Z0-9_]{0,59}"),
        "kept": re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"),
    }

    def __init__(self, case: Literal["lower", "upper", "kept"], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    def read(self, text: str) -> str:
        code = text.strip()
        if self.case == "lower":
            code = re.sub(r"[\s\-]+", "_", code.lower())
        elif self.case == "upper":
            code = code.upper()
        if not self._shapes[self.case].fullmatch(code):
            raise fault("code_format")
        return code


class CodesCell(Cell):
    """Codes in capitals, separated by `;`. Fault: `code_format` with its `position` (from 1)."""

    _one = CodeCell("upper")

    def read(self, text: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for position, part in enumerate(text.split(";"), 1):
            if part.strip():
                try:
                    found[self._one.read(part)] = None
                except ValidationError:
                    raise fault("code_format", position=position) from None
        return tuple(found)


class RowSchema(Schema):
    """A row of a sheet. Blank cells are dropped first, so that `required` means filled in."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "unknown_key", "type": "not_an_object"}  # noqa: RUF012

    @pre_load
    def drop_blanks(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out what holds nothing but white space."""
        return {key: value for key, value in data.items() if not isinstance(value, str) or value.strip()}
