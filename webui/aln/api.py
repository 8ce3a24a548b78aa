"""Concerns about additional learning needs: raised, decided, planned, reviewed, reconsidered; with their time
limits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from coordination.errors import NotFound
from coordination.pupil.aln.commands import CorrectAlnEntry, TellConcern
from coordination.pupil.aln.steps import AlnStep
from projections.aln.queries.concerns import concerns_of_pupil
from projections.aln.queries.results import AlnClock, ConcernSummary
from webui.aln import forms
from webui.aln.commands import step_command
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, closed_schema
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.forms.fields import DateField, LongTextField, TextField, WholeNumberField
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime

concerns = Resource(
    "concerns",
    "Statutory decisions about additional learning needs: dates and states, never the text of a plan. The pupil's "
    "school and the local authority that has part in a concern see and record it; agencies do not.",
)

ALL = "/pupils/<uuid:pupil>/concerns"
ONE = f"{ALL}/<uuid:concern>"


class AlnStepOut(Schema):
    """A step that counts. `version` names it in a correction."""

    class Meta(Schema.Meta):
        include = fields_of(AlnStep, "on", "version", "organisation", "body", step="name")


class AlnClockOut(Schema):
    """A time limit of a body. `due_on` null: no limit is set, or the school's terms are not known that far."""

    class Meta(Schema.Meta):
        include = fields_of(
            AlnClock,
            *("standard", "number", "holder", "holder_kind", "start_on", "begins_on", "due_on", "end_on"),
            *("ending", "unit", "limit", "uncountable"),
        )


class ConcernOut(Schema):
    """A concern. `decides`: the body that has the duty to decide, school or authority. `phase`: to_answer,
    answered, to_pass_on, with_school, with_authority, plan_due, no_plan, plan_in_force, plan_ceased, reconsidering."""

    class Meta(Schema.Meta):
        include = fields_of(
            ConcernSummary, "concern", "school", "authority", "decides", "phase", "since", "young_person"
        )

    steps = fields.List(fields.Nested(AlnStepOut), required=True)
    clocks = fields.List(fields.Nested(AlnClockOut), required=True)


class RaiseBody(closed_schema(forms.RaiseConcernSchema)):  # type: ignore[misc]
    """A concern; `occurred_on` is when the organisation was first told."""

    raised_by = TextField("A code of the table aln_raised_by", longest=60)
    words = LongTextField(_l("In their own words"), required=False)


class TellBody(ClosedSchema):
    """What a teacher tells the ALNCo, today. Nothing that a child has told of harm belongs here: ring instead."""

    words = LongTextField(_l("What worries you?"), longest=2000)


class AnswerBody(closed_schema(forms.AnswerConcernSchema)):  # type: ignore[misc]
    """The answer to what a teacher told; `words` are for the teacher."""

    outcome = TextField("A code of the table concern_answer", longest=60)


class PassOnBody(closed_schema(forms.PassOnSchema)):  # type: ignore[misc]
    """The local authority was told."""

    ground = TextField("A code of the table aln_authority_ground", longest=60)


AlnConsentBody = closed_schema(forms.AlnConsentSchema)


class DecideBody(closed_schema(forms.DecideAlnSchema)):  # type: ignore[misc]
    """A decision."""

    outcome = TextField("A code of the table aln_decision", longest=60)


IssuePlanBody = closed_schema(forms.IssuePlanSchema)


class ReviewBody(closed_schema(forms.ReviewPlanSchema)):  # type: ignore[misc]
    """A review of the plan."""

    outcome = TextField("A code of the table aln_review", longest=60)


class AskReconsiderationBody(closed_schema(forms.AskReconsiderationSchema)):  # type: ignore[misc]
    """A request to reconsider."""

    asked_by = TextField("A code of the table aln_raised_by", longest=60)


class AnswerReconsiderationBody(closed_schema(forms.AnswerReconsiderationSchema)):  # type: ignore[misc]
    """The answer to a request to reconsider."""

    outcome = TextField("A code of the table aln_reconsideration", longest=60)


class CorrectAlnBody(ClosedSchema):
    """A correction of an entry."""

    entry = WholeNumberField("The version of the entry", least=1)
    happened_on = DateField("The right date (null or left out: it did not happen)", required=False)
    why = LongTextField(_l("Reason"), longest=500)


@concerns.lists(ALL, scope="pupils:read", answers=ConcernOut)
def listed_concerns(query: dict[str, Any], page: PageRequest, pupil: UUID) -> ResourceRows:  # noqa: ARG001
    """List the concerns about a pupil, the newest first."""
    found = concerns_of_pupil(casework.reader(), viewer(), pupil).concerns
    first = (page.number - 1) * page.size
    return ResourceRows(found[first : first + page.size], len(found), _noted(pupil))


@concerns.shows(ONE, scope="pupils:read", answers=ConcernOut)
def one_concern(pupil: UUID, concern: UUID) -> ResourceView:
    """Get a concern with its steps and time limits."""
    found = concerns_of_pupil(casework.reader(), viewer(), pupil).concerns
    summary = next((one for one in found if one.concern == concern), None)
    if summary is None:
        raise NotFound
    return ResourceView(summary, summary.last_version, _noted(pupil))


@concerns.records(ALL, scope="pupils:write", takes=RaiseBody, makes=("concern",))
def raise_concern(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record a concern."""
    concern = asked.new_id("concern")
    asked.perform(step_command("concern", pupil, concern, typed))
    return _of(pupil, concern)


@concerns.records(f"{ALL}/tell", scope="pupils:write", takes=TellBody, makes=("concern",))
def tell_concern(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record what a teacher tells the ALNCo. The school's time limit starts only where the answer says so."""
    concern = asked.new_id("concern")
    asked.perform(TellConcern(occurred_on=runtime().today(), pupil=pupil, concern=concern, **typed))
    return _of(pupil, concern)


@concerns.records(
    f"{ONE}/answer", scope="pupils:write", takes=AnswerBody, makes=("concern",), thing=one_concern
)
def answer_concern(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID
) -> RecordingResult:
    """Record the answer to what a teacher told."""
    return _step("answer", typed, asked, pupil, concern)


@concerns.records(
    f"{ONE}/pass-on", scope="pupils:write", takes=PassOnBody, makes=("concern",), thing=one_concern
)
def pass_on_concern(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID
) -> RecordingResult:
    """Record that the local authority was told, and decides."""
    return _step("pass_on", typed, asked, pupil, concern)


@concerns.records(
    f"{ONE}/consent", scope="pupils:write", takes=AlnConsentBody, makes=("concern",), thing=one_concern
)
def consent_to_decision(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID
) -> RecordingResult:
    """Record that a young person consents to the decision."""
    return _step("consent", typed, asked, pupil, concern)


@concerns.records(
    f"{ONE}/decide", scope="pupils:write", takes=DecideBody, makes=("concern",), thing=one_concern
)
def decide_concern(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID
) -> RecordingResult:
    """Record the decision."""
    return _step("decide", typed, asked, pupil, concern)


@concerns.records(
    f"{ONE}/plan", scope="pupils:write", takes=IssuePlanBody, makes=("concern",), thing=one_concern
)
def issue_plan(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID) -> RecordingResult:
    """Record that the plan was given."""
    return _step("plan", typed, asked, pupil, concern)


@concerns.records(
    f"{ONE}/review", scope="pupils:write", takes=ReviewBody, makes=("concern",), thing=one_concern
)
def review_plan(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID) -> RecordingResult:
    """Record a review of the plan."""
    return _step("review", typed, asked, pupil, concern)


@concerns.records(
    f"{ONE}/ask-reconsideration",
    scope="pupils:write",
    takes=AskReconsiderationBody,
    makes=("concern",),
    thing=one_concern,
)
def ask_reconsideration(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID
) -> RecordingResult:
    """Record that the local authority was asked to reconsider."""
    return _step("ask_reconsideration", typed, asked, pupil, concern)


@concerns.records(
    f"{ONE}/answer-reconsideration",
    scope="pupils:write",
    takes=AnswerReconsiderationBody,
    makes=("concern",),
    thing=one_concern,
)
def answer_reconsideration(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID
) -> RecordingResult:
    """Record the answer to a request to reconsider. Only the local authority can do this."""
    return _step("answer_reconsideration", typed, asked, pupil, concern)


@concerns.records(
    f"{ONE}/correct", scope="pupils:write", takes=CorrectAlnBody, makes=("concern",), thing=one_concern
)
def correct_concern(
    typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID
) -> RecordingResult:
    """Correct an entry. The earlier entry is kept."""
    asked.perform(
        CorrectAlnEntry(occurred_on=runtime().today(), pupil=pupil, concern=concern, seen=asked.seen, **typed)
    )
    return _of(pupil, concern)


def _step(
    step: str, typed: dict[str, Any], asked: RecordRequest, pupil: UUID, concern: UUID
) -> RecordingResult:
    command = step_command(step, pupil, concern, typed)
    asked.perform(msgspec.structs.replace(command, seen=asked.seen))
    return _of(pupil, concern)


def _of(pupil: UUID, concern: UUID) -> RecordingResult:
    return RecordingResult({"concern": concern}, f"/pupils/{pupil}/concerns/{concern}")


def _noted(pupil: UUID) -> ReadLogNote:
    return ReadLogNote("aln", [pupil], "own_pupil" if viewer().role in SCHOOL_DESK else "held_by_authority")
