"""The end of a meeting: missing information, who receives each minute, finalising, approving."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import assert_never
from uuid import UUID

import msgspec
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coordination.meeting.commands import ApproveMinutes
from coordination.meeting.decisions.finalising import Gap, gaps_of, warnings_of
from coordination.meeting.events import Warning
from coordination.meeting.state import MEETING_STREAM
from projections.attendance.queries import MeetingSummary
from webui.forms import Form, FormSchema
from webui.meeting.commands import finalise
from webui.meeting.pages.meeting import action_texts, on_agenda
from webui.meeting.pages.shared import back_to, blueprint, perform_meeting_form, today
from webui.meeting.reading import MeetingPage, earlier_open, open_meeting
from webui.meeting.sharing import PupilSharing, minute_sharing
from webui.meeting.typed import items_with_texts
from webui.meeting.words import WARNINGS
from webui.shell.authentication import signed_in
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.formats import day, number


class FinalisingCheck(msgspec.Struct, frozen=True):
    """Something to check before finalising, with a link to where it can be fixed."""

    words: str
    address: str
    button: str


@blueprint.route("/meetings/<uuid:meeting>/finish", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def finish(meeting: UUID) -> ResponseReturnValue:
    """Show what prevents finalising, what should be checked, and the button."""
    held = open_meeting(meeting)
    earlier = earlier_open(held)
    form = Form(FormSchema, seen=held.brief.last_version)
    if request.method == "POST":
        form.take(request.form)
        command = finalise(held, form.seen)
        if perform_meeting_form(form, [command], current=held.brief.last_version):
            return back_to(meeting, _("The minutes are final."))
    state = runtime().coordination.batch().state(MEETING_STREAM, meeting)
    return form.page(
        "meeting/finish.html",
        held=held,
        gaps=[_gap(gap, held) for gap in gaps_of(state)],
        goes=_recipients(held),
        looks=list(_worth_a_look(held, earlier, warnings_of(state, earlier_open=bool(earlier)))),
    )


class MinuteRecipients(msgspec.Struct, frozen=True, kw_only=True):
    """Who receives the minute about a pupil when the meeting is finalised."""

    who: str
    sharing: PupilSharing


def _recipients(held: MeetingPage) -> list[MinuteRecipients]:
    shared = minute_sharing(held)
    return [
        MinuteRecipients(who=held.child(item.pupil).name, sharing=shared[item.item])
        for item in held.found.agenda
        if held.at.minute_of(item.item) is not None
    ]


def _gap(gap: Gap, held: MeetingPage) -> FinalisingCheck:
    """A gap in words, with a link to where it can be filled."""
    code = gap["gap"]
    match code:
        case "nobody_present":
            return FinalisingCheck(
                _("No one is marked as present."),
                url_for("meetings.register", meeting=held.id),
                _("Take the register"),
            )
        case "unmarked":
            return _of_party(_("%(who)s was expected but is not marked."), gap["party"], held)
        case "apology_marked_absent":
            words = _("%(who)s sent apologies but is marked absent without apologies.")
            return _of_party(words, gap["party"], held)
        case "action_without_owner":
            return _of_action(_("An action for %(who)s has no owner: %(what)s"), gap["action"], held)
        case "action_without_due_date":
            return _of_action(_("An action for %(who)s has no due date: %(what)s"), gap["action"], held)
        case _:
            assert_never(code)


def _of_party(words: str, party: UUID, held: MeetingPage) -> FinalisingCheck:
    seat = held.seat(party)
    address = url_for("meetings.register", meeting=held.id, _anchor=f"party-{party.hex}")
    return FinalisingCheck(words % {"who": held.party_name(seat)}, address, _("Mark attendance"))


def _of_action(words: str, action: UUID, held: MeetingPage) -> FinalisingCheck:
    found = next((a for a in held.at.actions if a.action == action), None)
    address = url_for("meetings.settle", meeting=held.id, action=action)
    who = held.child(found.pupil).name if found else ""
    what = action_texts(held).get(action, "")
    return FinalisingCheck(words % {"who": who, "what": what}, address, _("Set owner and due date"))


def _worth_a_look(
    held: MeetingPage, earlier: Iterable[MeetingSummary], warned: Container[Warning]
) -> Iterable[FinalisingCheck]:
    """Information that may be missing when the meeting is finalised."""
    brief = held.brief
    without = [one for one in on_agenda(held) if one.minute is None]
    if without:
        words = ngettext(
            "%(count)s pupil on the agenda has no minute.",
            "%(count)s pupils on the agenda have no minute.",
            len(without),
            count=number(len(without)),
        )
        address = url_for("meetings.minute", meeting=held.id, item=without[0].item.item)
        yield FinalisingCheck(words, address, _("Write the minute"))
    typed = items_with_texts(held)
    for item in held.found.agenda:
        if item.item in typed:
            words = _("Text about %(who)s was typed that is in no minute.", who=held.child(item.pupil).name)
            address = url_for("meetings.minute", meeting=held.id, item=item.item)
            yield FinalisingCheck(words, address, _("Read the text"))
    if "no_chair" in warned:
        yield FinalisingCheck(
            str(WARNINGS["no_chair"]), url_for("meetings.chair", meeting=held.id), _("Name the chair")
        )
    if "not_quorate" in warned:
        words = _(
            "%(present)s were present; the quorum is %(quorum)s.",
            present=number(brief.present),
            quorum=number(brief.quorum),
        )
        yield FinalisingCheck(words, url_for("meetings.register", meeting=held.id), _("Check the register"))
    if brief.next_on is None:
        yield FinalisingCheck(
            _("No next meeting is set."),
            url_for("meetings.next_meeting", meeting=held.id),
            _("Set the next meeting"),
        )
    for other in earlier:
        words = _("The minutes of the meeting on %(day)s are not final yet.", day=day(other.held_on))
        yield FinalisingCheck(
            words, url_for("meetings.finish", meeting=other.meeting), _("Go to the meeting")
        )


@blueprint.route("/meetings/<uuid:meeting>/approve", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def approve(meeting: UUID) -> ResponseReturnValue:
    """Approve the current version of the minutes."""
    held = open_meeting(meeting)
    form = Form(FormSchema, seen=held.brief.minutes_version)
    if request.method == "POST":
        form.take(request.form)
        command = ApproveMinutes(occurred_on=today(), meeting=meeting, minutes_version=form.seen or 0)
        if perform_meeting_form(form, [command], current=held.brief.minutes_version):
            return back_to(meeting, _("The minutes are approved."))
    return form.page("meeting/approve.html", held=held)
