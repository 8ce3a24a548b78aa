"""A meeting behind a one-time link: the invited service answers, and reads its own minutes."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.one_time_links import OneTimeLink
from coordination.errors import NotFound
from coordination.meeting.commands import AnswerInvitation
from coordination.meeting.stages import takes_answers
from projections.attendance.queries import PartyAttendance
from webui.forms import Form
from webui.links.answering import last_word, said_by
from webui.links.browser import keep_secret, link_url
from webui.links.forms import WordSchema
from webui.links.proof import by_link
from webui.meeting.forms.meetings import OwnAnswerSchema
from webui.meeting.pages.meeting import action_texts, on_agenda, owner_names, seat_words
from webui.meeting.pages.shared import perform_meeting_form, today
from webui.meeting.reading import STAGES, MeetingPage, open_meeting, open_minute
from webui.meeting.words import ANSWERED
from webui.pupil.identity import by_name
from webui.shell import casework
from webui.shell.authentication import viewer

blueprint = Blueprint("meeting_by_link", __name__, url_prefix="/link/<token>/meeting")
keep_secret(blueprint)


class AnswerByLinkSchema(OwnAnswerSchema, WordSchema):
    """A service's answer to its invitation, and on whose word."""


@blueprint.route("", methods=["GET", "POST"])
@by_link("meeting")
def page(link: OneTimeLink) -> ResponseReturnValue:
    """The meeting as the service may see it: its invitation, the pupils it is needed for, its own minutes."""
    held = open_meeting(link.thing)
    seat = _own_seat(held, link)
    form = Form(
        AnswerByLinkSchema, values={"answer": seat.answer} | last_word(), seen=seat.invitation_version
    )
    answerable = seat.invited_on is not None and takes_answers(held.brief, viewer().today)
    if request.method == "POST" and not answerable:
        form.take(request.form)
        form.say(_("The meeting takes no answers any more."))
    elif request.method == "POST" and (typed := form.take(request.form)) is not None:
        said_by(link, typed)
        command = AnswerInvitation(
            occurred_on=today(), seen=form.seen, meeting=held.id, party=seat.party, answer=typed["answer"]
        )
        now = str(ANSWERED[seat.answer]) if seat.answer else None
        if perform_meeting_form(form, [command], current=seat.invitation_version, now=now):
            flash(_("Your answer is recorded."))
            return redirect(link_url("meeting_by_link.page"), 303)
    if held.children:
        casework.note_shown("agenda", list(held.children), "disclosed")
    return form.page(
        "meeting/by_link/meeting.html",
        held=held,
        seat=seat,
        answerable=answerable or form.wrong,
        stages=STAGES,
        agenda=on_agenda(held),
        minutes=sorted(held.at.minutes, key=lambda minute: by_name(held.child(minute.pupil))),
        minute_to=lambda minute: link_url("meeting_by_link.minute", minute=minute.minute),
        what=action_texts(held),
        finish=url_for("links.finish"),
        signing_in=True,
        log_position=held.found.log_position,
        **seat_words(),
    )


@blueprint.get("/minutes/<uuid:minute>")
@by_link("meeting")
def minute(link: OneTimeLink, minute: UUID) -> ResponseReturnValue:
    """The service's own copy of the minute about one pupil, as far as it was disclosed to it."""
    held = open_meeting(link.thing)
    _own_seat(held, link)
    found = held.minute(minute)
    casework.note_shown("minute", [found.pupil], "disclosed", found.cites)
    return render_template(
        "meeting/by_link/minute.html",
        held=held,
        child=held.child(found.pupil),
        on_page=open_minute(found),
        actions=[a for a in held.at.actions if a.minute == minute],
        what=action_texts(held),
        owner=owner_names(held),
        back=link_url("meeting_by_link.page"),
        signing_in=True,
        log_position=held.found.log_position,
    )


def _own_seat(held: MeetingPage, link: OneTimeLink) -> PartyAttendance:
    """The seat of the service of the link; 404 where it was not invited."""
    try:
        return held.seat(link.audience)
    except NotFound:
        abort(404)
