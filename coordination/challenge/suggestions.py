"""What the nightly job suggests to a school, and what a person decides about it. A suggestion is on a stream of its
own; a challenge that is raised upon it is another."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import ChallengeEvent, Command
from coordination.sensitivity import SEALED, Operational, Personal


class ChallengeSuggested(ChallengeEvent, frozen=True, kw_only=True):
    """The record met a challenge rule (`code`, in force since `rule_from`, of this `source`): `things` are the
    meetings, referrals, questions, supports or actions counted on `as_of` up to log position `position`. Without a
    service it is the school's own matter."""

    topic = "challenge.suggested"
    code: Operational[str]
    school: Operational[UUID]
    service: Operational[UUID | None]
    agency: Operational[UUID | None]
    counted: Operational[int]
    least: Operational[int]
    days: Operational[int]
    window: Operational[int | None]
    things: Operational[tuple[UUID, ...]]
    as_of: Operational[date]
    rule_from: Operational[date]
    source: Operational[str]
    position: Operational[int] = 0


class SuggestionAccepted(ChallengeEvent, frozen=True, kw_only=True):
    """A person of the school accepted it; `raised` is the challenge that they raised upon it (None: the school puts its
    own matter right, or writes without a challenge)."""

    topic = "challenge.suggestion_accepted"
    raised: Operational[UUID | None]


class SuggestionPutAside(ChallengeEvent, frozen=True, kw_only=True):
    """A person of the school put it aside, with a reason. The same things are not suggested again."""

    topic = "challenge.suggestion_put_aside"
    why: Personal[str] = SEALED


AnySuggestionEvent = ChallengeSuggested | SuggestionAccepted | SuggestionPutAside


class SuggestChallenge(Command, frozen=True, kw_only=True):
    """`challenge` is the id of the suggestion: it follows from school, service, code and things, so that the same is
    suggested once."""

    challenge: UUID
    code: str
    school: UUID
    service: UUID | None
    counted: int
    least: int
    days: int
    window: int | None
    things: tuple[UUID, ...]
    as_of: date
    rule_from: date
    source: str
    position: int = 0


class AcceptSuggestion(Command, frozen=True, kw_only=True):
    challenge: UUID
    raised: UUID | None = None


class PutSuggestionAside(Command, frozen=True, kw_only=True):
    challenge: UUID
    why: str
