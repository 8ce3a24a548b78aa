"""The agenda: its pupils, the services needed, and when it was sent."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.meeting.commands import (
    AddAgendaItem,
    ConfirmAgendaItem,
    DeclareConflict,
    RemoveAgendaItem,
    SendAgenda,
)
from coordination.meeting.stages import agenda_due_on
from projections.case_file.queries import PupilCriteria, pupils
from webui.forms import Form, FormSchema
from webui.meeting.forms.meetings import AddPupilSchema, ConflictSchema
from webui.meeting.pages.meeting import on_agenda
from webui.meeting.pages.proposed import needed_times, proposals_for
from webui.meeting.pages.shared import back_to, blueprint, perform_meeting_form, staff_choices, today
from webui.meeting.reading import MeetingPage, open_meeting
from webui.meeting.sharing import sharing_of
from webui.pupil.identity import PupilIdentity, by_name, open_identity
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.words.naming import directory, service_name
from webui.words.text import Words


@blueprint.route("/meetings/<uuid:meeting>/agenda", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def agenda(meeting: UUID) -> ResponseReturnValue:
    """Show the agenda with a form that adds a pupil."""
    held = open_meeting(meeting)
    children = _not_on_it(held)
    form = Form(
        AddPupilSchema,
        values={"confirmed": True, "without_names": False},
        choices={
            "pupil": [(str(one.pupil), one.listed) for one in children],
            "services": _services(held),
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AddAgendaItem(
            occurred_on=today(),
            meeting=meeting,
            item=casework.new_id(form.command_id, "item"),
            about=UUID(typed["pupil"]),
            services=tuple(UUID(service) for service in typed["services"]),
            confirmed=typed["confirmed"],
            without_names=typed["without_names"],
        )
        if perform_meeting_form(form, [command]):
            return back_to_agenda(meeting, _("The pupil is on the agenda."))
    return form.page(
        "meeting/agenda.html",
        held=held,
        agenda=on_agenda(held),
        sharing=sharing_of(held),
        proposals=proposals_for(held) if held.open else [],
        needed=needed_times(held),
        due=agenda_due_on(held.brief.held_on),
        act=lambda seen: Form(FormSchema, seen=seen),
    )


def back_to_agenda(meeting: UUID, words: Words) -> ResponseReturnValue:
    """Redirect to the agenda with a message."""
    flash(str(words))
    return redirect(url_for("meetings.agenda", meeting=meeting), 303)


def _not_on_it(held: MeetingPage) -> list[PupilIdentity]:
    """The pupils of the school that are not on the agenda, by name."""
    found = pupils(casework.reader(), viewer(), PupilCriteria())
    on_it = {item.pupil for item in held.found.agenda}
    rows = [row for row in found.rows if row.pupil not in on_it]
    opened = casework.open_sealed([row.identity for row in rows])
    children = [open_identity(row.pupil, identity) for row, identity in zip(rows, opened, strict=True)]
    return sorted((one for one in children if not one.erased), key=by_name)


def _services(held: MeetingPage) -> list[tuple[str, str]]:
    """The services that were invited, then those with terms; by name."""
    known, brief = directory(), held.brief
    invited = {seat.service for seat in held.found.seats if seat.service}
    terms = {t.service for t in known.terms_for(brief.school, brief.held_on, brief.kind)}
    named = ((str(service), service_name(service)) for service in invited | terms)
    return sorted(named, key=lambda one: one[1].casefold())


@blueprint.post("/meetings/<uuid:meeting>/agenda/<uuid:item>/confirm")
@signed_in(*SCHOOL_DESK)
def confirm(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """Confirm a proposed item."""
    return _changed(meeting, item, ConfirmAgendaItem, _("The item is confirmed."))


@blueprint.post("/meetings/<uuid:meeting>/agenda/<uuid:item>/remove")
@signed_in(*SCHOOL_DESK)
def remove(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """Remove a pupil from the agenda."""
    return _changed(meeting, item, RemoveAgendaItem, _("The pupil is no longer on the agenda."))


def _changed(
    meeting: UUID, item: UUID, command: type[ConfirmAgendaItem | RemoveAgendaItem], words: str
) -> ResponseReturnValue:
    held = open_meeting(meeting)
    seen = held.item(item).last_version
    form = Form(FormSchema, seen=seen)
    form.take(request.form)
    wanted = command(occurred_on=today(), seen=form.seen, meeting=meeting, item=item)
    casework.perform(wanted, form.command_id)
    return back_to_agenda(meeting, words)


@blueprint.post("/meetings/<uuid:meeting>/agenda/send")
@signed_in(*SCHOOL_DESK)
def send(meeting: UUID) -> ResponseReturnValue:
    """Record that the agenda was sent to those invited."""
    form = Form(FormSchema)
    form.take(request.form)
    casework.perform(SendAgenda(occurred_on=today(), seen=form.seen, meeting=meeting), form.command_id)
    return back_to(meeting, _("The agenda is recorded as sent."))


@blueprint.route("/meetings/<uuid:meeting>/interest", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def conflict(meeting: UUID) -> ResponseReturnValue:
    """Record a conflict of interest."""
    held = open_meeting(meeting)
    items = [(str(one.item.item), one.child.listed) for one in on_agenda(held)]
    form = Form(ConflictSchema, choices={"person": _people(held), "item": items})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = DeclareConflict(
            occurred_on=today(),
            meeting=meeting,
            person=UUID(typed["person"]),
            item=UUID(typed["item"]) if typed["item"] else None,
        )
        if perform_meeting_form(form, [command]):
            return back_to(meeting, _("The conflict of interest is recorded."))
    return form.page("meeting/conflict.html", held=held)


def _people(held: MeetingPage) -> list[tuple[str, str]]:
    """Staff of the school and of the agencies at the meeting."""
    return staff_choices({held.brief.school, *(seat.organisation for seat in held.found.seats)}, today())
