"""The directory: every organisation folded from its stream, with look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal
from uuid import UUID

from coordination.calendars import SchoolDays, Term
from coordination.directory.challenge_rules import USUAL_RULES, ChallengeRule
from coordination.directory.dated import in_force, is_in_force
from coordination.directory.evolve import evolve
from coordination.directory.meeting_series import MeetingSeries
from coordination.directory.organisation import (
    KINDS,
    REFERENCE,
    Appointment,
    CodeVersion,
    Organisation,
    OrganisationDetails,
    Person,
    SchoolTerm,
    Service,
    Standard,
    StatutoryStandard,
    TermsOfReference,
)
from coordination.directory.retention import RetentionRule, retention_rules

__all__ = [
    "KINDS",
    "REFERENCE",
    "Appointment",
    "CodeVersion",
    "OrganisationDetails",
    "Directory",
    "Organisation",
    "Person",
    "SchoolTerm",
    "Service",
    "Standard",
    "Standing",
    "TermsOfReference",
    "evolve",
]

Standing = Literal["current", "ended", "unknown"]


@lru_cache(maxsize=256)
def _school_days(terms: tuple[SchoolTerm, ...]) -> SchoolDays:
    """The calendar of some terms; cached, because building one takes longer than a look-up in it."""
    return SchoolDays(tuple(Term(t.first_day, t.last_day, t.closed) for t in terms))


@dataclass(frozen=True, slots=True, repr=False)
class Directory:
    """Every organisation, with look-ups. Made by `Directory.of`, replaced by `with_organisation`; never changed."""

    organisations: Mapping[UUID, Organisation] = field(default_factory=dict)
    _by_code: Mapping[tuple[str, str], UUID] = field(default_factory=dict, compare=False)
    _services: Mapping[UUID, Service] = field(default_factory=dict, compare=False)
    _service_codes: Mapping[str, UUID] = field(default_factory=dict, compare=False)
    _standards: Mapping[UUID, tuple[Standard, ...]] = field(default_factory=dict, compare=False)
    _people: Mapping[UUID, Person] = field(default_factory=dict, compare=False)
    _terms: Mapping[UUID, tuple[TermsOfReference, ...]] = field(default_factory=dict, compare=False)
    _codes: Mapping[tuple[str, str], tuple[CodeVersion, ...]] = field(default_factory=dict, compare=False)
    _tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, organisations: Iterable[Organisation] = ()) -> Directory:
        """The directory of these organisations, without those that are not registered yet."""
        return _Indexes(cls()).add_all(organisations)

    def with_organisation(self, organisation: Organisation) -> Directory:
        """The directory with a later state of this organisation."""
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

    def mailbox_of(self, recipient: UUID) -> tuple[UUID, int] | None:
        """Where the mail address of a service or organisation stands sealed: the stream and the version; None where
        none was ever set."""
        service = self.service(recipient)
        whose = self.organisation(service.agency if service else recipient)
        version = whose.mailboxes.get(recipient) if whose else None
        return (whose.id, version) if whose and version else None

    @property
    def services(self) -> tuple[Service, ...]:
        """All services, open or not, by code."""
        return tuple(sorted(self._services.values(), key=lambda s: s.code))

    def services_of(self, agency: UUID) -> tuple[Service, ...]:
        """The services of an agency, in the order in which they were opened on the record; without those that have
        moved to another."""
        organisation = self.organisation(agency)
        return tuple(s for s in organisation.services.values() if not s.moved_to) if organisation else ()

    def taken_on_by(self, service: UUID, on: date) -> Service | None:
        """The service that has the open referrals of a service on a day: itself while it is open, else the one that
        inherits them (or inherits from that one); None where nobody has taken them on."""
        found = self.service(service)
        seen: set[UUID] = set()
        while found is not None and found.closed_by(on):
            seen.add(found.id)
            found = self.service(found.inherited_by)
            if found is not None and found.id in seen:
                return None
        return found

    def agency_of(self, service: UUID | Service) -> Organisation | None:
        """The agency of a service."""
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
        return next((v for v in of_code if is_in_force(v, on)), None)

    def statutory_standards(self) -> tuple[StatutoryStandard, ...]:
        """All dated versions of the statutory time limits: in the order in which they were first set, then by first
        day."""
        of_reference = (one.statutory.values() for one in self.of_kind(REFERENCE))
        return tuple(v for codes in of_reference for versions in codes for v in versions)

    def retention_rules(self, on: date) -> tuple[RetentionRule, ...]:
        """The rules on how long records are kept that are in force on a day, by code."""
        set_here = {code: held for one in self.of_kind(REFERENCE) for code, held in one.retention.items()}
        return retention_rules(set_here, on)

    def people_to_send(self, service: UUID, on: date) -> int:
        """To how many meetings at the same time a service can send somebody on a day, as it said; else to one."""
        said = (o.capacities.get(service, ()) for o in self.organisations.values())
        version = in_force([v for versions in said for v in versions], on)
        return version.people if version else 1

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
        return tuple(a for held in found.people.values() for a in held if is_in_force(a, on)) if found else ()

    def terms(self, service: UUID, school: UUID, on: date, meetings: str = "hwb") -> TermsOfReference | None:
        """The terms of reference in force between a service, while it is open, and a school on a day."""
        found = self.service(service)
        if found is None or not found.is_open(on):
            return None
        asked = (service, meetings)
        return in_force([t for t in self._terms.get(school, ()) if (t.service, t.meetings) == asked], on)

    def challenge_rule(self, school: UUID, code: str, on: date) -> ChallengeRule:
        """The challenge rule of a code for a school on a day: that of its authority, or else the usual one."""
        authority = self.organisation(self.authority_of(school))
        own = authority.challenge_rules.get(code, ()) if authority else ()
        return in_force(own, on) or USUAL_RULES[code]

    def terms_for(self, school: UUID, on: date, meetings: str = "hwb") -> tuple[TermsOfReference, ...]:
        """The terms of reference of every open service for a school's meetings on a day, by service code."""
        services = {t.service for t in self._terms.get(school, ())}
        by_code = sorted(services, key=lambda service: self._services[service].code)
        found = (self.terms(service, school, on, meetings) for service in by_code)
        return tuple(t for t in found if t is not None)

    # Codes

    def code(self, table: str, code: str, on: date) -> Standing:
        """The status of a code on a day: `current`; `ended` (past its end: a warning, not a refusal); `unknown` (not
        in the table, or not begun by then)."""
        versions = self._codes.get((table, code), ())
        if in_force(versions, on) is not None:
            return "current"
        return "ended" if versions and versions[0].effective_from <= on else "unknown"

    def knows(self, table: str, code: str) -> bool:
        """Whether the code is in the table, whatever the day."""
        return (table, code) in self._codes

    def labels(self, table: str, code: str) -> tuple[str, str]:
        """English and Welsh; the English where there is no Welsh, the code itself where it is unknown."""
        versions = self._codes.get((table, code))
        if not versions:
            return code, code
        return versions[-1].label, versions[-1].label_cy or versions[-1].label

    def codes(self, table: str, on: date) -> tuple[str, ...]:
        """The codes of a table in force on a day, in the table's own order."""
        return tuple(c for c in self._tables.get(table, ()) if self.code(table, c, on) == "current")

    # Series of meetings

    def series(self, id: UUID | None) -> tuple[Organisation, tuple[MeetingSeries, ...]] | None:
        """The host of a series and its versions, the first begun first."""
        for host in self.organisations.values():
            if id is not None and id in host.series:
                return host, host.series[id]
        return None

    # School days

    def school_days(self, id: UUID) -> SchoolDays | None:
        """The school days of a school (its own terms before its authority's) or of an authority; None when no term
        dates are known."""
        terms = self.school_terms(id)
        if not terms:
            return None
        return _school_days(terms)

    def school_terms(self, id: UUID) -> tuple[SchoolTerm, ...]:
        """The terms of a school or an authority; a school's own replace those of the authority that they overlap."""
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
        self.tables = dict(directory._tables)

    def add_all(self, organisations: Iterable[Organisation]) -> Directory:
        for organisation in organisations:
            if organisation.registered:
                self._put(self.organisations.get(organisation.id, Organisation()), organisation)
        return Directory(
            self.organisations,
            self.by_code,
            self.services,
            self.service_codes,
            self.standards,
            self.people,
            self.terms,
            self.codes,
            self.tables,
        )

    def _put(self, former: Organisation, new: Organisation) -> None:
        """A stream only grows, so nothing is removed; only what its last events changed is updated."""
        self.organisations[new.id] = new
        self.by_code[new.kind, new.code] = new.id
        if former.services is not new.services or former.standards is not new.standards:
            self._put_services(new)
        if former.people is not new.people:
            for person in new.people:
                self._put_person(person, new)
        if former.terms is not new.terms:
            self._put_terms(new)
        if former.codes is not new.codes:
            self.codes.update(new.codes)
            self.tables = _tables(self.codes)

    def _put_services(self, new: Organisation) -> None:
        for service in new.services.values():
            known = self.services.get(service.id)
            if service.moved_to is not None and known is not None and known.agency != new.id:
                continue  # it is another agency's now
            self.services[service.id] = service
            self.service_codes[service.code] = service.id
            of_service = (versions for (id, _), versions in new.standards.items() if id == service.id)
            self.standards[service.id] = tuple(version for versions in of_service for version in versions)

    def _put_person(self, person: UUID, new: Organisation) -> None:
        known = self.people[person].appointments if person in self.people else ()
        appointments = [*(a for a in known if a.organisation != new.id), *new.people[person]]
        ordered = sorted(appointments, key=lambda a: (a.effective_from, a.organisation))
        self.people[person] = Person(id=person, appointments=tuple(ordered))

    def _put_terms(self, new: Organisation) -> None:
        for school in {t.school for t in new.terms.values()}:
            others = (t for t in self.terms.get(school, ()) if t.agency != new.id)
            own = (t for t in new.terms.values() if t.school == school)
            self.terms[school] = tuple(sorted([*others, *own], key=lambda t: t.effective_from))


def _tables(codes: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The codes of each table in the order in which they were first set."""
    tables: dict[str, list[str]] = {}
    for table, code in codes:
        tables.setdefault(table, []).append(code)
    return {table: tuple(found) for table, found in tables.items()}
