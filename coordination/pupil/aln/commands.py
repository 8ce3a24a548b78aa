"""What can be asked to be recorded about additional learning needs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import Command
from coordination.pupil.aln.events import Body


class AlnCommand(Command, frozen=True, kw_only=True):
    """About one concern; `occurred_on` is the day on which it happened. `concern` is a new random id where this is
    the first that is recorded of it."""

    pupil: UUID
    concern: UUID


class RaiseConcern(AlnCommand, frozen=True, kw_only=True):
    """`occurred_on` is the day on which the organisation was first told. `dual_body` says who decides about a pupil
    on the roll of two schools; it is not asked for otherwise."""

    raised_by: str
    words: str | None = None
    dual_body: Body | None = None


class TellConcern(AlnCommand, frozen=True, kw_only=True):
    """A teacher tells the ALNCo, in their own words, what worries them about a pupil."""

    words: str


class AnswerConcern(AlnCommand, frozen=True, kw_only=True):
    """`outcome`: a code of the table `concern_answer`; `words` are for the teacher."""

    outcome: str
    words: str | None = None


class PassOnConcern(AlnCommand, frozen=True, kw_only=True):
    """`authority`: the one told; None: the authority of the school."""

    ground: str
    authority: UUID | None = None


class RecordAlnConsent(AlnCommand, frozen=True, kw_only=True):
    """A young person consented to the decision."""


class DecideAln(AlnCommand, frozen=True, kw_only=True):
    """`outcome`: a code of the table `aln_decision`."""

    outcome: str


class IssuePlan(AlnCommand, frozen=True, kw_only=True):
    """A copy of the plan was first given."""


class ReviewPlan(AlnCommand, frozen=True, kw_only=True):
    """`outcome`: a code of the table `aln_review`."""

    outcome: str


class AskReconsideration(AlnCommand, frozen=True, kw_only=True):
    """`authority`: the one asked; None: the authority of the school."""

    asked_by: str
    authority: UUID | None = None


class AnswerReconsideration(AlnCommand, frozen=True, kw_only=True):
    """`outcome`: a code of the table `aln_reconsideration`."""

    outcome: str


class CorrectAlnEntry(AlnCommand, frozen=True, kw_only=True):
    """`entry` is the version of the entry in the pupil's stream; `happened_on` its right day, or None where it did
    not happen."""

    entry: int
    why: str
    happened_on: date | None = None
