"""What the reports ask: which figures, of which days, as known when. They stand in the address, so that a report can
be kept, sent and opened again; none of it is about a pupil."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields

from webui.forms.base import FormSchema
from webui.forms.fields import Choice, _Asked


class PickedDay(_Asked, fields.Field):
    """A day from the browser's own calendar, as ISO text: one box, because a report has four of them. Later than a
    clock or a calendar can count with is `no_such_day`."""

    widget = "picked_day"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:  # noqa: ARG002
        try:
            found = date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError("no_such_day") from None
        if not 1900 <= found.year <= 2199:
            raise ValidationError("no_such_day")
        return found


class SpanSchema(FormSchema):
    """The days of a report. Nothing typed: what the page begins with."""

    from_on = PickedDay(_l("From"), required=False)
    to_on = PickedDay(_l("To"), required=False)
    as_of = PickedDay(_l("As of"), required=False)
    known_at = PickedDay(_l("As known on"), required=False)


class WaitingTimesSchema(SpanSchema):
    """One service against one standard, or all services side by side."""

    service = Choice(_l("Service"), widget="select", required=False)
    standard = Choice(_l("Standard"), widget="select", required=False)
    by = Choice(_l("Side by side"), widget="select", required=False)
    sort = Choice(_l("In order of"), widget="select", required=False)

    class Meta(FormSchema.Meta):
        fields = ("service", "standard", "by", "from_on", "to_on", "as_of", "known_at", "sort")


class StoodSchema(FormSchema):
    """Challenges as they stood on a day, as it was known on another; neither: as they stand."""

    as_of = PickedDay(_l("As of"), required=False)
    known_at = PickedDay(_l("As known on"), required=False)

    class Meta(FormSchema.Meta):
        fields = ("as_of", "known_at")


class WaitSchema(FormSchema):
    """One referral on a day, as it was known on another."""

    as_of = PickedDay(_l("As of"), required=False)
    known_at = PickedDay(_l("As known on"), required=False)

    class Meta(FormSchema.Meta):
        fields = ("as_of", "known_at")


class AttendanceSchema(SpanSchema):
    """Meetings of a school, of an agency or of one of its services."""

    school = Choice(_l("School"), widget="select", required=False)
    agency = Choice(_l("Agency"), widget="select", required=False)
    service = Choice(_l("Service"), widget="select", required=False)
    by = Choice(_l("Side by side"), widget="select", required=False)

    class Meta(FormSchema.Meta):
        fields = ("school", "agency", "service", "by", "from_on", "to_on", "as_of", "known_at")
