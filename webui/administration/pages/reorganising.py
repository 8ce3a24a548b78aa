"""Organisations change: renamed, closed, merged; services that move to another agency or close."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.commands import (
    ChangeOrganisation,
    CloseOrganisation,
    CloseService,
    MoveService,
    ReceiveService,
)
from coordination.directory.organisation import Organisation
from webui.administration.pages.shared import (
    ADMINISTRATOR,
    blueprint,
    organisation,
    perform_form,
    service,
    today,
)
from webui.administration.reorganising_forms import (
    CloseOrganisationSchema,
    CloseSchoolSchema,
    CloseServiceSchema,
    MoveServiceSchema,
    RenameSchema,
)
from webui.forms import Form
from webui.shell.authentication import signed_in
from webui.words.naming import directory, organisation_name, service_name

TEMPLATE = "administration/reorganise.html"


@blueprint.route("/administration/organisations/<uuid:key>/name", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def rename(key: UUID) -> ResponseReturnValue:
    """Record a new name of an organisation from a day on; the earlier name stays for the days before."""
    found = organisation(key)
    form = Form(
        RenameSchema, values={"name": found.name, "name_cy": found.name_cy, "effective_from": today()}
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        given = dict(typed)
        if given["name_cy"] is None and found.kind == "school" and found.name_cy is None:
            del given["name_cy"]
        if perform_form(form, [ChangeOrganisation(occurred_on=today(), organisation=key, **given)]):
            flash(_("The new name is recorded."))
            return redirect(url_for("administration.one_organisation", key=key), 303)
    return form.page(
        TEMPLATE,
        title=_("A new name"),
        caption=organisation_name(found),
        back_to=url_for("administration.one_organisation", key=key),
        fields=("name", "name_cy", "effective_from"),
        words=(_("The earlier name stays on the record for the days before."),),
        button=_("Record the name"),
    )


@blueprint.route("/administration/organisations/<uuid:key>/close", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def close(key: UUID) -> ResponseReturnValue:
    """Record the last day of an organisation, and into which school a school merges."""
    found = organisation(key)
    of_school = found.kind == "school"
    form = Form(
        CloseSchoolSchema if of_school else CloseOrganisationSchema,
        values={
            "effective_to": found.effective_to or today(),
            "merged_into": str(found.merged_into) if found.merged_into else None,
        },
        choices={"merged_into": _other_schools(found)} if of_school else {},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        into = typed.get("merged_into")
        command = CloseOrganisation(
            occurred_on=today(),
            organisation=key,
            effective_to=typed["effective_to"],
            merged_into=UUID(into) if into else None,
        )
        if perform_form(form, [command]):
            flash(_("The last day is recorded."))
            return redirect(url_for("administration.one_organisation", key=key), 303)
    return form.page(
        TEMPLATE,
        title=_("Close or merge") if of_school else _("Close"),
        caption=organisation_name(found),
        back_to=url_for("administration.one_organisation", key=key),
        fields=("effective_to", "merged_into") if of_school else ("effective_to",),
        words=_what_follows(found),
        button=_("Record the last day"),
    )


def _other_schools(found: Organisation) -> list[tuple[str, str]]:
    open_ = (s for s in directory().of_kind("school") if s.id != found.id and s.is_open(today()))
    return sorted(((str(s.id), organisation_name(s)) for s in open_), key=lambda one: str(one[1]).casefold())


def _what_follows(found: Organisation) -> tuple[str, ...]:
    """What closing does, before it is recorded."""
    if found.kind == "school":
        return (
            _(
                "From the day after the last day the pupils are on the roll of the school that it merges into. If"
                " you name none, they are on no roll and the local authority’s caseworker holds them."
            ),
            _("Meetings planned for after the last day are cancelled at once."),
            _(
                "Staff can go on signing in until you record that they have left. They see their school’s own"
                " meetings and challenges, and no pupil."
            ),
        )
    if found.kind == "agency":
        return (
            _(
                "First move each service to its new agency, or close it. A closed agency can receive no service."
            ),
            _("Staff can go on signing in until you record that they have left."),
        )
    return ()


@blueprint.route("/administration/services/<uuid:key>/move", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def move_service(key: UUID) -> ResponseReturnValue:
    """Record that a service belongs to another agency from a day on."""
    found = service(key)
    agencies = [
        (str(a.id), organisation_name(a))
        for a in directory().of_kind("agency")
        if a.id != found.agency and a.is_open(today())
    ]
    form = Form(
        MoveServiceSchema,
        values={"occurred_on": today()},
        choices={"to_agency": sorted(agencies, key=lambda one: str(one[1]).casefold())},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        to_agency, on = UUID(typed["to_agency"]), typed["occurred_on"]
        commands = [
            MoveService(occurred_on=on, organisation=found.agency, service=key, to_agency=to_agency),
            ReceiveService(occurred_on=on, organisation=to_agency, service=key, from_agency=found.agency),
        ]
        if perform_form(form, commands):
            flash(_("The service has moved. Its open referrals follow in the next minutes."))
            return redirect(url_for("administration.one_service", key=key), 303)
    return form.page(
        TEMPLATE,
        title=_("Move to another agency"),
        caption=f"{service_name(found)}, {organisation_name(found.agency)}",
        back_to=url_for("administration.one_service", key=key),
        fields=("to_agency", "occurred_on"),
        words=(
            _("Its code, standards and requirements stay. Waits go on, and its days stay the service’s."),
            _(
                "Open referrals go to the new agency with the agreement to share, which stays valid for this"
                " service. The former agency keeps the referrals that have ended."
            ),
            _("Appoint the service’s people at the new agency."),
        ),
        button=_("Record the move"),
    )


@blueprint.route("/administration/services/<uuid:key>/close", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def close_service(key: UUID) -> ResponseReturnValue:
    """Record the last day of a service, and which service takes on its open referrals."""
    found = service(key)
    others = [
        (str(s.id), f"{service_name(s)}, {organisation_name(s.agency)}")
        for s in directory().services
        if s.id != key and s.is_open(today())
    ]
    form = Form(
        CloseServiceSchema,
        values={
            "open_to": found.open_to or today(),
            "inherited_by": str(found.inherited_by) if found.inherited_by else None,
        },
        choices={"inherited_by": sorted(others, key=lambda one: str(one[1]).casefold())},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        heir = typed["inherited_by"]
        command = CloseService(
            occurred_on=today(),
            organisation=found.agency,
            service=key,
            open_to=typed["open_to"],
            inherited_by=UUID(heir) if heir else None,
        )
        if perform_form(form, [command]):
            flash(_("The last day is recorded."))
            return redirect(url_for("administration.one_service", key=key), 303)
    return form.page(
        TEMPLATE,
        title=_("Close the service"),
        caption=f"{service_name(found)}, {organisation_name(found.agency)}",
        back_to=url_for("administration.one_service", key=key),
        fields=("open_to", "inherited_by"),
        words=(
            _("Open referrals go on waiting, and every list and report says that the service is closed."),
            _(
                "A referral goes to another agency’s service only with agreement to share with that agency. Until"
                " then it stays on the caseworker’s list of closed services."
            ),
        ),
        button=_("Record the last day"),
    )
