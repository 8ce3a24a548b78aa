"""One organisation with its services, people, terms and codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.directory.carried import OnTransfer
from coordination.directory.challenge_rules import ChallengeRule
from coordination.directory.dated import in_force, is_in_force
from coordination.directory.letter_wordings import LetterWording
from coordination.directory.meeting_series import MeetingSeries
from coordination.directory.programmes import Programme
from coordination.directory.retention import RetentionRule

REFERENCE = "reference"
NOT_YET = UUID(int=0)
KINDS = frozenset({"authority", "school", "agency", REFERENCE})
SERVICE_PROVIDERS = ("agency", "authority")
"""The kinds of organisation that have services: an authority of its own, such as a resource base."""
PARTICULARS = ("name", "name_cy", "phase", "language", "agency_kind", "ods_code", "authority")
SERVICE_PARTICULARS = ("profession", "open_from", "open_to", "name", "name_cy")


class OrganisationDetails(msgspec.Struct, frozen=True, kw_only=True):
    """The particulars of an organisation from one day on."""

    effective_from: date
    name: str
    name_cy: str | None = None
    phase: str | None = None
    language: str | None = None
    agency_kind: str | None = None
    ods_code: str | None = None
    authority: UUID | None = None


class ServiceRequirements(msgspec.Struct, frozen=True, kw_only=True):
    """What a service requires with each referral, from one day on."""

    effective_from: date
    codes: tuple[str, ...]
    effective_to: date | None = None


class ServiceTriages(msgspec.Struct, frozen=True, kw_only=True):
    """The services for which a single point of access sorts referrals, from a day to a last day (None: no end)."""

    effective_from: date
    effective_to: date | None
    services: tuple[UUID, ...]


class ServiceCapacity(msgspec.Struct, frozen=True, kw_only=True):
    """To how many meetings at the same time a service can send somebody, from a day to a last day (None: no end)."""

    effective_from: date
    effective_to: date | None
    people: int


class NoAnswerRule(msgspec.Struct, frozen=True, kw_only=True):
    """The service's rule about not answering, from a day on; see `NoAnswerRuleSet`."""

    effective_from: date
    days: int | None
    told_days: int
    telephone: str | None = None
    effective_to: date | None = None


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of an agency or an authority. `requirements` are those last set; `asks_for` takes a day. `inherited_by`
    is the service that takes on what still waits when this one is closed. `agency_since` is the first day with this
    agency (None: it began here), `moved_to` the agency for which it left this one."""

    id: UUID
    code: str
    agency: UUID
    profession: str
    open_from: date
    open_to: date | None = None
    name: str | None = None
    name_cy: str | None = None
    requirement_versions: tuple[ServiceRequirements, ...] = ()
    triage_versions: tuple[ServiceTriages, ...] = ()
    no_answer_versions: tuple[NoAnswerRule, ...] = ()
    inherited_by: UUID | None = None
    moved_to: UUID | None = None
    agency_since: date | None = None

    @property
    def requirements(self) -> tuple[str, ...]:
        """The requirement codes last set, whatever the day."""
        return self.requirement_versions[-1].codes if self.requirement_versions else ()

    def asks_for(self, on: date) -> tuple[str, ...]:
        """The requirement codes in force on a day."""
        version = in_force(self.requirement_versions, on)
        return version.codes if version else ()

    def triages_for(self, on: date) -> tuple[UUID, ...]:
        """The services for which it sorts referrals on a day; none unless it is a single point of access."""
        version = in_force(self.triage_versions, on)
        return version.services if version else ()

    def no_answer_rule(self, on: date) -> NoAnswerRule | None:
        """Its rule about not answering on a day; None where it has said none."""
        return in_force(self.no_answer_versions, on)

    def is_open(self, on: date) -> bool:
        """Whether the service takes referrals on that day; its last day counts."""
        return self.open_from <= on and not self.closed_by(on)

    def closed_by(self, on: date) -> bool:
        """Whether its last day is before that day."""
        return self.open_to is not None and self.open_to < on


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """One dated version of a service standard; `limit` and `bands` (upper limits) are in `unit`."""

    code: str
    service: UUID
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


class StatutoryStandard(msgspec.Struct, frozen=True, kw_only=True):
    """One dated version of a statutory time limit of a body (`school`, `authority`). `limit` and `bands` (upper
    limits) are in `unit`; `start` and `stop` are steps of `coordination.pupil.aln.steps`. `repeats`: each stop
    starts it anew. `from_consent`: for a young person it starts with the consent to the decision."""

    code: str
    body: str
    start: str
    stop: str
    limit: int
    unit: str
    effective_from: date
    effective_to: date | None
    source: str
    target_percent: int | None = None
    bands: tuple[int, ...] = ()
    repeats: bool = False
    from_consent: bool = False


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    """A role of a person; `whole_agency`: in every service of the agency. `named_at` is the version, on the
    organisation's stream, of the event that seals the person's present name."""

    person: UUID
    organisation: UUID
    role: str
    service: UUID | None
    effective_from: date
    effective_to: date | None
    named_at: int
    whole_agency: bool = False


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person with a role in at least one organisation; the appointments in the order of their first days."""

    id: UUID
    appointments: tuple[Appointment, ...]

    @property
    def organisation(self) -> UUID:
        """Of the last appointment."""
        return self.appointments[-1].organisation

    @property
    def service(self) -> UUID | None:
        """Of the last appointment."""
        return self.appointments[-1].service

    @property
    def role(self) -> str:
        """Of the last appointment."""
        return self.appointments[-1].role

    @property
    def effective_from(self) -> date:
        """The first day of the last appointment."""
        return self.appointments[-1].effective_from

    @property
    def effective_to(self) -> date | None:
        """The last day of the last appointment."""
        return self.appointments[-1].effective_to

    @property
    def roles(self) -> frozenset[str]:
        """Every role the person has or had anywhere."""
        return frozenset(a.role for a in self.appointments)

    def on(self, on: date) -> tuple[Appointment, ...]:
        """The appointments in force on a day."""
        return tuple(a for a in self.appointments if is_in_force(a, on))


class TermsOfReference(msgspec.Struct, frozen=True, kw_only=True):
    """Terms of reference that a service accepted for a school's meetings; notice in working days."""

    id: UUID
    agency: UUID
    service: UUID
    school: UUID
    effective_from: date
    effective_to: date | None
    notice_working_days: int
    meetings: str


class CodeVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One dated version of a code in a code table."""

    table: str
    code: str
    label: str
    label_cy: str | None
    effective_from: date
    effective_to: date | None
    cy_review: bool = False


class SchoolTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A term, first and last day included, and the days within it on which pupils do not come."""

    first_day: date
    last_day: date
    closed: tuple[date, ...] = ()

    def overlaps(self, other: SchoolTerm) -> bool:
        """Whether the two share a day."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation folded from its stream. Until it is registered, `kind` is empty and `id` is 0; its mappings are
    never changed in place."""

    id: UUID = NOT_YET
    version: int = 0
    kind: str = ""
    code: str = ""
    effective_to: date | None = None
    merged_into: UUID | None = None
    details: tuple[OrganisationDetails, ...] = ()
    changes: tuple[tuple[date, Mapping[str, Any]], ...] = ()
    services: Mapping[UUID, Service] = {}
    standards: Mapping[tuple[UUID, str], tuple[Standard, ...]] = {}
    statutory: Mapping[str, tuple[StatutoryStandard, ...]] = {}
    retention: Mapping[str, tuple[RetentionRule, ...]] = {}
    people: Mapping[UUID, tuple[Appointment, ...]] = {}
    class_assignments: Mapping[UUID, UUID] = {}
    letter_wordings: Mapping[str, tuple[LetterWording, ...]] = {}
    challenge_rules: Mapping[str, tuple[ChallengeRule, ...]] = {}
    programmes: Mapping[str, tuple[Programme, ...]] = {}
    series: Mapping[UUID, tuple[MeetingSeries, ...]] = {}
    terms: Mapping[UUID, TermsOfReference] = {}
    codes: Mapping[tuple[str, str], tuple[CodeVersion, ...]] = {}
    school_terms: tuple[SchoolTerm, ...] = ()
    capacities: Mapping[UUID, tuple[ServiceCapacity, ...]] = {}
    """Of each service, in whichever agency it is now, what it said while it was with this one."""
    mailboxes: Mapping[UUID, int] = {}
    """Of each service, and of the organisation itself, the version at which its mail address was last set."""

    @property
    def registered(self) -> bool:
        """Whether the stream has its first event."""
        return self.kind != ""

    def is_open(self, on: date) -> bool:
        """Whether it is registered and not past its last day."""
        return self.registered and (self.effective_to is None or on <= self.effective_to)

    def on(self, on: date) -> OrganisationDetails:
        """The particulars on a day; before the first change, those of the registration."""
        return in_force_details(self.details, on)

    @property
    def name(self) -> str:
        """As last set, whatever the day; empty before registration (as are all particulars below)."""
        return self.details[-1].name if self.details else ""

    @property
    def name_cy(self) -> str | None:
        return self.details[-1].name_cy if self.details else None

    @property
    def phase(self) -> str | None:
        return self.details[-1].phase if self.details else None

    @property
    def language(self) -> str | None:
        return self.details[-1].language if self.details else None

    @property
    def agency_kind(self) -> str | None:
        return self.details[-1].agency_kind if self.details else None

    @property
    def ods_code(self) -> str | None:
        return self.details[-1].ods_code if self.details else None

    @property
    def authority(self) -> UUID | None:
        return self.details[-1].authority if self.details else None


def in_force_details(details: Sequence[OrganisationDetails], on: date) -> OrganisationDetails:
    """The last version begun on or before a day, else the first."""
    return next((d for d in reversed(details) if d.effective_from <= on), details[0])


def set_fields(changing: msgspec.Struct, names: Iterable[str]) -> dict[str, Any]:
    """The named fields that a change (event or command) sets; the others are UNSET. The values are of the fields' own
    types, which msgspec checks when the event is made."""
    values = {name: getattr(changing, name) for name in names}
    return {name: value for name, value in values.items() if value is not msgspec.UNSET}
