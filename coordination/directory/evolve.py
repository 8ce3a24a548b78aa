"""Folding an organisation's stream."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar, assert_never
from uuid import UUID

from msgspec.structs import asdict, replace

from coordination.directory import events as happened
from coordination.directory.challenge_rules import ChallengeRule, ChallengeRuleSet
from coordination.directory.dated import insert_version
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.letter_wordings import LetterWording, LetterWordingSet
from coordination.directory.meeting_series import MeetingSeries, MeetingSeriesSet
from coordination.directory.no_answer_events import NoAnswerRuleSet
from coordination.directory.organisation import (
    PARTICULARS,
    SERVICE_PARTICULARS,
    Appointment,
    CodeVersion,
    NoAnswerRule,
    Organisation,
    OrganisationDetails,
    SchoolTerm,
    Service,
    ServiceCapacity,
    ServiceRequirements,
    ServiceTriages,
    Standard,
    StatutoryStandard,
    TermsOfReference,
    set_fields,
)
from coordination.directory.programmes import Programme, ProgrammeSet
from coordination.directory.retention import RetentionRule
from coordination.event import OrganisationEvent
from coordination.streams import StreamKind, ToOrganisation


def evolve(organisation: Organisation, event: AnyOrganisationEvent) -> Organisation:
    """The organisation after one more event. Reads no sealed field."""
    o = replace(organisation, version=organisation.version + 1)
    match event:
        case happened.OrganisationRegistered():
            return _registered(o, event)
        case happened.OrganisationChanged():
            return _changed(o, event)
        case happened.OrganisationClosed():
            return replace(o, effective_to=event.effective_to, merged_into=event.merged_into)
        case happened.ServiceOpened():
            return _service_opened(o, event)
        case happened.ServiceChanged():
            return _service_changed(o, event)
        case happened.ServiceRequirementsSet():
            return _requirements_set(o, event)
        case happened.ServiceTriagesSet() | happened.ServiceCapacitySet() | NoAnswerRuleSet():
            return _said_of_service(o, event)
        case happened.MailboxSet(service=service):
            return replace(o, mailboxes={**o.mailboxes, service or o.id: o.version})
        case happened.ServiceMoved():
            return _service_moved(o, event)
        case happened.ServiceReceived():
            return _service_received(o, event)
        case happened.ServiceClosed():
            return _service_closed(o, event)
        case happened.StandardSet():
            return _standard_set(o, event)
        case happened.StandardEnded():
            return _standard_ended(o, event)
        case happened.RetentionRuleSet():
            return _retention_set(o, event)
        case happened.StatutoryStandardSet():
            return _statutory_set(o, event)
        case happened.StatutoryStandardEnded():
            versions = _ended(o.statutory[event.code], event.effective_from, event.effective_to)
            return replace(o, statutory={**o.statutory, event.code: versions})
        case happened.PersonAppointed():
            return _appointed(o, event)
        case happened.PersonNameChanged():
            return _renamed(o, event)
        case happened.PersonLeft():
            return _left(o, event)
        case happened.ClassTeacherAssigned():
            return replace(o, class_assignments={**o.class_assignments, event.assignment: event.person})
        case LetterWordingSet() | ProgrammeSet() | MeetingSeriesSet() | ChallengeRuleSet():
            return _dated_data_set(o, event)
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
            assert_never(event)


def _dated_data_set(
    o: Organisation, event: LetterWordingSet | ProgrammeSet | MeetingSeriesSet | ChallengeRuleSet
) -> Organisation:
    if isinstance(event, MeetingSeriesSet):
        return _series_set(o, event)
    if isinstance(event, ProgrammeSet):
        return _programme_set(o, event)
    if isinstance(event, ChallengeRuleSet):
        rule = ChallengeRule(**{name: getattr(event, name) for name in ChallengeRule.__struct_fields__})
        rules = insert_version(o.challenge_rules.get(event.code, ()), rule)
        return replace(o, challenge_rules={**o.challenge_rules, event.code: rules})
    fields = {name: getattr(event, name) for name in LetterWording.__struct_fields__}
    versions = insert_version(o.letter_wordings.get(event.subject, ()), LetterWording(**fields))
    return replace(o, letter_wordings={**o.letter_wordings, event.subject: versions})


def _programme_set(o: Organisation, event: ProgrammeSet) -> Organisation:
    fields = {name: getattr(event, name) for name in Programme.__struct_fields__}
    versions = insert_version(o.programmes.get(event.code, ()), Programme(**fields))
    return replace(o, programmes={**o.programmes, event.code: versions})


def _series_set(o: Organisation, event: MeetingSeriesSet) -> Organisation:
    fields = {name: getattr(event, name) for name in MeetingSeries.__struct_fields__}
    versions = insert_version(o.series.get(event.series, ()), MeetingSeries(**fields))
    return replace(o, series={**o.series, event.series: versions})


def _registered(o: Organisation, event: happened.OrganisationRegistered) -> Organisation:
    first = OrganisationDetails(
        effective_from=date.min, **{name: getattr(event, name) for name in PARTICULARS}
    )
    return replace(o, id=event.organisation, kind=event.kind, code=event.code, details=(first,))


def _changed(o: Organisation, event: happened.OrganisationChanged) -> Organisation:
    change = (event.effective_from, set_fields(event, PARTICULARS))
    changes = tuple(sorted([*o.changes, change], key=lambda c: c[0]))
    details = [o.details[0]]
    for effective_from, what in changes:
        changed = replace(details[-1], effective_from=effective_from, **what)
        if details[-1].effective_from == effective_from:
            details.pop()
        details.append(changed)
    return replace(o, changes=changes, details=tuple(details))


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
    return replace(o, services={**o.services, service.id: service})


def _service_changed(o: Organisation, event: happened.ServiceChanged) -> Organisation:
    changed = replace(o.services[event.service], **set_fields(event, SERVICE_PARTICULARS))
    return replace(o, services={**o.services, changed.id: changed})


def _service_moved(o: Organisation, event: happened.ServiceMoved) -> Organisation:
    """The agency keeps it as it was, and where it went; the directory finds it with the other agency."""
    moved = replace(o.services[event.service], moved_to=event.to_agency)
    return replace(o, services={**o.services, moved.id: moved})


def _service_received(o: Organisation, event: happened.ServiceReceived) -> Organisation:
    service = Service(
        id=event.service,
        code=event.code,
        agency=o.id,
        profession=event.profession,
        open_from=event.open_from,
        open_to=event.open_to,
        name=event.name,
        name_cy=event.name_cy,
        requirement_versions=tuple(
            ServiceRequirements(effective_from=r.effective_from, codes=r.codes) for r in event.requirements
        ),
        triage_versions=tuple(
            ServiceTriages(effective_from=t.effective_from, effective_to=t.effective_to, services=t.services)
            for t in event.triages
        ),
        inherited_by=event.inherited_by,
        agency_since=event.effective_from,
    )
    standards = {key: versions for key, versions in o.standards.items() if key[0] != service.id}
    for carried in event.standards:
        version = Standard(service=service.id, **asdict(carried))
        key = (service.id, version.code)
        standards[key] = insert_version(standards.get(key, ()), version)
    return replace(o, services={**o.services, service.id: service}, standards=standards)


def _service_closed(o: Organisation, event: happened.ServiceClosed) -> Organisation:
    closed = replace(o.services[event.service], open_to=event.open_to, inherited_by=event.inherited_by)
    return replace(o, services={**o.services, closed.id: closed})


def _requirements_set(o: Organisation, event: happened.ServiceRequirementsSet) -> Organisation:
    service = o.services[event.service]
    version = ServiceRequirements(effective_from=event.effective_from, codes=event.requirements)
    versions = insert_version(service.requirement_versions, version)
    changed = replace(service, requirement_versions=versions)
    return replace(o, services={**o.services, changed.id: changed})


def _said_of_service(
    o: Organisation, event: happened.ServiceTriagesSet | happened.ServiceCapacitySet | NoAnswerRuleSet
) -> Organisation:
    match event:
        case happened.ServiceTriagesSet():
            return _triages_set(o, event)
        case happened.ServiceCapacitySet():
            return _capacity_set(o, event)
        case NoAnswerRuleSet():
            return _no_answer_rule_set(o, event)


def _triages_set(o: Organisation, event: happened.ServiceTriagesSet) -> Organisation:
    service = o.services[event.service]
    version = ServiceTriages(
        effective_from=event.effective_from, effective_to=event.effective_to, services=event.services
    )
    changed = replace(service, triage_versions=insert_version(service.triage_versions, version))
    return replace(o, services={**o.services, changed.id: changed})


def _capacity_set(o: Organisation, event: happened.ServiceCapacitySet) -> Organisation:
    version = ServiceCapacity(
        effective_from=event.effective_from, effective_to=event.effective_to, people=event.people
    )
    versions = insert_version(o.capacities.get(event.service, ()), version)
    return replace(o, capacities={**o.capacities, event.service: versions})


def _no_answer_rule_set(o: Organisation, event: NoAnswerRuleSet) -> Organisation:
    service = o.services[event.service]
    rule = NoAnswerRule(
        effective_from=event.effective_from,
        days=event.days,
        told_days=event.told_days,
        telephone=event.telephone,
    )
    changed = replace(service, no_answer_versions=insert_version(service.no_answer_versions, rule))
    return replace(o, services={**o.services, changed.id: changed})


def _standard_set(o: Organisation, event: happened.StandardSet) -> Organisation:
    version = Standard(**{name: getattr(event, name) for name in Standard.__struct_fields__})
    key = (event.service, event.code)
    versions = insert_version(o.standards.get(key, ()), version)
    return replace(o, standards={**o.standards, key: versions})


def _standard_ended(o: Organisation, event: happened.StandardEnded) -> Organisation:
    key = (event.service, event.code)
    versions = _ended(o.standards[key], event.effective_from, event.effective_to)
    return replace(o, standards={**o.standards, key: versions})


def _retention_set(o: Organisation, event: happened.RetentionRuleSet) -> Organisation:
    rule = RetentionRule(**{name: getattr(event, name) for name in RetentionRule.__struct_fields__})
    return replace(
        o, retention={**o.retention, event.code: insert_version(o.retention.get(event.code, ()), rule)}
    )


def _statutory_set(o: Organisation, event: happened.StatutoryStandardSet) -> Organisation:
    version = StatutoryStandard(
        **{name: getattr(event, name) for name in StatutoryStandard.__struct_fields__}
    )
    versions = insert_version(o.statutory.get(event.code, ()), version)
    return replace(o, statutory={**o.statutory, event.code: versions})


V = TypeVar("V", Standard, StatutoryStandard, CodeVersion)


def _ended(versions: tuple[V, ...], effective_from: date, effective_to: date) -> tuple[V, ...]:
    """The versions; the one that began on `effective_from` has another last day."""
    return tuple(
        replace(v, effective_to=effective_to) if v.effective_from == effective_from else v for v in versions
    )


def _appointed(o: Organisation, event: happened.PersonAppointed) -> Organisation:
    appointment = Appointment(
        person=event.person,
        organisation=o.id,
        role=event.role,
        service=event.service,
        effective_from=event.effective_from,
        effective_to=event.effective_to,
        whole_agency=event.whole_agency,
        named_at=o.version,
    )
    had = o.people.get(event.person, ())
    return _with_appointments(o, event.person, [*had, appointment], named_at=o.version)


def _renamed(o: Organisation, event: happened.PersonNameChanged) -> Organisation:
    return _with_appointments(o, event.person, o.people[event.person], named_at=o.version)


def _left(o: Organisation, event: happened.PersonLeft) -> Organisation:
    ended = (event.role, event.service, event.effective_from)
    appointments = [
        replace(a, effective_to=event.effective_to) if (a.role, a.service, a.effective_from) == ended else a
        for a in o.people[event.person]
    ]
    return _with_appointments(o, event.person, appointments)


def _with_appointments(
    o: Organisation, person: UUID, appointments: Iterable[Appointment], named_at: int | None = None
) -> Organisation:
    if named_at is not None:
        appointments = [replace(a, named_at=named_at) for a in appointments]
    ordered = tuple(sorted(appointments, key=lambda a: a.effective_from))
    return replace(o, people={**o.people, person: ordered})


def _terms_accepted(o: Organisation, event: happened.TermsAccepted) -> Organisation:
    terms = TermsOfReference(
        id=event.terms,
        agency=o.id,
        service=event.service,
        school=event.school,
        effective_from=event.effective_from,
        effective_to=event.effective_to,
        notice_working_days=event.notice_working_days,
        meetings=event.meetings,
    )
    return replace(o, terms={**o.terms, terms.id: terms})


def _terms_ended(o: Organisation, event: happened.TermsEnded) -> Organisation:
    ended = replace(o.terms[event.terms], effective_to=event.effective_to)
    return replace(o, terms={**o.terms, ended.id: ended})


def _code_set(o: Organisation, event: happened.CodeSet) -> Organisation:
    version = CodeVersion(**{name: getattr(event, name) for name in CodeVersion.__struct_fields__})
    key = (event.table, event.code)
    return replace(o, codes={**o.codes, key: insert_version(o.codes.get(key, ()), version)})


def _code_ended(o: Organisation, event: happened.CodeEnded) -> Organisation:
    key = (event.table, event.code)
    versions = _ended(o.codes[key], event.effective_from, event.effective_to)
    return replace(o, codes={**o.codes, key: versions})


def _school_term_set(o: Organisation, event: happened.SchoolTermSet) -> Organisation:
    term = SchoolTerm(first_day=event.first_day, last_day=event.last_day, closed=event.closed)
    others = [t for t in o.school_terms if not t.overlaps(term)]
    return replace(o, school_terms=tuple(sorted([*others, term], key=lambda t: t.first_day)))


ORGANISATION_STREAM: StreamKind[Organisation, AnyOrganisationEvent, ToOrganisation] = StreamKind(
    "organisation", OrganisationEvent, Organisation(), evolve, lambda command: command.organisation
)
