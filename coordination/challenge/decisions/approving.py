"""Before the agency sees it: the head teacher's approval, and sending."""

from __future__ import annotations

from coordination.authority import command_day
from coordination.challenge.commands import (
    ApproveChallenge,
    DeclineChallenge,
    SendChallenge,
    WordLetter,
)
from coordination.challenge.decisions.checks import last_reply_day, require_school
from coordination.challenge.events import (
    AnyChallengeEvent,
    ChallengeApproved,
    ChallengeNotApproved,
    ChallengeSent,
    LetterWorded,
)
from coordination.challenge.state import Challenge
from coordination.errors import Refusal
from coordination.event import Command, Header
from coordination.guards import require_words, strip_text
from coordination.world import World


def decide_approve(
    challenge: Challenge, command: ApproveChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """Only the head teacher of the school may approve (`head_teacher_only`)."""
    _require_head(challenge, command, header, world)
    return [ChallengeApproved(header=header)]


def decide_decline(
    challenge: Challenge, command: DeclineChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """Only the head teacher of the school may decline, with a reason. This ends the challenge."""
    _require_head(challenge, command, header, world)
    return [ChallengeNotApproved(header=header, why=require_words(command.why, "why"))]


def _require_head(challenge: Challenge, command: Command, header: Header, world: World) -> None:
    """The actor signs in as a head teacher and is one in the directory; the challenge is not approved yet."""
    require_school(challenge, command, header, frozenset({"raised"}))
    roles = world.directory.roles_of(header.person, challenge.school, command_day(header))
    if header.role != "head" or "head" not in roles:
        raise Refusal("head_teacher_only", "person")


def decide_word_letter(
    challenge: Challenge, command: WordLetter, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """The school words its letter before the head teacher approves it; afterwards only the head teacher does
    (`head_teacher_only`), because what is sent is what was approved. Once it is sent it stays as it was."""
    require_school(challenge, command, header, frozenset({"raised", "approved"}))
    if challenge.phase == "approved" and header.role != "head":
        raise Refusal("head_teacher_only", "person")
    return [LetterWorded(header=header, text=strip_text(command.text))]


def decide_send(
    challenge: Challenge, command: SendChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """Records that an approved challenge was sent. The agency has `reply_working_days` working days to reply."""
    require_school(challenge, command, header, frozenset({"approved"}))
    due = last_reply_day(command.occurred_on, command.reply_working_days)
    return [ChallengeSent(header=header, way=command.way, reply_due_on=due)]
