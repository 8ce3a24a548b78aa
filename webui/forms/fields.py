"""The form fields. Each has a label and a way of display; each error is a permanent code, translated when it is shown.

Codes: missing, too_long, not_offered, not_a_number, too_small, too_large, day_incomplete, no_such_day,
not_text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_pgettext
from marshmallow import ValidationError, fields

from webui.words.text import Words

# characters that cannot be typed: controls other than tab and newline (PostgreSQL refuses NUL in text)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ion ionawr",
            "feb february chwe chwefror chwef",
            "mar march maw mawrth",
            "apr april ebr ebrill ebrl",
            "may mai",
            "jun june meh mehefin",
            "jul july gor gorffennaf gorff",
            "aug august awst",
            "sep sept september med medi",
            "oct october hyd hydref",
            "nov november tach tachwedd",
            "dec december rhag rhagfyr",
        ),
        1,
    )
    for name in names.split()
}


class _FormField:
    """The attributes of every form field in addition to those of marshmallow.

    `label` is the question, `hint` the help under it, `says` replaces the sentence of an error code
    (`{"missing": _l("Enter your username")}`). `required=False` lets it stay empty: then it loads as None.
    """

    widget = "text"

    def __init__(
        self,
        label: Words,
        *,
        hint: Words | None = None,
        required: bool = True,
        says: Mapping[str, Words] | None = None,
        **options: Any,
    ) -> None:
        shown = {
            name: options.pop(name)
            for name in ("autocomplete", "inputmode", "width", "rows", "inline", "spellcheck")
            if name in options
        }
        options["metadata"] = {"label": label, "hint": hint, "says": dict(says or {}), **shown}
        if not required:
            options.setdefault("load_default", None)
            options["allow_none"] = True
        codes = {"required": "missing", "null": "missing", "validator_failed": "not_offered"}
        options["error_messages"] = codes | options.get("error_messages", {})
        super().__init__(required=required, **options)  # type: ignore[call-arg]


class TextField(_FormField, fields.String):
    """One line of text, in Unicode NFC, without surrounding space. `longest` in characters."""

    multiline = False

    def __init__(self, label: Words, *, longest: int = 200, **options: Any) -> None:
        self.longest = longest
        super().__init__(label, error_messages={"invalid": "not_text", "invalid_utf8": "not_text"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > self.longest:
            raise ValidationError("too_long")
        return text


class PasswordField(TextField):
    """A password: never trimmed, never shown again."""

    widget = "password"


class LongTextField(TextField):
    """Several lines of text."""

    widget = "textarea"
    multiline = True

    def __init__(self, label: Words, *, longest: int = 4000, rows: int = 5, **options: Any) -> None:
        super().__init__(label, longest=longest, rows=rows, **options)


class WholeNumberField(_FormField, fields.Integer):
    """A whole number between `least` and `most`."""

    def __init__(self, label: Words, *, least: int = 0, most: int = 2**31 - 1, **options: Any) -> None:
        self.least, self.most = least, most
        codes = {"invalid": "not_a_number", "too_large": "too_large"}
        super().__init__(label, error_messages=codes, inputmode="numeric", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and len(value) > 20:
            raise ValidationError("too_large")
        read = super()._deserialize(value, attr, data, **kwargs)
        if read is not None and read < self.least:
            raise ValidationError("too_small")
        if read is not None and read > self.most:
            raise ValidationError("too_large")
        return read


class ChoiceField(_FormField, fields.String):
    """One of several choices. `choices` are (code, words), or are passed to the form (`Form(choices=...)`).

    Shown as radio buttons, or as a list to open with `widget="select"`.
    """

    widget = "radios"

    def __init__(
        self,
        label: Words,
        *,
        choices: Sequence[tuple[str, Words]] = (),
        widget: str = "radios",
        **options: Any,
    ) -> None:
        self.choices = tuple(choices)
        self.widget = widget
        super().__init__(label, error_messages={"invalid": "not_offered"}, **options)


# A Welsh answer repeats the verb of its question, so each kind of question has its own yes and no.
YES_NO = {
    "is it?": (lazy_pgettext("is it?", "Yes"), lazy_pgettext("is it?", "No")),
    "are they?": (lazy_pgettext("are they?", "Yes"), lazy_pgettext("are they?", "No")),
    "is there?": (lazy_pgettext("is there?", "Yes"), lazy_pgettext("is there?", "No")),
    "did it?": (lazy_pgettext("did it?", "Yes"), lazy_pgettext("did it?", "No")),
    "should it?": (lazy_pgettext("should it?", "Yes"), lazy_pgettext("should it?", "No")),
    "could they?": (lazy_pgettext("could they?", "Yes"), lazy_pgettext("could they?", "No")),
    "have you?": (lazy_pgettext("have you?", "Yes"), lazy_pgettext("have you?", "No")),
}


class YesNoField(ChoiceField):
    """Yes or no, loaded as a bool. `kind` is the kind of question, a key of YES_NO: it chooses the two words."""

    yes_no = True

    def __init__(self, label: Words, *, kind: str, **options: Any) -> None:
        yes, no = YES_NO[kind]
        super().__init__(label, choices=(("yes", yes), ("no", no)), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        if value in (True, False):
            return value
        if value not in ("yes", "no"):
            raise ValidationError("not_offered")
        return value == "yes"


class ChoicesField(_FormField, fields.List[Any]):
    """Any number of choices, loaded as a list of codes without repeats, in the order offered.

    `required`: at least one must be selected.
    """

    widget = "checkboxes"

    def __init__(self, label: Words, *, choices: Sequence[tuple[str, Words]] = (), **options: Any) -> None:
        self.choices = tuple(choices)
        self.at_least_one = options.get("required", True)
        super().__init__(
            label, cls_or_instance=fields.String(), error_messages={"invalid": "not_offered"}, **options
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        codes = list(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))
        if self.at_least_one and not codes:
            raise ValidationError("missing")
        return codes


class DateField(_FormField, fields.Field[date]):
    """A date, from three boxes (`day`, `month` as number or name in either language, `year`) or from ISO text."""

    widget = "day"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:  # noqa: ARG002
        if isinstance(value, Mapping):
            return _day_of_parts(value)
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError("no_such_day") from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return value.isoformat() if value is not None else None


def normalise_text(typed: str, *, multiline: bool, trim: bool = True) -> str:
    """Text as it is kept: NFC, newlines as \\n, without control characters, and without surrounding space."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROLS.sub("", text)
    if not multiline:
        text = text.replace("\n", " ").replace("\t", " ")
    return text.strip() if trim else text


def month_number(typed: str) -> int | None:
    """The number of a month from its number or its English or Welsh name, full or abbreviated; None if it is none."""
    name = typed.strip().casefold().rstrip(".")
    if name.isdecimal() and len(name) <= 2:
        return int(name) if 1 <= int(name) <= 12 else None
    return MONTHS.get(name)


def _day_of_parts(parts: Mapping[str, str]) -> date:
    day, month, year = (parts.get(part, "").strip() for part in ("day", "month", "year"))
    if not (day and month and year):
        raise ValidationError("day_incomplete")
    number = month_number(month)
    if not (day.isdecimal() and year.isdecimal() and len(day) <= 2 and len(year) == 4) or number is None:
        raise ValidationError("no_such_day")
    try:
        return date(int(year), number, int(day))
    except ValueError:
        raise ValidationError("no_such_day") from None
