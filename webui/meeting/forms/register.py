"""The form of a register: a mark for each party, with times and substitutes where they apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, LongTextField, WholeNumberField, YesNoField
from webui.meeting.forms.meetings import TimeField
from webui.words.text import Words

PRESENT = ("attended", "late", "left_early", "substitute")
TIMES = {"arrived": _l("Arrived at"), "left": _l("Left at")}


def register_schema(parties: Iterable[UUID], marks: Sequence[tuple[str, Words]]) -> type[FormSchema]:
    """A schema with the fields of each party's entry, named after its key: mark, was (the version of the entry that
    the user saw, 0: none), arrived, left, substitute_for, authority."""
    fields: dict[str, Any] = {}
    for party in parties:
        for name, field in _line(marks).items():
            fields[f"{name}_{party.hex}"] = field
    schema: type[FormSchema] = FormSchema.from_dict(fields, name="RegisterSchema")  # type: ignore[assignment]
    return schema


def _line(marks: Sequence[tuple[str, Words]]) -> dict[str, Any]:
    return {
        "mark": ChoiceField(_l("Mark"), choices=tuple(marks), widget="select", required=False),
        "was": WholeNumberField(_l("Version"), required=False),
        "arrived": TimeField(TIMES["arrived"], required=False),
        "left": TimeField(TIMES["left"], required=False),
        "substitute_for": ChoiceField(_l("Substitute for"), widget="select", required=False),
        "authority": YesNoField(
            _l("Could they make decisions?"), kind="could they?", inline=True, required=False
        ),
    }


class CorrectMarkSchema(FormSchema):
    """The correction of one register entry."""

    mark = ChoiceField(_l("Correct mark"), widget="select", says={"missing": _l("Choose the correct mark")})
    arrived = TimeField(TIMES["arrived"], required=False)
    left = TimeField(TIMES["left"], required=False)
    substitute_for = ChoiceField(_l("Substitute for"), widget="select", required=False)
    authority = YesNoField(
        _l("Could the substitute make decisions for the service?"),
        kind="could they?",
        inline=True,
        required=False,
    )
    why = LongTextField(
        _l("Why are you correcting it?"),
        hint=_l("The earlier mark is kept."),
        longest=500,
        rows=3,
        required=False,
    )
