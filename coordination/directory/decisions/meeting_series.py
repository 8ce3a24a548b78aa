"""Who sets up a series of meetings, and with whom."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.authority import CASEWORKER_ROLES, SCHOOL_ROLES
from coordination.directory.decisions.checks import require_code, require_kind, require_order, require_text
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.meeting_series import (
    MeetingSeries,
    MeetingSeriesSet,
    SeriesMember,
    SetMeetingSeries,
)
from coordination.directory.organisation import Organisation
from coordination.directory.permission import OPERATORS
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World

MOST_MEMBERS = 60
MOST_DAYS = 60
"""Of notice, and of papers before a meeting: working days."""
LAST_WEEK = 5


def decide_set_series(
    organisation: Organisation, command: SetMeetingSeries, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """A school's coordinating staff, an authority's caseworkers, or an operator's import. Refused `not_permitted`,
    `cannot_be_empty`, `unknown_code`, `unknown_school`, `end_before_start`, `ends_before_it_starts`, `out_of_range`,
    `no_members`, `too_many_members`, `member_twice`, and for a member as `_require_member`."""
    require_kind(organisation, "school", "authority")
    roles = SCHOOL_ROLES if organisation.kind == "school" else CASEWORKER_ROLES
    own = header.organisation == organisation.id and header.role in roles
    if not own and header.source not in OPERATORS:
        raise Refusal("not_permitted")
    require_text(command.name, "name")
    require_code(world.directory, "meeting_kind", command.kind, "kind")
    require_order(command.effective_from, command.effective_to, "effective_to")
    _require_school(organisation, command, world.directory)
    _require_rhythm(command)
    _require_numbers(command)
    for member in command.members:
        _require_member(member, organisation.id, command, world.directory)
    fields = {name: getattr(command, name) for name in MeetingSeries.__struct_fields__}
    wanted = MeetingSeries(**{**fields, "name": command.name.strip()})
    if wanted in organisation.series.get(wanted.series, ()):
        return []
    return [MeetingSeriesSet(header=header, **{n: getattr(wanted, n) for n in wanted.__struct_fields__})]


def _require_school(organisation: Organisation, command: SetMeetingSeries, directory: Directory) -> None:
    """A school's series is about itself; an authority's about one of its schools, or about none."""
    if command.school is None:
        return
    school = directory.organisation(command.school)
    own = organisation.id in (command.school, directory.authority_of(command.school))
    if school is None or school.kind != "school" or not own:
        raise Refusal("unknown_school", "school")


def _require_rhythm(command: SetMeetingSeries) -> None:
    rhythm = command.rhythm
    if rhythm.ends_at <= rhythm.starts_at:
        raise Refusal("ends_before_it_starts", "ends_at")
    if not 0 <= rhythm.weekday <= 4:
        raise Refusal("out_of_range", "weekday", at_least=0, at_most=4)
    if not 1 <= rhythm.week <= LAST_WEEK:
        raise Refusal("out_of_range", "week", at_least=1, at_most=LAST_WEEK)


def _require_numbers(command: SetMeetingSeries) -> None:
    if not command.members:
        raise Refusal("no_members", "members")
    if len(command.members) > MOST_MEMBERS:
        raise Refusal("too_many_members", "members", at_most=MOST_MEMBERS)
    seats = [msgspec.structs.replace(member, substitutes=()) for member in command.members]
    if len(set(seats)) < len(seats):
        raise Refusal("member_twice", "members")
    if command.quorum is not None and not 1 <= command.quorum <= len(seats):
        raise Refusal("out_of_range", "quorum", at_least=1, at_most=len(seats))
    for field in ("notice_working_days", "papers_working_days"):
        if not 0 <= getattr(command, field) <= MOST_DAYS:
            raise Refusal("out_of_range", field, at_least=0, at_most=MOST_DAYS)


def _require_member(
    member: SeriesMember, host: UUID, command: SetMeetingSeries, directory: Directory
) -> None:
    """Refused `unknown_organisation`, `unknown_service`, `unknown_person`, `seat_of_the_host` (a seat of another
    organisation), and `substitute_elsewhere` where a substitute does not work for the member's own organisation."""
    organisation = directory.organisation(member.organisation)
    if organisation is None:
        raise Refusal("unknown_organisation", "members")
    if member.service is not None and member.service not in organisation.services:
        raise Refusal("unknown_service", "members")
    on = command.effective_from
    if member.person is not None and not directory.roles_of(member.person, member.organisation, on):
        raise Refusal("unknown_person", "members")
    if member.part is not None and (member.organisation != host or member.service or member.person):
        raise Refusal("seat_of_the_host", "members")
    for substitute in member.substitutes:
        if not directory.roles_of(substitute, member.organisation, on):
            raise Refusal("substitute_elsewhere", "substitutes")
