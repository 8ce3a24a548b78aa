"""The page of one meeting: its next step, agenda, parties and minutes."""

from __future__ import annotations

from typing import Any, assert_never
from uuid import UUID

import msgspec
from flask import make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coordination.meeting.events import PRESENT
from coordination.meeting.stages import (
    MeetingProgress,
    agenda_due_on,
    minutes_due_on,
    next_task,
    takes_answers,
)
from projections.attendance.queries import AgendaItem, MeetingStep, PartyAttendance
from projections.case_file.queries import ActionSummary
from projections.case_file.queries.meeting_records import MinuteHistory
from webui.forms import Form
from webui.meeting.forms.meetings import OwnAnswerSchema
from webui.meeting.pages.shared import blueprint
from webui.meeting.reading import STAGES, MeetingPage, open_meeting
from webui.meeting.words import ANSWERED, LANGUAGES, STEPS, WARNINGS, expectation_words, marks
from webui.pupil.identity import PupilIdentity, by_name, text_of
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.words.formats import day, number
from webui.words.naming import organisation_name, service_name


class AgendaItemView(msgspec.Struct, frozen=True):
    """A pupil on the agenda, with the minute about them and the actions agreed."""

    item: AgendaItem
    child: PupilIdentity
    needed: str
    minute: MinuteHistory | None
    actions: int


class NextStep(msgspec.Struct, frozen=True):
    """The next step in a sentence, with a link to it (None: no link)."""

    words: str
    button: str = ""
    address: str = ""


@blueprint.get("/meetings/<uuid:meeting>", endpoint="page")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def page(meeting: UUID) -> ResponseReturnValue:
    """Show the meeting, in the view of the school or of an invited party."""
    held = open_meeting(meeting)
    if held.children:
        casework.note_shown("agenda", list(held.children))
    return _of_school(held) if viewer().role in SCHOOL_DESK else agency_view(held)


def _of_school(held: MeetingPage) -> ResponseReturnValue:
    return render_template(
        "meeting/meeting.html",
        held=held,
        stages=STAGES,
        next=next_step(held),
        agenda=on_agenda(held),
        what=action_texts(held),
        owner=owner_names(held),
        warnings=[WARNINGS[code] for code in _warned(held)],
        history=history(held),
        agenda_due=agenda_due_on(held.brief.held_on),
        minutes_due=minutes_due_on(held.brief.held_on),
        log_position=held.found.log_position,
        **seat_words(),
    )


def agency_view(held: MeetingPage, forms: dict[UUID, Form] | None = None) -> ResponseReturnValue:
    """What an agency can see of a meeting: its seats, the pupils for whom it is needed and whom it knows, and the
    minutes it may read. `forms` are answers that were sent and refused."""
    seats = [seat for seat in held.found.seats if seat.organisation == viewer().organisation]
    asked = {
        seat.party: (forms or {}).get(seat.party) or answer_form(seat)
        for seat in seats
        if seat.invited_on is not None and takes_answers(held.brief, viewer().today)
    }
    wrong = next((form for form in asked.values() if form.wrong), None)
    html = render_template(
        "meeting/invited.html",
        held=held,
        stages=STAGES,
        school=organisation_name(held.brief.school),
        seats=seats,
        asked=asked,
        form=wrong or Form(OwnAnswerSchema),
        agenda=on_agenda(held),
        minutes=sorted(held.at.minutes, key=lambda minute: by_name(held.child(minute.pupil))),
        what=action_texts(held),
        owner=owner_names(held),
        log_position=held.found.log_position,
        **seat_words(),
    )
    return make_response(html, 422 if wrong else 200)


def answer_form(seat: PartyAttendance) -> Form:
    """The form for a party's answer to its invitation."""
    return Form(OwnAnswerSchema, values={"answer": seat.answer}, seen=seat.invitation_version)


def seat_words() -> dict[str, Any]:
    """The words that a template needs for a party's invitation and mark."""
    return {
        "marks": dict(marks()),
        "answered": ANSWERED,
        "expectation_words": expectation_words,
        "languages": LANGUAGES,
        "present": PRESENT,
    }


def on_agenda(held: MeetingPage) -> list[AgendaItemView]:
    """The agenda items in order."""
    return [
        AgendaItemView(
            item=item,
            child=held.child(item.pupil),
            needed=", ".join(service_name(service) for service in item.services),
            minute=(minute := held.at.minute_of(item.item)),
            actions=sum(a.minute == minute.minute for a in held.at.actions) if minute else 0,
        )
        for item in held.found.agenda
    ]


def action_texts(held: MeetingPage) -> dict[UUID, str]:
    """The text of each action of the meeting, opened with one look-up of keys."""
    opened = casework.open_sealed([action.at for action in held.at.actions])
    return {
        action.action: str(text_of(words, "what") or _("You cannot read this minute"))
        for action, words in zip(held.at.actions, opened, strict=True)
    }


def owner_names(held: MeetingPage) -> dict[UUID, str]:
    """The owner of each action; empty if there is none yet."""
    return {action.action: owner_name(action, held.people) for action in held.at.actions}


def owner_name(action: ActionSummary, people: dict[UUID, str]) -> str:
    """The most specific owner that is named."""
    if action.owner_person is not None:
        return people.get(action.owner_person, "")
    return service_name(action.owner_service) or organisation_name(action.owner_organisation)


def next_step(held: MeetingPage) -> NextStep | None:
    """The next step for the school."""
    brief = held.brief
    without = [item for item in held.found.agenda if held.at.minute_of(item.item) is None]
    task = next_task(held.stage, _progress(held, len(without)))
    match task:
        case None:
            return None
        case "invite":
            return NextStep(
                _("No one has been invited yet."), _("Invite"), url_for("meetings.invite", meeting=held.id)
            )
        case "add_pupil":
            words = _("The agenda is empty.")
            return NextStep(words, _("Add a pupil"), url_for("meetings.agenda", meeting=held.id))
        case "send_agenda":
            words = _("Send the agenda by %(day)s.", day=day(agenda_due_on(brief.held_on)))
            return NextStep(
                words, _("Check and send the agenda"), url_for("meetings.agenda", meeting=held.id)
            )
        case "wait_for_answers":
            return NextStep(_unanswered(brief.unanswered))
        case "hold_meeting":
            return NextStep(_("Everything is sent and answered."))
        case "take_register":
            words = _("Mark who attended.")
            return NextStep(words, _("Take the register"), url_for("meetings.register", meeting=held.id))
        case "take_minute":
            address = url_for("meetings.minute", item=without[0].item, meeting=held.id)
            return NextStep(_without_minute(len(without)), _("Write the next minute"), address)
        case "finalise":
            words = _("Finalise the minutes by %(day)s.", day=day(minutes_due_on(brief.held_on)))
            return NextStep(words, _("Check and finalise"), url_for("meetings.finish", meeting=held.id))
        case "approve":
            version = number(brief.minutes_version)
            words = _("The minutes are final (version %(version)s) and need approval.", version=version)
            return NextStep(words, _("Approve the minutes"), url_for("meetings.approve", meeting=held.id))
        case _:
            assert_never(task)


def _progress(held: MeetingPage, items_without_minute: int) -> MeetingProgress:
    brief = held.brief
    return MeetingProgress(
        invited=brief.invited,
        unanswered=brief.unanswered,
        items=len(held.found.agenda),
        agenda_sent=brief.agenda_sent_on is not None,
        register_begun=any(seat.mark for seat in held.found.seats),
        unmarked=brief.unmarked,
        items_without_minute=items_without_minute,
    )


def _unanswered(count: int) -> str:
    return ngettext(
        "Everything is sent. %(count)s invitation is not answered.",
        "Everything is sent. %(count)s invitations are not answered.",
        count,
        count=number(count),
    )


def _without_minute(count: int) -> str:
    return ngettext(
        "%(count)s pupil has no minute yet.",
        "%(count)s pupils have no minute yet.",
        count,
        count=number(count),
    )


def _warned(held: MeetingPage) -> list[str]:
    """The gaps that remained when the meeting was finalised."""
    return [code for step in held.found.steps for code in step.warnings]


class HistoryStep(msgspec.Struct, frozen=True):
    """A step in the history of a meeting."""

    step: MeetingStep
    words: str
    more: str
    who: str


def history(held: MeetingPage) -> list[HistoryStep]:
    """The history of the meeting, newest first."""
    return [_told(step, held) for step in reversed(held.found.steps) if step.topic in STEPS]


def _told(step: MeetingStep, held: MeetingPage) -> HistoryStep:
    more = []
    if step.held_on is not None:
        more.append(_("for %(day)s", day=day(step.held_on)))
    if step.about_person is not None:
        more.append(held.people.get(step.about_person, ""))
    if step.minutes_version is not None:
        more.append(_("version %(version)s", version=number(step.minutes_version)))
    why = text_of(held.texts[step.version], "why") if step.version in held.texts else None
    if why:
        more.append(_("“%(why)s”", why=why))
    return HistoryStep(step, str(STEPS[step.topic]), ", ".join(more), held.people.get(step.person, ""))
