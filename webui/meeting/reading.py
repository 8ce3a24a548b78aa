"""A meeting as the user may see it, opened, with its minutes and the names in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _l

from coordination.errors import NotFound
from coordination.meeting.events import PRESENT
from coordination.meeting.stages import Stage, day_reached, stage, still_open
from coordination.sensitivity import Opened
from projections.attendance.queries import AgendaItem, MeetingDetails, MeetingSummary, PartyAttendance
from projections.attendance.queries import meeting as meeting_query
from projections.attendance.queries import meetings as meetings_query
from projections.case_file.queries.meeting_records import (
    MeetingRecords,
    MinuteHistory,
    MinuteVersion,
    meeting_records,
)
from webui.meeting.words import PARTS
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.naming import code_words, organisation_name, people_names, service_name

T = TypeVar("T")
SAID = ("discussion", "decision", "childs_view", "parents_view")

STAGES: dict[Stage, Any] = {
    "planned": _l("Planned"),
    "today": _l("Today"),
    "to_finish": _l("To finalise"),
    "to_approve": _l("To approve"),
    "approved": _l("Approved"),
    "cancelled": _l("Cancelled"),
}


class MeetingPage(msgspec.Struct, kw_only=True):
    """A meeting on a page: its record, and the names to show. `own_name` and `place` are as the school wrote them;
    `children` are those whose names the user may open."""

    found: MeetingDetails
    at: MeetingRecords
    children: dict[UUID, PupilIdentity]
    people: dict[UUID, str]
    own_name: str
    place: str
    texts: dict[int, Opened]

    @property
    def brief(self) -> MeetingSummary:
        return self.found.brief

    @property
    def id(self) -> UUID:
        return self.brief.meeting

    @property
    def stage(self) -> Stage:
        return stage(self.brief, viewer().today)

    @property
    def open(self) -> bool:
        """Whether entries other than corrections can still be recorded."""
        return still_open(self.brief)

    @property
    def begun(self) -> bool:
        """Whether its day has come, so that the register and minutes can be recorded."""
        return day_reached(self.brief, viewer().today)

    @property
    def name(self) -> str:
        """The name of the meeting."""
        return self.own_name or code_words("meeting_kind", self.brief.kind)

    @property
    def translation_to_arrange(self) -> bool:
        """Whether a family wants to use Welsh and no interpreter is invited."""
        wishes = any(seat.language in ("cy", "both") for seat in self.found.seats)
        return self.open and wishes and all(seat.part != "interpreter" for seat in self.found.seats)

    def child(self, pupil: UUID) -> PupilIdentity:
        return self.children.get(pupil) or PupilIdentity(pupil=pupil, hidden=True)

    def seat(self, party: UUID) -> PartyAttendance:
        """The seat of a party. Raises NotFound."""
        return _there(s for s in self.found.seats if s.party == party)

    def item(self, item: UUID) -> AgendaItem:
        """A pupil on the agenda. Raises NotFound."""
        return _there(i for i in self.found.agenda if i.item == item)

    def party_name(self, seat: PartyAttendance) -> str:
        """The name of a seat: its service, person or organisation."""
        if seat.service is not None:
            return service_name(seat.service)
        if seat.person is not None:
            return self.people.get(seat.person, "")
        if seat.part is not None:
            return str(PARTS[seat.part])
        return organisation_name(seat.organisation)

    def minute(self, minute: UUID) -> MinuteHistory:
        """A minute that the user may read. Raises NotFound."""
        return _there(m for m in self.at.minutes if m.minute == minute)

    @property
    def present_services(self) -> list[UUID]:
        """The services marked as present."""
        return [s.party for s in self.found.seats if s.service is not None and s.mark in PRESENT]


def _there(found: Iterator[T]) -> T:
    """The first of these. Raises NotFound."""
    for one in found:
        return one
    raise NotFound


def open_meeting(meeting: UUID) -> MeetingPage:
    """The meeting as the user may see it, in a fixed number of statements. Raises NotFound."""
    person, reader = viewer(), casework.reader()
    found = meeting_query(reader, person, meeting)
    if found is None:
        raise NotFound
    at = meeting_records(reader, person, meeting, [i.pupil for i in found.agenda])
    written = [step for step in found.steps if step.text is not None]
    pupils = list(at.identities)
    places = [*(s.text for s in written), *(at.identities[p] for p in pupils)]
    # also for what the page says of these pupils beside their names, and for the names of those who come
    casework.fetch_keys(
        {
            *(place.stream for place in places if place is not None),
            *(item.pupil for item in found.agenda),
            *(seat.organisation for seat in found.seats),
            person.organisation,
        }
    )
    opened = casework.open_sealed(places)
    texts = {step.version: words for step, words in zip(written, opened, strict=False)}
    identities = opened[len(written) :]
    return MeetingPage(
        found=found,
        at=at,
        children={p: open_identity(p, identity) for p, identity in zip(pupils, identities, strict=True)},
        people=people_names(_named(found, at)),
        own_name=_last(found, texts, "name"),
        place=_last(found, texts, "place"),
        texts=texts,
    )


def _named(found: MeetingDetails, at: MeetingRecords) -> Iterable[UUID | None]:
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


def _last(found: MeetingDetails, texts: Mapping[int, Opened], field: str) -> str:
    """The latest name or place of a meeting."""
    said = [
        text_of(texts[step.version], field)
        for step in found.steps
        if step.version in texts and step.topic in ("meeting.scheduled", "meeting.rescheduled")
    ]
    return next((str(words) for words in reversed(said) if words), "")


class MinuteText(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a minute as read. `dissent` is (service, words)."""

    version: MinuteVersion
    discussion: str
    decision: str
    dissent: tuple[tuple[UUID, str], ...]
    childs_view: str
    parents_view: str
    why: str
    erased: bool


def minute_text(version: MinuteVersion, opened: Opened) -> MinuteText:
    """The text of a version, from its opened sealed fields."""
    said = {name: str(text_of(opened, name) or "") for name in (*SAID, "why")}
    dissent = text_of(opened, "dissent") or ()
    return MinuteText(
        version=version,
        dissent=tuple((UUID(one["service"]), str(one["text"])) for one in dissent),
        erased=not isinstance(opened, Mapping),
        **said,
    )


class MinuteView(msgspec.Struct, frozen=True):
    """A minute with its versions, the last one first; empty if there is none yet."""

    minute: MinuteHistory | None
    versions: tuple[MinuteText, ...]

    @property
    def current(self) -> MinuteText | None:
        return self.versions[0] if self.versions else None


def open_minute(minute: MinuteHistory | None) -> MinuteView:
    """A minute with every version opened."""
    if minute is None:
        return MinuteView(None, ())
    opened = casework.open_sealed([version.at for version in minute.versions])
    versions = [minute_text(v, o) for v, o in zip(minute.versions, opened, strict=True)]
    return MinuteView(minute, tuple(reversed(versions)))


def earlier_open(held: MeetingPage) -> list[MeetingSummary]:
    """Earlier meetings of the series that are not final."""
    if held.brief.series is None:
        return []
    found = meetings_query(
        casework.reader(), viewer(), series=held.brief.series, to_on=held.brief.held_on - date.resolution
    )
    return [brief for brief in found if not brief.finalised and not brief.cancelled]


def meeting_before(held: MeetingPage) -> MeetingDetails | None:
    """The last meeting before this one with a register: of its series, or else of the school's meetings of its kind."""
    day_before = held.brief.held_on - date.resolution
    found = meetings_query(casework.reader(), viewer(), series=held.brief.series, to_on=day_before)
    earlier = [
        one
        for one in found
        if not one.cancelled
        and one.kind == held.brief.kind
        and one.school == held.brief.school
        and one.present
    ]
    if not earlier:
        return None
    last = max(earlier, key=lambda one: one.held_on)
    return meeting_query(casework.reader(), viewer(), last.meeting)
