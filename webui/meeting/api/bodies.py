"""The request bodies for meetings: strict versions of the forms of the pages, with ids where a form offers people."""

from __future__ import annotations

import re
from datetime import time
from typing import Any, get_args
from uuid import UUID

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from coordination.meeting.events import Mark
from coordination.pupil.actions.events import Owner
from webui.api.reading import ClosedSchema, IdField, IdsField, ObjectsField, closed_schema, field_problem
from webui.forms.fields import ChoiceField, DateField, LongTextField, TextField, YesNoField
from webui.meeting.forms.meetings import AnswerSchema as ReportedSchema
from webui.meeting.forms.meetings import (
    CancelSchema,
    DeliverySchema,
    InviteSchema,
    MoveSchema,
    NextMeetingSchema,
    OwnAnswerSchema,
    ScheduleSchema,
    TimeField,
)
from webui.meeting.forms.minutes import LONGEST
from webui.meeting.forms.register import CorrectMarkSchema
from webui.words.naming import directory
from webui.words.text import Words

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class HourField(TimeField):
    """A time of day in Wales, such as 13:30."""

    PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, **options)
        self.metadata = {**self.metadata, "pattern": self.PATTERN}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        if not (isinstance(value, str) and re.fullmatch(self.PATTERN, value)):
            raise ValidationError("no_such_time")
        return time.fromisoformat(value)


class MeetingBody(closed_schema(ScheduleSchema)):  # type: ignore[misc]
    """A new meeting. With `after`, it follows that meeting in its series and has the same type."""

    starts_at = HourField(_l("Starts at"), required=False)
    chair = IdField(_l("Chair"), required=False)
    kind = TextField(_l("Type of meeting"), longest=40, required=False)
    after = IdField("The previous meeting in the series", required=False)

    class Meta(ClosedSchema.Meta):
        exclude = ("invite_again",)


class MoveMeetingBody(closed_schema(MoveSchema)):  # type: ignore[misc]
    """A new date, time or place."""

    starts_at = HourField(_l("Starts at"), required=False)


class NextMeetingBody(closed_schema(NextMeetingSchema)):  # type: ignore[misc]
    """The date of the next meeting."""

    starts_at = HourField(_l("Starts at"), required=False)


CancelMeetingBody = closed_schema(CancelSchema)


class ChairBody(ClosedSchema):
    """Another chair."""

    chair = IdField(_l("Chair"))


class MeantBody(ClosedSchema):
    """A request without fields."""


class InvitationBody(closed_schema(InviteSchema)):  # type: ignore[misc]
    """An invitation: a service, a person of the school or a seat (parents, pupil, gp, police, interpreter), and what it
    is invited to. `language`: what a family said about using Welsh."""

    party = TextField("A service, a person of the school, or the name of a seat", longest=36)

    class Meta(ClosedSchema.Meta):
        exclude = ("parties",)


OwnAnswerBody = closed_schema(OwnAnswerSchema)
ReportedAnswerBody = closed_schema(ReportedSchema)
DeliveryBody = closed_schema(DeliverySchema)


class MarkBody(closed_schema(CorrectMarkSchema)):  # type: ignore[misc]
    """A party's mark in the register. Times apply to parties that arrived late, left early or sent a substitute; the
    person replaced and whether they could make decisions apply to `substitute` only."""

    mark = ChoiceField(_l("Mark"), choices=[(mark, mark) for mark in get_args(Mark)])
    arrived = HourField(_l("Arrived at"), required=False)
    left = HourField(_l("Left at"), required=False)
    substitute_for = IdField("The person the substitute replaced", required=False)


class ItemBody(ClosedSchema):
    """A pupil for the agenda."""

    pupil = IdField(_l("Pupil"))
    services = IdsField(_l("Services needed for this pupil"), required=False)
    confirmed = YesNoField(_l("Will this pupil definitely be discussed?"), kind="is it?")
    without_names = YesNoField(
        _l("Will the discussion be without names?"), kind="is it?", required=False, load_default=False
    )


class DissentBody(ClosedSchema):
    """A service that does not agree, and what it recommends instead."""

    service = IdField("The service")
    text = LongTextField(_l("What it recommends instead"), longest=LONGEST)


class MinuteBody(ClosedSchema):
    """What was discussed, decided, or both."""

    services_present = IdsField(_l("Services in the room for this pupil"), required=False)
    discussion = LongTextField(_l("What was discussed"), longest=LONGEST, required=False)
    decision = LongTextField(_l("What was decided"), longest=LONGEST, required=False)
    dissent = ObjectsField("Services that do not agree, with what they recommend instead", DissentBody)
    childs_view = LongTextField(_l("What the pupil says"), longest=LONGEST, required=False)
    parents_view = LongTextField(_l("What the parents say"), longest=LONGEST, required=False)


class CorrectedMinuteBody(MinuteBody):
    """The whole corrected minute. The earlier version is kept."""

    why = LongTextField(_l("Why are you correcting it?"), longest=500)


class SettledBody(ClosedSchema):
    """The owner of an action (a service or a person of the school) and its due date."""

    owner_service = IdField("The service that owns the action", required=False)
    owner_person = IdField("The person of the school who owns the action", required=False)
    due_on = DateField(_l("Due date"), required=False)


class AgreedBody(SettledBody):
    """An action agreed at a meeting."""

    what = LongTextField(_l("What needs to be done"), longest=500)


def owner_of(typed: dict[str, Any], school: UUID) -> Owner | None:
    """The owner of an action; None if there is none yet. Raises Problem for two owners, and for an unknown service."""
    if typed["owner_service"] and typed["owner_person"]:
        raise field_problem(SettledBody(), "owner_person", "not_offered")
    if typed["owner_person"]:
        return Owner(organisation=school, person=UUID(typed["owner_person"]))
    if not typed["owner_service"]:
        return None
    service = directory().service(UUID(typed["owner_service"]))
    if service is None:
        raise field_problem(SettledBody(), "owner_service", "not_offered")
    return Owner(organisation=service.agency, service=service.id)
