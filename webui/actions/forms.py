"""What is asked when an action is done, or is to be otherwise than agreed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, LongTextField

DONE, LATER, HANDED_ON, CANCELLED = "done", "later", "handed_on", "cancelled"
CHANGES = {
    DONE: _l("It is done"),
    LATER: _l("It needs another day"),
    HANDED_ON: _l("Somebody else takes it"),
    CANCELLED: _l("It is not to be after all"),
}
# What has to be said with a change, besides the change itself.
NEEDS: dict[str, tuple[str, ...]] = {
    DONE: ("done_on",),
    LATER: ("due_on", "words"),
    HANDED_ON: ("owner",),
    CANCELLED: ("words",),
}


class ChangeActionSchema(FormSchema):
    """One form for all that can become of an action."""

    change = ChoiceField(_l("What has become of it"), says={"missing": _l("Say what has become of it")})
    done_on = DateField(_l("Done on"), required=False, says={"missing": _l("Say on which day it was done")})
    due_on = DateField(
        _l("To be done by"), required=False, says={"missing": _l("Say by when it is to be done now")}
    )
    owner = ChoiceField(
        _l("Who answers for it now"),
        hint=_l("One owner. Others may help; one answers for it."),
        widget="select",
        required=False,
        says={"missing": _l("Say who answers for it now")},
    )
    words = LongTextField(
        _l("How it was done, or why it changes"),
        hint=_l("Another day and an action that is not to be need a reason."),
        longest=500,
        rows=3,
        required=False,
        says={"missing": _l("Say why")},
    )

    @validates_schema(skip_on_field_errors=False)
    def complete(self, data: dict[str, Any], **_: Any) -> None:
        """What the chosen change cannot do without."""
        lacking = [name for name in NEEDS.get(data.get("change") or "", ()) if data.get(name) is None]
        if lacking:
            raise ValidationError({name: ["missing"] for name in lacking})


class ReopenActionSchema(FormSchema):
    """The record of the ending was wrong."""

    words = LongTextField(
        _l("Why it is not at an end"),
        hint=_l("The ending stays on the record, beside this."),
        longest=500,
        rows=3,
        says={"missing": _l("Say why it is not at an end")},
    )


class DropSchema(FormSchema):
    """An action that is not to be after all."""

    why = LongTextField(
        _l("Why it is not to be"), longest=500, rows=2, says={"missing": _l("Say why it is not to be")}
    )
