"""The steps of a concern, in the order in which they happened, and which orders are impossible. Pure.

They are read from clear fields only, so that erasure changes no figure. Any of them may be missing and may be recorded
late; within a day they are taken in the order of STEPS, never in the order of recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, get_args
from uuid import UUID

import msgspec

from coordination.errors import Refusal
from coordination.pupil.aln.events import Body

AlnStepName = Literal[
    "concern_raised",
    "passed_to_authority",
    "consent_given",
    "aln_decided",
    "reconsideration_asked",
    "reconsideration_answered",
    "plan_issued",
    "plan_reviewed",
]
STEPS: tuple[AlnStepName, ...] = get_args(AlnStepName)
"""The steps in the order that is taken within a day."""

ONCE = frozenset({"concern_raised", "passed_to_authority", "consent_given", "aln_decided", "plan_issued"})
"""What happens once to a concern. A second time is a correction of the first, or another concern."""
BEFORE: tuple[tuple[AlnStepName, AlnStepName], ...] = (
    *(("concern_raised", step) for step in STEPS[1:]),
    ("passed_to_authority", "reconsideration_asked"),
    ("consent_given", "aln_decided"),
    ("aln_decided", "reconsideration_asked"),
    ("aln_decided", "plan_issued"),
    ("plan_issued", "plan_reviewed"),
)
"""Pairs of which the first, where it is on record, was not after the second."""


class AlnStep(msgspec.Struct, frozen=True):
    """A step as it counts now. `version` is its place in the pupil's stream, `organisation` who did it or was told,
    `body` of which kind that is. `plan_due` and `ceases`: see the events. `decides`, `young_person` and `age_years` are
    of the concern. `recorded_by` may correct it."""

    name: AlnStepName
    on: date
    version: int
    organisation: UUID
    body: Body
    recorded_by: UUID
    plan_due: bool = False
    ceases: bool = False
    decides: Body = "school"
    young_person: bool = False
    age_years: int | None = None


def steps_in_order(steps: Iterable[AlnStep]) -> tuple[AlnStep, ...]:
    """The steps by day; within a day as in STEPS; two of one name by what they say, then by their place."""
    return tuple(
        sorted(
            steps, key=lambda s: (s.on, STEPS.index(s.name), s.ceases, s.plan_due, s.organisation, s.version)
        )
    )


def check_steps(ordered: Sequence[AlnStep]) -> None:
    """Raises Refusal where the steps, as a whole, cannot have happened: `aln_already_recorded`, `aln_impossible_order`,
    `no_plan_due`, `plan_has_ceased`, `reconsideration_open`, `reconsideration_not_asked`."""
    first: dict[str, AlnStep] = {}
    for step in ordered:
        if step.name in ONCE and step.name in first:
            raise Refusal(
                "aln_already_recorded", None, aln_step=step.name, on=first[step.name].on.isoformat()
            )
        first.setdefault(step.name, step)
    for before, after in BEFORE:
        if before in first and after in first and first[before].on > first[after].on:
            raise _impossible(first[before], first[after])
    _check_bodies(first)
    _check_plan(ordered)
    _check_reconsiderations(ordered)


def _impossible(step: AlnStep, other: AlnStep) -> Refusal:
    return Refusal(
        "aln_impossible_order",
        "occurred_on",
        aln_step=step.name,
        on=step.on.isoformat(),
        aln_other=other.name,
        other_on=other.on.isoformat(),
    )


def _check_bodies(first: dict[str, AlnStep]) -> None:
    """The school decides nothing after it passed the concern on; the authority, told by a school, nothing before."""
    passed, decided = first.get("passed_to_authority"), first.get("aln_decided")
    if passed is None or decided is None:
        return
    early = decided.on < passed.on
    if (decided.body == "school" and not early) or (decided.body == "authority" and early):
        raise _impossible(passed, decided)


def _check_plan(ordered: Sequence[AlnStep]) -> None:
    refused: AlnStep | None = None
    ceased: AlnStep | None = None
    for step in ordered:
        match step.name:
            case "aln_decided" | "reconsideration_answered":
                if step.plan_due:
                    refused = None
                elif step.name == "aln_decided":
                    refused = step
            case "plan_issued":
                if refused is not None:
                    raise Refusal("no_plan_due", "occurred_on", on=refused.on.isoformat())
            case "plan_reviewed":
                if ceased is not None:
                    raise Refusal("plan_has_ceased", "occurred_on", on=ceased.on.isoformat())
                ceased = step if step.ceases else None
            case _:
                pass


def _check_reconsiderations(ordered: Sequence[AlnStep]) -> None:
    """Each question is answered once before the next. An answer whose question is not on record is welcome where no
    question is on record at all."""
    asked = [s for s in ordered if s.name == "reconsideration_asked"]
    open_question: AlnStep | None = None
    for step in ordered:
        if step.name == "reconsideration_asked":
            if open_question is not None:
                raise Refusal("reconsideration_open", "occurred_on", on=open_question.on.isoformat())
            open_question = step
        elif step.name == "reconsideration_answered":
            if open_question is None and asked:
                raise Refusal("reconsideration_not_asked", "occurred_on")
            open_question = None
