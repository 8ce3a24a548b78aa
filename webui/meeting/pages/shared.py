"""What every page of a meeting begins with: the meeting as the viewer may see it, and who and what it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import lazy_gettext as _l

from coordination.errors import Overtaken, Refused
from coordination.event import Command
from coordination.meeting.events import PRESENT
from coordination.sensitivity import Opened
from projections.attendance.queries import Brief, Item, Meeting, Seat
from projections.attendance.queries import meeting as meeting_query
from projections.case_file.queries.at_meeting import AtMeeting, at_meeting
from webui.forms import Form
from webui.pupil.identity import Child, child, text_of
from webui.shell import casework
from webui.shell.signed_in import viewer
from webui.shell.world import world
from webui.words.naming import code_words, directory, organisation_name, people_names, service_name

blueprint = Blueprint("meetings", __name__)

STAGES = {
    "planned": _l("Planned"),
    "today": _l("Today"),
    "to_finish": _l("To finish"),
    "to_approve": _l("To approve"),
    "approved": _l("Approved"),
    "cancelled": _l("Cancelled"),
}


class Sitting(msgspec.Struct, kw_only=True):
    """A meeting on a page: what is recorded of it, and the names to say it with. `own_name` and `place` are as the
    school wrote them; `children` those whose names the viewer may open."""

    found: Meeting
    at: AtMeeting
    children: dict[UUID, Child]
    people: dict[UUID, str]
    own_name: str
    place: str
    texts: dict[int, Opened]

    @property
    def brief(self) -> Brief:
        return self.found.brief

    @property
    def id(self) -> UUID:
        return self.brief.meeting

    @property
    def stage(self) -> str:
        return stage(self.brief, viewer().today)

    @property
    def open(self) -> bool:
        """Whether anything but corrections can still be recorded."""
        return not self.brief.cancelled and not self.brief.finalised

    @property
    def begun(self) -> bool:
        """Whether its day has come: the register and the minutes can be taken."""
        return self.brief.held_on <= viewer().today

    @property
    def name(self) -> str:
        """What the meeting is called."""
        return self.own_name or code_words("meeting_kind", self.brief.kind)

    def child(self, pupil: UUID) -> Child:
        return self.children.get(pupil) or Child(pupil=pupil, erased=True)

    def seat(self, party: UUID) -> Seat:
        """The seat of a party; 404 where there is none."""
        found = next((s for s in self.found.seats if s.party == party), None)
        return found or abort(404)

    def item(self, item: UUID) -> Item:
        found = next((i for i in self.found.agenda if i.item == item), None)
        return found or abort(404)

    def party_name(self, seat: Seat) -> str:
        """How a seat is called: its service, its person or its organisation."""
        if seat.service is not None:
            return service_name(seat.service)
        if seat.person is not None:
            return self.people.get(seat.person, "")
        return organisation_name(seat.organisation)

    @property
    def present_services(self) -> list[UUID]:
        """The services marked as having been in the room."""
        return [s.party for s in self.found.seats if s.service is not None and s.mark in PRESENT]


def stage(brief: Brief, today: date) -> str:
    """Where a meeting stands, as a key of STAGES."""
    if brief.cancelled:
        return "cancelled"
    if brief.finalised:
        return "approved" if brief.approved_version == brief.minutes_version else "to_approve"
    if brief.held_on == today:
        return "today"
    return "planned" if brief.held_on > today else "to_finish"


def sitting(meeting: UUID) -> Sitting:
    """The meeting; 404 for one that is not there or not the viewer's. A fixed number of statements."""
    person, reader = viewer(), casework.reader()
    found = meeting_query(reader, person, meeting)
    if found is None:
        abort(404)
    at = at_meeting(reader, person, meeting, [i.pupil for i in found.agenda])
    written = [step for step in found.steps if step.text is not None]
    pupils = list(at.identities)
    opened = casework.open_sealed([*(s.text for s in written), *(at.identities[p] for p in pupils)])
    texts = {step.version: words for step, words in zip(written, opened, strict=False)}
    identities = opened[len(written) :]
    return Sitting(
        found=found,
        at=at,
        children={p: child(p, identity) for p, identity in zip(pupils, identities, strict=True)},
        people=people_names(_named(found, at)),
        own_name=_last(found, texts, "name"),
        place=_last(found, texts, "place"),
        texts=texts,
    )


def _named(found: Meeting, at: AtMeeting) -> Iterable[UUID | None]:
    yield found.brief.chair
    for seat in found.seats:
        yield seat.person
        for marking in seat.markings:
            yield from (marking.marked_by, marking.substitute_for)
    for step in found.steps:
        yield from (step.person, step.about_person)
    for minute in at.minutes:
        yield from (version.person for version in minute.versions)
    yield from (action.owner_person for action in at.actions)


def _last(found: Meeting, texts: Mapping[int, Opened], field: str) -> str:
    """A meeting's name or place as it was written last."""
    said = [
        text_of(texts[step.version], field)
        for step in found.steps
        if step.version in texts and step.topic in ("meeting.scheduled", "meeting.rescheduled")
    ]
    return next((str(words) for words in reversed(said) if words), "")


def staff_choices(organisations: UUID | Iterable[UUID], on: date) -> list[tuple[str, str]]:
    """The people with a role at one or more organisations on a day, by name: (id, name and roles)."""
    wanted = [organisations] if isinstance(organisations, UUID) else organisations
    roles: dict[UUID, list[str]] = {}
    for organisation in wanted:
        for appointment in directory().people_of(organisation, on):
            roles.setdefault(appointment.person, []).append(code_words("role", appointment.role))
    names = people_names(roles)
    listed = sorted(((names[p], p) for p in roles), key=lambda one: one[0].casefold())
    return [(str(p), f"{name} ({', '.join(dict.fromkeys(roles[p]))})") for name, p in listed]


def carried_out(
    form: Form, commands: Iterable[Command], *, current: int | None = None, now: str | None = None
) -> bool:
    """Performs a form's commands, all or none; False when they are refused, which the form then says. After a lost
    race the form goes on from `current`, the version that its page shows now, and shows `now`, what the record says."""
    try:
        casework.perform_all(list(commands), form.command_id)
    except Refused as refused:
        form.refuse(refused)
        if isinstance(refused, Overtaken) and current is not None:
            form.seen, form.now = current, now
        return False
    return True


def back_to(meeting: UUID, words: Any, anchor: str | None = None) -> Any:
    """To the meeting's page, which says what was done."""
    flash(str(words))
    return redirect(url_for("meetings.page", meeting=meeting, _anchor=anchor), 303)


def today() -> date:
    """The day in Wales."""
    return world().today()


def clock_words(at: time | None) -> str:
    """13:30; empty for none."""
    return at.strftime("%H:%M") if at else ""


@blueprint.app_template_filter("hour")
def hour_filter(at: time | None) -> str:
    """13:30 of a local time, empty for none."""
    return clock_words(at)
