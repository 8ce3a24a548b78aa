"""What was typed, as commands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from coordination.pupil.aln.commands import (
    AlnCommand,
    AnswerConcern,
    AnswerReconsideration,
    AskReconsideration,
    DecideAln,
    IssuePlan,
    PassOnConcern,
    RaiseConcern,
    RecordAlnConsent,
    ReviewPlan,
)
from webui.aln import forms
from webui.forms.base import FormSchema

BEGINNINGS = ("concern", "plan")
"""What can be the first that is recorded of a concern: the concern itself, or a plan of before."""


class AlnStepForm(msgspec.Struct, frozen=True):
    """How a step is recorded: its form, its command, and the code table of each field that has one."""

    schema: type[FormSchema]
    command: type[AlnCommand]
    tables: dict[str, str] = {}


STEP_FORMS: dict[str, AlnStepForm] = {
    "concern": AlnStepForm(forms.RaiseConcernSchema, RaiseConcern, {"raised_by": "aln_raised_by"}),
    "answer": AlnStepForm(forms.AnswerConcernSchema, AnswerConcern, {"outcome": "concern_answer"}),
    "pass_on": AlnStepForm(forms.PassOnSchema, PassOnConcern, {"ground": "aln_authority_ground"}),
    "consent": AlnStepForm(forms.AlnConsentSchema, RecordAlnConsent),
    "decide": AlnStepForm(forms.DecideAlnSchema, DecideAln, {"outcome": "aln_decision"}),
    "plan": AlnStepForm(forms.IssuePlanSchema, IssuePlan),
    "review": AlnStepForm(forms.ReviewPlanSchema, ReviewPlan, {"outcome": "aln_review"}),
    "ask_reconsideration": AlnStepForm(
        forms.AskReconsiderationSchema, AskReconsideration, {"asked_by": "aln_raised_by"}
    ),
    "answer_reconsideration": AlnStepForm(
        forms.AnswerReconsiderationSchema, AnswerReconsideration, {"outcome": "aln_reconsideration"}
    ),
}


def step_command(step: str, pupil: UUID, concern: UUID, typed: dict[str, Any]) -> AlnCommand:
    """The command of a step. Raises KeyError for a step without a form."""
    return STEP_FORMS[step].command(pupil=pupil, concern=concern, **typed)
