"""The directory as it stands: each organisation folded from its stream, and all of them together with
look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from coordination.calendars import SchoolDays, Term
from coordination.directory import events as happened
from coordination.directory.dated import holds, in_force, placed
from coordination.event import Event

Standing = Literal["current", "ended", "unknown"]
REFERENCE = "reference"
KINDS = frozenset({"authority", "school", "agency", REFERENCE})


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """The particulars of an organisation, as they stand from one day on."""

    effective_from: date
    name: str
    name_cy: str | None = None
    phase: str | None = None
    language: str | None = None
    agency_kind: str | None = None
    ods_code: str | None = None
    authority: UUID | None = None


class Requirements(msgspec.Struct, frozen=True, kw_only=True):
    """What a service asks for with each referral, from one day on."""

    effective_from: date
    codes: tuple[str, ...]
    effective_to: date | None = None


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of an agency. `requirements` are those last set; `asks_for` takes a day."""

    id: UUID
    code: str
    agency: UUID
    profession: str
    open_from: date
    open_to: date | None = None
    name: str | None = None
    name_cy: str | None = None
    requirement_versions: tuple[Requirements, ...] = ()

    @property
    def requirements(self) -> tuple[str, ...]:
        """The requirement codes last set, whatever the day."""
        return self.requirement_versions[-1].codes if self.requirement_versions else ()

    def asks_for(self, on: date) -> tuple[str, ...]:
        """The requirement codes in force on a day."""
        version = in_force(self.requirement_versions, on)
        return version.codes if version else ()

    def is_open(self, on: date) -> bool:
        """Whether the service takes referrals on that day; its last day counts."""
        return self.open_from <= on and (self.open_to is None or on <= self.open_to)


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


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    """A role that a person has. `named_at` is the version, on the organisation's stream, of the event whose
    seal holds the person's present name there."""

    person: UUID
    organisation: UUID
    role: str
    service: UUID | None
    effective_from: date
    effective_to: date | None
    named_at: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a role in at least one organisation; the appointments in the order of their first
    days."""

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
        return tuple(a for a in self.appointments if holds(a, on))


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Terms of reference that a service accepted for a school's meetings. Working days of notice."""

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
    """One stream folded. `kind` is empty until the organisation is registered; mappings are never changed."""

    id: UUID
    version: int = 0
    kind: str = ""
    code: str = ""
    effective_to: date | None = None
    details: tuple[Details, ...] = ()
    changes: tuple[tuple[date, Mapping[str, Any]], ...] = ()
    services: Mapping[UUID, Service] = {}
    standards: Mapping[tuple[UUID, str], tuple[Standard, ...]] = {}
    people: Mapping[UUID, tuple[Appointment, ...]] = {}
    terms: Mapping[UUID, Terms] = {}
    codes: Mapping[tuple[str, str], tuple[CodeVersion, ...]] = {}
    school_terms: tuple[SchoolTerm, ...] = ()

    @property
    def registered(self) -> bool:
        """Whether the stream has its first event."""
        return self.kind != ""

    def on(self, on: date) -> Details:
        """The particulars on a day; before the first change, those it was registered with."""
        return in_force_details(self.details, on)

    @property
    def name(self) -> str:
        """As last set, whatever the day; empty before registration (so for all the particulars below)."""
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


def initial(stream: UUID) -> Organisation:
    """An organisation of which nothing is recorded yet."""
    return Organisation(id=stream)


def evolve(organisation: Organisation, event: Event) -> Organisation:
    """The organisation after one more event. Never looks at sealed fields.

    Raises TypeError for an event that does not belong on an organisation's stream.
    """
    o = msgspec.structs.replace(organisation, version=organisation.version + 1)
    match event:
        case happened.OrganisationRegistered():
            return _registered(o, event)
        case happened.OrganisationChanged():
            return _changed(o, event)
        case happened.OrganisationClosed():
            return msgspec.structs.replace(o, effective_to=event.effective_to)
        case happened.ServiceOpened():
            return _service_opened(o, event)
        case happened.ServiceChanged():
            return _service_changed(o, event)
        case happened.ServiceRequirementsSet():
            return _requirements_set(o, event)
        case happened.StandardSet():
            return _standard_set(o, event)
        case happened.StandardEnded():
            return _standard_ended(o, event)
        case happened.PersonAppointed():
            return _appointed(o, event)
        case happened.PersonNameChanged():
            return _renamed(o, event)
        case happened.PersonLeft():
            return _left(o, event)
        case happened.TermsAccepted():
            return _terms_accepted(o, event)
        case happened.TermsEnded():
            return _terms_ended(o, event)
        case happened.CodeSet():
            return _code_set(o, event)
        case happened.CodeEnded():
            return _code_ended(o, event)
        case happened.SchoolTermSet():
            return _school_term_set(o, event)
        case _:
            raise TypeError(f"{type(event).__name__} is not an organisation's event")


PARTICULARS = ("name", "name_cy", "phase", "language", "agency_kind", "ods_code", "authority")


def set_fields(event: Event, names: Iterable[str]) -> dict[str, Any]:
    """The named fields that an event of change sets; the others are UNSET, as before."""
    values = {name: getattr(event, name) for name in names}
    return {name: value for name, value in values.items() if value is not msgspec.UNSET}


def in_force_details(details: Sequence[Details], on: date) -> Details:
    """The last version begun on or before a day, else the first."""
    return next((d for d in reversed(details) if d.effective_from <= on), details[0])


def _registered(o: Organisation, event: happened.OrganisationRegistered) -> Organisation:
    first = Details(effective_from=date.min, **{name: getattr(event, name) for name in PARTICULARS})
    return msgspec.structs.replace(o, kind=event.kind, code=event.code, details=(first,))


def _changed(o: Organisation, event: happened.OrganisationChanged) -> Organisation:
    change = (event.effective_from, set_fields(event, PARTICULARS))
    changes = tuple(sorted([*o.changes, change], key=lambda c: c[0]))
    details = [o.details[0]]
    for effective_from, what in changes:
        changed = msgspec.structs.replace(details[-1], effective_from=effective_from, **what)
        if details[-1].effective_from == effective_from:
            details.pop()
        details.append(changed)
    return msgspec.structs.replace(o, changes=changes, details=tuple(details))


def _service_opened(o: Organisation, event: happened.ServiceOpened) -> Organisation:
    service = Service(
        id=event.service,
        code=event.code,
        agency=o.id,
        profession=event.profession,
        open_from=event.open_from,
        open_to=event.open_to,
        name=event.name,
        name_cy=event.name_cy,
    )
    return msgspec.structs.replace(o, services={**o.services, service.id: service})


SERVICE_PARTICULARS = ("profession", "open_from", "open_to", "name", "name_cy")


def _service_changed(o: Organisation, event: happened.ServiceChanged) -> Organisation:
    changed = msgspec.structs.replace(o.services[event.service], **set_fields(event, SERVICE_PARTICULARS))
    return msgspec.structs.replace(o, services={**o.services, changed.id: changed})


def _requirements_set(o: Organisation, event: happened.ServiceRequirementsSet) -> Organisation:
    service = o.services[event.service]
    version = Requirements(effective_from=event.effective_from, codes=event.requirements)
    versions = placed(service.requirement_versions, version)
    changed = msgspec.structs.replace(service, requirement_versions=versions)
    return msgspec.structs.replace(o, services={**o.services, changed.id: changed})


def _standard_set(o: Organisation, event: happened.StandardSet) -> Organisation:
    version = Standard(**{name: getattr(event, name) for name in Standard.__struct_fields__})
    key = (event.service, event.code)
    versions = placed(o.standards.get(key, ()), version)
    return msgspec.structs.replace(o, standards={**o.standards, key: versions})


def _standard_ended(o: Organisation, event: happened.StandardEnded) -> Organisation:
    key = (event.service, event.code)
    versions = _ended(o.standards[key], event.effective_from, event.effective_to)
    return msgspec.structs.replace(o, standards={**o.standards, key: versions})


V = TypeVar("V", Standard, CodeVersion)


def _ended(versions: tuple[V, ...], effective_from: date, effective_to: date) -> tuple[V, ...]:
    """The versions, the one that began on `effective_from` with another last day."""
    return tuple(
        msgspec.structs.replace(v, effective_to=effective_to) if v.effective_from == effective_from else v
        for v in versions
    )


def _appointed(o: Organisation, event: happened.PersonAppointed) -> Organisation:
    appointment = Appointment(
        person=event.person,
        organisation=o.id,
        role=event.role,
        service=event.service,
        effective_from=event.effective_from,
        effective_to=event.effective_to,
        named_at=o.version,
    )
    had = o.people.get(event.person, ())
    return _with_appointments(o, event.person, [*had, appointment], named_at=o.version)


def _renamed(o: Organisation, event: happened.PersonNameChanged) -> Organisation:
    return _with_appointments(o, event.person, o.people[event.person], named_at=o.version)


def _left(o: Organisation, event: happened.PersonLeft) -> Organisation:
    ended = (event.role, event.service, event.effective_from)
    appointments = [
        msgspec.structs.replace(a, effective_to=event.effective_to)
        if (a.role, a.service, a.effective_from) == ended
        else a
        for a in o.people[event.person]
    ]
    return _with_appointments(o, event.person, appointments)


def _with_appointments(
    o: Organisation, person: UUID, appointments: Iterable[Appointment], named_at: int | None = None
) -> Organisation:
    if named_at is not None:
        appointments = [msgspec.structs.replace(a, named_at=named_at) for a in appointments]
    ordered = tuple(sorted(appointments, key=lambda a: a.effective_from))
    return msgspec.structs.replace(o, people={**o.people, person: ordered})


def _terms_accepted(o: Organisation, event: happened.TermsAccepted) -> Organisation:
    terms = Terms(
        id=event.terms,
        agency=o.id,
        service=event.service,
        school=event.school,
        effective_from=event.effective_from,
        effective_to=event.effective_to,
        notice_working_days=event.notice_working_days,
        meetings=event.meetings,
    )
    return msgspec.structs.replace(o, terms={**o.terms, terms.id: terms})


def _terms_ended(o: Organisation, event: happened.TermsEnded) -> Organisation:
    ended = msgspec.structs.replace(o.terms[event.terms], effective_to=event.effective_to)
    return msgspec.structs.replace(o, terms={**o.terms, ended.id: ended})


def _code_set(o: Organisation, event: happened.CodeSet) -> Organisation:
    version = CodeVersion(**{name: getattr(event, name) for name in CodeVersion.__struct_fields__})
    key = (event.table, event.code)
    return msgspec.structs.replace(o, codes={**o.codes, key: placed(o.codes.get(key, ()), version)})


def _code_ended(o: Organisation, event: happened.CodeEnded) -> Organisation:
    key = (event.table, event.code)
    versions = _ended(o.codes[key], event.effective_from, event.effective_to)
    return msgspec.structs.replace(o, codes={**o.codes, key: versions})


def _school_term_set(o: Organisation, event: happened.SchoolTermSet) -> Organisation:
    term = SchoolTerm(first_day=event.first_day, last_day=event.last_day, closed=event.closed)
    others = [t for t in o.school_terms if not t.overlaps(term)]
    return msgspec.structs.replace(o, school_terms=tuple(sorted([*others, term], key=lambda t: t.first_day)))


@lru_cache(maxsize=256)
def _school_days(terms: tuple[SchoolTerm, ...]) -> SchoolDays:
    """The calendar of some terms; kept, because building one takes longer than asking it."""
    return SchoolDays(tuple(Term(t.first_day, t.last_day, t.closed) for t in terms))


@dataclass(frozen=True, slots=True, repr=False)
class Directory:
    """Every organisation, with look-ups. Made by `Directory.of`, replaced by `with_organisation`; never
    changed."""

    organisations: Mapping[UUID, Organisation] = field(default_factory=dict)
    _by_code: Mapping[tuple[str, str], UUID] = field(default_factory=dict, compare=False)
    _services: Mapping[UUID, Service] = field(default_factory=dict, compare=False)
    _service_codes: Mapping[str, UUID] = field(default_factory=dict, compare=False)
    _standards: Mapping[UUID, tuple[Standard, ...]] = field(default_factory=dict, compare=False)
    _people: Mapping[UUID, Person] = field(default_factory=dict, compare=False)
    _terms: Mapping[tuple[UUID, UUID], tuple[Terms, ...]] = field(default_factory=dict, compare=False)
    _codes: Mapping[tuple[str, str], tuple[CodeVersion, ...]] = field(default_factory=dict, compare=False)
    _tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, organisations: Iterable[Organisation] = ()) -> Directory:
        """The directory of these organisations; one that is not registered yet is left out."""
        return _Indexes(cls()).add_all(organisations)

    def with_organisation(self, organisation: Organisation) -> Directory:
        """The directory with this organisation in place of its former state."""
        return _Indexes(self).add_all([organisation])

    # Organisations

    def organisation(self, id: UUID | None) -> Organisation | None:
        return self.organisations.get(id) if id is not None else None

    def by_code(self, kind: str, code: str) -> Organisation | None:
        """The authority, school or agency with a natural code (of a school: its number)."""
        return self.organisation(self._by_code.get((kind, code)))

    def of_kind(self, kind: str) -> tuple[Organisation, ...]:
        """All authorities, schools or agencies, by code."""
        found = (o for o in self.organisations.values() if o.kind == kind)
        return tuple(sorted(found, key=lambda o: o.code))

    def authority_of(self, school: UUID) -> UUID | None:
        """The local authority of a school (an agency may have one too); an authority is its own."""
        organisation = self.organisation(school)
        if organisation is None:
            return None
        return organisation.id if organisation.kind == "authority" else organisation.authority

    def schools_of(self, authority: UUID) -> tuple[Organisation, ...]:
        """The schools of a local authority, by number."""
        return tuple(o for o in self.of_kind("school") if o.authority == authority)

    # Services and their standards

    def service(self, id: UUID | None) -> Service | None:
        return self._services.get(id) if id is not None else None

    def service_by_code(self, code: str) -> Service | None:
        return self.service(self._service_codes.get(code))

    @property
    def services(self) -> tuple[Service, ...]:
        """All services, open or not, by code."""
        return tuple(sorted(self._services.values(), key=lambda s: s.code))

    def services_of(self, agency: UUID) -> tuple[Service, ...]:
        """The services of an agency in the order in which they were opened on the record."""
        organisation = self.organisation(agency)
        return tuple(organisation.services.values()) if organisation else ()

    def agency_of(self, service: UUID | Service) -> Organisation | None:
        """The agency whose service it is."""
        found = service if isinstance(service, Service) else self.service(service)
        return self.organisation(found.agency) if found else None

    def standards_of(self, service: UUID) -> tuple[Standard, ...]:
        """All dated versions of a service's standards: in the order in which the standards were first set,
        then by first day."""
        return self._standards.get(service, ())

    def standard(self, service: UUID, code: str | None, on: date) -> Standard | None:
        """The version of a standard in force on a day; without a code, of the service's first that is in
        force."""
        of_code = [v for v in self.standards_of(service) if code is None or v.code == code]
        return next((v for v in of_code if holds(v, on)), None)

    # People and terms of reference

    def person(self, id: UUID | None) -> Person | None:
        return self._people.get(id) if id is not None else None

    def roles_of(self, person: UUID, organisation: UUID, on: date) -> frozenset[str]:
        """The roles that a person has in an organisation on a day."""
        found = self._people.get(person)
        if found is None:
            return frozenset()
        return frozenset(a.role for a in found.on(on) if a.organisation == organisation)

    def people_of(self, organisation: UUID, on: date) -> tuple[Appointment, ...]:
        """The appointments in an organisation that are in force on a day."""
        found = self.organisation(organisation)
        return tuple(a for held in found.people.values() for a in held if holds(a, on)) if found else ()

    def terms(self, service: UUID, school: UUID, on: date, meetings: str = "hwb") -> Terms | None:
        """The terms of reference in force between a service and a school on a day."""
        of_kind = [t for t in self._terms.get((service, school), ()) if t.meetings == meetings]
        return in_force(of_kind, on)

    def terms_for(self, school: UUID, on: date, meetings: str = "hwb") -> tuple[Terms, ...]:
        """The terms of reference of every service for a school's meetings on a day, by service code."""
        services = {service for service, of in self._terms if of == school}
        by_code = sorted(services, key=lambda service: self._services[service].code)
        found = (self.terms(service, school, on, meetings) for service in by_code)
        return tuple(t for t in found if t is not None)

    # Codes

    def code(self, table: str, code: str, on: date) -> Standing:
        """Whether a code may be used for a day: `current`; `ended` (past its end: it warns, it does not
        refuse); `unknown` (not in the table, or not begun by then)."""
        versions = self._codes.get((table, code), ())
        if in_force(versions, on) is not None:
            return "current"
        return "ended" if versions and versions[0].effective_from <= on else "unknown"

    def knows(self, table: str, code: str) -> bool:
        """Whether the code is in the table, whatever the day."""
        return (table, code) in self._codes

    def labels(self, table: str, code: str) -> tuple[str, str]:
        """English and Welsh; the English where the Welsh is wanting, the code itself where it is unknown."""
        versions = self._codes.get((table, code))
        if not versions:
            return code, code
        return versions[-1].label, versions[-1].label_cy or versions[-1].label

    def codes(self, table: str, on: date) -> tuple[str, ...]:
        """The codes of a table in force on a day, in the table's own order."""
        return tuple(c for c in self._tables.get(table, ()) if self.code(table, c, on) == "current")

    # School days

    def school_days(self, id: UUID) -> SchoolDays | None:
        """The school days of a school (its own terms before its authority's) or of an authority; None when no
        term dates are known."""
        terms = self.school_terms(id)
        if not terms:
            return None
        return _school_days(terms)

    def school_terms(self, id: UUID) -> tuple[SchoolTerm, ...]:
        """The terms of a school or an authority; a school's own take the place of the authority's they
        overlap."""
        organisation = self.organisation(id)
        if organisation is None:
            return ()
        own = organisation.school_terms
        authority = self.organisation(organisation.authority)
        general = authority.school_terms if authority else ()
        kept = [t for t in general if not any(t.overlaps(o) for o in own)]
        return tuple(sorted([*kept, *own], key=lambda t: t.first_day))


class _Indexes:
    """The look-ups of a directory, copied once and then filled with organisations."""

    def __init__(self, directory: Directory) -> None:
        self.organisations = dict(directory.organisations)
        self.by_code = dict(directory._by_code)
        self.services = dict(directory._services)
        self.service_codes = dict(directory._service_codes)
        self.standards = dict(directory._standards)
        self.people = dict(directory._people)
        self.terms = dict(directory._terms)
        self.codes = dict(directory._codes)

    def add_all(self, organisations: Iterable[Organisation]) -> Directory:
        for organisation in organisations:
            if organisation.registered:
                self._remove(organisation.id)
                self._add(organisation)
        return Directory(
            self.organisations,
            self.by_code,
            self.services,
            self.service_codes,
            self.standards,
            self.people,
            self.terms,
            self.codes,
            self._tables(),
        )

    def _remove(self, id: UUID) -> None:
        """Take out all that an organisation's former state put in, except what other organisations share."""
        former = self.organisations.pop(id, None)
        if former is None:
            return
        self.by_code.pop((former.kind, former.code), None)
        for service in former.services.values():
            self.services.pop(service.id, None)
            self.service_codes.pop(service.code, None)
            self.standards.pop(service.id, None)
        for terms in former.terms.values():
            self.terms.pop((terms.service, terms.school), None)
        for key in former.codes:
            self.codes.pop(key, None)
        for person in former.people:
            self._set_person(person, [a for a in self.people[person].appointments if a.organisation != id])

    def _add(self, o: Organisation) -> None:
        self.organisations[o.id] = o
        self.by_code[o.kind, o.code] = o.id
        for service in o.services.values():
            self.services[service.id] = service
            self.service_codes[service.code] = service.id
        for (service_id, _), versions in o.standards.items():
            self.standards[service_id] = (*self.standards.get(service_id, ()), *versions)
        for terms in o.terms.values():
            key = (terms.service, terms.school)
            held = (*self.terms.get(key, ()), terms)
            self.terms[key] = tuple(sorted(held, key=lambda t: t.effective_from))
        self.codes.update(o.codes)
        for person, appointments in o.people.items():
            elsewhere = self.people[person].appointments if person in self.people else ()
            self._set_person(person, [*elsewhere, *appointments])

    def _set_person(self, person: UUID, appointments: list[Appointment]) -> None:
        if not appointments:
            self.people.pop(person, None)
            return
        ordered = sorted(appointments, key=lambda a: (a.effective_from, a.organisation))
        self.people[person] = Person(id=person, appointments=tuple(ordered))

    def _tables(self) -> dict[str, tuple[str, ...]]:
        tables: dict[str, list[str]] = {}
        for table, code in self.codes:
            tables.setdefault(table, []).append(code)
        return {table: tuple(codes) for table, codes in tables.items()}
