"""New organisations and services, and what a service asks for with a referral."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.directory.commands import (
    OpenService,
    RegisterOrganisation,
    SetRequirements,
    SetServiceTriages,
)
from webui.administration.directory_forms import (
    AgencySchema,
    AuthoritySchema,
    OpenServiceSchema,
    RequirementsSchema,
    SchoolSchema,
    SinglePointSchema,
)
from webui.administration.pages.shared import (
    ADMINISTRATOR,
    KINDS,
    blueprint,
    organisation,
    perform_form,
    service,
    today,
)
from webui.forms import Form, FormSchema
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.words.naming import code_words, directory, organisation_name, service_name

SCHEMAS: dict[str, type[FormSchema]] = {
    "authority": AuthoritySchema,
    "school": SchoolSchema,
    "agency": AgencySchema,
}
TITLES = {
    "authority": _l("Register a local authority"),
    "school": _l("Register a school"),
    "agency": _l("Register an agency"),
}


def coded(table: str) -> list[tuple[str, str]]:
    """The codes of a table in force today, with their words."""
    return [(code, code_words(table, code)) for code in directory().codes(table, today())]


@blueprint.route("/administration/organisations/new/<kind>", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def register(kind: str) -> ResponseReturnValue:
    """Register an organisation of a kind."""
    if kind not in SCHEMAS:
        abort(404)
    authorities = [(str(o.id), organisation_name(o)) for o in directory().of_kind("authority")]
    form = Form(
        SCHEMAS[kind],
        values={"authority": authorities[0][0]} if len(authorities) == 1 else None,
        choices={
            "phase": coded("phase"),
            "language": coded("school_language"),
            "agency_kind": coded("agency_kind"),
            "authority": authorities,
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        key = casework.new_id(form.command_id, "organisation")
        authority = typed.get("authority")
        given = {**typed, "authority": UUID(authority) if authority else None}
        command = RegisterOrganisation(occurred_on=today(), organisation=key, kind=kind, **given)
        if perform_form(form, [command]):
            flash(_("%(name)s is registered.", name=typed["name"]))
            return redirect(url_for("administration.one_organisation", key=key), 303)
    return form.page("administration/register.html", kind=kind, kinds=KINDS, title=TITLES[kind])


@blueprint.route("/administration/organisations/<uuid:key>/services/new", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def open_service(key: UUID) -> ResponseReturnValue:
    """Open a service of an agency."""
    found = organisation(key)
    if found.kind != "agency":
        abort(404)
    form = Form(OpenServiceSchema, values={"open_from": today()}, choices={"profession": coded("profession")})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        one = casework.new_id(form.command_id, "service")
        command = OpenService(occurred_on=today(), organisation=key, service=one, **typed)
        if perform_form(form, [command]):
            flash(_("The service is open. Say what it asks for with a referral."))
            return redirect(url_for("administration.requirements", key=one), 303)
    return form.page("administration/open_service.html", found=found)


@blueprint.route("/administration/services/<uuid:key>/requirements", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def requirements(key: UUID) -> ResponseReturnValue:
    """Set what a service asks for with each referral from a day on."""
    found = service(key)
    form = Form(
        RequirementsSchema,
        values={"requirements": list(found.requirements), "effective_from": today()},
        choices={"requirements": coded("requirement")},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetRequirements(
            occurred_on=today(),
            organisation=found.agency,
            service=key,
            effective_from=typed["effective_from"],
            requirements=tuple(typed["requirements"] or ()),
        )
        if perform_form(form, [command]):
            flash(_("What the service asks for is recorded."))
            return redirect(url_for("administration.one_service", key=key), 303)
    return form.page("administration/requirements.html", found=found)


@blueprint.route("/administration/services/<uuid:key>/single-point-of-access", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def single_point(key: UUID) -> ResponseReturnValue:
    """Set for which services, of any agency, a service sorts referrals, from a day on."""
    found = service(key)
    listed = found.triages_for(today())
    others = [s for s in directory().services if s.id != key and (s.is_open(today()) or s.id in listed)]
    named: list[tuple[str, str]] = [
        (str(s.id), f"{organisation_name(s.agency)}: {service_name(s)}") for s in others
    ]
    form = Form(
        SinglePointSchema,
        values={"services": [str(one) for one in listed], "effective_from": today()},
        choices={"services": sorted(named, key=lambda one: str(one[1]).casefold())},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetServiceTriages(
            occurred_on=today(),
            organisation=found.agency,
            service=key,
            services=tuple(UUID(one) for one in typed["services"] or ()),
            effective_from=typed["effective_from"],
            effective_to=typed["effective_to"],
        )
        if perform_form(form, [command]):
            flash(_("The services for which it sorts referrals are recorded."))
            return redirect(url_for("administration.one_service", key=key), 303)
    return form.page("administration/single_point.html", found=found)
