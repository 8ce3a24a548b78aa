"""Forms for a minute about a pupil and the actions agreed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField

LONGEST = 8000
# the number of new actions in a minute's form; more can be added once it is saved
ACTIONS = 3


class _MinuteSchema(FormSchema):
    services_present = ChoicesField(
        _l("Services in the room for this pupil"),
        hint=_l("They heard the discussion. Those with an agreement or another basis receive the minute."),
        required=False,
    )
    discussion = LongTextField(
        _l("What was discussed"),
        hint=_l("Enter what was discussed, decided, or both."),
        longest=LONGEST,
        rows=7,
        required=False,
    )
    decision = LongTextField(_l("What was decided"), longest=LONGEST, rows=4, required=False)
    childs_view = LongTextField(_l("What the pupil says"), longest=LONGEST, rows=2, required=False)
    parents_view = LongTextField(_l("What the parents say"), longest=LONGEST, rows=2, required=False)


def minute_schema(dissenters: Iterable[UUID], *, corrects: bool, actions: bool) -> type[FormSchema]:
    """A minute with fields for the dissent of each of these services, for new `actions` and, if it `corrects` a
    recorded minute, for the reason."""
    fields: dict[str, Any] = {
        f"dissent_{service.hex}": LongTextField(
            _l("What it recommends instead"), longest=LONGEST, rows=3, required=False
        )
        for service in dissenters
    }
    if corrects:
        fields["why"] = LongTextField(
            _l("Why are you correcting it?"),
            hint=_l("The earlier version of the minute is kept."),
            longest=500,
            rows=2,
            says={"missing": _l("Enter why you are correcting the minute")},
        )
    if actions:
        for number in range(1, ACTIONS + 1):
            fields |= {f"{name}_{number}": field for name, field in _action(required=False).items()}
    schema: type[FormSchema] = _MinuteSchema.from_dict(fields, name="MinuteSchema")  # type: ignore[assignment]
    return schema


def _action(*, required: bool) -> dict[str, Any]:
    return {
        "what": LongTextField(
            _l("What needs to be done"),
            longest=500,
            rows=2,
            required=required,
            says={"missing": _l("Enter what needs to be done")},
        ),
        "owner": ChoiceField(
            _l("Owner"),
            hint=_l("Choose one owner. Others can help."),
            widget="select",
            required=False,
        ),
        "due_in": ChoiceField(_l("Due"), widget="select", required=False),
        "due_on": DateField(_l("Or by this date"), required=False),
    }


ActionSchema: type[FormSchema] = FormSchema.from_dict(_action(required=True), name="ActionSchema")  # type: ignore[assignment]


class SettleSchema(FormSchema):
    """The owner and due date of an action."""

    owner = ChoiceField(
        _l("Owner"),
        hint=_l("Choose one owner. Others can help."),
        widget="select",
        required=False,
    )
    due_in = ChoiceField(_l("Due"), widget="select", required=False)
    due_on = DateField(_l("Or by this date"), required=False)
