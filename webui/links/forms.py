"""The forms of one-time links: the code, and who answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from webui.forms.base import FormSchema
from webui.forms.fields import TextField


class _DigitsField(TextField):
    """Digits, with or without space between them. Its error code: not_text."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        text = "".join(super()._deserialize(value, attr, data, **kwargs).split())
        if not (text.isascii() and text.isdigit()):
            raise ValidationError("not_text")
        return text


class LinkCodeSchema(FormSchema):
    """The code of a message, or the PIN that the school said on the telephone."""

    one_time_code = _DigitsField(
        _l("Code"),
        hint=_l("6 digits, from the email or from the school by telephone."),
        longest=40,
        autocomplete="one-time-code",
        inputmode="numeric",
        spellcheck=False,
        width="10",
        says={"missing": _l("Enter the code"), "not_text": _l("Enter the 6 digits of the code")},
    )


class WordSchema(FormSchema):
    """On whose word an answer is recorded: the questions that every answer by a service's link asks."""

    answered_by = TextField(
        _l("Your name"),
        longest=100,
        autocomplete="name",
        spellcheck="false",
        says={"missing": _l("Enter your name")},
    )
    answered_as = TextField(
        _l("Your job title"),
        longest=100,
        autocomplete="organization-title",
        hint=_l("For example: team secretary, clinical lead."),
        says={"missing": _l("Enter your job title")},
    )
