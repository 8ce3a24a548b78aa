"""Invitations: parties invited, their answers, and delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.event import Command
from coordination.meeting.commands import AnswerInvitation, Invite, RecordDelivery
from coordination.meeting.events import Expectation, Party
from coordination.meeting.expectation import expectation
from coordination.meeting.state import MEETING_STREAM
from webui.forms import Form
from webui.meeting.commands import party_named
from webui.meeting.forms.meetings import AnswerSchema, DeliverySchema, InviteSchema, OwnAnswerSchema
from webui.meeting.pages.meeting import agency_view
from webui.meeting.pages.shared import back_to, blueprint, perform_meeting_form, staff_choices, today
from webui.meeting.reading import MeetingPage, open_meeting
from webui.meeting.words import ANSWERED, PARTS, expectation_words
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, service_name


class InvitationChoice(msgspec.Struct, frozen=True):
    """A party that can be invited, and the terms that would apply. `expectation` None: a person, who is invited
    without terms."""

    key: str
    name: str
    agency: str
    expectation: Expectation | None


@blueprint.route("/meetings/<uuid:meeting>/invite", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def invite(meeting: UUID) -> ResponseReturnValue:
    """Invite several parties at once, each under the terms that apply."""
    held = open_meeting(meeting)
    services, people = list(_services(held)), list(_people(held))
    seats = list(_seats(held))
    offered = [*services, *people, *seats]
    form = Form(
        InviteSchema,
        values={"asked": "whole"},
        choices={"parties": [(one.key, one.name) for one in offered]},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        commands = [_invited(held, key, typed) for key in typed["parties"]]
        if perform_meeting_form(form, commands):
            return back_to(meeting, _("The invitations are recorded."), "invited")
    return form.page(
        "meeting/invite.html",
        held=held,
        with_terms=[one for one in services if one.expectation and one.expectation.terms],
        without_terms=[one for one in services if one.expectation and not one.expectation.terms],
        people=people,
        seats=seats,
        expectation_words=expectation_words,
    )


def _services(held: MeetingPage) -> Iterator[InvitationChoice]:
    """The open services that are not invited yet, or whose invitation was returned; by name."""
    known = directory()
    # the same state that decisions use, so that the page shows what will be recorded
    state = runtime().coordination.batch().state(MEETING_STREAM, held.id)
    asked = {seat.party for seat in held.found.seats if seat.invited_on and not seat.undelivered}
    found = []
    for service in known.services:
        if service.id in asked or not service.is_open(held.brief.held_on):
            continue
        party = Party(organisation=service.agency, service=service.id)
        rests_on = expectation(state, party, known, whole_meeting=True, notice_from=today())
        found.append(
            InvitationChoice(
                str(service.id), service_name(service), organisation_name(service.agency), rests_on
            )
        )
    yield from sorted(found, key=lambda one: one.name.casefold())


def _people(held: MeetingPage) -> Iterator[InvitationChoice]:
    """The school's own staff who are not invited yet."""
    asked = {seat.party for seat in held.found.seats if seat.invited_on}
    for key, words in staff_choices(held.brief.school, today()):
        if UUID(key) not in asked:
            yield InvitationChoice(key, words, organisation_name(held.brief.school), None)


def _seats(held: MeetingPage) -> Iterator[InvitationChoice]:
    """The seats for people without an account that nobody is invited to yet."""
    asked = {seat.part for seat in held.found.seats if seat.invited_on}
    for part, words in PARTS.items():
        if part not in asked:
            yield InvitationChoice(part, str(words), "", None)


def _invited(held: MeetingPage, key: str, typed: dict[str, Any]) -> Command:
    return Invite(
        occurred_on=today(),
        meeting=held.id,
        party=party_named(key, held.brief.school),
        whole_meeting=typed["asked"] == "whole",
        language=typed["language"],
    )


@blueprint.route("/meetings/<uuid:meeting>/invited/<uuid:party>/answer", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def answer(meeting: UUID, party: UUID) -> ResponseReturnValue:
    """Record an answer that a party gave the school."""
    held = open_meeting(meeting)
    seat = held.seat(party)
    form = Form(
        AnswerSchema,
        values={"answer": seat.answer, "way": "telephone", "said_on": today()},
        seen=seat.invitation_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AnswerInvitation(
            occurred_on=typed["said_on"],
            seen=form.seen,
            meeting=meeting,
            party=party,
            answer=typed["answer"],
            way=typed["way"],
        )
        now = str(ANSWERED[seat.answer]) if seat.answer else None
        if perform_meeting_form(form, [command], current=seat.invitation_version, now=now):
            return back_to(meeting, _("The answer is recorded."), "invited")
    return form.page("meeting/answer.html", held=held, seat=seat)


@blueprint.route("/meetings/<uuid:meeting>/invited/<uuid:party>/delivery", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def delivery(meeting: UUID, party: UUID) -> ResponseReturnValue:
    """Record whether the invitation arrived; one that was returned does not count."""
    held = open_meeting(meeting)
    seat = held.seat(party)
    form = Form(
        DeliverySchema,
        values={"way": "email", "arrived": not seat.undelivered},
        seen=seat.invitation_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RecordDelivery(
            occurred_on=today(),
            seen=form.seen,
            meeting=meeting,
            party=party,
            way=typed["way"],
            arrived=typed["arrived"],
        )
        now = _("It was not delivered.") if seat.undelivered else _("It was delivered.")
        if perform_meeting_form(form, [command], current=seat.invitation_version, now=now):
            return back_to(meeting, _("Recorded."), "invited")
    return form.page("meeting/delivery.html", held=held, seat=seat)


@blueprint.post("/meetings/<uuid:meeting>/reply/<uuid:party>")
@signed_in(*AGENCY_DESK)
def reply(meeting: UUID, party: UUID) -> ResponseReturnValue:
    """Record a party's own answer."""
    held = open_meeting(meeting)
    seat = held.seat(party)
    if seat.organisation != viewer().organisation:
        abort(404)
    form = Form(OwnAnswerSchema, seen=seat.invitation_version)
    typed = form.take(request.form)
    if typed is not None:
        command = AnswerInvitation(
            occurred_on=today(), seen=form.seen, meeting=meeting, party=party, answer=typed["answer"]
        )
        if perform_meeting_form(form, [command], current=seat.invitation_version):
            return back_to(meeting, _("Your answer is recorded."))
    return agency_view(held, {party: form})
