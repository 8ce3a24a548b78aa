"""Forms to schedule a meeting, make its agenda, and send and answer its invitations."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from webui.forms.base import FormSchema
from webui.forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    LongTextField,
    TextField,
    WholeNumberField,
    YesNoField,
)
from webui.words.text import Words

ANSWERS = (
    ("attending", _l("They will come")),
    ("apologies", _l("They send apologies")),
    ("substitute", _l("A substitute will come")),
    ("written_contribution", _l("They will contribute in writing")),
)
OWN_ANSWERS = (
    ("attending", _l("We will come")),
    ("apologies", _l("We send apologies")),
    ("substitute", _l("A substitute will come for us")),
    ("written_contribution", _l("We will contribute in writing")),
)
WAYS = (
    ("telephone", _l("By telephone")),
    ("email", _l("By email")),
    ("in_person", _l("In person")),
    ("letter", _l("By letter")),
)


class TimeField(TextField):
    """A time of day, as 13:30, 13.30, 1330 or 13; loaded as a time. Local time in Wales."""

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, longest=8, width="4", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return hour(super()._deserialize(value, attr, data, **kwargs))


def hour(typed: str) -> time:
    """The time that was typed. Raises ValidationError `no_such_time`."""
    plain = typed.strip().replace(".", ":").replace("h", ":").rstrip(":")
    if plain.isascii() and plain.isdecimal() and len(plain) in (3, 4):
        plain = f"{plain[:-2]}:{plain[-2:]}"
    first, _, rest = plain.partition(":")
    if not (first.isascii() and first.isdecimal() and len(first) <= 2 and (not rest or _minutes(rest))):
        raise ValidationError("no_such_time")
    if int(first) > 23:
        raise ValidationError("no_such_time")
    return time(int(first), int(rest or 0))


def _minutes(typed: str) -> bool:
    return len(typed) == 2 and typed.isascii() and typed.isdecimal() and int(typed) < 60


class ScheduleSchema(FormSchema):
    """A new meeting."""

    held_on = DateField(_l("Date"), hint=_l("For example 11 3 2026"))
    starts_at = TimeField(_l("Starts at"), hint=_l("For example 13:30"), required=False)
    ends_at = TimeField(_l("Ends at"), required=False)
    place = TextField(_l("Place"), longest=120, required=False)
    name = TextField(
        _l("Name of the meeting"),
        hint=_l("If you leave this empty, the type of meeting is used."),
        longest=80,
        required=False,
    )
    chair = ChoiceField(_l("Chair"), widget="select", required=False)
    quorum = WholeNumberField(
        _l("Quorum"),
        hint=_l("The number who must be present. If there are fewer, this is noted, but you can continue."),
        least=1,
        most=50,
        width="3",
        required=False,
    )
    invite_again = YesNoField(
        _l("Invite the same people as last time?"), kind="should it?", inline=True, required=False
    )
    kind = ChoiceField(_l("Type of meeting"), required=False)


class MoveSchema(FormSchema):
    """A new date, time or place."""

    held_on = DateField(_l("New date"))
    starts_at = TimeField(_l("Starts at"), required=False)
    ends_at = TimeField(_l("Ends at"), required=False)
    place = TextField(_l("Place"), longest=120, required=False)
    why = LongTextField(_l("Reason"), longest=500, rows=2, required=False)


class CancelSchema(FormSchema):
    """Cancelling a meeting."""

    why = LongTextField(_l("Why is the meeting cancelled?"), longest=500, rows=3, required=False)


class ChairSchema(FormSchema):
    """Another chair."""

    chair = ChoiceField(_l("Chair"), widget="select", says={"missing": _l("Choose a chair")})


class InviteSchema(FormSchema):
    """The parties to invite, and the items for which they are needed."""

    parties = ChoicesField(
        _l("Who to invite"), says={"missing": _l("Choose at least one person or service to invite")}
    )
    asked = ChoiceField(
        _l("What are they invited to?"),
        choices=(
            ("whole", _l("The whole meeting")),
            ("items", _l("Only the pupils they are needed for")),
        ),
    )
    language = ChoiceField(
        _l("What does the family want to use at the meeting?"),
        hint=_l("Ask before you invite parents or a pupil. Arrange an interpreter if they choose Welsh."),
        choices=(("cy", _l("Welsh")), ("en", _l("English")), ("both", _l("Both languages"))),
        required=False,
    )


class AnswerSchema(FormSchema):
    """A party's answer, recorded by the school."""

    answer = ChoiceField(_l("Their answer"), choices=ANSWERS)
    way = ChoiceField(_l("How they answered"), choices=WAYS)
    said_on = DateField(_l("When they answered"))


class OwnAnswerSchema(FormSchema):
    """A party's own answer."""

    answer = ChoiceField(_l("Your answer"), choices=OWN_ANSWERS, says={"missing": _l("Choose your answer")})


class DeliverySchema(FormSchema):
    """Whether an invitation arrived."""

    arrived = YesNoField(_l("Did the invitation arrive?"), kind="did it?", inline=True)
    way = ChoiceField(_l("How was it sent?"), choices=WAYS)


class AddPupilSchema(FormSchema):
    """A pupil for the agenda."""

    pupil = ChoiceField(_l("Pupil"), widget="select", says={"missing": _l("Choose a pupil")})
    services = ChoicesField(
        _l("Services needed for this pupil"),
        hint=_l("A service invited only for certain pupils is expected if a pupil on the agenda needs it."),
        required=False,
    )
    confirmed = YesNoField(
        _l("Will this pupil definitely be discussed?"),
        kind="is it?",
        hint=_l("Only confirmed items are sent out with the agenda."),
        inline=True,
    )
    without_names = YesNoField(
        _l("Will the discussion be without names?"),
        kind="is it?",
        hint=_l("Then the services learn nothing about the pupil, and the minute stays with the school."),
        inline=True,
    )


class ProposedSchema(FormSchema):
    """Proposed pupils for the agenda."""

    pupils = ChoicesField(_l("Pupils"), required=False)


class NextAgendaSchema(FormSchema):
    """One of the next meetings, for a pupil."""

    meeting = ChoiceField(_l("Meeting"), widget="select")
    services = ChoicesField(_l("Services needed for this pupil"), required=False)


class NextMeetingSchema(FormSchema):
    """The date of the next meeting."""

    next_on = DateField(_l("Date of the next meeting"))
    starts_at = TimeField(_l("Starts at"), required=False)


class ConflictSchema(FormSchema):
    """A person's conflict of interest in an item."""

    person = ChoiceField(_l("Who"), widget="select", says={"missing": _l("Choose a person")})
    item = ChoiceField(_l("Which pupil’s item?"), widget="select", required=False)
