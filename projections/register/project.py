"""Rolls, provision and the dates of plans to rows."""

from __future__ import annotations

from uuid import UUID

from coordination.event import Event
from coordination.pupil.aln.events import (
    AlnDecided,
    AlnEntryCorrected,
    AlnEvent,
    PlanIssued,
    PlanReviewed,
)
from coordination.pupil.aln.steps import AlnStepName
from coordination.pupil.casefile import CaseFile
from coordination.pupil.profile.events import (
    ProvisionRecorded,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
)
from projections.projection import Change
from projections.register.rows import (
    REGISTER_PLAN,
    REGISTER_PROVISION,
    REGISTER_ROLL,
    TABLES,
    RegisterPlanTableRow,
    RegisterProvisionTableRow,
    RegisterRollTableRow,
)
from projections.rows import AnyTable, RowJournal

STEPS: tuple[AlnStepName, ...] = ("aln_decided", "plan_issued", "plan_reviewed")


class RegisterProjection:
    """A row for each time on a roll, each provision recorded and each date of a plan."""

    name = "register"
    tables: tuple[AnyTable, ...] = TABLES
    topics: frozenset[type[Event]] = frozenset(
        {
            PupilRegistered,
            RegistrationAdded,
            RegistrationEnded,
            SchoolMoved,
            ProvisionRecorded,
            AlnDecided,
            PlanIssued,
            PlanReviewed,
            AlnEntryCorrected,
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Puts what the event changed; a date that was corrected away leaves no row."""
        before, after = change.states(CaseFile)
        match change.event:
            case ProvisionRecorded() as event:
                opened = change.coded()
                provision = str(opened.get("provision") or "") if isinstance(opened, dict) else ""
                on = event.header.occurred_on
                rows.put(
                    REGISTER_PROVISION,
                    RegisterProvisionTableRow(change.stream, change.version, on, provision),
                )
            case AlnEvent(concern=concern):
                held, now = (_plan(case, concern, change.stream) for case in (before, after))
                for key in held.keys() - now.keys():
                    rows.remove(REGISTER_PLAN, key)
                for key, row in now.items():
                    if held.get(key) != row:
                        rows.put(REGISTER_PLAN, row)
            case _:
                held_rolls, now_rolls = (_rolls(case, change) for case in (before, after))
                for roll in held_rolls.keys() - now_rolls.keys():
                    rows.remove(REGISTER_ROLL, roll)
                for roll, on_roll in now_rolls.items():
                    if held_rolls.get(roll) != on_roll:
                        rows.put(REGISTER_ROLL, on_roll)


def _rolls(case: CaseFile, change: Change) -> dict[tuple[UUID, UUID, object], RegisterRollTableRow]:
    return {
        (change.stream, one.school, one.from_on): RegisterRollTableRow(
            pupil=change.stream,
            school=one.school,
            from_on=one.from_on,
            authority=change.directory.authority_of(one.school),
            until=one.until,
        )
        for one in case.profile.registrations
    }


def _plan(case: CaseFile, concern: UUID, pupil: UUID) -> dict[tuple[UUID, str, object], RegisterPlanTableRow]:
    matter = case.aln.matters.get(concern)
    return {
        (concern, step.name, step.on): RegisterPlanTableRow(
            concern=concern,
            step=step.name,
            on_day=step.on,
            pupil=pupil,
            organisation=step.organisation,
            body=step.body,
            ceases=step.ceases,
            plan_due=step.plan_due,
        )
        for step in (matter.steps if matter is not None else ())
        if step.name in STEPS
    }


PROJECTION = RegisterProjection()
