"""Terms of reference at the agency's own desk: what its services agreed to, accepted and ended by themselves."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.commands import AcceptTerms, EndTerms
from coordination.directory.organisation import TermsOfReference
from webui.forms import Form
from webui.meeting.forms.terms import AcceptTermsSchema, EndOwnTermsSchema
from webui.meeting.pages.shared import blueprint, perform_meeting_form, today
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK
from webui.words.naming import code_words, directory, organisation_name, service_name


@blueprint.route("/terms", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK)
def terms() -> ResponseReturnValue:
    """List the terms of one's own services, and accept terms for one of them."""
    known, on = directory(), today()
    own = [
        s for s in known.services if s.agency == viewer().organisation and s.is_open(on) and _acts_for(s.id)
    ]
    schools = sorted(
        ((str(s.id), organisation_name(s.id)) for s in known.of_kind("school")), key=lambda s: s[1]
    )
    form = Form(
        AcceptTermsSchema,
        values={"effective_from": on, "meetings": "hwb", "notice_working_days": 10},
        choices={
            "service": [(str(s.id), service_name(s.id)) for s in own],
            "school": schools,
            "meetings": [
                (code, code_words("meeting_kind", code)) for code in known.codes("meeting_kind", on)
            ],
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AcceptTerms(
            occurred_on=on,
            organisation=viewer().organisation,
            terms=casework.new_id(form.command_id, "terms"),
            service=UUID(typed["service"]),
            school=UUID(typed["school"]),
            meetings=typed["meetings"],
            effective_from=typed["effective_from"],
            effective_to=typed["effective_to"],
            notice_working_days=typed["notice_working_days"],
        )
        if perform_meeting_form(form, [command]):
            flash(_("The terms are accepted."))
            return redirect(url_for("meetings.terms"), 303)
    return form.page("meeting/terms.html", terms=_own_terms(), today=on)


@blueprint.route("/terms/<uuid:terms>/end", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK)
def end_terms(terms: UUID) -> ResponseReturnValue:
    """End terms of one's own service."""
    found = next((t for t in _own_terms() if t.id == terms), None)
    if found is None:
        abort(404)
    form = Form(EndOwnTermsSchema, values={"effective_to": today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = EndTerms(
            occurred_on=today(), organisation=found.agency, terms=terms, effective_to=typed["effective_to"]
        )
        if perform_meeting_form(form, [command]):
            flash(_("The terms end on that day."))
            return redirect(url_for("meetings.terms"), 303)
    return form.page("meeting/end_terms.html", terms=found)


def _own_terms() -> list[TermsOfReference]:
    """The terms of the services for which the user acts, the newest first."""
    agency = directory().organisation(viewer().organisation)
    found = [t for t in agency.terms.values() if _acts_for(t.service)] if agency else []
    return sorted(found, key=lambda t: (t.effective_from, t.id.int), reverse=True)


def _acts_for(service: UUID) -> bool:
    return viewer().whole_agency or service in viewer().services
