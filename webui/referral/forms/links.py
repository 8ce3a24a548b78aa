"""The form for an answer by link: each entry, and the person who answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, LongTextField, TextField

RIGHT, WRONG, LEAVE = "right", "wrong", "leave"
ANSWERS = [
    (RIGHT, _l("It is right")),
    (WRONG, _l("It is not right")),
    (LEAVE, _l("I do not know")),
]


class _LinkAnswersSchema(FormSchema):
    @validates_schema(skip_on_field_errors=False)
    def explained(self, data: dict[str, Any], **_: Any) -> None:
        """Check that every entry marked as wrong has an explanation."""
        given = {name: value for name, value in data.items() if name.startswith("answer_")}
        wrong = [name.removeprefix("answer_") for name, value in given.items() if value == WRONG]
        lacking = [f"why_{entry}" for entry in wrong if not data.get(f"why_{entry}")]
        if lacking:
            raise ValidationError({name: ["missing"] for name in lacking})


def answer_schema(entries: Iterable[int]) -> type[FormSchema]:
    """The form for entries, by their versions in the pupil's stream."""
    fields: dict[str, Any] = {}
    for entry in entries:
        fields[f"answer_{entry}"] = ChoiceField(
            _l("Is it right?"),
            choices=ANSWERS,
            inline=True,
            says={"missing": _l("Choose whether it is right")},
        )
        fields[f"why_{entry}"] = LongTextField(
            _l("What is not right?"),
            hint=_l("The school reads it as you write it."),
            rows=3,
            required=False,
            says={"missing": _l("Enter what is not right")},
        )
        fields[f"says_on_{entry}"] = DateField(_l("Which day do your records show?"), required=False)
    fields["answered_by"] = TextField(
        _l("Your name"),
        longest=100,
        autocomplete="name",
        spellcheck="false",
        says={"missing": _l("Enter your name")},
    )
    fields["answered_as"] = TextField(
        _l("Your job title"),
        longest=100,
        autocomplete="organization-title",
        hint=_l("For example: team secretary, clinical lead."),
        says={"missing": _l("Enter your job title")},
    )
    return _LinkAnswersSchema.from_dict(fields, name="AnswerSchema")  # type: ignore[return-value]
