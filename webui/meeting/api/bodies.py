"""What is sent about meetings: the forms of the pages in their strict twins, with ids where a form offers somebody."""

from __future__ import annotations

import re
from datetime import time
from typing import Any, get_args
from uuid import UUID

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from coordination.meeting.events import Mark, MeetingKind
from coordination.pupil.actions.events import Owner
from webui.api.reading import Closed, Id, Things, closed, wrong_field
from webui.forms.fields import Choice, Choices, Day, LongText, YesNo
from webui.meeting.forms.meetings import AnswerSchema as ReportedSchema
from webui.meeting.forms.meetings import (
    CancelSchema,
    Clock,
    DeliverySchema,
    InviteSchema,
    MoveSchema,
    NextSchema,
    OwnAnswerSchema,
    ScheduleSchema,
)
from webui.meeting.forms.minutes import LONGEST
from webui.meeting.forms.register import CorrectMarkSchema
from webui.words.naming import directory

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Hour(Clock):
    """An hour of the day in Wales, as 13:30."""

    PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, **options)
        self.metadata = {**self.metadata, "pattern": self.PATTERN}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        if not (isinstance(value, str) and re.fullmatch(self.PATTERN, value)):
            raise ValidationError("no_such_time")
        return time.fromisoformat(value)


class Ids(Choices):
    """The ids of several."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        listed = super()._deserialize(value, attr, data, **kwargs)
        if not all(_UUID.fullmatch(one) for one in listed):
            raise ValidationError("not_an_id")
        return [UUID(one) for one in listed]


class MeetingBody(closed(ScheduleSchema)):  # type: ignore[misc]
    """A new meeting. `after` another one it follows that in its series, and is of its kind."""

    starts_at = Hour(_l("Starts at"), required=False)
    chair = Id(_l("Who chairs"), required=False)
    kind = Choice(_l("Kind of meeting"), choices=[(k, k) for k in get_args(MeetingKind)], required=False)
    after = Id("The meeting before it", required=False)

    class Meta(Closed.Meta):
        exclude = ("invite_again",)


class MoveMeetingBody(closed(MoveSchema)):  # type: ignore[misc]
    """Another day, hour or place."""

    starts_at = Hour(_l("Starts at"), required=False)


class NextMeetingBody(closed(NextSchema)):  # type: ignore[misc]
    """When the next one is to be."""

    starts_at = Hour(_l("Starts at"), required=False)


CancelMeetingBody = closed(CancelSchema)


class ChairBody(Closed):
    """Another chair."""

    chair = Id(_l("Who chairs"))


class MeantBody(Closed):
    """Nothing is asked but to be meant."""


class InvitationBody(closed(InviteSchema)):  # type: ignore[misc]
    """Who is to come: a service, or somebody of the school; and for what."""

    party = Id("A service, or a person of the school")

    class Meta(Closed.Meta):
        exclude = ("parties",)


OwnAnswerBody = closed(OwnAnswerSchema)
ReportedAnswerBody = closed(ReportedSchema)
DeliveryBody = closed(DeliverySchema)


class MarkBody(closed(CorrectMarkSchema)):  # type: ignore[misc]
    """A party's line of the register. Hours belong to who came late or left early or in another's place; a substitute
    and whether they could decide, to `substitute`."""

    mark = Choice(_l("Mark"), choices=[(mark, mark) for mark in get_args(Mark)])
    arrived = Hour(_l("Arrived at"), required=False)
    left = Hour(_l("Left at"), required=False)
    substitute_for = Id("The person in whose place a substitute came", required=False)


class ItemBody(Closed):
    """A pupil for the agenda."""

    pupil = Id(_l("Pupil"))
    services = Ids(_l("Services needed for this pupil"), required=False)
    confirmed = YesNo(_l("Is it certain that the pupil is discussed?"))


class DissentBody(Closed):
    """A service that does not agree, and what it recommends instead."""

    service = Id("The service")
    text = LongText(_l("What it recommends instead"), longest=LONGEST)


class MinuteBody(Closed):
    """What was discussed, or what was decided, or both."""

    services_present = Ids(_l("In the room for this pupil"), required=False)
    discussion = LongText(_l("What was discussed"), longest=LONGEST, required=False)
    decision = LongText(_l("What was decided"), longest=LONGEST, required=False)
    dissent = Things("Each service that does not agree, and what it recommends instead", DissentBody)
    childs_view = LongText(_l("What the pupil says"), longest=LONGEST, required=False)
    parents_view = LongText(_l("What the parents say"), longest=LONGEST, required=False)


class CorrectedMinuteBody(MinuteBody):
    """The whole minute as it should have been; the earlier one stays on the record."""

    why = LongText(_l("Why it is corrected"), longest=500)


class SettledBody(Closed):
    """Whose an action is, a service's or a person's of the school, and by when."""

    owner_service = Id("The service that answers for it", required=False)
    owner_person = Id("The person of the school who answers for it", required=False)
    due_on = Day(_l("By when"), required=False)


class AgreedBody(SettledBody):
    """An action agreed at a meeting."""

    what = LongText(_l("What is to be done"), longest=500)


def owner_of(typed: dict[str, Any], school: UUID) -> Owner | None:
    """Who answers for an action; None: nobody yet. Raises Problem for two owners, and for a service that is none."""
    if typed["owner_service"] and typed["owner_person"]:
        raise wrong_field(SettledBody(), "owner_person", "not_offered")
    if typed["owner_person"]:
        return Owner(organisation=school, person=UUID(typed["owner_person"]))
    if not typed["owner_service"]:
        return None
    service = directory().service(UUID(typed["owner_service"]))
    if service is None:
        raise wrong_field(SettledBody(), "owner_service", "not_offered")
    return Owner(organisation=service.agency, service=service.id)
