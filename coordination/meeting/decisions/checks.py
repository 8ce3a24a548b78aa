"""Checks that several decisions about a meeting share."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.authority import (
    CASEWORKER_ROLES,
    acting_organisation,
    command_day,
    require_not_in_future,
    require_staff,
)
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version
from coordination.meeting.events import Party
from coordination.meeting.state import Meeting
from coordination.world import World

HOSTS = CASEWORKER_ROLES | {"operator"}
"""Who speaks for an authority that hosts a meeting."""


def require_school(meeting: Meeting, header: Header) -> None:
    """Raises NotFound unless the actor is staff of the organisation whose meeting it is; raises Refusal `in_the_future`
    when the command is dated after today."""
    if not meeting.scheduled:
        raise NotFound
    require_host(meeting.host, header)
    require_not_in_future(header, header.occurred_on)


def require_host(host: UUID, header: Header) -> None:
    """Raises NotFound unless the actor is staff of the school, or a caseworker of the authority, that hosts."""
    if header.role in HOSTS and acting_organisation(header) == host:
        return
    require_staff(header, frozenset({host}))


def require_arranger(host: UUID, header: Header, world: World) -> None:
    """As `require_host`, or a caseworker of the authority of a school that hosts: an authority plans a term's meetings
    for its schools, which then run them themselves."""
    if header.role in HOSTS and acting_organisation(header) == world.directory.authority_of(host):
        return
    require_host(host, header)


def require_open(meeting: Meeting) -> None:
    """Raises Refusal `meeting_cancelled` or `meeting_finalised` when only corrections, or nothing, can be recorded."""
    if meeting.cancelled:
        raise Refusal("meeting_cancelled", held_on=meeting.held_on.isoformat())
    if meeting.finalised:
        raise Refusal("meeting_finalised", held_on=meeting.held_on.isoformat())


def require_day_reached(meeting: Meeting, header: Header) -> None:
    """As `require_open`; also Refusal `meeting_not_held` before the meeting's date, because the register and the
    minutes can be taken from that date on."""
    require_open(meeting)
    if command_day(header) < meeting.held_on:
        raise Refusal("meeting_not_held", "occurred_on", held_on=meeting.held_on.isoformat())


def require_changeable(meeting: Meeting, command: Command, header: Header) -> None:
    """The actor's school's meeting, neither cancelled nor finalised, and not changed since the actor saw it."""
    require_school(meeting, header)
    require_open(meeting)
    require_current_version(command, meeting.version)


def require_known_party(party: Party, host: UUID, world: World, on: date) -> None:
    """Raises Refusal `unknown_organisation`, `unknown_service` or `unknown_person` when the party is not in the
    directory, or when its service or person does not belong to its organisation; `seat_of_the_host` for a seat that is
    not the host's or that names a service or a person as well."""
    directory = world.directory
    if party.part is not None and (party.organisation != host or party.service or party.person):
        raise Refusal("seat_of_the_host", "party")
    organisation = directory.organisation(party.organisation)
    if organisation is None:
        raise Refusal("unknown_organisation", "party")
    # one that was invited before its service moved to another agency stays the party that it was
    if party.service is not None and party.service not in organisation.services:
        raise Refusal("unknown_service", "party")
    if party.person is not None and not directory.roles_of(party.person, party.organisation, on):
        raise Refusal("unknown_person", "party")
