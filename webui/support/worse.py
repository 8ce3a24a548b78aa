"""Worse while waiting: the form that asks first about danger, and the words of answers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, LongTextField, YesNoField
from webui.support.words import VOICES

OUTCOMES = {
    "urgent": _l("Urgent help now"),
    "sooner": _l("Seen sooner"),
    "other_help": _l("Other help meanwhile"),
    "same_place": _l("The place in the queue stays the same"),
}
"""What came of a new triage."""


class _WorseSchema(FormSchema):
    """Immediate danger is asked first, and nothing is kept of the answer."""

    @validates_schema(skip_on_field_errors=True)
    def words_of_what_is_worse(self, data: dict[str, Any], **_: Any) -> None:
        """Words are needed, unless there is danger."""
        if not data.get("danger") and not data.get("words"):
            raise ValidationError({"words": ["missing"]})


DANGER = YesNoField(
    _l("Is the child in danger now, or has the child told of harm?"),
    kind="is it?",
    hint=_l("If so, nothing is recorded here. You are shown whom to ring."),
)
WORDS = LongTextField(
    _l("What has got worse?"),
    hint=_l(
        "What is different from before. The school and the service read it. Do not write what a child has told of harm."
    ),
    longest=2000,
    rows=4,
    required=False,
)


class TellWorseSchema(_WorseSchema):
    """What a school records that somebody said."""

    danger = DANGER
    voice = ChoiceField(_l("Who says so?"), choices=list(VOICES.items()), inline=True, required=False)
    words = WORDS

    @validates_schema(skip_on_field_errors=True)
    def who_says_so(self, data: dict[str, Any], **_: Any) -> None:
        """Who says so is needed, unless there is danger."""
        if not data.get("danger") and not data.get("voice"):
            raise ValidationError({"voice": ["missing"]})


class FamilyTellsWorseSchema(_WorseSchema):
    """What a parent or child says by their link."""

    danger = DANGER
    words = WORDS


class AnswerWorseSchema(FormSchema):
    """What came of the new triage."""

    outcome = ChoiceField(_l("What came of it?"), choices=list(OUTCOMES.items()))
    words = LongTextField(
        _l("What is done now, and by when?"),
        hint=_l("The family can ask to read it."),
        longest=2000,
        rows=3,
        required=False,
    )
