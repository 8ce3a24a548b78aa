"""Statutory decisions to concerns and waits."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.clocks import FAR, METRIC_VERSION
from coordination.directory.events import SchoolTermSet, StatutoryStandardEnded, StatutoryStandardSet
from coordination.directory.state import Directory, Organisation
from coordination.event import Event
from coordination.pupil.aln.events import (
    AlnConsentGiven,
    AlnDecided,
    AlnEntryCorrected,
    AlnEvent,
    ConcernAnswered,
    ConcernPassedOn,
    ConcernRaised,
    PlanIssued,
    PlanReviewed,
    ReconsiderationAnswered,
    ReconsiderationAsked,
)
from coordination.pupil.aln.state import AlnMatter
from coordination.pupil.aln.waits import StatutoryWait, statutory_waits
from coordination.pupil.casefile import CaseFile
from coordination.pupil.profile.events import ProfileEvent, RegistrationAdded, RegistrationEnded, SchoolMoved
from projections.aln.rows import (
    ALN_CONCERN,
    CONCERN_ANSWER,
    STATUTORY_WAIT,
    TOLD_CONCERN,
    AlnConcernTableRow,
    ConcernAnswerTableRow,
    StatutoryWaitTableRow,
    ToldConcernTableRow,
)
from projections.projection import WITH_CONCERNS, Change
from projections.rows import AnyTable, RowJournal

Waits = dict[tuple[str, int], StatutoryWaitTableRow]
"""The rows of one concern by standard and number."""


class AlnProjection:
    """A row for each concern; a wait row is known from the event that made it so until the event that changed it."""

    name = "aln"
    tables: tuple[AnyTable, ...] = (ALN_CONCERN, STATUTORY_WAIT, TOLD_CONCERN, CONCERN_ANSWER)
    topics: frozenset[type[Event]] = frozenset(
        {
            ConcernRaised,
            ConcernAnswered,
            ConcernPassedOn,
            AlnConsentGiven,
            AlnDecided,
            PlanIssued,
            PlanReviewed,
            ReconsiderationAsked,
            ReconsiderationAnswered,
            AlnEntryCorrected,
            RegistrationAdded,
            RegistrationEnded,
            SchoolMoved,
            StatutoryStandardSet,
            StatutoryStandardEnded,
            SchoolTermSet,
        }
    )
    wide: frozenset[type[Event]] = frozenset({StatutoryStandardSet, StatutoryStandardEnded, SchoolTermSet})

    def project(self, change: Change, rows: RowJournal) -> None:
        """The concern as it is now; its waits before and after the event."""
        match change.event:
            case AlnEvent(concern=concern):
                before, after = change.states(CaseFile)
                matter = after.aln.matters[concern]
                if matter.steps or matter.told is not None:
                    rows.put(ALN_CONCERN, _concern(matter, change.stream))
                else:
                    rows.remove(ALN_CONCERN, (concern,))
                _put_told(change, rows)
                self._record(concern, (before, change.directory), (after, change.directory), change, rows)
            case ProfileEvent():
                before, after = change.states(CaseFile)
                for concern in after.aln.matters:
                    self._record(concern, (before, change.directory), (after, change.directory), change, rows)
            case _:
                organisation, _ = change.states(Organisation)
                earlier = change.directory.with_organisation(organisation)
                for pupil, case in change.others(WITH_CONCERNS):
                    moved = msgspec.structs.replace(change, stream=pupil)
                    for concern in case.aln.matters:
                        self._record(concern, (case, earlier), (case, change.directory), moved, rows)

    def _record(
        self,
        concern: UUID,
        earlier: tuple[CaseFile, Directory],
        now: tuple[CaseFile, Directory],
        change: Change,
        rows: RowJournal,
    ) -> None:
        before = _waits(concern, change.stream, *earlier)
        after = _waits(concern, change.stream, *now)
        for key, row in before.items():
            if after.get(key) != row:
                rows.end(STATUTORY_WAIT, (concern, *key), change.position)
        for key, row in after.items():
            if before.get(key) != row:
                rows.begin(STATUTORY_WAIT, row, change.position)


PROJECTION = AlnProjection()


def _put_told(change: Change, rows: RowJournal) -> None:
    """What a teacher told the ALNCo, and its answer."""
    on = change.event.header.occurred_on
    match change.event:
        case ConcernRaised(decision_asked=False) as told:
            rows.put(
                TOLD_CONCERN,
                ToldConcernTableRow(
                    concern=told.concern,
                    pupil=change.stream,
                    school=told.first_told,
                    person=told.header.person,
                    told_on=on,
                    version=change.version,
                    topic=told.topic,
                    sealed=told.sealed,
                ),
            )
        case ConcernAnswered() as answer:
            opened = change.coded()
            rows.put(
                CONCERN_ANSWER,
                ConcernAnswerTableRow(
                    concern=answer.concern,
                    pupil=change.stream,
                    answered_on=on,
                    starts_decision=answer.starts_decision,
                    outcome=str(opened.get("outcome") or "") if isinstance(opened, dict) else "",
                    version=change.version,
                    topic=answer.topic,
                    sealed=answer.sealed,
                ),
            )
        case _:
            pass


def _since(matter: AlnMatter) -> date:
    """The day of the last step, of the answer, or of what the teacher told."""
    if matter.steps:
        return matter.steps[-1].on
    told = matter.told.on if matter.told is not None else date.min
    return matter.answered_on or told


def _concern(matter: AlnMatter, pupil: UUID) -> AlnConcernTableRow:
    raised = matter.step("concern_raised")
    return AlnConcernTableRow(
        concern=matter.concern,
        pupil=pupil,
        school=matter.school,
        authority=matter.authority,
        decides=matter.decides,
        phase=matter.phase,
        since=_since(matter),
        young_person=raised is not None and raised.young_person,
        last_version=matter.last_version,
        steps=msgspec.json.encode(matter.steps).decode(),
    )


def _waits(concern: UUID, pupil: UUID, case: CaseFile, directory: Directory) -> Waits:
    matter = case.aln.matters.get(concern)
    if matter is None:
        return {}
    return {
        (wait.standard, wait.number): _row(wait, matter, pupil, directory)
        for wait in statutory_waits(matter, case.profile.registrations, directory)
    }


def _row(wait: StatutoryWait, matter: AlnMatter, pupil: UUID, directory: Directory) -> StatutoryWaitTableRow:
    held_by_school = wait.holder.body == "school"
    holder = wait.holder.organisation
    version = wait.version
    holdings = [*wait.earlier, wait.holder]
    until = [h.from_on for h in holdings[1:]] + [wait.end_on or FAR]
    return StatutoryWaitTableRow(
        concern=matter.concern,
        standard=wait.standard,
        number=wait.number,
        pupil=pupil,
        service=None,
        agency=None,
        school=holder if held_by_school else matter.school,
        authority=directory.authority_of(holder) if held_by_school else holder,
        holder=holder,
        holder_kind=wait.holder.body,
        version=version.effective_from if version is not None else None,
        unit=wait.unit,
        limit_days=version.limit if version is not None else None,
        bands=list(version.bands) if version is not None else [],
        legal_route=None,
        priority="",
        start_on=wait.start_on,
        begins_on=wait.begins_on,
        due_on=wait.due_on,
        end_on=wait.end_on,
        ending=wait.ending,
        age_years=wait.age_years,
        inherited_days=wait.inherited_days,
        inherited_from=wait.earlier[-1].organisation if wait.earlier else None,
        uncountable=wait.uncountable,
        start_ordinal=wait.start_ordinal,
        end_ordinal=wait.end_ordinal,
        unconfirmed=0,
        metric_version=METRIC_VERSION,
        gap_from=[],
        gap_until=[],
        gap_ending=[],
        stretch_party=[h.body for h in holdings],
        stretch_service=[None for _ in holdings],
        stretch_from=[h.from_on for h in holdings],
        stretch_until=[None if on == FAR else on for on in until],
    )
