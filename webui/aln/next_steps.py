"""What can be recorded of a concern next, by whom."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from projections.aln.queries.results import ConcernSummary

NextStep = Literal[
    "answer",
    "pass_on",
    "consent",
    "decide",
    "plan",
    "review",
    "ask_reconsideration",
    "answer_reconsideration",
    "correct",
]


def next_steps(concern: ConcernSummary, by: UUID, *, at_school: bool) -> tuple[NextStep, ...]:
    """The steps that make sense where the concern stands, the most likely first. The decision says what is possible:
    late entries of other steps are welcome there."""
    found: list[NextStep] = []
    match concern.phase:
        case "to_answer" | "answered":
            found += ["answer"]
        case "to_pass_on":
            found += ["pass_on"] if at_school else ["decide"]
        case "with_school":
            found += ["decide", "pass_on"] if at_school else []
        case "with_authority":
            found += [] if at_school else ["decide"]
        case "plan_due":
            found += ["plan", "ask_reconsideration"]
        case "no_plan" | "plan_ceased":
            found += ["ask_reconsideration"]
        case "plan_in_force":
            found += ["review", "ask_reconsideration"]
        case "reconsidering":
            found += [] if at_school else ["answer_reconsideration"]
    if _consent_missing(concern):
        found.append("consent")
    if any(step.recorded_by == by for step in concern.steps):
        found.append("correct")
    return tuple(found)


def _consent_missing(concern: ConcernSummary) -> bool:
    deciding = concern.phase in ("to_pass_on", "with_school", "with_authority")
    return concern.young_person and deciding and not any(s.name == "consent_given" for s in concern.steps)
