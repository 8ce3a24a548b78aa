"""Forms for completing, changing and reopening an action."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, LongTextField

DONE, LATER, HANDED_ON, CANCELLED = "done", "later", "handed_on", "cancelled"
CHANGES = {
    DONE: _l("Mark as done"),
    LATER: _l("Change the due date"),
    HANDED_ON: _l("Change the owner"),
    CANCELLED: _l("Cancel this action"),
}
# The fields required with each change, besides the change itself.
NEEDS: dict[str, tuple[str, ...]] = {
    DONE: ("done_on",),
    LATER: ("due_on", "words"),
    HANDED_ON: ("owner",),
    CANCELLED: ("words",),
}


class ChangeActionSchema(FormSchema):
    """One form for every change to an action."""

    change = ChoiceField(_l("What has changed?"), says={"missing": _l("Choose what has changed")})
    done_on = DateField(_l("Done on"), required=False, says={"missing": _l("Enter the date it was done")})
    due_on = DateField(_l("New due date"), required=False, says={"missing": _l("Enter the new due date")})
    owner = ChoiceField(
        _l("New owner"),
        hint=_l("Choose one owner. Others can help."),
        widget="select",
        required=False,
        says={"missing": _l("Choose the new owner")},
    )
    words = LongTextField(
        _l("How it was done, or why it is changing"),
        hint=_l("Give a reason for changing the date or cancelling the action."),
        longest=500,
        rows=3,
        required=False,
        says={"missing": _l("Give a reason")},
    )

    @validates_schema(skip_on_field_errors=False)
    def complete(self, data: dict[str, Any], **_: Any) -> None:
        """Check that the fields required by the chosen change are filled in."""
        lacking = [name for name in NEEDS.get(data.get("change") or "", ()) if data.get(name) is None]
        if lacking:
            raise ValidationError({name: ["missing"] for name in lacking})


class ReopenActionSchema(FormSchema):
    """The form to reopen an action that was ended in error."""

    words = LongTextField(
        _l("Why is it still open?"),
        hint=_l("The earlier entry is kept."),
        longest=500,
        rows=3,
        says={"missing": _l("Say why it is still open")},
    )


class DropSchema(FormSchema):
    """The form to cancel an action."""

    why = LongTextField(
        _l("Why is it cancelled?"), longest=500, rows=2, says={"missing": _l("Enter why it is cancelled")}
    )
