"""Histories of referrals: each referral opened where it is not on the record, and its milestones recorded.

Who confirms a milestone depends on the file's owner. In a school's file (the usual one) what only an agency can say
is *reported*; in an agency's own file it is confirmed, and a milestone that the school had reported before is
confirmed too. A row that is already recorded, by whatever channel, is left unchanged.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from coordination.authority import OPERATOR
from coordination.calendars import local_date
from coordination.directory.state import Directory, Organisation, Service
from coordination.errors import Refusal
from coordination.event import CommandContext
from coordination.intake.problems import RowProblem, error, warning
from coordination.intake.recording.details import details_of
from coordination.intake.recording.identity import command_id, new_id
from coordination.intake.recording.outcomes import ImportResult, RowOutcome, all_outcomes, problem_of_refusal
from coordination.intake.recording.saves import save_groups
from coordination.intake.recording.sequence import record_in_turn
from coordination.intake.referrals import ImportedMilestone, ImportedReferral, ParsedReferralFile
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.commands import SERVICE_REQUEST
from coordination.pupil.referral.decide import ConfirmMilestone, OpenReferral, RecordMilestone, ReportSource
from coordination.pupil.referral.milestones import SAID_BY_AGENCY, SAID_BY_SCHOOL
from coordination.pupil.referral.phase import DatedMilestone, phase
from coordination.pupil.referral.state import Referral
from coordination.service import Batch, Coordination

# The source of a report in a school's file.
BY, HOW = "history file", "file"

# The file's column for each field of the commands.
COLUMNS = {
    "service": "service_code",
    "milestone": "event",
    "reason": "detail",
    "note": "detail",
    "to_service": "detail",
    "details": "detail",
    "reported_on": "occurred_on",
}


def record_referrals(
    service: Coordination,
    file: ParsedReferralFile,
    *,
    now: datetime,
    word_of: Organisation | None = None,
    preview: bool = False,
) -> ImportResult:
    """Record what a file of referrals says at an instant, or (`preview`) say what that would do.

    `word_of` is the agency whose own file it is. A referral is taken whole or not at all. Rows are refused with the
    codes of the reader and of the decisions, and with `unknown_school`, `unknown_service`, `unknown_upn`,
    `pupil_not_at_school`, `reference_of_another_pupil`, `reference_of_another_service`, `not_this_agencys`,
    `impossible_order` (with the two steps), `group_refused` beside the row at fault, `database_lost`. Warnings:
    `detail_differs`, `legal_route_differs`, `another_referral_open`, `contested_before`.
    """
    recording = _ReferralRecorder(service, now, word_of)
    taken = list(save_groups(service, file.groups, recording, preview=preview))
    rows = {milestone.row for group in file.groups for milestone in group.milestones}
    return all_outcomes(taken, file.problems, rows | file.refused)


class _RowRefusal(Refusal):
    """A referral's refusal, with the row at fault."""

    def __init__(self, row: int, refused: Refusal) -> None:
        super().__init__(refused.code, refused.field, **refused.facts)
        self.row = row


class _Parties:
    """The parties of a referral in the file, as recorded."""

    __slots__ = ("pupil", "referral", "school", "service")

    def __init__(self, school: Organisation, service: Service, pupil: UUID, referral: UUID | None) -> None:
        self.school = school
        self.service = service
        self.pupil = pupil
        self.referral = referral


class _ReferralRecorder:
    """The recording of one file of referrals."""

    def __init__(self, service: Coordination, now: datetime, word_of: Organisation | None) -> None:
        self.record = service.record
        self.digest = service.digest
        self.now = now
        self.word_of = word_of
        self._pupils: dict[str, UUID] = {}
        self._files: dict[UUID, tuple[UUID, ...]] = {}
        self._references: dict[tuple[UUID, str], tuple[UUID, UUID]] = {}
        self._done: dict[str, bytes] = {}

    def prepare(self, batch: Batch, groups: Sequence[ImportedReferral]) -> None:
        """Looks up which rows were recorded before and the known pupils and referrals: five round trips.

        The streams are read last: what another import saves meanwhile is then in them, and nothing counts as
        recorded that they do not have.
        """
        directory = batch.directory()
        ids = [id for group in groups for id in self._ids(group)]
        self._done = {id: held[0] for id, held in self.record.commands(OPERATOR, ids).items()}
        for id in ids:
            if id not in self._done:
                batch.fresh(OPERATOR, id)
        self._pupils = self.record.pupils_by_upn([group.upn for group in groups])
        wanted = [
            (school.id, group.referral_ref)
            for group in groups
            if (school := directory.by_code("school", group.school_number))
        ]
        self._references = self.record.referrals_by_reference(wanted)
        self._files = self.record.files_of_children(list(self._pupils.values()))
        files = [file for files in self._files.values() for file in files]
        batch.prefetch(PUPIL_STREAM, [*files, *(pupil for pupil, _ in self._references.values())])

    def take(self, batch: Batch, group: ImportedReferral) -> list[RowOutcome]:
        """Opens the referral unless it is known, and records its milestones, each when it is possible."""
        parties = self._parties(batch, group)
        referral = parties.referral or self._open(batch, group, parties)
        route = batch.state(PUPIL_STREAM, parties.pupil).referrals[referral].legal_route

        def record(milestone: ImportedMilestone) -> RowOutcome:
            try:
                return self._milestone(batch, group, milestone, parties, referral)
            except Refusal as refused:
                raise _RowRefusal(milestone.row, refused) from None

        outcomes = record_in_turn(group.milestones, record)
        if parties.referral is None and self._is_second(batch, parties.pupil, referral):
            first = outcomes[0]
            doubt = warning(group.milestones[0].row, None, "another_referral_open")
            outcomes[0] = msgspec.structs.replace(first, problems=(*first.problems, doubt))
        if group.legal_route not in (None, route):
            first = outcomes[0]
            doubt = warning(group.milestones[0].row, "legal_route", "legal_route_differs")
            outcomes[0] = msgspec.structs.replace(first, problems=(*first.problems, doubt))
        return outcomes

    def _is_second(self, batch: Batch, pupil: UUID, referral: UUID) -> bool:
        """Whether the referral is open where its service has another open one that the file's owner may see."""
        case = batch.state(PUPIL_STREAM, pupil)
        new: Referral = case.referrals[referral]
        if phase(new.counting()).ended:
            return False
        agency = self.word_of.id if self.word_of is not None else None
        return any(
            other.service == new.service and not phase(other.counting()).ended
            for other in case.referrals.values()
            if other.referral != referral
            and (agency is None or case.consents.disclosed_within(other.referral, agency, None))
        )

    def refuse(self, group: ImportedReferral, refused: Refusal) -> list[RowOutcome]:
        """Refuses a referral: the row at fault with its problem, the others as part of the same group."""
        at = refused.row if isinstance(refused, _RowRefusal) else None
        outcomes = []
        for milestone in group.milestones:
            problem = problem_of_refusal(milestone.row, refused, COLUMNS)
            if at not in (None, milestone.row):
                problem = error(milestone.row, None, "group_refused", other_row=at)
            outcomes.append(RowOutcome(milestone.row, "refused", problems=(problem,)))
        return outcomes

    def _parties(self, batch: Batch, group: ImportedReferral) -> _Parties:
        directory: Directory = batch.directory()
        school = directory.by_code("school", group.school_number)
        if school is None:
            raise Refusal("unknown_school", "school_number")
        service = directory.service_by_code(group.service_code)
        if service is None:
            raise Refusal("unknown_service", "service_code")
        if self.word_of is not None and service.agency != self.word_of.id:
            raise Refusal("not_this_agencys", "service_code")
        pupil = self._pupils.get(group.upn)
        if pupil is None:
            raise Refusal("unknown_upn", "upn")
        files, id = self._files[pupil], self._new(school, group)
        known = self._references.get((school.id, group.referral_ref)) or next(
            # opened by another import since the look-up
            ((file, id) for file in files if id in batch.state(PUPIL_STREAM, file).referrals),
            None,
        )
        if known is None:
            here = (f for f in files if school.id in batch.state(PUPIL_STREAM, f).profile.schools())
            return _Parties(school, service, next(here, pupil), None)
        if known[0] not in files:
            raise Refusal("reference_of_another_pupil", "referral_ref")
        held = batch.state(PUPIL_STREAM, known[0]).referrals.get(known[1])
        if held is None or service.id not in held.services:
            raise Refusal("reference_of_another_service", "referral_ref")
        return _Parties(school, service, known[0], known[1])

    def _open(self, batch: Batch, group: ImportedReferral, parties: _Parties) -> UUID:
        school = parties.school
        if school.id not in batch.state(PUPIL_STREAM, parties.pupil).profile.schools():
            raise Refusal("pupil_not_at_school", "school_number")
        referral = self._new(school, group)
        opened = OpenReferral(
            occurred_on=group.milestones[0].occurred_on,
            pupil=parties.pupil,
            referral=referral,
            service=parties.service.id,
            school=school.id,
            immediate_risk=False,
            reference=group.referral_ref,
            historical=True,
            legal_route=group.legal_route or SERVICE_REQUEST,
        )
        batch.perform(opened, self._order(self._open_id(group), school.id))
        return referral

    def _milestone(
        self,
        batch: Batch,
        group: ImportedReferral,
        milestone: ImportedMilestone,
        parties: _Parties,
        referral: UUID,
    ) -> RowOutcome:
        held: Referral = batch.state(PUPIL_STREAM, parties.pupil).referrals[referral]
        agency = self._agencys_word(held, milestone.event)
        id = self._row_id(group, milestone, agency)
        if id not in self._done and (step := _already(held, milestone)) is not None:
            return self._as_known(batch, group, milestone, held, step, agency, parties.pupil)
        command = self._command(batch.directory(), milestone, parties.pupil, referral, agency)
        if id in self._done:
            same = hmac.compare_digest(self._done[id], self.digest(command))
            doubts = () if same else (warning(milestone.row, "detail", "detail_differs"),)
            return RowOutcome(milestone.row, "unchanged", problems=doubts)
        batch.perform(command, self._order(id, agency.id if agency else parties.school.id))
        return RowOutcome(milestone.row, "new")

    def _agencys_word(self, held: Referral, event: str) -> Organisation | None:
        """The agency that records this itself: the file is its own and the referral is with it. None: the school
        records it."""
        if self.word_of is None or event in SAID_BY_SCHOOL or held.agency != self.word_of.id:
            return None
        return self.word_of

    def _command(
        self,
        directory: Directory,
        milestone: ImportedMilestone,
        pupil: UUID,
        referral: UUID,
        agency: Organisation | None,
    ) -> RecordMilestone:
        on = milestone.occurred_on
        details, note = details_of(milestone.event, milestone.detail, directory, on)
        columns = {"new_episode": milestone.new_episode, "ending": milestone.ending}
        details |= {name: value for name, value in columns.items() if value is not None}
        # on the row's own day, not the import's, so that the same row is the same command on any day
        reported = (
            ReportSource(by=BY, how=HOW, on=on)
            if agency is None and milestone.event in SAID_BY_AGENCY
            else None
        )
        return RecordMilestone(
            occurred_on=on,
            pupil=pupil,
            referral=referral,
            milestone=milestone.event,
            details=details,
            reported=reported,
            note=note,
        )

    def _as_known(
        self,
        batch: Batch,
        group: ImportedReferral,
        milestone: ImportedMilestone,
        held: Referral,
        step: DatedMilestone,
        agency: Organisation | None,
        pupil: UUID,
    ) -> RowOutcome:
        """Leaves a step that was recorded in another way unchanged; an agency's own file confirms one that was only
        reported."""
        if agency is None or step.word != "reported" or step.standing == "confirmed":
            return RowOutcome(milestone.row, "unchanged")
        if step.standing == "contested":
            doubt: RowProblem = warning(milestone.row, "event", "contested_before")
            return RowOutcome(milestone.row, "unchanged", problems=(doubt,))
        confirm = ConfirmMilestone(
            occurred_on=local_date(self.now), pupil=pupil, referral=held.referral, milestone=step.version
        )
        id = command_id(
            self.record.outer, "confirm", *self._said(group, milestone), agency.code, step.version
        )
        batch.perform(confirm, self._order(id, agency.id))
        return RowOutcome(milestone.row, "confirmed")

    # Ids derive from content, never from the file or the row

    def _new(self, school: Organisation, group: ImportedReferral) -> UUID:
        return new_id(self.record.outer, "referral", school.code, group.referral_ref)

    def _said(self, group: ImportedReferral, milestone: ImportedMilestone) -> tuple[object, ...]:
        return (group.school_number, *group.identity(milestone))

    def _row_id(
        self, group: ImportedReferral, milestone: ImportedMilestone, agency: Organisation | None
    ) -> str:
        said = self._said(group, milestone)
        return command_id(self.record.outer, "milestone", *said, agency.code if agency else "")

    def _open_id(self, group: ImportedReferral) -> str:
        return command_id(self.record.outer, "open referral", group.school_number, group.referral_ref)

    def _ids(self, group: ImportedReferral) -> Iterable[str]:
        yield self._open_id(group)
        for milestone in group.milestones:
            yield self._row_id(group, milestone, None)
            if self.word_of is not None and milestone.event not in SAID_BY_SCHOOL:
                yield self._row_id(group, milestone, self.word_of)

    def _order(self, id: str, on_behalf_of: UUID) -> CommandContext:
        return CommandContext(
            person=OPERATOR,
            organisation=OPERATOR,
            role="operator",
            source="import",
            command_id=id,
            recorded_at=self.now,
            on_behalf_of=on_behalf_of,
        )


def _already(held: Referral, milestone: ImportedMilestone) -> DatedMilestone | None:
    """The recorded step that a row repeats: the same milestone on the same day, with the same ordinal as in the
    file."""
    same = [s for s in held.counting() if s.name == milestone.event and s.on == milestone.occurred_on]
    return same[milestone.ordinal - 1] if len(same) >= milestone.ordinal else None
