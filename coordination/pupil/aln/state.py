"""The concerns about a pupil and what followed each, for decisions and clocks."""

from __future__ import annotations

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from coordination.authority import acting_organisation
from coordination.pupil.aln.events import (
    AlnConsentGiven,
    AlnDecided,
    AlnEntryCorrected,
    AnyAlnEvent,
    Body,
    ConcernAnswered,
    ConcernPassedOn,
    ConcernRaised,
    PlanIssued,
    PlanReviewed,
    ReconsiderationAnswered,
    ReconsiderationAsked,
)
from coordination.pupil.aln.steps import AlnStep, AlnStepName, steps_in_order


class AlnMatter(msgspec.Struct, frozen=True):
    """One concern. `steps` are those that count now, in order; `last_version` is that of its last event. `told` is what
    a teacher told the ALNCo; it counts as a step once an answer says that the body has to decide."""

    concern: UUID
    steps: tuple[AlnStep, ...]
    last_version: int
    told: AlnStep | None = None
    told_by: UUID | None = None
    answered_on: date | None = None

    def step(self, name: AlnStepName) -> AlnStep | None:
        """The first step of that name."""
        return next((s for s in self.steps if s.name == name), None)

    def last(self, *names: AlnStepName) -> AlnStep | None:
        """The last step of one of these names."""
        return next((s for s in reversed(self.steps) if s.name in names), None)

    @property
    def authority(self) -> UUID | None:
        """The authority that was told, was asked to reconsider, or decided; None: none has part in it."""
        found = [s.organisation for s in self.steps if s.body == "authority" or s.name in AUTHORITY_IS_TOLD]
        return found[-1] if found else None

    @property
    def school(self) -> UUID | None:
        """The school that was told, decided or gave the plan."""
        told = (self.told,) if self.told is not None else ()
        found = [s.organisation for s in (*self.steps, *told) if s.body == "school" and s.name in OF_A_BODY]
        return found[0] if found else None

    @property
    def phase(self) -> AlnPhase:
        """Where it stands."""
        if not self.steps and self.told is not None:
            return "to_answer" if self.answered_on is None else "answered"
        last = self.last("reconsideration_asked", "reconsideration_answered")
        if last is not None and last.name == "reconsideration_asked":
            return "reconsidering"
        plan = self.last("plan_issued", "plan_reviewed")
        if plan is not None:
            return "plan_ceased" if plan.ceases else "plan_in_force"
        decided = self.last("aln_decided", "reconsideration_answered")
        if decided is not None:
            return "plan_due" if decided.plan_due else "no_plan"
        if self.with_body == self.decides:
            return "with_authority" if self.decides == "authority" else "with_school"
        return "to_pass_on"

    @property
    def with_body(self) -> Body:
        """Whose turn it is to decide: the school until it told the authority."""
        passed = any(s.name == "passed_to_authority" for s in self.steps)
        raised = self.step("concern_raised")
        if passed or (raised is not None and raised.body == "authority"):
            return "authority"
        if raised is None:
            decided = self.last("aln_decided", "plan_issued", "plan_reviewed")
            return decided.body if decided is not None else "school"
        return "school"

    @property
    def decides(self) -> Body:
        """The body that has the duty to decide."""
        raised = self.step("concern_raised")
        return "authority" if raised is not None and raised.decides == "authority" else self.with_body


AlnPhase = Literal[
    "to_answer",
    "answered",
    "to_pass_on",
    "with_school",
    "with_authority",
    "plan_due",
    "no_plan",
    "plan_in_force",
    "plan_ceased",
    "reconsidering",
]
"""`to_answer`: a teacher told the ALNCo. `to_pass_on`: a school was told, and the authority has to decide."""
OF_A_BODY = frozenset({"concern_raised", "aln_decided", "plan_issued", "plan_reviewed"})
AUTHORITY_IS_TOLD = frozenset({"passed_to_authority", "reconsideration_asked"})


class AlnMatters(msgspec.Struct, frozen=True):
    matters: dict[UUID, AlnMatter] = {}


def evolve(matters: AlnMatters, event: AnyAlnEvent, version: int) -> AlnMatters:
    """The concerns after the event; `version` is its place in the pupil's stream."""
    held = matters.matters.get(event.concern) or AlnMatter(event.concern, (), version)
    match event:
        case AlnEntryCorrected():
            steps = tuple(corrected_steps(held, event))
        case ConcernRaised(decision_asked=False):
            told = _step(event, version)
            return _with(matters, replace(held, told=told, told_by=event.header.person, last_version=version))
        case ConcernAnswered():
            started = (held.told,) if event.starts_decision and held.told is not None else ()
            held = replace(held, answered_on=event.header.occurred_on)
            steps = (*held.steps, *started)
        case _:
            steps = (*held.steps, _step(event, version))
    return _with(matters, replace(held, steps=steps_in_order(steps), last_version=version))


def _with(matters: AlnMatters, matter: AlnMatter) -> AlnMatters:
    return AlnMatters({**matters.matters, matter.concern: matter})


def corrected_steps(held: AlnMatter, event: AlnEntryCorrected) -> list[AlnStep]:
    """The steps as a correction leaves them: with the entry on its right day, or without it."""
    found = []
    for step in held.steps:
        if step.version != event.supersedes:
            found.append(step)
        elif event.happened_on is not None:
            found.append(replace(step, on=event.happened_on))
    return found


Step = (
    ConcernRaised
    | ConcernPassedOn
    | AlnConsentGiven
    | AlnDecided
    | PlanIssued
    | PlanReviewed
    | ReconsiderationAsked
    | ReconsiderationAnswered
)


def _step(event: Step, version: int) -> AlnStep:
    on, recorded_by = event.header.occurred_on, acting_organisation(event.header)

    def step(name: AlnStepName, organisation: UUID, body: Body) -> AlnStep:
        return AlnStep(name, on, version, organisation, body, recorded_by)

    match event:
        case ConcernRaised():
            raised = step("concern_raised", event.first_told, event.told_body)
            return replace(
                raised, decides=event.decides, young_person=event.young_person, age_years=event.age_years
            )
        case ConcernPassedOn():
            return step("passed_to_authority", event.to_authority, "school")
        case AlnConsentGiven():
            return step("consent_given", recorded_by, "school")
        case AlnDecided():
            return replace(step("aln_decided", event.by, event.body), plan_due=event.plan_due)
        case PlanIssued():
            return step("plan_issued", event.by, event.body)
        case PlanReviewed():
            return replace(step("plan_reviewed", event.by, event.body), ceases=event.ceases)
        case ReconsiderationAsked():
            return step("reconsideration_asked", event.to_authority, "school")
        case ReconsiderationAnswered():
            return replace(step("reconsideration_answered", event.by, "authority"), plan_due=event.plan_due)
        case _:
            assert_never(event)
