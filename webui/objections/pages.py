"""The pages of objections, court orders, competence, and agreements to ask for again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.pupil.asking.decide import AssessCompetence, ReviewAgreement
from coordination.pupil.objections.commands import (
    DecideObjection,
    EndCourtOrder,
    ObjectToSharing,
    RecordCourtOrder,
)
from webui.forms import Form
from webui.forms.recording import record
from webui.objections.forms import (
    AgreementReviewSchema,
    CompetenceSchema,
    CourtOrderEndSchema,
    CourtOrderSchema,
    ObjectionDecisionSchema,
    ObjectionSchema,
)
from webui.objections.reading import OpenedObjections, agreements_to_ask_again, open_objections
from webui.pupil.file import contact_choices
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.drafts import saves_draft
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name, people_names, service_name
from webui.words.text import Words

blueprint = Blueprint("objections", __name__)


@blueprint.get("/agreements/ask-again")
@signed_in(*FILE_STAFF)
def ask_again() -> ResponseReturnValue:
    """List the agreements to ask for again."""
    return render_template("objections/ask_again.html", items=agreements_to_ask_again())


@blueprint.get("/pupils/<uuid:pupil>/objections")
@signed_in(*FILE_STAFF)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show objections, court orders, assessments of competence, and agreements to ask for again."""
    opened = open_objections(pupil)
    return render_template(
        "objections/objections.html",
        opened=opened,
        file=opened.shown.file,
        child=opened.shown.child,
        log_position=opened.shown.file.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/objections/new", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def object_to_sharing(pupil: UUID) -> ResponseReturnValue:
    """Record one parent's objection."""
    opened = open_objections(pupil)
    form = Form(
        ObjectionSchema,
        values={
            "purpose": "referral",
            "language": opened.shown.language_wish,
            "occurred_on": runtime().today(),
            "service": request.args.get("service"),
        },
        choices=_choices(opened),
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = ObjectToSharing(
            pupil=pupil,
            objection=casework.new_id(form.command_id, "objection"),
            contact=UUID(typed.pop("who")),
            **_service(typed),
            **typed,
        )
        if record(form, command, {"no_authority": "who"}) is None:
            flash(_("The objection is recorded. Sharing goes on until you decide otherwise."))
            return _back(pupil)
    return _form_page(
        form,
        opened,
        _("Record an objection"),
        _(
            "Each person with parental responsibility may agree alone. One person’s objection does not stop sharing by "
            "itself. The other parent is not told of it here."
        ),
    )


@blueprint.route("/pupils/<uuid:pupil>/objections/<uuid:objection>/decide", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def decide(pupil: UUID, objection: UUID) -> ResponseReturnValue:
    """Record the decision about an objection."""
    opened = open_objections(pupil)
    held = next((o.objection for o in opened.objections if o.objection.objection == objection), None)
    if held is None:
        abort(404)
    form = Form(ObjectionDecisionSchema, values={"occurred_on": runtime().today()}, seen=held.last_version)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = DecideObjection(pupil=held.pupil, objection=objection, **typed)
        if record(form, command) is None:
            flash(_("The decision is recorded."))
            return _back(pupil)
    return _form_page(form, opened, _("Decide about the objection"), about=_about(opened, objection))


@blueprint.route("/pupils/<uuid:pupil>/court-orders/new", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def court_order(pupil: UUID) -> ResponseReturnValue:
    """Record a court order about sharing."""
    opened = open_objections(pupil)
    form = Form(CourtOrderSchema, values={"occurred_on": runtime().today()}, choices=_choices(opened))
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RecordCourtOrder(
            pupil=pupil,
            order=casework.new_id(form.command_id, "order"),
            purpose=typed.pop("purpose") or None,
            **_service(typed),
            **typed,
        )
        if record(form, command) is None:
            flash(_("The court order is recorded."))
            return _back(pupil)
    return _form_page(
        form,
        opened,
        _("Record a court order"),
        _("A court order binds: while it prevents sharing, nothing is shared, whoever agreed."),
    )


@blueprint.route("/pupils/<uuid:pupil>/court-orders/<uuid:order>/end", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def end_order(pupil: UUID, order: UUID) -> ResponseReturnValue:
    """Record that a court order no longer applies."""
    opened = open_objections(pupil)
    held = next((o.order for o in opened.orders if o.order.court_order == order), None)
    if held is None:
        abort(404)
    form = Form(CourtOrderEndSchema, values={"occurred_on": runtime().today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = EndCourtOrder(pupil=held.pupil, order=order, **typed)
        if record(form, command) is None:
            flash(_("The end of the court order is recorded."))
            return _back(pupil)
    return _form_page(form, opened, _("End a court order"))


@blueprint.route("/pupils/<uuid:pupil>/competence", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def competence(pupil: UUID) -> ResponseReturnValue:
    """Record an assessment of the child's competence."""
    opened = open_objections(pupil)
    form = Form(
        CompetenceSchema,
        values={"occurred_on": runtime().today(), "assessed_by": str(viewer().person)},
        choices=_choices(opened),
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AssessCompetence(
            pupil=pupil,
            assessed_by=UUID(typed.pop("assessed_by")),
            purpose=typed.pop("purpose") or None,
            **typed,
        )
        if record(form, command) is None:
            flash(_("The assessment is recorded."))
            return _back(pupil)
    return _form_page(
        form,
        opened,
        _("Assess competence"),
        _("Competence is about this decision, at this time. It does not follow from age."),
    )


@blueprint.route("/pupils/<uuid:pupil>/agreements/<uuid:consent>/review", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def review(pupil: UUID, consent: UUID) -> ResponseReturnValue:
    """Record that an agreement goes on as it is."""
    opened = open_objections(pupil)
    held = next((c for c in opened.shown.file.consents if c.consent == consent), None)
    if held is None:
        abort(404)
    form = Form(AgreementReviewSchema, values={"occurred_on": runtime().today()}, seen=held.last_version)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = ReviewAgreement(pupil=held.pupil, consent=consent, **typed)
        if record(form, command) is None:
            flash(_("It is recorded that the agreement goes on."))
            return _back(pupil)
    return _form_page(form, opened, _("The agreement goes on as it is"))


def _form_page(
    form: Form, opened: OpenedObjections, words: str, explained: str = "", about: str = ""
) -> ResponseReturnValue:
    return form.page(
        "objections/record.html",
        words=words,
        explained=explained,
        about=about,
        file=opened.shown.file,
        child=opened.shown.child,
        log_position=opened.shown.file.position,
    )


def _about(opened: OpenedObjections, objection: UUID) -> str:
    one = next(o for o in opened.objections if o.objection.objection == objection)
    return f"{one.who}; {one.about}"


def _service(typed: dict[str, Any]) -> dict[str, Any]:
    """The service that was chosen and its agency; None for every service."""
    chosen = directory().service(UUID(value)) if (value := typed.pop("service")) else None
    return {"service": chosen.id if chosen else None, "agency": chosen.agency if chosen else None}


def _choices(opened: OpenedObjections) -> dict[str, Sequence[tuple[str, Words]]]:
    known, today = directory(), runtime().today()
    services = [
        (str(s.id), _("%(service)s, %(agency)s", service=service_name(s), agency=organisation_name(s.agency)))
        for s in known.services
        if s.is_open(today)
    ]
    staff = {a.person for a in known.people_of(viewer().organisation, today)} | {viewer().person}
    people = sorted(people_names(staff).items(), key=lambda pair: pair[1].casefold())

    def codes(table: str) -> list[tuple[str, Words]]:
        return [(code, code_words(table, code)) for code in known.codes(table, today)]

    return {
        "service": sorted(services, key=lambda one: str(one[1]).casefold()),
        "purpose": codes("consent_purpose"),
        "route": codes("consent_route"),
        "language": codes("language"),
        "who": contact_choices([c for c in opened.shown.speaking if c.responsible]),
        "assessed_by": [(str(person), name) for person, name in people],
    }


def _back(pupil: UUID) -> ResponseReturnValue:
    return redirect(url_for("objections.page", pupil=pupil), 303)
