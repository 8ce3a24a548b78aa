"""The commands that schedule the meetings of a series and invite its members, in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from uuid import UUID

from coordination.directory.meeting_series import MeetingSeries, SeriesMember
from coordination.event import Command
from coordination.meeting.commands import Invite, ScheduleMeeting
from coordination.meeting.events import Party
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

FAMILY = frozenset({"parents", "pupil"})


def schedule_series(command_id: str, one: MeetingSeries, days: Sequence[date]) -> list[Command]:
    """A meeting on each of these days, with its members invited but for families: they are invited to a meeting about
    their child, and asked about using Welsh then."""
    return [command for on in days for command in _meeting(command_id, one, on)]


def _meeting(command_id: str, one: MeetingSeries, on: date) -> Iterator[Command]:
    meeting = casework.new_id(command_id, f"meeting {on.isoformat()}")
    host = viewer().organisation
    known = directory().organisation(host)
    yield ScheduleMeeting(
        occurred_on=runtime().today(),
        meeting=meeting,
        school=one.school or (host if known is not None and known.kind == "school" else None),
        host=host,
        kind=one.kind,
        held_on=on,
        starts_at=one.rhythm.starts_at,
        ends_at=one.rhythm.ends_at,
        series=one.series,
        quorum=one.quorum,
        name=one.name,
    )
    for member in one.members:
        if _can_be_invited(member, on):
            yield Invite(occurred_on=runtime().today(), meeting=meeting, party=_party(member))


def _party(member: SeriesMember) -> Party:
    return Party(
        organisation=member.organisation, service=member.service, person=member.person, part=member.part
    )


def _can_be_invited(member: SeriesMember, on: date) -> bool:
    """Whether the member is still there: a service that is open on the day, a person who still has a job there."""
    if member.part in FAMILY:
        return False
    known = directory()
    if member.service is not None:
        service = known.service(member.service)
        return service is not None and service.agency == member.organisation and service.is_open(on)
    if member.person is not None:
        return bool(known.roles_of(member.person, member.organisation, runtime().today()))
    return True


def schedule_planned(
    command_id: str,
    school: UUID,
    kind: str,
    slot: tuple[date, time, time],
    services: Sequence[UUID],
) -> list[Command]:
    """The meeting of a school at a date that the planner proposed, with the services that agreed to come."""
    held_on, starts_at, ends_at = slot
    meeting = casework.new_id(command_id, "meeting")
    known = directory()
    invited = [known.service(service) for service in services]
    return [
        ScheduleMeeting(
            occurred_on=runtime().today(),
            meeting=meeting,
            school=school,
            kind=kind,
            held_on=held_on,
            starts_at=starts_at,
            ends_at=ends_at,
            series=casework.new_id(command_id, "series"),
        ),
        *(
            Invite(
                occurred_on=runtime().today(),
                meeting=meeting,
                party=Party(organisation=service.agency, service=service.id),
            )
            for service in invited
            if service is not None and service.is_open(held_on)
        ),
    ]
