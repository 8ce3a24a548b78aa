"""Terms of reference: the terms under which a service is expected at a school's meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.commands import AcceptTerms, EndTerms
from coordination.directory.organisation import Service, TermsOfReference
from coordination.errors import Refusal
from coordination.event import Command, CommandContext
from webui.administration.directory_forms import ManyTermsSchema
from webui.administration.forms import EndTermsSchema, TermsSchema
from webui.administration.pages.shared import (
    ADMINISTRATOR,
    DATED,
    blueprint,
    organisation,
    perform_form,
    service,
    today,
    validity,
)
from webui.forms import Form
from webui.parts.paging import Paging, page_number
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name, service_name

PAGE_SIZE = 100


class TermsItem(msgspec.Struct, frozen=True):
    terms: TermsOfReference
    school: str
    service: str
    agency: str


@blueprint.get("/administration/terms")
@signed_in(*ADMINISTRATOR)
def all_terms() -> ResponseReturnValue:
    """List all terms by school and service."""
    held = [terms for agency in directory().of_kind("agency") for terms in agency.terms.values()]
    lines = [
        TermsItem(t, organisation_name(t.school), service_name(t.service), organisation_name(t.agency))
        for t in held
    ]
    lines.sort(key=lambda one: (one.school.casefold(), one.service.casefold(), one.terms.effective_from))
    pages = Paging.of(len(lines), page_number(request.args.get("page")), PAGE_SIZE)
    return render_template(
        "administration/terms.html",
        lines=lines[pages.first : pages.past],
        pages=pages,
        address=lambda number: url_for("administration.all_terms", page=number),
        words=DATED,
        dated=lambda thing: validity(thing, today()),
    )


@blueprint.route("/administration/services/<uuid:key>/terms", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def accept_terms(key: UUID) -> ResponseReturnValue:
    """Record that an agency accepted terms, in the agency's name, by an administrator who has it in writing."""
    found = service(key)
    schools = [o for o in directory().of_kind("school") if o.is_open(today())]
    form = Form(
        TermsSchema,
        values={"meetings": "hwb", "notice_working_days": 10, "effective_from": today()},
        choices={
            "school": sorted(
                ((str(o.id), organisation_name(o)) for o in schools), key=lambda one: str(one[1]).casefold()
            ),
            "meetings": [
                (c, code_words("meeting_kind", c)) for c in directory().codes("meeting_kind", today())
            ],
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if not typed["in_writing"]:
            form.errors["in_writing"] = _("Ask the agency to agree first.")
        elif perform_form(form, [_accepted(key, found.agency, typed, form)], for_agency=found.agency):
            flash(_("The terms of reference are recorded."))
            return redirect(url_for("administration.one_service", key=key), 303)
    return form.page("administration/accept_terms.html", found=found)


def _accepted(key: UUID, agency: UUID, typed: dict[str, Any], form: Form) -> AcceptTerms:
    return AcceptTerms(
        occurred_on=today(),
        organisation=agency,
        terms=casework.new_id(form.command_id, "terms"),
        service=key,
        school=UUID(typed["school"]),
        effective_from=typed["effective_from"],
        effective_to=typed["effective_to"],
        notice_working_days=typed["notice_working_days"],
        meetings=typed["meetings"],
    )


@blueprint.route("/administration/terms/new", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def terms_for_many() -> ResponseReturnValue:
    """Record the same terms for several services and schools at once: all or none."""
    day = today()
    services = [s for s in directory().services if s.is_open(day)]
    form = Form(
        ManyTermsSchema,
        values={"meetings": "hwb", "notice_working_days": 10, "effective_from": day},
        choices={
            "services": _by_name((str(s.id), _service_of_agency(s)) for s in services),
            "schools": _by_name(
                (str(o.id), organisation_name(o)) for o in directory().of_kind("school") if o.is_open(day)
            ),
            "meetings": [(c, code_words("meeting_kind", c)) for c in directory().codes("meeting_kind", day)],
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if not typed["in_writing"]:
            form.errors["in_writing"] = _("Ask the agencies to agree first.")
        elif _perform_for_agencies(form, typed):
            flash(_("The terms of reference are recorded."))
            return redirect(url_for("administration.all_terms"), 303)
    return form.page("administration/terms_for_many.html")


def _by_name(offered: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(offered, key=lambda one: one[1].casefold())


def _service_of_agency(found: Service) -> str:
    return f"{service_name(found)}, {organisation_name(found.agency)}"


def _perform_for_agencies(form: Form, typed: dict[str, Any]) -> bool:
    """Each service's terms on behalf of its own agency, in one save. False when they are refused."""
    ordered: list[tuple[Command, CommandContext]] = []
    for key in map(UUID, typed["services"]):
        agency = service(key).agency
        for school in map(UUID, typed["schools"]):
            pair = f"{key}/{school}"
            command = AcceptTerms(
                occurred_on=today(),
                organisation=agency,
                terms=casework.new_id(form.command_id, pair),
                service=key,
                school=school,
                effective_from=typed["effective_from"],
                effective_to=typed["effective_to"],
                notice_working_days=typed["notice_working_days"],
                meetings=typed["meetings"],
            )
            order = casework.command_context(f"{form.command_id}/{pair}")
            ordered.append((command, msgspec.structs.replace(order, on_behalf_of=agency)))
    try:
        casework.wait_until_readable(runtime().coordination.perform_all(ordered))
    except Refusal as refused:
        form.refuse(refused)
        return False
    return True


@blueprint.route("/administration/organisations/<uuid:key>/terms/<uuid:terms>/end", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def end_terms(key: UUID, terms: UUID) -> ResponseReturnValue:
    """Record the last day on which a service is expected, in the agency's name."""
    found = organisation(key)
    held = found.terms.get(terms)
    if held is None:
        abort(404)
    form = Form(EndTermsSchema, values={"effective_to": held.effective_to or today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = EndTerms(
            occurred_on=today(), organisation=key, terms=terms, effective_to=typed["effective_to"]
        )
        if perform_form(form, [command], for_agency=key):
            flash(_("The end of the terms of reference is recorded."))
            return redirect(url_for("administration.one_service", key=held.service), 303)
    return form.page("administration/end_terms.html", found=found, held=held)
