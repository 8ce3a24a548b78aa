"""What is asked when a meeting is planned, its agenda made, its invitations sent and answered."""

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

ANSWERS = (
    ("attending", _l("They will come")),
    ("apologies", _l("They send apologies")),
    ("substitute", _l("A substitute comes")),
    ("written_contribution", _l("They write instead")),
)
OWN_ANSWERS = (
    ("attending", _l("We will come")),
    ("apologies", _l("We send apologies")),
    ("substitute", _l("A substitute comes for us")),
    ("written_contribution", _l("We write instead")),
)
WAYS = (
    ("telephone", _l("By telephone")),
    ("email", _l("By e-mail")),
    ("in_person", _l("In person")),
    ("letter", _l("By letter")),
)


class TimeField(TextField):
    """An hour of the day, as 13:30, 13.30, 1330 or 13; loaded as a time. Local time in Wales."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, longest=8, width="4", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return hour(super()._deserialize(value, attr, data, **kwargs))


def hour(typed: str) -> time:
    """The hour that somebody typed. Raises ValidationError `no_such_time`."""
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

    held_on = DateField(_l("Day"), hint=_l("For example 11 3 2026"))
    starts_at = TimeField(_l("Starts at"), hint=_l("For example 13:30"), required=False)
    place = TextField(_l("Place"), longest=120, required=False)
    name = TextField(
        _l("What your school calls it"),
        hint=_l("Leave empty to call it by its kind."),
        longest=80,
        required=False,
    )
    chair = ChoiceField(_l("Who chairs"), widget="select", required=False)
    quorum = WholeNumberField(
        _l("Quorum"),
        hint=_l("How many must be present for the meeting to count. Fewer is noted; nothing is blocked."),
        least=1,
        most=50,
        width="3",
        required=False,
    )
    invite_again = YesNoField(_l("Invite the same as last time?"), inline=True, required=False)
    kind = ChoiceField(_l("Kind of meeting"), required=False)


class MoveSchema(FormSchema):
    """Another day, hour or place."""

    held_on = DateField(_l("New day"))
    starts_at = TimeField(_l("Starts at"), required=False)
    place = TextField(_l("Place"), longest=120, required=False)
    why = LongTextField(_l("Why"), longest=500, rows=2, required=False)


class CancelSchema(FormSchema):
    """The meeting does not take place."""

    why = LongTextField(_l("Why it does not take place"), longest=500, rows=3, required=False)


class ChairSchema(FormSchema):
    """Another chair."""

    chair = ChoiceField(_l("Who chairs"), widget="select", says={"missing": _l("Choose who chairs")})


class InviteSchema(FormSchema):
    """Who is to come, and for what."""

    parties = ChoicesField(_l("Whom to invite"), says={"missing": _l("Choose at least one to invite")})
    asked = ChoiceField(
        _l("For what"),
        choices=(
            ("whole", _l("The whole meeting")),
            ("items", _l("Only the pupils for whom they are needed")),
        ),
    )


class AnswerSchema(FormSchema):
    """What a party answered, written down by the school."""

    answer = ChoiceField(_l("What they said"), choices=ANSWERS)
    way = ChoiceField(_l("How they said it"), choices=WAYS)
    said_on = DateField(_l("When they said it"))


class OwnAnswerSchema(FormSchema):
    """What a party answers for itself."""

    answer = ChoiceField(_l("Your answer"), choices=OWN_ANSWERS, says={"missing": _l("Choose your answer")})


class DeliverySchema(FormSchema):
    """Whether an invitation arrived."""

    arrived = YesNoField(_l("Did the invitation arrive?"), inline=True)
    way = ChoiceField(_l("How it went"), choices=WAYS)


class AddPupilSchema(FormSchema):
    """A pupil for the agenda."""

    pupil = ChoiceField(_l("Pupil"), widget="select", says={"missing": _l("Choose a pupil")})
    services = ChoicesField(
        _l("Services needed for this pupil"),
        hint=_l("A service invited only for its own pupils is expected when one of them needs it."),
        required=False,
    )
    confirmed = YesNoField(
        _l("Is it certain that the pupil is discussed?"),
        hint=_l("Only certain items go out with the agenda."),
        inline=True,
    )


class NextMeetingSchema(FormSchema):
    """When the next meeting is to be."""

    next_on = DateField(_l("Day of the next meeting"))
    starts_at = TimeField(_l("Starts at"), required=False)


class ConflictSchema(FormSchema):
    """A person has an interest of their own in something that is discussed."""

    person = ChoiceField(_l("Who"), widget="select", says={"missing": _l("Choose who")})
    item = ChoiceField(_l("In which pupil’s item"), widget="select", required=False)
