"""A meeting as it stands, its steps, its agenda and who was in the room for a pupil, as rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.directory.state import Directory
from coordination.event import Event, MeetingEvent
from coordination.meeting.events import (
    AgendaItemAdded,
    AgendaItemConfirmed,
    AgendaItemRemoved,
    AgendaOrdered,
    AgendaSent,
    ChairNamed,
    ConflictOfInterestDeclared,
    CorrectedAfterwards,
    MarkCorrected,
    MeetingCancelled,
    MeetingFinalised,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesApproved,
    NextMeetingSet,
)
from coordination.meeting.state import Meeting
from coordination.pupil.casefile import CaseFile
from projections.attendance.rows import (
    AGENDA_ITEM,
    ITEM_HEARD,
    MEETING,
    MEETING_STEP,
    MEETING_TEXT,
    AgendaItemTableRow,
    ItemHeardTableRow,
    MeetingStepTableRow,
    MeetingTableRow,
    MeetingTextTableRow,
)
from projections.projection import Change
from projections.rows import RowJournal

STEPS: tuple[type[Event], ...] = (
    MeetingScheduled,
    MeetingRescheduled,
    MeetingCancelled,
    ChairNamed,
    AgendaSent,
    ConflictOfInterestDeclared,
    NextMeetingSet,
    MeetingFinalised,
    MinutesApproved,
    CorrectedAfterwards,
)
FOR_THE_SCHOOL = (ChairNamed, ConflictOfInterestDeclared, CorrectedAfterwards)
AGENDA = (AgendaItemAdded, AgendaItemConfirmed, AgendaItemRemoved, AgendaOrdered)


def meeting(change: Change, rows: RowJournal) -> None:
    """Puts the meeting as it stands after the event."""
    _, m = change.states(Meeting)
    parties = [i.party for i in m.invitations.values()] + [line.party for line in m.register.values()]
    row = MeetingTableRow(
        meeting=change.stream,
        school=m.school,
        authority=change.directory.authority_of(m.school),
        kind=m.kind,
        series=m.series,
        held_on=m.held_on,
        starts_at=m.starts_at,
        ends_at=m.ends_at,
        quorum=m.quorum,
        chair=m.chair,
        cancelled=m.cancelled,
        agenda_sent_on=m.agenda_sent_on,
        next_on=m.next_on,
        minutes_version=m.minutes_version,
        approved_version=m.approved_version,
        present=len(m.present()),
        items=len(m.items),
        minutes=len(m.minutes),
        actions_unsettled=sum(not (a.has_owner and a.has_due_date) for a in m.actions.values()),
        organisations=list(dict.fromkeys(p.organisation for p in parties)),
        parties=list(dict.fromkeys(p.key for p in parties)),
        last_version=m.version,
    )
    rows.put(MEETING, row)


def step(change: Change, event: MeetingEvent, rows: RowJournal) -> None:
    """Adds the step that was taken, and apart from it the words that were sealed with it."""
    if isinstance(event, STEPS):
        rows.add(MEETING_STEP, _step_row(change, event))
    if event.sealed:
        party = event.party if isinstance(event, MarkCorrected) else None
        row = MeetingTextTableRow(
            meeting=change.stream,
            version=change.version,
            topic=event.topic,
            sealed=event.sealed,
            party=party.key if party else None,
            organisation=party.organisation if party else None,
        )
        rows.add(MEETING_TEXT, row)


def _step_row(change: Change, event: Any) -> MeetingStepTableRow:
    """The row of a step, with what its event says besides who and when."""
    return MeetingStepTableRow(
        meeting=change.stream,
        version=change.version,
        topic=event.topic,
        occurred_on=event.header.occurred_on,
        recorded_at=event.header.recorded_at,
        position=change.position,
        person=event.header.person,
        organisation=event.header.organisation,
        shared=not isinstance(event, FOR_THE_SCHOOL),
        held_on=event.held_on if isinstance(event, MeetingScheduled | MeetingRescheduled) else None,
        starts_at=getattr(event, "starts_at", None),
        minutes_version=getattr(event, "minutes_version", None),
        warnings=list(getattr(event, "warnings", ())),
        about_person=getattr(event, "chair", None) or getattr(event, "person", None),
        item=getattr(event, "item", None),
        next_meeting=event.meeting if isinstance(event, NextMeetingSet) else None,
    )


def agenda(change: Change, rows: RowJournal) -> None:
    """Puts the whole agenda again: a removed item moves those behind it."""
    before, after = change.states(Meeting)
    for removed in before.items:
        if removed not in after.items:
            rows.remove(AGENDA_ITEM, (change.stream, removed))
    for place, item in enumerate(after.items.values()):
        row = AgendaItemTableRow(
            meeting=change.stream,
            item=item.item,
            pupil=item.pupil,
            school=after.school,
            place=place,
            services=list(item.services),
            organisations=_agencies(item.services, change.directory),
            confirmed=item.confirmed,
            last_version=item.last_version,
            without_names=item.without_names,
            by_disclosure=item.by_disclosure,
        )
        rows.put(AGENDA_ITEM, row)


def heard(change: Change, minute: UUID, rows: RowJournal) -> None:
    """Puts who was in the room for a pupil, as the minute says now."""
    _, case = change.states(CaseFile)
    taken = case.minutes.minutes[minute]
    if taken.item is not None:
        agencies = _agencies(taken.services_present, change.directory)
        services = list(taken.services_present)
        rows.put(ITEM_HEARD, ItemHeardTableRow(minute, taken.meeting, taken.item, agencies, services))


def _agencies(services: tuple[UUID, ...], directory: Directory) -> list[UUID]:
    found = (directory.service(service) for service in services)
    return list(dict.fromkeys(s.agency for s in found if s is not None))
