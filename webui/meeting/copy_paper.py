"""A copy of an agenda or minutes as a paper: the school's own record, or what one service may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.meeting.events import PRESENT
from projections.attendance.queries import AgendaItem, PartyAttendance
from projections.case_file.queries import ActionSummary
from projections.case_file.queries.meeting_records import MinuteHistory
from webui.meeting.reading import MeetingPage, MinuteText
from webui.meeting.words import ANSWERED, clock_words, marks
from webui.papers.paper import Block, Facts, Heading, Items, Paper, Paragraph
from webui.papers.words import head_words, page_words
from webui.words.formats import day, number, weekday
from webui.words.naming import organisation_name, service_name


class CopyContents(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a copy: its items in order with their minutes, opened; the texts and owners of all actions, by action;
    and the recipient's actions that stand in no minute of the copy. `recipient` is a service; None: the school's own
    record."""

    recipient: UUID | None
    items: Sequence[tuple[AgendaItem, MinuteHistory | None]]
    said: Mapping[UUID, MinuteText]
    what: Mapping[UUID, str]
    owner: Mapping[UUID, str]
    apart: Sequence[ActionSummary]


def copy_paper(held: MeetingPage, copy: CopyContents, language: str, today: date) -> Paper:
    """The paper in the language in force for its words, which `language` ("en" or "cy") names."""
    title = _("Minutes: %(name)s", name=held.name) if held.begun else _("Agenda: %(name)s", name=held.name)
    return Paper(
        title=title,
        language=language,
        author=organisation_name(held.brief.school),
        sender=(organisation_name(held.brief.school),),
        recipient=(
            _("Copy for %(service)s", service=service_name(copy.recipient))
            if copy.recipient
            else _("The school’s own record. Do not hand it out."),
        ),
        blocks=(
            Paragraph(_when(held)),
            Facts(tuple(_facts(held, today))),
            *(_register(held) if held.begun else _invited(held)),
            *_agenda(held, copy),
            *_apart(held, copy),
        ),
        evidence=head_words(),
        page=page_words(),
    )


def _when(held: MeetingPage) -> str:
    starts = held.brief.starts_at
    parts = (weekday(held.brief.held_on), clock_words(starts) if starts else "", held.place)
    return ", ".join(part for part in parts if part)


def _facts(held: MeetingPage, today: date) -> Iterable[tuple[str, str]]:
    brief = held.brief
    if brief.chair:
        yield _("Chair"), held.people[brief.chair]
    if brief.quorum:
        present = _("%(count)s present", count=number(brief.present))
        yield _("Quorum"), f"{number(brief.quorum)}, {present}" if held.begun else number(brief.quorum)
    if held.begun:
        yield _("Status"), _status(held)
    if brief.next_on:
        yield _("Next meeting"), day(brief.next_on)
    yield _("Printed"), day(today)


def _status(held: MeetingPage) -> str:
    brief = held.brief
    if brief.cancelled:
        return _("Cancelled")
    if not brief.finalised:
        return _("Draft, not final")
    version = number(brief.minutes_version)
    if brief.approved_version == brief.minutes_version:
        return _("Approved, version %(version)s", version=version)
    return _("Final, version %(version)s, not approved yet", version=version)


def _invited(held: MeetingPage) -> Iterable[Block]:
    seats = [seat for seat in held.found.seats if seat.invited_on]
    if seats:
        yield Heading(_("Invited"))
        yield Items(
            tuple(
                f"{held.party_name(seat)}: {ANSWERED[seat.answer]}" if seat.answer else held.party_name(seat)
                for seat in seats
            )
        )


def _register(held: MeetingPage) -> Iterable[Block]:
    for heading, wanted in (
        (_("Present"), PRESENT),
        (_("Apologies"), ("apologies",)),
        (_("Absent without apologies"), ("absent",)),
        (_("Contribution in writing"), ("written_contribution",)),
    ):
        seats = [seat for seat in held.found.seats if seat.mark in wanted]
        if seats:
            yield Heading(heading)
            yield Items(tuple(_seat(held, seat) for seat in seats))


def _seat(held: MeetingPage, seat: PartyAttendance) -> str:
    words = held.party_name(seat)
    if seat.service:
        words = f"{words}, {organisation_name(seat.organisation)}"
    if seat.mark not in ("attended", "apologies", "absent", "written_contribution"):
        words = f"{words}: {_marking(held, seat)}"
    if seat.ruled:
        reads = dict(marks())[seat.reads] if seat.reads else None
        ruling = _("ruling: %(mark)s", mark=reads) if reads else _("struck out by a ruling")
        return f"{words} ({ruling})"
    if seat.contested:
        disputed = _("disputed")
        return f"{words} ({disputed})"
    return words


def _marking(held: MeetingPage, seat: PartyAttendance) -> str:
    """How a party was marked last, with its times."""
    marking = seat.markings[-1]
    words = dict(marks())[marking.mark]
    if marking.arrived_at:
        words += " (" + _("arrived at %(time)s", time=clock_words(marking.arrived_at)) + ")"
    if marking.left_at:
        words += " (" + _("left at %(time)s", time=clock_words(marking.left_at)) + ")"
    if marking.substitute_for:
        words += ", " + _("in place of %(name)s", name=held.people[marking.substitute_for])
    if marking.with_authority is not None:
        could = _("could make decisions") if marking.with_authority else _("could not make decisions")
        words += ", " + could
    return words


def _agenda(held: MeetingPage, copy: CopyContents) -> Iterable[Block]:
    shown = [one for one in copy.items if one[0].confirmed or held.begun]
    if shown:
        yield Heading(_("Pupils") if held.begun else _("Agenda"))
    for place, (item, minute) in enumerate(shown, 1):
        yield Heading(f"{number(place)}. {held.child(item.pupil).name}", level=3)
        if minute is not None:
            yield from _minute(held, copy, minute)
            continue
        if item.services:
            needed = ", ".join(service_name(service) for service in item.services)
            yield Paragraph(_("Needed: %(services)s", services=needed))
        if held.begun:
            yield Paragraph(_("No minute"), quiet=True)


def _minute(held: MeetingPage, copy: CopyContents, minute: MinuteHistory) -> Iterable[Block]:
    words = copy.said[minute.minute]
    if words.erased:
        yield Paragraph(_("Erased."), quiet=True)
    for label, text in (
        (_("Discussed"), words.discussion),
        (_("Decided"), words.decision),
        (_("The pupil says"), words.childs_view),
        (_("The parents say"), words.parents_view),
    ):
        if text:
            yield Paragraph(text, lead=f"{label}:")
    for service, text in words.dissent:
        yield Paragraph(text, lead=_("%(service)s does not agree:", service=service_name(service)))
    actions = [a for a in held.at.actions if a.minute == minute.minute and a.phase != "cancelled"]
    if actions:
        yield Items(tuple(_action(copy, action) for action in actions), lead=_("Actions"))
    if len(minute.versions) > 1:
        corrected = day(minute.current.recorded_at)
        yield Paragraph(_("Corrected on %(day)s. The earlier version is kept.", day=corrected), quiet=True)


def _action(copy: CopyContents, action: ActionSummary) -> str:
    owner = copy.owner[action.action] or _("no owner")
    words = f"{copy.what[action.action]}: {owner}"
    if action.due_on:
        words += ", " + _("by %(day)s", day=day(action.due_on))
    if action.phase == "completed":
        words += " (" + _("done") + ")"
    return words


def _apart(held: MeetingPage, copy: CopyContents) -> Iterable[Block]:
    """A recipient's own actions that no minute of its copy has: it always receives them."""
    if not copy.apart or copy.recipient is None:
        return
    yield Heading(_("Actions for you"))
    lines = []
    for action in copy.apart:
        words = f"{held.child(action.pupil).name}: {copy.what[action.action]}"
        if action.due_on:
            words += ", " + _("by %(day)s", day=day(action.due_on))
        lines.append(words)
    yield Items(tuple(lines))
