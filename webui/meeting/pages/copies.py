"""Copies of an agenda or minutes to print: one for each service, with only the pupils that it may read about."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import msgspec
from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.state import Disclosure
from coordination.sensitivity import Opened
from projections.case_file.queries import ActionSummary
from projections.case_file.queries.meeting_records import MinuteHistory
from webui.meeting.copy_paper import CopyContents, copy_paper
from webui.meeting.pages.meeting import action_texts, on_agenda, owner_names
from webui.meeting.pages.shared import blueprint, today
from webui.meeting.reading import MeetingPage, MinuteText, minute_text, open_meeting
from webui.papers.sending import pdf_response
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.languages import LOCALES, language
from webui.words.naming import directory, service_name


class CopyToPrint(msgspec.Struct, frozen=True, kw_only=True):
    """A service's copy: how many agenda items or minutes and actions are in it."""

    service: UUID
    name: str
    pupils: int
    actions: int


@blueprint.get("/meetings/<uuid:meeting>/print", endpoint="print")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def copies(meeting: UUID) -> ResponseReturnValue:
    """List the copies to print or hand out: one for each service. There is none of all pupils for everyone."""
    held = open_meeting(meeting)
    shared = _disclosures(held)
    mine = viewer().role in AGENCY_DESK
    found = []
    for service in _services(held, shared):
        if mine and not _own(service):
            continue
        items = [one for one in held.found.agenda if _is_in(held, one.item, shared[service])]
        actions = [a for a in held.at.actions if a.owner_service == service]
        copy = CopyToPrint(
            service=service, name=service_name(service), pupils=len(items), actions=len(actions)
        )
        found.append(copy)
    return render_template(
        "meeting/copies.html",
        held=held,
        copies=sorted(found, key=lambda one: one.name.casefold()),
        own=None if mine else held.brief.school,
        log_position=held.found.log_position,
    )


@blueprint.get("/meetings/<uuid:meeting>/print/<uuid:recipient>")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def copy(meeting: UUID, recipient: UUID) -> ResponseReturnValue:
    """Show the copy of a service, or the school's own record, for printing: an agenda before the meeting, minutes after
    it."""
    held, contents = _copy(meeting, recipient)
    return render_template(
        "meeting/print.html",
        held=held,
        recipient=recipient,
        paper=copy_paper(held, contents, language(), today()),
        log_position=held.found.log_position,
    )


@blueprint.get("/meetings/<uuid:meeting>/print/<uuid:recipient>.pdf")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def copy_pdf(meeting: UUID, recipient: UUID) -> ResponseReturnValue:
    """The same copy as PDF/UA; `language` is that of its headings."""
    chosen = request.args.get("language") or language()
    if chosen not in LOCALES:
        abort(404)
    held, contents = _copy(meeting, recipient)
    with force_locale(LOCALES[chosen]):
        paper = copy_paper(held, contents, chosen, today())
    return pdf_response(paper, f"{held.brief.held_on.isoformat()}-{str(meeting)[:8]}")


def _copy(meeting: UUID, recipient: UUID) -> tuple[MeetingPage, CopyContents]:
    """The meeting, and what is in a recipient's copy, noted as read."""
    held = open_meeting(meeting)
    shared = _disclosures(held)
    own = recipient == held.brief.school and viewer().role in SCHOOL_DESK
    if not own and (
        recipient not in _services(held, shared) or (viewer().role in AGENCY_DESK and not _own(recipient))
    ):
        abort(404)
    grounds = {} if own else shared.get(recipient, {})
    agenda = [one for one in on_agenda(held) if own or _is_in(held, one.item.item, grounds)]
    minutes = [one.minute for one in agenda if one.minute is not None]
    pupils = list(dict.fromkeys(one.item.pupil for one in agenda))
    cites = [] if own else [(m.pupil, grounds[m.minute].version) for m in minutes]
    casework.note_shown("minutes", pupils, "own_pupil" if own else "was_present", cites)
    actions = [a for a in held.at.actions if own or a.owner_service == recipient]
    return held, CopyContents(
        recipient=None if own else recipient,
        items=[(one.item, one.minute) for one in agenda],
        said=_all_words(minutes),
        what=action_texts(held),
        owner=owner_names(held),
        apart=_apart(actions, minutes),
    )


def _own(service: UUID) -> bool:
    found = directory().service(service)
    return found is not None and found.agency == viewer().organisation


def _services(held: MeetingPage, shared: Collection[UUID]) -> set[UUID]:
    """The services that were invited or marked, to which something was disclosed, or that own an action."""
    seats = {seat.service for seat in held.found.seats if seat.service is not None}
    return seats | set(shared) | {a.owner_service for a in held.at.actions if a.owner_service is not None}


Grounds = dict[UUID, Disclosure]


def _disclosures(held: MeetingPage) -> dict[UUID, Grounds]:
    """By service: the agenda items and minutes of the meeting that were disclosed to it, the newest of each."""
    wanted = {item.item for item in held.found.agenda} | {m.minute for m in held.at.minutes}
    pupils = {item.pupil for item in held.found.agenda} | {m.pupil for m in held.at.minutes}
    batch = runtime().coordination.batch()
    batch.prefetch(PUPIL_STREAM, pupils)
    found: dict[UUID, Grounds] = _ByService()
    for pupil in pupils:
        for made in batch.state(PUPIL_STREAM, pupil).consents.disclosures:
            if made.ground in wanted and made.service is not None and not made.closed:
                found[made.service][made.ground] = made
    return found


class _ByService(dict[UUID, Grounds]):
    def __missing__(self, service: UUID) -> Grounds:
        return self.setdefault(service, {})


def _is_in(held: MeetingPage, item: UUID, grounds: Grounds) -> bool:
    """Whether an agenda item is in the copy: before there is a minute because the item was disclosed, afterwards
    because the minute was, as it stands."""
    minute = held.at.minute_of(item)
    if not held.begun or minute is None:
        return item in grounds
    made = grounds.get(minute.minute)
    return made is not None and made.version > minute.last_version


def _apart(actions: Collection[ActionSummary], minutes: Collection[MinuteHistory]) -> list[ActionSummary]:
    """The actions of a recipient that are not in a minute of its copy: it always receives them."""
    read = {minute.minute for minute in minutes}
    return [a for a in actions if a.minute not in read and a.phase != "cancelled"]


def _all_words(minutes: Collection[MinuteHistory]) -> dict[UUID, MinuteText]:
    """The current versions of the minutes, opened with one look-up of keys."""
    current = [minute.current for minute in minutes]
    opened: list[Opened] = casework.open_sealed([version.at for version in current])
    return {
        minute.minute: minute_text(minute.current, words)
        for minute, words in zip(minutes, opened, strict=True)
    }
