"""Contesting a mark of a register without a challenge: the service says what is wrong, and somebody of neither party
rules. Neither the school nor the service decides."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.authority import command_day, require_not_in_future
from coordination.challenge.decisions.ruling import may_rule, parties
from coordination.directory.state import Directory
from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.event import Header
from coordination.guards import require_words, speaks_for_agency
from coordination.meeting.contests import ContestMark, ContestRuled, MarkContested, RuleOnContest
from coordination.meeting.state import Meeting
from coordination.world import World


class ContestParties(msgspec.Struct, frozen=True):
    """The school whose register it is, its authority, and the agency of the service."""

    school: UUID
    agency: UUID
    authority: UUID | None


def decide_contest(
    meeting: Meeting, command: ContestMark, header: Header, world: World
) -> list[MarkContested]:
    """The service contests its own mark, each version of it once. Raises NotFound for anyone else, StaleVersion where
    the mark was corrected since; refuses `already_disputed`, and a claim equal to the mark (`nothing_changes`)."""
    line = meeting.register.get(command.party)
    if line is None or line.party.service is None or not speaks_for_agency(header, line.party.organisation):
        raise NotFound
    if not world.acts_for(line.party.service):
        raise NotFound
    require_not_in_future(header, command.occurred_on)
    if line.version != command.mark_version:
        raise StaleVersion(command.mark_version, line.version)
    earlier = [
        one
        for one in meeting.contests.values()
        if (one.party, one.mark_version) == (command.party, command.mark_version)
    ]
    if earlier or command.contest in meeting.contests:
        raise Refusal("already_disputed", "mark_version")
    if command.claims == line.mark:
        raise Refusal("nothing_changes", "claims")
    return [
        MarkContested(
            header=header,
            contest=command.contest,
            party=command.party,
            mark_version=command.mark_version,
            claims=command.claims,
            why=require_words(command.why, "why"),
        )
    ]


def decide_contest_ruling(
    meeting: Meeting, command: RuleOnContest, header: Header, world: World
) -> list[ContestRuled]:
    """Somebody of neither party rules, as on a disputed mark of a challenge. Refuses `ruling_by_a_party`,
    `already_ruled`, and a `reads` that is missing or too much. Raises NotFound for who may not rule."""
    contest = meeting.contests.get(command.contest)
    if contest is None:
        raise NotFound
    about, on = contest_parties(meeting, contest.agency, world.directory), command_day(header)
    own = {header.organisation, header.on_behalf_of} & parties(about, world.directory)
    if own:
        raise Refusal("ruling_by_a_party", "person")
    if not may_rule(about, header.person, header.organisation, header.role, world.directory, on):
        raise NotFound
    require_not_in_future(header, command.occurred_on)
    if contest.ruling is not None:
        raise Refusal("already_ruled", "contest", ruling=contest.ruling)
    if command.occurred_on < contest.since:
        raise Refusal("before_previous_step", "occurred_on", since=contest.since.isoformat())
    reads = command.reads or (contest.claims if command.ruling == "upheld" else None)
    if command.ruling == "partly" and reads is None:
        raise Refusal("cannot_be_empty", "reads")
    if command.ruling == "not_upheld" and reads is not None:
        raise Refusal("mark_stands", "reads")
    return [
        ContestRuled(
            header=header,
            contest=command.contest,
            ruling=command.ruling,
            reads=reads,
            reasons=require_words(command.reasons, "reasons"),
        )
    ]


def contest_parties(meeting: Meeting, agency: UUID, directory: Directory) -> ContestParties:
    """Who may not rule on a contested mark of the meeting."""
    return ContestParties(meeting.school, agency, directory.authority_of(meeting.school))
