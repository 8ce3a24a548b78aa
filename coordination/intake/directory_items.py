"""The objects of a directory file, checked for shape."""

from __future__ import annotations

from datetime import date

import msgspec

from coordination.directory.carried import OnTransfer
from coordination.intake.problems import RowProblem


class ImportedAuthority(msgspec.Struct, frozen=True):
    """A local authority."""

    code: str
    name: str
    name_cy: str | None


class ImportedSchool(msgspec.Struct, frozen=True):
    """A school: its number (7 digits), codes of phase and language, and its authority's code. `effective_to` is its
    last day, `merged_into` the number of the school that has its pupils from the next day on."""

    number: str
    name: str
    phase: str
    language: str
    authority: str
    effective_to: date | None = None
    merged_into: str | None = None


class ImportedAgency(msgspec.Struct, frozen=True):
    """An agency: `kind` is a code of the table agency_kind."""

    code: str
    name: str
    name_cy: str | None
    kind: str
    ods_code: str | None


class ImportedService(msgspec.Struct, frozen=True):
    """A service of an agency, and the days between which it takes referrals (None: no such day is known). Of a service
    that another agency had, `open_from` is the first day with this agency. `inherited_by` is the code of the service
    that takes on its open referrals after its last day."""

    code: str
    agency: str
    profession: str
    open_from: date | None
    open_to: date | None
    inherited_by: str | None
    name: str | None
    name_cy: str | None


class ImportedStandard(msgspec.Struct, frozen=True):
    """A dated version of a service standard; `limit` and `bands` (ascending upper limits) are in `unit`."""

    code: str
    service: str
    start: str
    stop: str
    limit: int
    unit: str
    target_percent: int | None
    bands: tuple[int, ...]
    legal_route: str | None
    effective_from: date
    effective_to: date | None
    source: str
    on_transfer: OnTransfer = "continues"


class ImportedStatutoryStandard(msgspec.Struct, frozen=True):
    """A dated version of a statutory time limit of a body (school, authority); see the directory's
    StatutoryStandard."""

    code: str
    body: str
    start: str
    stop: str
    limit: int
    unit: str
    target_percent: int | None
    bands: tuple[int, ...]
    repeats: bool
    from_consent: bool
    effective_from: date
    effective_to: date | None
    source: str


class ImportedCode(msgspec.Struct, frozen=True):
    """A dated code of a code table."""

    table: str
    code: str
    label: str
    label_cy: str | None
    effective_from: date
    effective_to: date | None


class ImportedSchoolTerm(msgspec.Struct, frozen=True):
    """A term of an authority's schools, or of one `school` that keeps its own; `closed` are days within it on which
    pupils do not come."""

    authority: str | None
    first_day: date
    last_day: date
    closed: tuple[date, ...]
    school: str | None = None


class ImportedRequirements(msgspec.Struct, frozen=True):
    """What a service asks for with each referral from a day on (None: from the day of the import)."""

    service: str
    requirements: tuple[str, ...]
    effective_from: date | None


class ImportedMailbox(msgspec.Struct, frozen=True):
    """The mail address of a service, a school or an authority."""

    service: str | None
    school: str | None
    authority: str | None
    mailbox: str


class ImportedTriages(msgspec.Struct, frozen=True):
    """For which services a single point of access sorts referrals, from a day on (None: from the day of the import)."""

    service: str
    services: tuple[str, ...]
    effective_from: date | None
    effective_to: date | None


class ImportedTermsOfReference(msgspec.Struct, frozen=True):
    """What a service agreed to: which meetings of which school, and with how many working days of notice."""

    service: str
    school: str
    notice_working_days: int
    effective_from: date
    effective_to: date | None
    meetings: str


class ImportedPerson(msgspec.Struct, frozen=True):
    """A person with a role at a school (its number), an agency or an authority, perhaps in one of its services, or in
    the whole agency. With a `username` the person signs in."""

    name: str
    role: str
    school: str | None
    agency: str | None
    authority: str | None
    service: str | None
    email: str | None
    effective_from: date | None
    username: str | None
    language: str | None
    whole_agency: bool = False

    def __repr__(self) -> str:
        return "ImportedPerson()"


class ImportedProgramme(msgspec.Struct, frozen=True):
    """A dated version of a programme of support, of an authority or of one `school`."""

    authority: str | None
    school: str | None
    code: str
    name: str
    name_cy: str | None
    level: int
    needs: tuple[str, ...]
    entry_criteria: str
    exit_criteria: str
    usual_weeks: int
    effective_from: date
    effective_to: date | None


class ParsedDirectoryFile(msgspec.Struct, frozen=True):
    """The content of a file: the valid objects of each list, and the problems by JSON path (`schools[3].phase`).

    `read` counts all objects. Problems have row 0; a `field` begins with the path of its object.
    """

    read: int
    authorities: tuple[ImportedAuthority, ...]
    schools: tuple[ImportedSchool, ...]
    agencies: tuple[ImportedAgency, ...]
    services: tuple[ImportedService, ...]
    standards: tuple[ImportedStandard, ...]
    statutory_standards: tuple[ImportedStatutoryStandard, ...]
    code_tables: tuple[ImportedCode, ...]
    terms: tuple[ImportedSchoolTerm, ...]
    requirements: tuple[ImportedRequirements, ...]
    mailboxes: tuple[ImportedMailbox, ...]
    single_points_of_access: tuple[ImportedTriages, ...]
    terms_of_reference: tuple[ImportedTermsOfReference, ...]
    people: tuple[ImportedPerson, ...]
    programmes: tuple[ImportedProgramme, ...]
    problems: tuple[RowProblem, ...]
