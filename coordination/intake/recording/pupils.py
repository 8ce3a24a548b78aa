"""Pupils of a file: registered where they are new, changed where the file says otherwise, else left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from coordination.authority import OPERATOR
from coordination.calendars import local_date
from coordination.directory.state import Organisation
from coordination.errors import Refusal
from coordination.event import Command, CommandContext
from coordination.intake.problems import warning
from coordination.intake.pupils import ParsedPupilFile, PupilRow
from coordination.intake.recording.changes import (
    changes,
    contact_details,
    ended_contacts,
    is_another_pupil,
    letters_lost,
    provisions,
)
from coordination.intake.recording.identity import command_id, new_id
from coordination.intake.recording.outcomes import (
    ImportResult,
    RowOutcome,
    Word,
    all_outcomes,
    problem_of_refusal,
)
from coordination.intake.recording.recorded_profiles import RecordedProfile, recorded_profiles
from coordination.intake.recording.saves import save_groups
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.profile.commands import ContactDetails, MovePupil, RecordProvision, RegisterPupil
from coordination.service import Batch, Coordination
from coordination.viewer import Viewer

# Fields that may differ between two rows of one pupil (at two schools).
TOLD = (
    "surname",
    "forename",
    "date_of_birth",
    "sex",
    "language",
    "provision",
    "needs",
    "year",
    "looked_after",
)


def record_pupils(
    service: Coordination,
    file: ParsedPupilFile,
    *,
    now: datetime,
    whole: bool = True,
    moved: bool = False,
    preview: bool = False,
    by: Viewer | None = None,
) -> ImportResult:
    """Record the pupils of a file at an instant, or (`preview`) say what that would do.

    `by` is who sends the file from their desk, for their own school only: rows of another are refused with
    `not_your_school`. None: the operator on the machine itself, on behalf of each row's school.
    `whole`: the file tells all there is to tell of a pupil (a sheet does, a transfer file does not). `moved`: pupils
    on the roll of one other school have left it for the school of their row; else they are registered at both.
    Rows are refused with the codes of the reader and of the decisions, and with `unknown_school`,
    `upn_of_another_pupil` (names and birth are all another's, or an old and a new number are two pupils'),
    `record_erased`, `registered_at_several_schools` (a move: from which?), `database_lost`. Warnings:
    `differs_from_row` (a later row of a pupil at a second school: the first row's word is taken),
    `contact_ended_before`, `name_letters_kept`.
    """
    recording = _PupilRecorder(service, now, whole=whole, moved=moved, by=by)
    taken = list(save_groups(service, file.rows, recording, preview=preview))
    return all_outcomes(taken, file.problems, {row.row for row in file.rows} | file.refused)


class _PupilRecorder:
    """The recording of one file of pupils."""

    def __init__(
        self, service: Coordination, now: datetime, *, whole: bool, moved: bool, by: Viewer | None
    ) -> None:
        self.record = service.record
        self.by = by
        self.now = now
        self.today = local_date(now)
        self.whole = whole
        self.moved = moved
        self._known: dict[str, UUID] = {}
        self._begun: dict[str, UUID] = {}
        self._profiles: dict[UUID, RecordedProfile | None] = {}
        self._first: dict[UUID, PupilRow] = {}

    def prepare(self, batch: Batch, rows: Sequence[PupilRow]) -> None:
        """Looks up the known pupils with their profiles, and creates ids for the others."""
        upns = [row.upn for row in rows]
        self._known = self.record.pupils_by_upn([*upns, *(r.former_upn for r in rows if r.former_upn)])
        self._begin([upn for upn in upns if upn not in self._known and upn not in self._begun])
        batch.prefetch(
            PUPIL_STREAM, [*self._known.values(), *(self._begun[u] for u in upns if u in self._begun)]
        )
        self._profiles = recorded_profiles(self.record, self._known.values())

    def _begin(self, upns: Sequence[str], attempt: int = 0) -> None:
        """Ids for new pupils. A stream that is in use although the number finds no pupil belongs to an erased one."""
        ids = {upn: new_id(self.record.outer, "pupil", upn, attempt) for upn in upns}
        if not ids:
            return
        used = self.record.load(list(ids.values()))
        self._begun |= {upn: id for upn, id in ids.items() if not used[id]}
        self._begin([upn for upn, id in ids.items() if used[id]], attempt + 1)

    def take(self, batch: Batch, row: PupilRow) -> list[RowOutcome]:
        """Registers, moves or changes the pupil of one row."""
        school = batch.directory().by_code("school", row.school_number)
        if school is None:
            raise Refusal("unknown_school", "school_number")
        if self.by is not None and school.id != self.by.organisation:
            raise Refusal("not_your_school", "school_number")
        pupil = self._pupil(row)
        case: CaseFile = batch.state(PUPIL_STREAM, pupil)
        first = self._first.get(pupil, row)
        if not case.profile.registered:
            outcome = self._register(batch, row, pupil, school)
        elif first.row != row.row:
            outcome = self._at_second_school(batch, row, first, pupil, school, case)
        else:
            outcome = self._update(batch, row, pupil, school, case)
        self._first[pupil] = first
        return [outcome]

    def refuse(self, group: PupilRow, refused: Refusal) -> list[RowOutcome]:
        """Why the row was not taken."""
        fields = {"name": "contact_name", "from_school": "school_number"}
        return [RowOutcome(group.row, "refused", problems=(problem_of_refusal(group.row, refused, fields),))]

    def _pupil(self, row: PupilRow) -> UUID:
        found = self._known.get(row.upn)
        former = self._known.get(row.former_upn) if row.former_upn else None
        if found is not None and former is not None and found != former:
            raise Refusal("upn_of_another_pupil", "former_upn")
        return found or former or self._begun[row.upn]

    def _register(self, batch: Batch, row: PupilRow, pupil: UUID, school: Organisation) -> RowOutcome:
        """Registers a pupil who is not recorded. A transfer file's provision comes with its own days."""
        dated = bool(row.provision_history)
        contacts = {c.contact: c for c in self._contacts(row, pupil)}
        register = self._registration(row, pupil, school)
        register = msgspec.structs.replace(
            register, provision=None if dated else row.provision, contacts=tuple(contacts.values())
        )
        self._perform(batch, register, pupil, school)
        if dated:
            for day, provision in provisions(row, (), None, self.today):
                said = RecordProvision(occurred_on=day, pupil=pupil, provision=provision)
                self._perform(batch, said, pupil, school)
        return RowOutcome(row.row, "new")

    def _registration(self, row: PupilRow, pupil: UUID, school: Organisation) -> RegisterPupil:
        return RegisterPupil(
            occurred_on=self.today,
            pupil=pupil,
            school=school.id,
            upn=row.upn,
            surname=row.surname,
            forename=row.forename,
            date_of_birth=row.date_of_birth,
            sex=row.sex,
            language=row.language,
            needs=row.needs,
            year=row.year,
            looked_after=row.looked_after,
        )

    def _contacts(self, row: PupilRow, pupil: UUID) -> list[ContactDetails]:
        return [contact_details(contact, pupil, self.today, self.record.outer) for contact in row.contacts]

    def _at_second_school(
        self, batch: Batch, row: PupilRow, first: PupilRow, pupil: UUID, school: Organisation, case: CaseFile
    ) -> RowOutcome:
        """A later row of the same pupil: only the registration is taken from it, or two schools' words would
        alternate at every import."""
        word: Word = "unchanged"
        if school.id not in case.profile.schools():
            self._perform(batch, self._registration(row, pupil, school), pupil, school)
            word = "added"
        differing = [name for name in TOLD if getattr(row, name) != getattr(first, name)]
        doubts = [warning(row.row, name, "differs_from_row", other_row=first.row) for name in differing]
        return RowOutcome(row.row, word, problems=tuple(doubts))

    def _update(
        self, batch: Batch, row: PupilRow, pupil: UUID, school: Organisation, case: CaseFile
    ) -> RowOutcome:
        known = self._profiles.get(pupil)
        if known is None:
            raise Refusal("record_erased", "upn")
        if is_another_pupil(row, known):
            raise Refusal("upn_of_another_pupil", "upn")
        word = self._enter(batch, row, pupil, school, case)
        what: list[str] = []
        year = case.profile.year
        for change in changes(row, pupil, known, year, self.today, self.record.outer, whole=self.whole):
            self._perform(batch, change.command, pupil, school)
            what += [name for name in change.what if name not in what]
        doubts = [warning(row.row, name, "name_letters_kept") for name in letters_lost(row, known)]
        if ended_contacts(row, known):
            doubts.append(warning(row.row, "contact_name", "contact_ended_before"))
        return RowOutcome(row.row, word or ("changed" if what else "unchanged"), tuple(what), tuple(doubts))

    def _enter(
        self, batch: Batch, row: PupilRow, pupil: UUID, school: Organisation, case: CaseFile
    ) -> Word | None:
        """Puts a known pupil on the roll of the row's school; None when already on it."""
        schools = case.profile.schools()
        if school.id in schools:
            return None
        if not self.moved or not schools:
            self._perform(batch, self._registration(row, pupil, school), pupil, school)
            return "added" if schools else "returned"
        if len(schools) > 1:
            raise Refusal("registered_at_several_schools", "school_number")
        (old,) = schools
        move = MovePupil(occurred_on=self.today, pupil=pupil, from_school=old, to_school=school.id)
        self._perform(batch, move, pupil, school)
        return "moved"

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
