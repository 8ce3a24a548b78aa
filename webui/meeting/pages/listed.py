"""The list of a school's meetings, or of the meetings to which an agency's services are invited, across schools."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from coordination.directory.organisation import Service
from coordination.meeting.stages import agenda_due_on, minutes_due_on, stage
from projections.attendance.queries import (
    AttendanceCriteria,
    AttendanceGroup,
    MeetingSummary,
    meetings,
    report,
)
from projections.attendance.queries.places import MeetingPlaceCriteria, places
from webui.meeting.pages.shared import blueprint
from webui.meeting.reading import STAGES
from webui.meeting.words import ANSWERED, expectation_words, marks
from webui.parts.paging import Paging, page_number
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK, SERIES_DESK
from webui.words.naming import code_words, directory, organisation_name, service_name

PAGE_SIZE = 20
# an agency has fewer upcoming meetings than this, and sees all of them at once
COMING = 200


class MeetingItem(msgspec.Struct, frozen=True):
    """A meeting in a list."""

    brief: MeetingSummary
    name: str
    stage: str


@blueprint.get("/meetings", endpoint="list")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def listed() -> ResponseReturnValue:
    """List the user's meetings: the school's, or those to which the agency's services are invited."""
    return _of_school() if viewer().role in SCHOOL_DESK else _of_agency()


def _of_school() -> ResponseReturnValue:
    person = viewer()
    found = meetings(casework.reader(), person, school=person.organisation)
    lines = [MeetingItem(b, code_words("meeting_kind", b.kind), stage(b, person.today)) for b in found]
    over = [line for line in reversed(lines) if line.stage in ("to_approve", "approved", "cancelled")]
    pages = Paging.of(len(over), page_number(request.args.get("page")), PAGE_SIZE)
    return render_template(
        "meeting/school.html",
        plans=viewer().role in SERIES_DESK,
        coming=[line for line in lines if line.stage in ("planned", "today")],
        to_finish=[line for line in lines if line.stage == "to_finish"],
        over=over[pages.first : pages.past],
        pages=pages,
        last=next((line.brief for line in reversed(lines) if not line.brief.cancelled), None),
        stages=STAGES,
        agenda_due=agenda_due_on,
        minutes_due=minutes_due_on,
        address=lambda number: url_for("meetings.list", page=number),
    )


def _of_agency() -> ResponseReturnValue:
    person, reader = viewer(), casework.reader()
    services = directory().services_of(person.organisation)
    chosen = _chosen(services)
    since = person.today - timedelta(days=365)
    coming = places(reader, person, MeetingPlaceCriteria(service=chosen, from_on=person.today, size=COMING))
    ask = MeetingPlaceCriteria(
        service=chosen,
        to_on=person.today - timedelta(days=1),
        latest=True,
        page=page_number(request.args.get("page")),
        size=PAGE_SIZE,
    )
    past = places(reader, person, ask)
    return render_template(
        "meeting/agency.html",
        services=sorted(((str(s.id), service_name(s)) for s in services), key=lambda one: one[1].casefold()),
        chosen=str(chosen or ""),
        coming=[place for place in coming.rows if not place.cancelled],
        cancelled=[place for place in coming.rows if place.cancelled],
        past=past.rows,
        pages=Paging.of(past.total, ask.page, PAGE_SIZE),
        address=lambda number: url_for("meetings.list", page=number, service=chosen or "all"),
        record=_record(chosen, since),
        since=since,
        marks=dict(marks()),
        answered=ANSWERED,
        expectation_words=expectation_words,
        log_position=coming.position,
    )


def _chosen(services: Sequence[Service]) -> UUID | None:
    """The service in the address; else the user's own; None: all services of the agency."""
    asked = request.args.get("service")
    own = {s.id for s in services}
    if asked is not None:
        return next((key for key in own if str(key) == asked), None)
    person, known = viewer(), directory().person(viewer().person)
    held = {a.service for a in known.on(person.today) if a.service in own} if known else set()
    return held.pop() if len(held) == 1 else None


def _record(service: UUID | None, since: date) -> list[tuple[str, AttendanceGroup]]:
    """The attendance of one service by school, or of all by service, since a day; the same figures as in the
    report."""
    person, known = viewer(), directory()
    found = known.service(service)
    own = known.organisation(person.organisation)
    ask = AttendanceCriteria(
        as_of=person.today,
        agency=own.code if own is not None and own.kind == "agency" else None,
        service=found.code if found else None,
        from_on=since,
        by="school" if found else "service",
    )
    groups = report(casework.reader(), person, known, ask)
    several = len({group.kind for group in groups.groups}) > 1
    lines = [
        (
            _named(group.key, by_school=found is not None)
            + (f", {code_words('meeting_kind', group.kind)}" if several else ""),
            group,
        )
        for group in groups.groups
    ]
    return sorted(lines, key=lambda line: line[0].casefold())


def _named(key: str, *, by_school: bool) -> str:
    if by_school:
        return organisation_name(directory().by_code("school", key)) or key
    return service_name(directory().service_by_code(key)) or organisation_name(
        directory().by_code("agency", key)
    )
