"""Recording of a directory file: new objects are registered, different ones changed from the day of the import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from coordination.authority import OPERATOR
from coordination.calendars import local_date
from coordination.directory import codes
from coordination.directory.commands import (
    AcceptTerms,
    CodeContents,
    OpenService,
    RegisterOrganisation,
    SetCode,
    SetSchoolTerm,
    SetStandard,
)
from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.directory.organisation import PARTICULARS, SERVICE_PARTICULARS
from coordination.directory.state import REFERENCE, Directory
from coordination.errors import Refusal
from coordination.event import Command, CommandContext
from coordination.intake.directory import read_directory
from coordination.intake.directory_items import (
    ImportedAgency,
    ImportedAuthority,
    ImportedCode,
    ImportedMailbox,
    ImportedPerson,
    ImportedProgramme,
    ImportedRequirements,
    ImportedSchool,
    ImportedSchoolTerm,
    ImportedService,
    ImportedStandard,
    ImportedStatutoryStandard,
    ImportedTermsOfReference,
    ImportedTriages,
    ParsedDirectoryFile,
)
from coordination.intake.problems import RowProblem, Standing, error
from coordination.intake.recording import arrangements
from coordination.intake.recording.identity import command_id, new_id
from coordination.intake.recording.outcomes import ImportResult, RowOutcome, Word
from coordination.intake.recording.reorganising import (
    closing_school,
    closing_service,
    moving,
    warnings_of,
)
from coordination.intake.recording.terms import PlacedTerm, term_warnings
from coordination.pupil.referral.milestones import MILESTONES
from coordination.service import ATTEMPTS, Batch, Coordination
from coordination.store.application import SaveConflict

# A service whose first day is unknown is taken to be as old as the present authorities of Wales.
BEGINNING = date(1996, 4, 1)

# Codes come first and services after their agencies, whatever the order in the file.
ORDER = (
    *("code_tables", "authorities", "schools", "agencies", "services", "standards", "terms"),
    "statutory_standards",
    *("requirements", "single_points_of_access", "mailboxes", "terms_of_reference", "people", "programmes"),
)

_COLUMNS = {"agency_kind": "kind", "organisation": "", "contents": ""}


def record_directory(
    service: Coordination, data: bytes, *, now: datetime, preview: bool = False
) -> ImportResult:
    """Read a directory file and record it at an instant, or (`preview`) say what that would do.

    The first codes of every table go on the record with it, where they are missing. The file is one save; an object
    is taken whole or not at all, and `place` is its path (`schools[3]`). Objects are refused with the codes of the
    reader and of the decisions, and with `unknown_authority`, `unknown_agency`, `unknown_service`. A file that cannot
    be read at all raises Refusal, and so does one that loses every race (`too_busy`).
    """
    for _ in range(ATTEMPTS):
        recording = _DirectoryRecorder(service, now)
        result = recording.take(data)
        try:
            if not preview and result.status != 1:
                recording.batch.commit()
        except SaveConflict:
            continue
        return result
    raise Refusal("too_busy")


def known_codes(directory: Directory) -> Callable[[str, str, date], Standing]:
    """The codes that the readers of files check against."""
    return directory.code


class _DirectoryCommand(NamedTuple):
    """An object of the file as a command: of which organisation, and what the record knew of it before. `earlier` are
    carried out before it, and `later`, which may depend on it, after it."""

    command: Command
    organisation: UUID
    before: dict[str, Any] | None
    earlier: tuple[Command, ...] = ()
    later: Callable[[], list[Command]] = list


class _DirectoryRecorder:
    """The recording of one directory file in one batch."""

    def __init__(self, service: Coordination, now: datetime) -> None:
        self.record = service.record
        self.outer = service.record.outer
        self.now = now
        self.today = local_date(now)
        self.batch: Batch = service.batch()
        self.reference = self._reference()
        self.terms: list[PlacedTerm] = []

    @property
    def directory(self) -> Directory:
        """As the record and the file so far have it."""
        return self.batch.directory()

    def take(self, data: bytes) -> ImportResult:
        """Read the file with the current codes, and record each object after those that it refers to."""
        self._first_codes()
        file = read_directory(data, known_codes(self.directory), self.today, MILESTONES)
        found = {outcome.place: outcome for outcome in self._objects(file)}
        said: dict[str, list[RowProblem]] = defaultdict(list)
        for path, problem in term_warnings(self.terms, self.directory, self.today):
            said[path].append(problem)
        for problem in file.problems:
            said[(problem.field or "").partition(".")[0]].append(problem)
        for place, problems in said.items():
            outcome = found.get(place, RowOutcome(place, "refused"))
            found[place] = msgspec.structs.replace(outcome, problems=(*problems, *outcome.problems))
        return ImportResult(tuple(found[place] for place in sorted(found, key=_in_order)))

    def _reference(self) -> UUID:
        """The stream of the code tables."""
        known = self.directory.of_kind(REFERENCE)
        return known[0].id if known else new_id(self.outer, REFERENCE, REFERENCE)

    def _first_codes(self) -> None:
        if not self.directory.of_kind(REFERENCE):
            register = RegisterOrganisation(
                occurred_on=self.today,
                organisation=self.reference,
                kind=REFERENCE,
                code=REFERENCE,
                name="Code tables",
                name_cy="Tablau codau",
            )
            self._perform(register, self.reference)
        first = codes.first_codes(self.reference, self.today, self.directory)
        if first.codes:
            self._perform(first, self.reference)
        for standard in codes.first_statutory_standards(self.reference, self.today, self.directory):
            self._perform(standard, self.reference)

    def _objects(self, file: ParsedDirectoryFile) -> Iterator[RowOutcome]:
        refused = {p.field.partition(".")[0] for p in file.problems if p.severity == "error" and p.field}
        for name in ORDER:
            place = -1
            found: list[tuple[str, msgspec.Struct]] = []
            for item in getattr(file, name):
                place += 1
                while f"{name}[{place}]" in refused:
                    place += 1
                found.append((f"{name}[{place}]", item))
            # one that names another of its list comes after those that name none
            for path, item in sorted(found, key=lambda one: _names_another(one[1])):
                if isinstance(item, ImportedSchoolTerm):
                    self.terms.append((path, item))
                yield self._object(path, item)

    def _object(self, place: str, item: msgspec.Struct) -> RowOutcome:
        try:
            with self.batch.together():
                made = _ITEMS[type(item)](self, item)
                written = self.batch.size
                for command in (*made.earlier, made.command):
                    self._perform(command, command.organisation)  # type: ignore[attr-defined]
                for command in made.later():
                    self._perform(command, command.organisation)  # type: ignore[attr-defined]
        except Refusal as refused:
            return RowOutcome(place, "refused", problems=(_told(place, refused),))
        if self.batch.size == written:
            return RowOutcome(place, "unchanged")
        word: Word = "new" if made.before is None else "changed"
        after = _ITEMS[type(item)](self, item).before or {}
        what = () if made.before is None else tuple(n for n, v in after.items() if made.before.get(n) != v)
        return RowOutcome(place, word, what, tuple(warnings_of(place, what, item, self.directory)))

    def _perform(self, command: Command, organisation: UUID) -> None:
        """Perform a command as the operator. Its id derives from its content and the organisation's last version."""
        after = self.batch.state(ORGANISATION_STREAM, organisation).version
        said = msgspec.json.encode(command).decode()
        id = command_id(self.outer, type(command).__name__, organisation, after, said)
        self.batch.fresh(OPERATOR, id)
        order = CommandContext(
            person=OPERATOR,
            organisation=OPERATOR,
            role="operator",
            source="import",
            command_id=id,
            recorded_at=self.now,
            # terms bind the agency: the record says in whose name they were accepted
            on_behalf_of=organisation if isinstance(command, AcceptTerms) else None,
        )
        self.batch.perform(command, order)

    # One object, one command

    def _authority(self, item: ImportedAuthority) -> _DirectoryCommand:
        return self._organisation("authority", item.code, name=item.name, name_cy=item.name_cy)

    def _school(self, item: ImportedSchool) -> _DirectoryCommand:
        authority = self.directory.by_code("authority", item.authority)
        if authority is None:
            raise Refusal("unknown_authority", "authority")
        known = self.directory.by_code("school", item.number)
        made = self._organisation(
            "school",
            item.number,
            name=item.name,
            phase=item.phase,
            language=item.language,
            authority=authority.id,
        )
        before = made.before
        if known is not None and before is not None:
            before = before | {"effective_to": known.effective_to, "merged_into": known.merged_into}
        return made._replace(
            before=before,
            later=lambda: closing_school(known, made.organisation, item, self.directory, self.today),
        )

    def _agency(self, item: ImportedAgency) -> _DirectoryCommand:
        return self._organisation(
            "agency",
            item.code,
            name=item.name,
            name_cy=item.name_cy,
            agency_kind=item.kind,
            ods_code=item.ods_code,
        )

    def _organisation(self, kind: str, code: str, **particulars: object) -> _DirectoryCommand:
        """A value that the file does not give stays as recorded."""
        known = self.directory.by_code(kind, code)
        kept = {name: getattr(known, name) for name in PARTICULARS} if known else {}
        id = known.id if known else new_id(self.outer, kind, code)
        register = RegisterOrganisation(
            occurred_on=self.today, organisation=id, kind=kind, code=code, **(kept | particulars)
        )
        return _DirectoryCommand(register, id, kept or None)

    def _service(self, item: ImportedService) -> _DirectoryCommand:
        agency = self.directory.by_code("agency", item.agency)
        if agency is None:
            raise Refusal("unknown_agency", "agency")
        known = self.directory.service_by_code(item.code)
        moves = moving(known, agency, item, self.today) if known else []
        # of a service that came from another agency, the file says since when this one has it
        came = known is not None and (bool(moves) or item.open_from == known.agency_since)
        id = known.id if known else new_id(self.outer, "service", item.code)
        opened = OpenService(
            occurred_on=self.today,
            organisation=agency.id,
            service=id,
            code=item.code,
            profession=item.profession,
            open_from=(known.open_from if known else BEGINNING)
            if came or item.open_from is None
            else item.open_from,
            # a last day of a known service is recorded with who takes on its referrals
            open_to=known.open_to if known and item.open_to else item.open_to,
            name=item.name or (known.name if known else None),
            name_cy=item.name_cy or (known.name_cy if known else None),
        )
        before: dict[str, Any] | None = None
        if known is not None:
            before = {name: getattr(known, name) for name in (*SERVICE_PARTICULARS, "inherited_by", "agency")}
        return _DirectoryCommand(
            opened,
            agency.id,
            before,
            tuple(moves),
            lambda: closing_service(known, id, agency.id, item, self.directory, self.today),
        )

    def _standard(self, item: ImportedStandard) -> _DirectoryCommand:
        service = self.directory.service_by_code(item.service)
        if service is None:
            raise Refusal("unknown_service", "service")
        versions = [v for v in self.directory.standards_of(service.id) if v.code == item.code]
        said = {n: getattr(item, n) for n in ImportedStandard.__struct_fields__ if n != "service"}
        set_standard = SetStandard(
            occurred_on=self.today, organisation=service.agency, service=service.id, **said
        )
        return _DirectoryCommand(set_standard, service.agency, {"standard": versions} if versions else None)

    def _code(self, item: ImportedCode) -> _DirectoryCommand:
        """Without a Welsh label, the recorded one is kept, with its mark for review."""
        organisation = self.batch.state(ORGANISATION_STREAM, self.reference)
        versions = organisation.codes.get((item.table, item.code), ())
        contents = CodeContents(**msgspec.structs.asdict(item))
        if item.label_cy is None and versions:
            last = versions[-1]
            contents = msgspec.structs.replace(contents, label_cy=last.label_cy, cy_review=last.cy_review)
        set_code = SetCode(occurred_on=self.today, organisation=self.reference, contents=contents)
        return _DirectoryCommand(set_code, self.reference, {"code": versions} if versions else None)

    def _term(self, item: ImportedSchoolTerm) -> _DirectoryCommand:
        kind = "school" if item.school else "authority"
        whose = self.directory.by_code(kind, item.school or item.authority or "")
        if whose is None:
            raise Refusal(f"unknown_{kind}", kind)
        term = SetSchoolTerm(
            occurred_on=self.today,
            organisation=whose.id,
            first_day=item.first_day,
            last_day=item.last_day,
            closed=item.closed,
        )
        held = [
            t for t in whose.school_terms if t.first_day <= item.last_day and item.first_day <= t.last_day
        ]
        return _DirectoryCommand(term, whose.id, {"term": held} if held else None)

    def _mailbox(self, item: ImportedMailbox) -> _DirectoryCommand:
        made = arrangements.mailbox(item, self.directory, self.today)
        place = self.directory.mailbox_of(made.service or made.organisation)
        held = self.record.opened_at([place])[0] if place else {}
        before = held.get("address") if isinstance(held, Mapping) else None
        command = msgspec.structs.replace(made, before=before)
        return _DirectoryCommand(command, made.organisation, {"mailbox": before} if before else None)

    def _arranged(self, item: Any) -> _DirectoryCommand:
        made = _ARRANGEMENTS[type(item)](item, self.directory, partial(new_id, self.outer), self.today)
        return _DirectoryCommand(*made)


_ARRANGEMENTS: dict[type, Callable[..., arrangements.Arrangement]] = {
    ImportedRequirements: arrangements.requirements,
    ImportedTriages: arrangements.triages,
    ImportedStatutoryStandard: arrangements.statutory_standard,
    ImportedTermsOfReference: arrangements.terms_of_reference,
    ImportedPerson: arrangements.person,
    ImportedProgramme: arrangements.programme,
}
_ITEMS: dict[type, Callable[[_DirectoryRecorder, Any], _DirectoryCommand]] = {
    ImportedAuthority: _DirectoryRecorder._authority,
    ImportedSchool: _DirectoryRecorder._school,
    ImportedAgency: _DirectoryRecorder._agency,
    ImportedService: _DirectoryRecorder._service,
    ImportedStandard: _DirectoryRecorder._standard,
    ImportedCode: _DirectoryRecorder._code,
    ImportedSchoolTerm: _DirectoryRecorder._term,
    ImportedMailbox: _DirectoryRecorder._mailbox,
    **dict.fromkeys(_ARRANGEMENTS, _DirectoryRecorder._arranged),
}


def _names_another(item: msgspec.Struct) -> bool:
    return bool(getattr(item, "merged_into", None) or getattr(item, "inherited_by", None))


def _told(place: str, refused: Refusal) -> RowProblem:
    column = _COLUMNS.get(refused.field or "", refused.field or "")
    if place.startswith("services"):
        column = {"service": "code", "occurred_on": "open_from", "to_agency": "agency"}.get(column, column)
    return error(0, f"{place}.{column}" if column else place, refused.code, **refused.facts)


def _in_order(place: str | int) -> tuple[int, str, int]:
    """Lists in the order of ORDER, then by position; unknown keys last."""
    name, _, number = str(place).partition("[")
    rank = ORDER.index(name) if name in ORDER else len(ORDER)
    return rank, name, int(number[:-1]) if number else -1
