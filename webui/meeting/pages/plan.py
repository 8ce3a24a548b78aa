"""The date of a meeting: scheduling, moving and cancelling it; its chair; the next meeting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.calendars import wales
from coordination.event import Command
from coordination.meeting.commands import (
    CancelMeeting,
    Invite,
    NameChair,
    RescheduleMeeting,
    SetNextMeeting,
)
from coordination.meeting.events import Party
from webui.forms import Form
from webui.meeting.commands import schedule as schedule_command
from webui.meeting.forms.meetings import (
    CancelSchema,
    ChairSchema,
    MoveSchema,
    NextMeetingSchema,
    ScheduleSchema,
)
from webui.meeting.pages.shared import (
    back_to,
    blueprint,
    perform_meeting_form,
    staff_choices,
    today,
)
from webui.meeting.reading import MeetingPage, open_meeting
from webui.meeting.words import clock_words
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.words.formats import day
from webui.words.naming import code_words, directory, people_names


@blueprint.route("/meetings/new", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def schedule() -> ResponseReturnValue:
    """Schedule a new meeting; with `after` it follows another one in its series and starts with the same details."""
    before = _before(request.args.get("after"))
    form = Form(ScheduleSchema, values=_usual(before), choices=_choices(before))
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        scheduled = schedule_command(form.command_id, typed, before.brief if before else None)
        if perform_meeting_form(form, [scheduled, *_invited(scheduled.meeting, typed, before)]):
            return back_to(scheduled.meeting, _("The meeting is scheduled."))
    return form.page("meeting/schedule.html", before=before)


def _before(after: str | None) -> MeetingPage | None:
    if after is None:
        return None
    try:
        return open_meeting(UUID(after))
    except ValueError:
        abort(404)


def _usual(before: MeetingPage | None) -> dict[str, Any]:
    if before is None:
        return {"kind": "hwb", "chair": str(viewer().person)}
    brief = before.brief
    return {
        "held_on": brief.next_on or next_day(brief.held_on),
        "starts_at": clock_words(brief.starts_at),
        "ends_at": clock_words(brief.ends_at),
        "place": before.place,
        "name": before.own_name,
        "chair": str(brief.chair or ""),
        "quorum": brief.quorum,
        "invite_again": True,
        "kind": brief.kind,
    }


def next_day(held_on: date) -> date:
    """The suggested date a month later: the same weekday of the month (the second Wednesday), or the working day after
    it."""
    week = (held_on.day - 1) // 7
    first = (held_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    day = first + timedelta(days=(held_on.weekday() - first.weekday()) % 7, weeks=week)
    if day.month != first.month:
        day -= timedelta(weeks=1)
    return wales().next_working_day(day)


def _choices(before: MeetingPage | None) -> dict[str, list[tuple[str, str]]]:
    kinds = directory().codes("meeting_kind", today())
    chairs = staff_choices(viewer().organisation, today())
    if before is not None and before.brief.chair is not None:
        held = str(before.brief.chair)
        if held not in {code for code, _words in chairs}:
            chairs.append((held, before.people[before.brief.chair]))
    return {"kind": [(code, code_words("meeting_kind", code)) for code in kinds], "chair": chairs}


def _invited(meeting: UUID, typed: dict[str, Any], before: MeetingPage | None) -> Iterator[Command]:
    """The parties invited last time whose service is still open."""
    if before is None or not typed["invite_again"]:
        return
    known = directory()
    for seat in before.found.seats:
        service = known.service(seat.service)
        if seat.invited_on is None or (service is not None and not service.is_open(typed["held_on"])):
            continue
        if seat.person and not known.roles_of(seat.person, seat.organisation, today()):
            continue
        party = Party(organisation=seat.organisation, service=seat.service, person=seat.person)
        yield Invite(occurred_on=today(), meeting=meeting, party=party, whole_meeting=seat.whole_meeting)


@blueprint.route("/meetings/<uuid:meeting>/move", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def move(meeting: UUID) -> ResponseReturnValue:
    """Change the date, time or place; parties that have answered are invited again."""
    held = open_meeting(meeting)
    usual = {
        "held_on": held.brief.held_on,
        "starts_at": clock_words(held.brief.starts_at),
        "ends_at": clock_words(held.brief.ends_at),
        "place": held.place,
    }
    form = Form(MoveSchema, values=usual, seen=held.brief.last_version)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RescheduleMeeting(occurred_on=today(), seen=form.seen, meeting=meeting, **typed)
        brief = held.brief
        parts = (day(brief.held_on), clock_words(brief.starts_at), held.place)
        now = ", ".join(part for part in parts if part)
        if perform_meeting_form(form, [command], current=held.brief.last_version, now=now):
            return back_to(meeting, _("The meeting is moved. Those who had answered must answer again."))
    return form.page("meeting/move.html", held=held)


@blueprint.route("/meetings/<uuid:meeting>/cancel", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def cancel(meeting: UUID) -> ResponseReturnValue:
    """Cancel the meeting; it stays on the record."""
    held = open_meeting(meeting)
    form = Form(CancelSchema, seen=held.brief.last_version)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = CancelMeeting(occurred_on=today(), seen=form.seen, meeting=meeting, why=typed["why"])
        if perform_meeting_form(form, [command], current=held.brief.last_version):
            return back_to(meeting, _("The meeting is cancelled."))
    return form.page("meeting/cancel.html", held=held)


@blueprint.route("/meetings/<uuid:meeting>/chair", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def chair(meeting: UUID) -> ResponseReturnValue:
    """Change the chair."""
    held = open_meeting(meeting)
    form = Form(
        ChairSchema,
        values={"chair": held.brief.chair},
        choices={"chair": staff_choices(held.brief.school, today())},
        seen=held.brief.last_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = NameChair(occurred_on=today(), seen=form.seen, meeting=meeting, chair=UUID(typed["chair"]))
        now = people_names([held.brief.chair]).get(held.brief.chair) if held.brief.chair else None
        if perform_meeting_form(form, [command], current=held.brief.last_version, now=now):
            return back_to(meeting, _("The chair is named."))
    return form.page("meeting/chair.html", held=held)


@blueprint.route("/meetings/<uuid:meeting>/next", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def next_meeting(meeting: UUID) -> ResponseReturnValue:
    """Set the date of the next meeting for the minutes; that meeting is scheduled separately."""
    held = open_meeting(meeting)
    usual = {
        "next_on": held.brief.next_on or next_day(held.brief.held_on),
        "starts_at": clock_words(held.brief.starts_at),
    }
    form = Form(NextMeetingSchema, values=usual, seen=held.brief.last_version)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetNextMeeting(occurred_on=today(), seen=form.seen, meeting=meeting, **typed)
        now = day(held.brief.next_on) or None
        if perform_meeting_form(form, [command], current=held.brief.last_version, now=now):
            return back_to(meeting, _("The next meeting is set."))
    return form.page("meeting/next.html", held=held)
