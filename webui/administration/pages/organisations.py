"""Organisations and their services."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.accounts import AccountSummary, accounts_of
from coordination.desk.reorganisations import progress_of
from coordination.directory.dated import in_force
from coordination.directory.organisation import (
    Appointment,
    Organisation,
    SchoolTerm,
    Service,
    ServiceTriages,
)
from coordination.directory.organisation import TermsOfReference as TermsOf
from webui.administration.pages.registering import TITLES
from webui.administration.pages.shared import (
    ADMINISTRATOR,
    DATED,
    KINDS,
    address_of,
    blueprint,
    organisation,
    service,
    today,
    validity,
)
from webui.parts.paging import Paging, page_number
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime
from webui.words.formats import number
from webui.words.naming import directory, organisation_name, people_names, service_name

PAGE_SIZE = 50


class PersonItem(msgspec.Struct, frozen=True):
    """A person at an organisation, with their roles there and their accounts."""

    person: UUID
    name: str
    appointments: tuple[Appointment, ...]
    accounts: tuple[AccountSummary, ...]


@blueprint.get("/administration/organisations")
@signed_in(*ADMINISTRATOR)
def organisations() -> ResponseReturnValue:
    """List the organisations of a kind by name, closed ones last."""
    kind = request.args.get("kind", "school")
    if kind not in KINDS:
        abort(404)
    found = sorted(directory().of_kind(kind), key=lambda o: (not o.is_open(today()), _sorting(o)))
    pages = Paging.of(len(found), page_number(request.args.get("page")), PAGE_SIZE)
    return render_template(
        "administration/organisations.html",
        kind=kind,
        kinds=KINDS,
        found=found[pages.first : pages.past],
        pages=pages,
        address=lambda number: url_for("administration.organisations", kind=kind, page=number),
        day=today(),
        services_of=lambda o: len(directory().services_of(o.id)),
        register_words=TITLES,
    )


def _sorting(found: Organisation) -> str:
    return organisation_name(found).casefold()


@blueprint.get("/administration/organisations/<uuid:key>")
@signed_in(*ADMINISTRATOR)
def one_organisation(key: UUID) -> ResponseReturnValue:
    """Show an organisation with its details, services, people and terms."""
    found, day = organisation(key), today()
    return render_template(
        "administration/organisation.html",
        mailbox=address_of(key),
        found=found,
        kinds=KINDS,
        open=found.is_open(day),
        carried_out=carried_out(found.id),
        services=sorted(
            directory().services_of(found.id), key=lambda s: (not s.is_open(day), service_name(s).casefold())
        ),
        people=people_of(found),
        terms=sorted(_terms(found), key=lambda t: (t.service.int, t.school.int, t.effective_from)),
        school_terms=_school_terms(found, day),
        words=DATED,
        dated=lambda thing: validity(thing, day),
        day=day,
    )


def carried_out(subject: UUID) -> str:
    """How far the worker has come with a closed school or a reorganised service; empty where it has done nothing."""
    with runtime().desk() as connection:
        noted = progress_of(connection, [subject]).get(subject)
    if noted is None:
        return ""
    words = [
        _("%(done)s done, %(remaining)s to do.", done=number(noted.done), remaining=number(noted.remaining))
    ]
    if noted.without_basis:
        count = number(noted.without_basis)
        words.append(_("Waiting for agreement to share with the new agency: %(count)s.", count=count))
    return " ".join(words)


def _school_terms(found: Organisation, day: date) -> list[SchoolTerm]:
    """The current and future terms of a school or an authority."""
    if found.kind == "agency":
        return []
    return [term for term in directory().school_terms(found.id) if term.last_day >= day]


def people_of(found: Organisation) -> list[PersonItem]:
    """The people of an organisation by name; those who have left come last."""
    names = people_names(found.people)
    with runtime().desk() as connection:
        accounts = accounts_of(connection, found.people)
    people = [
        PersonItem(
            person,
            names[person],
            held,
            tuple(a for a in accounts.get(person, ()) if a.account.organisation == found.id),
        )
        for person, held in found.people.items()
    ]
    gone = {one.person: all(validity(a, today()) == "past" for a in one.appointments) for one in people}
    return sorted(people, key=lambda one: (gone[one.person], one.name.casefold()))


def _terms(found: Organisation) -> list[TermsOf]:
    """The terms that an agency accepted, or that were accepted for a school."""
    if found.kind == "agency":
        return list(found.terms.values())
    agencies = directory().of_kind("agency")
    return [terms for agency in agencies for terms in agency.terms.values() if terms.school == found.id]


@blueprint.get("/administration/services/<uuid:key>")
@signed_in(*ADMINISTRATOR)
def one_service(key: UUID) -> ResponseReturnValue:
    """Show a service with its standards, what it requires with a referral, and its terms."""
    found: Service = service(key)
    day, known = today(), directory()
    agency = organisation(found.agency)
    return render_template(
        "administration/service.html",
        mailbox=address_of(key),
        found=found,
        agency=agency,
        carried_out=carried_out(key),
        open=found.is_open(day),
        sorts_for=[(version, _standing(found, version, day)) for version in reversed(found.triage_versions)],
        standards=sorted(known.standards_of(key), key=lambda s: (s.code, s.effective_from), reverse=True),
        terms=[t for t in agency.terms.values() if t.service == key],
        words=DATED,
        dated=lambda thing: validity(thing, day),
    )


def _standing(of: Service, version: ServiceTriages, on: date) -> str:
    """Whether a list of a single point of access holds on a day; a later one ends it."""
    if version is in_force(of.triage_versions, on):
        return "current"
    return "coming" if version.effective_from > on else "past"
