"""The minute about a pupil: recording, correcting and reading it; and the actions agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.minute_texts import MinutePlace, set_text_aside, writer_key
from coordination.errors import NotFound, StaleVersion
from coordination.event import Command
from coordination.meeting.events import PRESENT
from coordination.pupil.actions.decide import AgreeActionAtMeeting
from coordination.pupil.minutes.decide import CorrectMinute, TakeMinute
from coordination.pupil.minutes.events import Dissent
from projections.attendance.queries import AgendaItem
from webui.forms import Form
from webui.meeting.brief import child_brief
from webui.meeting.due_choices import due_choices, due_day
from webui.meeting.forms.minutes import ACTIONS, minute_schema
from webui.meeting.pages.actions import owner_of, owners
from webui.meeting.pages.meeting import action_texts, owner_names
from webui.meeting.pages.shared import blueprint, perform_meeting_form, today
from webui.meeting.reading import SAID, MeetingPage, MinuteView, open_meeting, open_minute
from webui.meeting.sharing import sharing_of
from webui.meeting.typed import both_texts, other_texts, outer_keys, text_place, texts_about
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.drafts import saves_draft, shares_draft
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import service_name


@blueprint.get("/meetings/<uuid:meeting>/minute/<uuid:minute>")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def read_minute(meeting: UUID, minute: UUID) -> ResponseReturnValue:
    """Show the minute and its earlier versions; to an agency only if it was disclosed to it."""
    held = open_meeting(meeting)
    found = held.minute(minute)
    purpose = "own_pupil" if viewer().role in SCHOOL_DESK else "was_present"
    casework.note_shown("minute", [found.pupil], purpose, found.cites)
    return render_template(
        "meeting/minutes/read.html",
        held=held,
        child=held.child(found.pupil),
        on_page=open_minute(found),
        actions=[a for a in held.at.actions if a.minute == minute],
        what=action_texts(held),
        owner=owner_names(held),
        may_write=viewer().role in SCHOOL_DESK,
        brief=child_brief(found.pupil, meeting),
        log_position=held.found.log_position,
    )


def _shared_at(meeting: UUID, item: UUID) -> MinutePlace | None:
    """Where what is typed into the minute's form is kept for the other minute-takers."""
    try:
        return text_place(open_meeting(meeting), item)
    except NotFound:
        return None


@blueprint.route("/meetings/<uuid:meeting>/minutes/<uuid:item>", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
@saves_draft
@shares_draft(_shared_at)
def minute(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """Record the minute about a pupil on the agenda, with the actions agreed; the same form corrects it."""
    held = open_meeting(meeting)
    about = held.item(item)
    on_page = open_minute(held.at.minute_of(item))
    if on_page.minute is not None:
        casework.note_shown("minute", [about.pupil])
    form = _form(held, on_page)
    if request.method == "POST" and on_page.minute is not None and not request.form.get("seen"):
        # there was no minute when this form was opened
        if on_page.minute.minute == casework.new_id(request.form.get("command_id", ""), "minute"):
            return redirect(_after(held, about), 303)
        form = _form_again(held, on_page)
    elif (
        request.method == "POST"
        and (typed := form.take(request.form)) is not None
        and perform_meeting_form(
            form, _commands(held, about, on_page, typed, form), current=_version(on_page)
        )
    ):
        flash(_("The minute is saved."))
        return redirect(_after(held, about), 303)
    context = _context(held, about, on_page)
    rooms = range(1, ACTIONS + 1) if held.open else ()
    return form.page("meeting/minutes/minute.html", rooms=rooms, **context, **_typed(held, about.item, form))


def _typed(held: MeetingPage, item: UUID, form: Form) -> dict[str, Any]:
    """What others typed about the item and did not record, and the version of the own text that stands."""
    fields = {
        name: form[name].label
        for name in form.schema.fields
        if name in SAID or name.startswith(("dissent_", "what_"))
    }
    texts = texts_about(held, item, fields)
    own = writer_key(outer_keys(), viewer().person, form.command_id)
    return {
        "others": other_texts(texts, fields, form.command_id),
        "text_version": max((one.version for one in texts if one.writer == own), default=0),
    }


@blueprint.get("/meetings/<uuid:meeting>/minutes/<uuid:item>/texts")
@signed_in(*SCHOOL_DESK)
def typed(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """The texts of the other minute-takers about an item; a script puts it into the open page."""
    held = open_meeting(meeting)
    form = _form(held, open_minute(held.at.minute_of(item)))
    form.command_id = request.args.get("showing", "")[:100]
    return render_template(
        "meeting/minutes/typed.html", held=held, item=held.item(item), **_typed(held, item, form)
    )


@blueprint.post("/meetings/<uuid:meeting>/minutes/<uuid:item>/texts")
@signed_in(*SCHOOL_DESK)
def set_aside(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """Put a text aside that a minute-taker has read."""
    place = text_place(open_meeting(meeting), item)
    try:
        writer, version = bytes.fromhex(request.form.get("writer", "")), int(request.form.get("version", ""))
    except ValueError:
        abort(404)
    with runtime().desk() as desk:
        done = set_text_aside(desk, outer_keys(), place, writer=writer, version=min(version, 2**31 - 1))
    flash(_("The text is set aside.") if done else _("The text has changed. Read it again."))
    return redirect(url_for("meetings.minute", meeting=meeting, item=item), 303)


def _form(held: MeetingPage, on_page: MinuteView) -> Form:
    current = on_page.current
    # a minute that existed when the page was opened is corrected; `seen` shows this when the form returns
    corrects = on_page.minute is not None
    usual: dict[str, Any] = {"services_present": held.present_services}
    if current is not None:
        usual = {name: getattr(current, name) for name in SAID}
        usual["services_present"] = current.version.services_present
        usual |= {f"dissent_{service.hex}": words for service, words in current.dissent}
    return Form(
        minute_schema(_dissenters(held, on_page), corrects=corrects, actions=held.open),
        values=usual,
        choices={
            "services_present": [(str(s), service_name(s)) for s in _could_be_present(held, on_page)],
            **({f"owner_{n}": owners(held) for n in range(1, ACTIONS + 1)} if held.open else {}),
            **({f"due_in_{n}": due_choices(held) for n in range(1, ACTIONS + 1)} if held.open else {}),
        },
        seen=_version(on_page),
    )


def _version(on_page: MinuteView) -> int | None:
    return on_page.minute.last_version if on_page.minute else None


def _form_again(held: MeetingPage, on_page: MinuteView) -> Form:
    """The correction form with all that was typed in the form for a new minute, beneath what another minute-taker
    recorded meanwhile: both texts are there."""
    form = _form(held, on_page)
    recorded = {name: str(form.typed.get(name) or "") for name in SAID}
    form.take(request.form)
    form.errors = {}
    form.typed |= both_texts(recorded, {name: str(form.typed.get(name) or "") for name in SAID})
    form.typed["why"] = form.typed.get("why") or _("Two people took notes.")
    form.seen = _version(on_page)
    form.refuse(StaleVersion(0, form.seen or 0))
    return form


def _could_be_present(held: MeetingPage, on_page: MinuteView) -> list[UUID]:
    """Services marked as present, and those that the minute names already."""
    named = on_page.minute.services_present if on_page.minute else ()
    return list(dict.fromkeys([*held.present_services, *named]))


def _dissenters(held: MeetingPage, on_page: MinuteView) -> list[UUID]:
    """Services that may disagree: they attended, or contributed in writing."""
    there = [s.party for s in held.found.seats if s.service and s.mark in PRESENT | {"written_contribution"}]
    said = [service for service, _words in on_page.current.dissent] if on_page.current else []
    return list(dict.fromkeys([*there, *said]))


def _commands(
    held: MeetingPage, about: AgendaItem, on_page: MinuteView, typed: Mapping[str, Any], form: Form
) -> Iterator[Command]:
    said: dict[str, Any] = {name: typed[name] for name in SAID}
    said["services_present"] = tuple(UUID(service) for service in typed["services_present"])
    said["dissent"] = tuple(
        Dissent(service=service, text=words)
        for service in _dissenters(held, on_page)
        if (words := typed[f"dissent_{service.hex}"])
    )
    known: dict[str, Any] = {"occurred_on": today(), "meeting": held.id, "pupil": about.pupil}
    if on_page.minute is not None:
        corrected = on_page.minute.minute
        yield CorrectMinute(**known, minute=corrected, seen=form.seen, why=typed["why"], **said)
        taken = corrected
    else:
        taken = casework.new_id(form.command_id, "minute")
        yield TakeMinute(**known, minute=taken, item=about.item, **said)
    for number in range(1, ACTIONS + 1) if held.open else ():
        if typed[f"what_{number}"]:
            yield AgreeActionAtMeeting(
                **known,
                minute=taken,
                action=casework.new_id(form.command_id, f"action {number}"),
                what=typed[f"what_{number}"],
                owner=owner_of(typed[f"owner_{number}"]),
                due_on=due_day(
                    held, typed[f"due_on_{number}"], typed[f"due_in_{number}"], typed[f"owner_{number}"]
                ),
            )


def _after(held: MeetingPage, about: AgendaItem) -> str:
    """The next page: the next pupil without a minute, this pupil if requested, or the meeting when all are done."""
    if "stay" in request.form:
        return url_for("meetings.minute", meeting=held.id, item=about.item)
    left = [i for i in held.found.agenda if i.item != about.item and held.at.minute_of(i.item) is None]
    if not left:
        return url_for("meetings.page", meeting=held.id)
    return url_for("meetings.minute", meeting=held.id, item=left[0].item)


def _context(held: MeetingPage, about: AgendaItem, on_page: MinuteView) -> dict[str, Any]:
    actions = [a for a in held.at.actions if on_page.minute and a.minute == on_page.minute.minute]
    places = [item.item for item in held.found.agenda]
    at = places.index(about.item)
    after = places[at + 1] if at + 1 < len(places) else None
    sharing = sharing_of(held)
    return {
        "held": held,
        "item": about,
        "child": held.child(about.pupil),
        "on_page": on_page,
        "actions": actions,
        "what": action_texts(held),
        "owner": owner_names(held),
        "number": at + 1,
        "of": len(places),
        "before_it": places[at - 1] if at else None,
        "after_it": after,
        "sharing": sharing[about.item],
        "next_sharing": sharing[after] if after else None,
        "dissenters": _dissenters(held, on_page),
        "brief": child_brief(about.pupil, held.id),
        "log_position": held.found.log_position,
    }
