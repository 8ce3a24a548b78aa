"""Statutory decisions to concerns and waits."""

from __future__ import annotations

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
from projections.aln.rows import ALN_CONCERN, STATUTORY_WAIT, AlnConcernTableRow, StatutoryWaitTableRow
from projections.projection import WITH_CONCERNS, Change
from projections.rows import AnyTable, RowJournal

Waits = dict[tuple[str, int], StatutoryWaitTableRow]
"""The rows of one concern by standard and number."""


class AlnProjection:
    """A row for each concern; a wait row is known from the event that made it so until the event that changed it."""

    name = "aln"
    tables: tuple[AnyTable, ...] = (ALN_CONCERN, STATUTORY_WAIT)
    topics: frozenset[type[Event]] = frozenset(
        {
            ConcernRaised,
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
                if matter.steps:
                    rows.put(ALN_CONCERN, _concern(matter, change.stream))
                else:
                    rows.remove(ALN_CONCERN, (concern,))
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


def _concern(matter: AlnMatter, pupil: UUID) -> AlnConcernTableRow:
    raised = matter.step("concern_raised")
    return AlnConcernTableRow(
        concern=matter.concern,
        pupil=pupil,
        school=matter.school,
        authority=matter.authority,
        decides=matter.decides,
        phase=matter.phase,
        since=matter.steps[-1].on,
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
