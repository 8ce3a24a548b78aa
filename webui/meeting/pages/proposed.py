"""The agenda that proposes itself, its order, and adding a pupil to the next meeting from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.meeting.commands import AddAgendaItem, OrderAgenda
from coordination.meeting.proposing import (
    ProposedItem,
    needed_from_to,
    proposed_items,
    stand_together,
)
from projections.attendance.queries import meetings as meetings_query
from projections.attendance.queries.agenda_proposals import agenda_reasons
from projections.case_file.queries import PupilCriteria, pupils
from webui.forms import Form, FormSchema
from webui.meeting.forms.meetings import NextAgendaSchema, ProposedSchema
from webui.meeting.pages.shared import back_to, blueprint, done_at, perform_meeting_form, today
from webui.meeting.reading import MeetingPage, open_meeting
from webui.meeting.words import REASONS, clock_words
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.words.formats import day
from webui.words.naming import code_words, service_name


class ProposedPupil(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed pupil in words."""

    item: ProposedItem
    child: PupilIdentity
    reasons: tuple[str, ...]
    services: str


def proposals_for(held: MeetingPage) -> list[ProposedPupil]:
    """The pupils who should be on the agenda and are not, with the reasons."""
    on_it = {item.pupil for item in held.found.agenda}
    found = proposed_items(agenda_reasons(casework.reader(), viewer(), held.brief.held_on))
    wanted = [one for one in found if one.pupil not in on_it]
    known = _children({one.pupil for one in wanted})
    return [_shown(one, known[one.pupil]) for one in wanted if one.pupil in known]


def _shown(one: ProposedItem, child: PupilIdentity) -> ProposedPupil:
    return ProposedPupil(
        item=one,
        child=child,
        reasons=tuple(f"{REASONS[reason.why]} ({day(reason.since)})" for reason in one.reasons),
        services=", ".join(service_name(service) for service in one.services),
    )


def _children(wanted: set[UUID]) -> dict[UUID, PupilIdentity]:
    if not wanted:
        return {}
    rows = [row for row in pupils(casework.reader(), viewer(), PupilCriteria()).rows if row.pupil in wanted]
    opened = casework.open_sealed([row.identity for row in rows])
    found = [open_identity(row.pupil, identity) for row, identity in zip(rows, opened, strict=True)]
    return {one.pupil: one for one in found if not one.erased}


def needed_times(held: MeetingPage) -> list[tuple[str, str]]:
    """Each service with the time for which it is needed, in the order of the agenda."""
    items = [(item.item, item.services) for item in held.found.agenda]
    found = needed_from_to(items, held.brief.starts_at, held.brief.ends_at)
    return [
        (service_name(of), _("needed %(start)s to %(end)s", start=clock_words(a), end=clock_words(b)))
        for of, (a, b) in found.items()
    ]


@blueprint.post("/meetings/<uuid:meeting>/agenda/proposals")
@signed_in(*SCHOOL_DESK)
def take_proposals(meeting: UUID) -> ResponseReturnValue:
    """Put the chosen pupils on the agenda, with the services concerned."""
    held = open_meeting(meeting)
    offered = {str(one.item.pupil): one.item for one in proposals_for(held)}
    form = Form(ProposedSchema, choices={"pupils": [(key, key) for key in offered]})
    typed = form.take(request.form)
    invited = {seat.service for seat in held.found.seats if seat.service}
    commands = [_added(form, held.id, offered[key], invited) for key in (typed or {}).get("pupils", ())]
    if commands and perform_meeting_form(form, commands):
        return done_at(url_for("meetings.agenda", meeting=meeting), _("The agenda is extended."))
    words = (
        _("Choose at least one pupil.") if not commands else _("The agenda has changed. Look at it again.")
    )
    return done_at(url_for("meetings.agenda", meeting=meeting), words)


def _added(form: Form, meeting: UUID, one: ProposedItem, invited: set[UUID]) -> AddAgendaItem:
    return AddAgendaItem(
        occurred_on=today(),
        meeting=meeting,
        item=casework.new_id(form.command_id, f"item {one.pupil}"),
        about=one.pupil,
        services=tuple(service for service in one.services if service in invited),
    )


@blueprint.post("/meetings/<uuid:meeting>/agenda/<uuid:item>/earlier")
@signed_in(*SCHOOL_DESK)
def earlier(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """Move an item up by one place."""
    return _moved(meeting, item, -1)


@blueprint.post("/meetings/<uuid:meeting>/agenda/<uuid:item>/later")
@signed_in(*SCHOOL_DESK)
def later(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """Move an item down by one place."""
    return _moved(meeting, item, 1)


def _moved(meeting: UUID, item: UUID, by: int) -> ResponseReturnValue:
    held = open_meeting(meeting)
    held.item(item)
    order = [one.item for one in held.found.agenda]
    place = order.index(item)
    to = min(max(place + by, 0), len(order) - 1)
    order.insert(to, order.pop(place))
    return _ordered(held, order)


@blueprint.post("/meetings/<uuid:meeting>/agenda/together")
@signed_in(*SCHOOL_DESK)
def together(meeting: UUID) -> ResponseReturnValue:
    """Order the agenda so that each service's pupils stand together."""
    held = open_meeting(meeting)
    return _ordered(held, stand_together([(one.item, one.services) for one in held.found.agenda]))


def _ordered(held: MeetingPage, order: Sequence[UUID]) -> ResponseReturnValue:
    form = Form(FormSchema, seen=held.brief.last_version)
    form.take(request.form)
    command = OrderAgenda(occurred_on=today(), seen=form.seen, meeting=held.id, items=tuple(order))
    casework.perform(command, form.command_id)
    return done_at(url_for("meetings.agenda", meeting=held.id), _("The agenda is in its new order."))


@blueprint.route("/pupils/<uuid:pupil>/next-meeting", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def add_to_next(pupil: UUID) -> ResponseReturnValue:
    """Put a pupil on the agenda of one of the school's next meetings."""
    child = _children({pupil}).get(pupil)
    if child is None:
        raise NotFound
    coming = _coming()
    reasons = proposed_items(agenda_reasons(casework.reader(), viewer(), today(), pupil))
    needed = reasons[0].services if reasons else ()
    form = Form(
        NextAgendaSchema,
        values={"meeting": coming[0][0] if coming else None, "services": [str(one) for one in needed]},
        choices={"meeting": coming, "services": [(str(one), service_name(one)) for one in needed]},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = _next_item(form, pupil, typed)
        if perform_meeting_form(form, [command]):
            return back_to(command.meeting, _("The pupil is on the agenda."))
    shown = [_shown(one, child) for one in reasons]
    return form.page("meeting/next_agenda.html", child=child, coming=coming, proposals=shown)


def _next_item(form: Form, pupil: UUID, typed: dict[str, Any]) -> AddAgendaItem:
    return AddAgendaItem(
        occurred_on=today(),
        meeting=UUID(typed["meeting"]),
        item=casework.new_id(form.command_id, "item"),
        about=pupil,
        services=tuple(UUID(service) for service in typed["services"] or ()),
    )


def _coming() -> list[tuple[str, str]]:
    """The school's meetings from today on that take entries, the next first."""
    found = meetings_query(
        casework.reader(), viewer(), school=viewer().organisation, from_on=today(), to_on=date.max
    )
    return [
        (str(one.meeting), f"{code_words('meeting_kind', one.kind)}, {day(one.held_on)}")
        for one in found
        if not one.cancelled and not one.finalised
    ]
