"""The agency's reply, and its disputes of marks."""

from __future__ import annotations

from coordination.challenge.commands import AcknowledgeChallenge, DisputeMark, ReplyToChallenge, ReportReply
from coordination.challenge.decisions.checks import require_agency, require_school
from coordination.challenge.events import (
    AnyChallengeEvent,
    ChallengeAcknowledged,
    ChallengeReplied,
    MarkDisputed,
    ReplyReported,
)
from coordination.challenge.state import WITH_THE_AGENCY, Challenge
from coordination.errors import Refusal
from coordination.event import Header
from coordination.guards import require_words
from coordination.world import World


def decide_acknowledge(
    challenge: Challenge, command: AcknowledgeChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """The agency acknowledges receipt, once."""
    require_agency(challenge, command, header, world, frozenset({"sent"}))
    return [ChallengeAcknowledged(header=header)]


def decide_reply(
    challenge: Challenge, command: ReplyToChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """Records the agency's own reply; it may reply more than once."""
    require_agency(challenge, command, header, world, WITH_THE_AGENCY)
    return [ChallengeReplied(header=header, text=require_words(command.text, "text"))]


def decide_report_reply(
    challenge: Challenge, command: ReportReply, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """The school records a reply that it received outside the service."""
    require_school(challenge, command, header, WITH_THE_AGENCY)
    return [ReplyReported(header=header, way=command.way, text=require_words(command.text, "text"))]


def decide_dispute(
    challenge: Challenge, command: DisputeMark, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """The agency disputes a mark of the evidence, once. Refuses `mark_not_in_evidence`, `already_disputed`, and a
    claim equal to the mark (`nothing_changes`)."""
    require_agency(challenge, command, header, world, WITH_THE_AGENCY)
    line = (command.of_meeting, command.mark_version)
    mark = next((m for m in challenge.marks if (m.meeting, m.version) == line), None)
    if mark is None:
        raise Refusal("mark_not_in_evidence", "of_meeting")
    earlier = [d for d in challenge.disputes.values() if (d.meeting, d.mark_version) == line]
    if earlier or command.dispute in challenge.disputes:
        raise Refusal("already_disputed", "of_meeting")
    if command.claims == mark.mark:
        raise Refusal("nothing_changes", "claims")
    return [
        MarkDisputed(
            header=header,
            dispute=command.dispute,
            meeting=command.of_meeting,
            mark_version=command.mark_version,
            claims=command.claims,
            why=require_words(command.why, "why"),
        )
    ]
