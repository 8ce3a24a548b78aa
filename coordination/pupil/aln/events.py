"""Decisions about additional learning needs (ALN Act 2018, Part 2, Chapter 2): days and states, never a plan's
text."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Special

Body = Literal["school", "authority"]
"""Who has a duty under the Act: the governing body of a maintained school, or the local authority."""


class AlnEvent(PupilEvent, frozen=True, kw_only=True):
    """About one concern and what followed. `concern` is a random id; a decision or plan of before the record has one
    of its own, without a concern on record."""

    concern: Operational[UUID]


class ConcernRaised(AlnEvent, frozen=True, kw_only=True):
    """On the day of the event the organisation `first_told` was first told that the pupil may have additional
    learning needs. `decides` is the body that has the duty to decide, by the pupil's status then, and `ground` why
    it is the authority (a code of the table `aln_authority_ground`). `young_person`: the pupil was over compulsory
    school age. `raised_by`: a code of the table `aln_raised_by`. Without `decision_asked` a teacher told the
    ALNCo, whose answer says whether the body has to decide."""

    topic = "aln.concern_raised"
    first_told: Operational[UUID]
    told_body: Operational[Body]
    decides: Operational[Body]
    young_person: Operational[bool] = False
    age_years: Operational[int | None] = None
    decision_asked: Operational[bool] = True
    raised_by: Coded[str] = SEALED
    ground: Coded[str | None] = SEALED
    words: Special[str | None] = SEALED


class ConcernAnswered(AlnEvent, frozen=True, kw_only=True):
    """The ALNCo answered a concern that a teacher had told them. `outcome`: a code of the table `concern_answer`;
    `starts_decision`: the body has to decide, and its time limit starts with the day on which the concern was raised.
    `words` are for the teacher."""

    topic = "aln.concern_answered"
    starts_decision: Operational[bool]
    outcome: Coded[str] = SEALED
    words: Special[str | None] = SEALED


class ConcernPassedOn(AlnEvent, frozen=True, kw_only=True):
    """The school told the authority, which decides from then on (ALN Act ss.12(2) and 17). `ground`: a code of the
    table `aln_authority_ground`."""

    topic = "aln.passed_to_authority"
    to_authority: Operational[UUID]
    ground: Coded[str] = SEALED


class AlnConsentGiven(AlnEvent, frozen=True, kw_only=True):
    """A young person consented to the decision being made (ALN Act ss.11 and 13)."""

    topic = "aln.consent_given"


class AlnDecided(AlnEvent, frozen=True, kw_only=True):
    """A body decided whether the pupil has additional learning needs and gave notice. `outcome`: a code of the table
    `aln_decision`; `plan_due`: a plan is to be prepared."""

    topic = "aln.decided"
    by: Operational[UUID]
    body: Operational[Body]
    plan_due: Operational[bool]
    outcome: Coded[str] = SEALED


class PlanIssued(AlnEvent, frozen=True, kw_only=True):
    """A copy of the individual development plan was first given (ALN Act s.22), by the body that maintains it."""

    topic = "aln.plan_issued"
    by: Operational[UUID]
    body: Operational[Body]


class PlanReviewed(AlnEvent, frozen=True, kw_only=True):
    """The revised plan, or notice that it stays as it is, was first given (ALN Act s.23). `outcome`: a code of the
    table `aln_review`; `ceases`: the plan is no longer maintained."""

    topic = "aln.plan_reviewed"
    by: Operational[UUID]
    body: Operational[Body]
    ceases: Operational[bool]
    outcome: Coded[str] = SEALED


class ReconsiderationAsked(AlnEvent, frozen=True, kw_only=True):
    """The authority was asked to reconsider what the school decided, its plan, or its ceasing (ALN Act ss.26 to 28).
    `asked_by`: a code of the table `aln_raised_by`."""

    topic = "aln.reconsideration_asked"
    to_authority: Operational[UUID]
    asked_by: Coded[str] = SEALED


class ReconsiderationAnswered(AlnEvent, frozen=True, kw_only=True):
    """The authority gave notice of what it decided on reconsidering. `outcome`: a code of the table
    `aln_reconsideration`; `plan_due`: it decided that a plan is to be prepared."""

    topic = "aln.reconsideration_answered"
    by: Operational[UUID]
    plan_due: Operational[bool]
    outcome: Coded[str] = SEALED


class AlnEntryCorrected(AlnEvent, frozen=True, kw_only=True):
    """An entry was wrong: `supersedes` is its version in the pupil's stream. It happened on the day `happened_on`,
    or did not happen (None)."""

    topic = "aln.entry_corrected"
    supersedes: Operational[int]
    happened_on: Operational[date | None] = None
    why: Special[str] = SEALED


AnyAlnEvent = (
    ConcernRaised
    | ConcernAnswered
    | ConcernPassedOn
    | AlnConsentGiven
    | AlnDecided
    | PlanIssued
    | PlanReviewed
    | ReconsiderationAsked
    | ReconsiderationAnswered
    | AlnEntryCorrected
)
"""All of them, so that the type checker finds a `match` that forgets one."""
