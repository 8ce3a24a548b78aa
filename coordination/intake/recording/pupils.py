"""Pupils of a file: registered where they are new, changed where the file says otherwise, else left alone.

Whose a row is says `arrival`. A doubtful row writes nothing and waits until somebody decides; a pupil of another school
is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from coordination.authority import OPERATOR
from coordination.calendars import local_date
from coordination.desk.file_requests import AskedPupil, ask
from coordination.directory.state import Organisation
from coordination.errors import Refusal
from coordination.event import Command, CommandContext
from coordination.intake.arrival import Arrival
from coordination.intake.problems import RowProblem, warning
from coordination.intake.pupils import ParsedPupilFile, PupilRow
from coordination.intake.recording.arriving import (
    PupilLookUp,
    described,
    description_hash,
    with_former_number,
)
from coordination.intake.recording.changes import (
    changes,
    class_change,
    differences,
    letters_lost,
    provisions,
    year_contradicts,
)
from coordination.intake.recording.contacts import ContactChanges, contact_changes
from coordination.intake.recording.doubts import DoubtJournal
from coordination.intake.recording.identity import command_id, new_id
from coordination.intake.recording.outcomes import (
    ImportResult,
    RowOutcome,
    Word,
    all_outcomes,
    problem_of_refusal,
)
from coordination.intake.recording.recorded_profiles import RecordedProfile
from coordination.intake.recording.registrations import registration_of
from coordination.intake.recording.saves import save_groups
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.commands import RecordContact, RecordProvision
from coordination.service import Batch, Coordination
from coordination.viewer import Viewer

KEPT_BESIDE = frozenset({"birth_date_changed", "another_number"})
"""Doubts decided for the record after which the rest of the row is still the pupil's: number or birth was wrong."""


def record_pupils(
    service: Coordination,
    file: ParsedPupilFile,
    *,
    now: datetime,
    whole: bool = True,
    preview: bool = False,
    by: Viewer | None = None,
    school: UUID | None = None,
    most_requests: int | None = None,
) -> ImportResult:
    """Record the pupils of a file at an instant, or (`preview`) say what that would do.

    `by` is who sends the file from their desk, for their own school only; `school` on whose behalf the operator on the
    machine itself sends it: rows of another school are refused with `not_your_school`. Neither: on behalf of each row's
    school. `whole`: the file is complete for each pupil (a sheet is, a transfer file is not). The files
    of pupils of another school are asked for (at most `most_requests` a day, see `file_requests.ask`); asking is
    carried out by `carry_out_requests`.
    Rows are refused with the codes of the reader and of the decisions, and with `unknown_school`, `record_erased`,
    `too_many_file_requests`, `database_lost`. Warnings: the kinds of doubts,
    `kept_as_recorded` (somebody decided for the record against this row), `own_part_only` (another school leads for the
    pupil), `contact_ended_before`, `name_letters_kept`.
    """
    recording = _PupilRecorder(service, now, whole=whole, by=by, school=by.organisation if by else school)
    recording.gives_contacts = whole and any(row.contacts for row in file.rows)
    taken = list(save_groups(service, file.rows, recording, preview=preview))
    if not preview:
        with service.record.desk() as connection:
            recording.doubts.write(connection, service.record.outer, now)
        taken = [recording.asked(outcome, most_requests) for outcome in taken]
    return all_outcomes(taken, file.problems, {row.row for row in file.rows} | file.refused)


class _PupilRecorder:
    """The recording of one file of pupils."""

    gives_contacts = False

    def __init__(
        self,
        service: Coordination,
        now: datetime,
        *,
        whole: bool,
        by: Viewer | None,
        school: UUID | None,
    ) -> None:
        self.record = service.record
        self.by = by
        self.school = school
        self.now = now
        self.today = local_date(now)
        self.whole = whole
        self.doubts = DoubtJournal()
        self.requests: dict[int, tuple[AskedPupil, CommandContext]] = {}
        self._look_up = PupilLookUp(service.record)
        self._begun: dict[str, UUID] = {}

    def prepare(self, batch: Batch, rows: Sequence[PupilRow]) -> None:
        """Looks up whom the rows may be of, and creates ids for new pupils."""
        self._look_up.prepare(batch, [described(row) for row in rows])
        self._begin([row.upn for row in rows if row.upn not in self._begun])
        batch.prefetch(PUPIL_STREAM, [self._begun[row.upn] for row in rows])

    def _begin(self, upns: Sequence[str], attempt: int = 0) -> None:
        """Ids for new pupils. A stream that is in use although the number finds no pupil belongs to an erased one."""
        ids = {upn: new_id(self.record.outer, "pupil", upn, attempt) for upn in upns}
        if not ids:
            return
        used = self.record.load(list(ids.values()))
        self._begun |= {upn: id for upn, id in ids.items() if not used[id]}
        self._begin([upn for upn, id in ids.items() if used[id]], attempt + 1)

    def take(self, batch: Batch, row: PupilRow) -> list[RowOutcome]:
        """Registers or changes the pupil of one row, or says why that has to wait."""
        school = batch.directory().by_code("school", row.school_number)
        if school is None:
            raise Refusal("unknown_school", "school_number")
        if self.school is not None and school.id != self.school:
            raise Refusal("not_your_school", "school_number")
        found = self._look_up.arrival(batch, described(row), school)
        if found.kind == "new":
            return [self._register(batch, row, school, found)]
        if found.kind == "of_another_school":
            return [self._ask(row, school)]
        if found.kind == "doubtful":
            return [self._doubtful(batch, row, school, found)]
        assert found.pupil is not None
        return [self._update(batch, row, found.pupil, school)]

    def refuse(self, group: PupilRow, refused: Refusal) -> list[RowOutcome]:
        """Why the row was not taken."""
        fields = {"name": "contact_name", "from_school": "school_number"}
        return [RowOutcome(group.row, "refused", problems=(problem_of_refusal(group.row, refused, fields),))]

    def asked(self, outcome: RowOutcome, most: int | None) -> RowOutcome:
        """Asks for the file of a pupil of another school, where the outcome says so; or why that was refused."""
        row = outcome.place
        if outcome.word != "asked" or not isinstance(row, int):
            return outcome
        asked, order = self.requests[row]
        try:
            with self.record.desk() as connection:
                ask(connection, self.record.outer, asked, order, now=self.now, most=most)
        except Refusal as refused:
            return RowOutcome(row, "refused", problems=(problem_of_refusal(row, refused),))
        return outcome

    def _register(self, batch: Batch, row: PupilRow, school: Organisation, found: Arrival) -> RowOutcome:
        """Registers a pupil who is not recorded. A transfer file's provision comes with its own days."""
        pupil = self._begun[row.upn]
        dated = bool(row.provision_history)
        register = registration_of(row, pupil, school.id, self.today, self.record.outer)
        self._perform(batch, register, pupil, school)
        if dated:
            for day, provision in provisions(row, (), None, self.today):
                said = RecordProvision(occurred_on=day, pupil=pupil, provision=provision)
                self._perform(batch, said, pupil, school)
        self._record_class(batch, row, pupil, school, RecordedProfile())
        self._look_up.add(pupil, described(row))
        self.doubts.settled(row, pupil, school, ())
        for other in found.elsewhere:
            self.doubts.alike(row, pupil, other, school)
        return RowOutcome(row.row, "new", problems=self._doubtful_year(row, None), pupil=pupil)

    def _doubtful(self, batch: Batch, row: PupilRow, school: Organisation, found: Arrival) -> RowOutcome:
        """Nothing of the row is recorded until somebody decides; what was decided for the record stays decided. Of a
        pupil for whom another school leads, that school decides."""
        first = found.doubts[0].pupil
        if batch.state(PUPIL_STREAM, first).profile.leading_school() != school.id:
            own_part = warning(row.row, "school_number", "own_part_only")
            return RowOutcome(row.row, "unchanged", problems=(own_part,), pupil=first)
        hashed = description_hash(self.record.outer, described(row))
        for doubtful in found.doubts:
            known = self._look_up.profile(doubtful.pupil)
            if known is not None and hashed in known.refused:
                return self._kept(batch, row, doubtful.pupil, school, doubtful.kind in KEPT_BESIDE)
        self.doubts.identity(found, row, school, whole=self.whole)
        kind = found.doubts[0].kind
        problem = warning(row.row, "date_of_birth" if kind == "birth_date_changed" else "upn", kind)
        return RowOutcome(row.row, "doubtful", problems=(problem,), pupil=found.doubts[0].pupil)

    def _kept(
        self, batch: Batch, row: PupilRow, pupil: UUID, school: Organisation, beside: bool
    ) -> RowOutcome:
        """A row against which somebody decided for the record: at most the rest of it is taken."""
        kept = warning(row.row, "upn", "kept_as_recorded")
        if not beside:
            self.doubts.settled(row, pupil, school, ())
            return RowOutcome(row.row, "unchanged", problems=(kept,), pupil=pupil)
        taken = self._update(batch, row, pupil, school, keeps_identity=True)
        return msgspec.structs.replace(taken, problems=(kept, *taken.problems))

    def _update(
        self, batch: Batch, row: PupilRow, pupil: UUID, school: Organisation, *, keeps_identity: bool = False
    ) -> RowOutcome:
        """Brings a pupil of the own roll up to date; for a pupil of two schools the leading one's file does."""
        if not self._look_up.is_recorded(pupil):  # registered by an earlier row of this file
            raise Refusal("duplicate_in_file", "upn")
        known = self._look_up.profile(pupil)
        if known is None:
            raise Refusal("record_erased", "upn")
        word: Word | None = None
        if school.id not in batch.state(PUPIL_STREAM, pupil).profile.schools():
            registration = registration_of(row, pupil, school.id, self.today, self.record.outer)
            self._perform(batch, registration, pupil, school)
            word = "returned"
        profile = batch.state(PUPIL_STREAM, pupil).profile
        year = profile.year_group(self.today)
        told = list(
            changes(row, pupil, known, year, self.today, whole=self.whole, keeps_identity=keeps_identity)
        )
        contacts = contact_changes(
            row, pupil, known, self.today, self.record.outer, tells_all=self.gives_contacts
        )
        what = self._record_class(batch, row, pupil, school, known)
        if profile.leading_school() != school.id:
            says_more = bool(told or contacts.recorded or contacts.doubts)
            own_part = (warning(row.row, "school_number", "own_part_only"),) if says_more else ()
            word = word or ("changed" if what else "unchanged")
            return RowOutcome(
                row.row, word, tuple(what), own_part, pupil, differences(what, row, known, year)
            )
        for change in told:
            self._perform(batch, change.command, pupil, school)
        what += list(dict.fromkeys(name for change in told for name in change.what))
        what += self._record_contacts(batch, contacts, row, pupil, school, known)
        if not keeps_identity:
            self._look_up.add(pupil, with_former_number(described(row), known.upn))
        waits: Word | None = "doubtful" if contacts.doubts else None
        word = waits or word or ("changed" if what else "unchanged")
        problems = (*self._warnings(row, known, contacts), *self._doubtful_year(row, year))
        said = differences(what, row, known, year)
        return RowOutcome(row.row, word, tuple(what), problems, pupil, said)

    def _record_class(
        self, batch: Batch, row: PupilRow, pupil: UUID, school: Organisation, known: RecordedProfile
    ) -> list[str]:
        """Records the class at the school of the file, which needs not lead; the names of the fields that changed."""
        change = class_change(row, pupil, known, school.id, self.today)
        if change is None:
            return []
        self._perform(batch, change.command, pupil, school)
        return list(change.what)

    def _record_contacts(
        self,
        batch: Batch,
        found: ContactChanges,
        row: PupilRow,
        pupil: UUID,
        school: Organisation,
        known: RecordedProfile,
    ) -> list[str]:
        """Records the contacts about whom there is no doubt; the names of the fields that changed."""
        for details in found.recorded:
            said = RecordContact(occurred_on=self.today, pupil=pupil, details=details)
            self._perform(batch, said, pupil, school)
        self.doubts.settled(row, pupil, school, known.contacts)
        for doubtful in found.doubts:
            self.doubts.contact(doubtful, row, pupil, school)
        return ["contact"] if found.recorded else []

    def _warnings(self, row: PupilRow, known: RecordedProfile, contacts: ContactChanges) -> list[RowProblem]:
        found = [warning(row.row, name, "name_letters_kept") for name in letters_lost(row, known)]
        if contacts.ended_before:
            found.append(warning(row.row, "contact_name", "contact_ended_before"))
        kinds = dict.fromkeys(doubtful.kind for doubtful in contacts.doubts)
        return [*found, *(warning(row.row, "contact_name", kind) for kind in kinds)]

    def _doubtful_year(self, row: PupilRow, year: int | None) -> tuple[RowProblem, ...]:
        """The rest of the row is taken; the year of the date of birth stays until a person records another."""
        if not year_contradicts(row, year, self.today):
            return ()
        return (warning(row.row, "year", "year_contradicts_birth"),)

    def _ask(self, row: PupilRow, school: Organisation) -> RowOutcome:
        """A pupil of another school, known or not: the file is asked for when the rows are on the record."""
        pupil = self._begun[row.upn]
        steps = tuple(provisions(row, (), None, self.today)) if row.provision_history else ()
        register = registration_of(row, pupil, school.id, self.today, self.record.outer)
        asked = AskedPupil(register=register, provisions=steps)
        said = msgspec.json.encode(register).decode()
        order = self._order(command_id(self.record.outer, "AskForFile", school.code, said), school)
        self.requests[row.row] = (asked, order)
        return RowOutcome(row.row, "asked")

    def _perform(self, batch: Batch, command: Command, pupil: UUID, school: Organisation) -> None:
        """Carries a command out for the school. Its id derives from its content and from the event before it: a
        repetition has the same id, and a value that returns later has another."""
        said = msgspec.json.encode(command).decode()
        after = batch.state(PUPIL_STREAM, pupil).version
        id = command_id(self.record.outer, type(command).__name__, school.code, after, said)
        order = self._order(id, school)
        batch.fresh(order.organisation, id)
        batch.perform(command, order)

    def _order(self, id: str, school: Organisation) -> CommandContext:
        """The command's context: the person who imports, or the operator on behalf of the school."""
        by = self.by
        return CommandContext(
            person=by.person if by else OPERATOR,
            organisation=by.organisation if by else OPERATOR,
            role=by.role if by else "operator",
            source="import",
            command_id=id,
            recorded_at=self.now,
            on_behalf_of=None if by else school.id,
        )
