"""Forms to set up a series of meetings, to plan its dates, and to say how many people a service can send."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, TextField, WholeNumberField
from webui.meeting.forms.meetings import TimeField

EVERY = (
    ("month", _l("Every month")),
    ("fortnight", _l("Every two weeks")),
    ("week", _l("Every week")),
    ("term", _l("Once a term")),
)
WEEKDAYS = (
    ("0", _l("Monday")),
    ("1", _l("Tuesday")),
    ("2", _l("Wednesday")),
    ("3", _l("Thursday")),
    ("4", _l("Friday")),
)
WEEKS = (
    ("1", _l("First of the month or term")),
    ("2", _l("Second")),
    ("3", _l("Third")),
    ("4", _l("Fourth")),
    ("5", _l("Last of the month; fifth of the term")),
)


class SeriesSchema(FormSchema):
    """A series of meetings. `members` are keys of services, people and seats."""

    name = TextField(_l("Name of the series"), hint=_l("For example: Hwb of Year 7"), longest=80)
    kind = ChoiceField(_l("Type of meeting"), widget="select")
    every = ChoiceField(_l("How often"), choices=EVERY)
    weekday = ChoiceField(_l("Day of the week"), widget="select", choices=WEEKDAYS)
    week = ChoiceField(
        _l("Which of these days"),
        hint=_l("For meetings every month or once a term."),
        widget="select",
        choices=WEEKS,
    )
    starts_at = TimeField(_l("Starts at"), hint=_l("For example 13:30"))
    ends_at = TimeField(_l("Ends at"))
    members = ChoicesField(_l("Members"), says={"missing": _l("Choose at least one member")})
    others = TextField(
        _l("Other schools or authorities"),
        hint=_l("Their numbers, separated by commas. They are invited as a whole."),
        longest=400,
        required=False,
    )
    substitutes = ChoicesField(
        _l("Who may come instead of a member"),
        hint=_l("A substitute works for the same organisation as a member."),
        required=False,
    )
    quorum = WholeNumberField(
        _l("Quorum"),
        hint=_l("The number who must be present. If there are fewer, this is noted, but you can continue."),
        least=1,
        most=60,
        width="3",
        required=False,
    )
    notice_working_days = WholeNumberField(
        _l("Invite at the latest, in working days before the meeting"), least=0, most=60, width="3"
    )
    papers_working_days = WholeNumberField(
        _l("Send the papers, in working days before the meeting"), least=0, most=60, width="3"
    )
    effective_from = DateField(_l("From"))
    effective_to = DateField(_l("Last day"), required=False)


class DatesSchema(FormSchema):
    """The dates of a series on which to schedule a meeting."""

    dates = ChoicesField(_l("Dates"), says={"missing": _l("Choose at least one date")})


class PlanSchema(FormSchema):
    """The proposed meetings that are accepted: number of the school, date and times of each."""

    proposals = ChoicesField(_l("Meetings"), says={"missing": _l("Choose at least one meeting")})


class CapacitySchema(FormSchema):
    """To how many meetings at the same time a service can send somebody."""

    people = WholeNumberField(_l("Meetings at the same time"), least=1, most=99, width="3")
    effective_from = DateField(_l("From"))
    effective_to = DateField(_l("Last day"), required=False)
