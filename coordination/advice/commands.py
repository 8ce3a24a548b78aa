"""The commands of an advice conversation."""

from __future__ import annotations

from uuid import UUID

from coordination.advice.events import Advice, Channel
from coordination.event import Command


class AskAdvice(Command, frozen=True, kw_only=True):
    """A conversation without a pupil's name. `advice` is a new random id. Asked and answered in one call, it has its
    `answer` at once."""

    advice: UUID
    school: UUID
    service: UUID
    channel: Channel
    question: str | None = None
    answer: Advice | None = None
    other_service: UUID | None = None
    words: str | None = None


class AskAdviceAboutPupil(AskAdvice, frozen=True, kw_only=True):
    """A conversation about a pupil who is named: the rules of agreement apply."""

    pupil: UUID


class AnswerAdvice(Command, frozen=True, kw_only=True):
    """What the service advised. By the service, or reported by the school."""

    advice: UUID
    answer: Advice
    other_service: UUID | None = None
    words: str | None = None


class LinkAdvice(Command, frozen=True, kw_only=True):
    """The conversation was about this pupil, or led to this referral of the pupil."""

    advice: UUID
    pupil: UUID
    referral: UUID | None = None


class StrikeAdvice(Command, frozen=True, kw_only=True):
    """The conversation was recorded in error."""

    advice: UUID
    why: str


class EraseAdviceOfPupil(Command, frozen=True, kw_only=True):
    """Destroys the key of a conversation about a pupil whose record is erased."""

    advice: UUID
    pupil: UUID


class EraseOldAdvice(Command, frozen=True, kw_only=True):
    """Destroys the key of a conversation without a name when its time is over."""

    advice: UUID
