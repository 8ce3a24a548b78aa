"""Restrict a file to named roles and people, and record who has an interest in a pupil."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.authority import ROLES_AT
from coordination.event import Command
from coordination.permissions import Thing, roles_with
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.restriction.commands import (
    DeclareInterest,
    EndInterest,
    LiftRestriction,
    RestrictPupil,
)
from coordination.pupil.restriction.state import Restriction
from coordination.store.restrictions import interests_in
from projections.case_file import queries
from webui.forms import Form
from webui.forms.recording import record
from webui.restriction.forms import InterestSchema, OwnInterestSchema, RestrictionEndSchema, RestrictSchema
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, FILE_STAFF
from webui.shell.runtime import runtime
from webui.words.codes import ROLES, word_for
from webui.words.naming import directory, people_names
from webui.words.text import Words

blueprint = Blueprint("restriction", __name__)

MAY_RESTRICT = roles_with(Thing.RESTRICTION)
EVERYBODY = (*FILE_STAFF, *AGENCY_DESK)


@blueprint.route("/pupils/<uuid:pupil>/restriction", endpoint="page", methods=["GET", "POST"])
@signed_in(*MAY_RESTRICT)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show who may see the file, and change that; list the interests of the organisation's people."""
    held = _seen(pupil)
    form = Form(
        RestrictSchema,
        values={
            "roles": list(held.roles) if held else [viewer().role],
            "people": [str(person) for person in held.people] if held else [],
        },
        choices={"roles": _roles(), "people": _people()},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RestrictPupil(
            occurred_on=runtime().today(),
            pupil=pupil,
            roles=tuple(typed["roles"] or ()),
            people=tuple(UUID(person) for person in typed["people"] or ()),
            why=typed["why"],
        )
        if record(form, command) is None:
            flash(_("The file is restricted."))
            return redirect(url_for("restriction.page", pupil=pupil), 303)
    with runtime().desk() as desk:
        interests = interests_in(desk, pupil, viewer().organisation)
    return form.page(
        "restriction/page.html",
        pupil=pupil,
        held=held,
        role_words=lambda role: word_for(ROLES, role),
        interests=interests,
        names=people_names({*(person for _key, person in interests), *(held.people if held else ())}),
    )


@blueprint.route("/pupils/<uuid:pupil>/restriction/lift", endpoint="lift", methods=["GET", "POST"])
@signed_in(*MAY_RESTRICT)
def lift(pupil: UUID) -> ResponseReturnValue:
    """End the restriction, with a reason."""
    if _seen(pupil) is None:
        abort(404)

    def command(why: str) -> Command:
        return LiftRestriction(occurred_on=runtime().today(), pupil=pupil, why=why)

    return _with_reason(pupil, command, _("Lift the restriction"), _("The restriction is lifted."))


@blueprint.route(
    "/pupils/<uuid:pupil>/interests/<uuid:interest>", endpoint="end_interest", methods=["GET", "POST"]
)
@signed_in(*MAY_RESTRICT)
def end_interest(pupil: UUID, interest: UUID) -> ResponseReturnValue:
    """End an interest, with a reason."""
    _seen(pupil)
    with runtime().desk() as desk:
        if interest not in {key for key, _person in interests_in(desk, pupil, viewer().organisation)}:
            abort(404)

    def command(why: str) -> Command:
        return EndInterest(occurred_on=runtime().today(), pupil=pupil, interest=interest, why=why)

    return _with_reason(pupil, command, _("End an interest"), _("The interest has ended."))


@blueprint.route("/pupils/<uuid:pupil>/interests", endpoint="interest", methods=["GET", "POST"])
@signed_in(*MAY_RESTRICT)
def interest(pupil: UUID) -> ResponseReturnValue:
    """Record that somebody of the own organisation has an interest in the pupil."""
    _seen(pupil)
    form = Form(InterestSchema, choices={"person": _people()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        person = UUID(typed["person"])
        if record(form, _declared(form, pupil, person)) is None:
            flash(_("The interest is recorded."))
            if person == viewer().person:
                return redirect(url_for("account.page"), 303)
            return redirect(url_for("restriction.page", pupil=pupil), 303)
    return form.page("restriction/interest.html", pupil=pupil)


@blueprint.route("/pupils/<uuid:pupil>/own-interest", endpoint="own_interest", methods=["GET", "POST"])
@signed_in(*EVERYBODY)
def own_interest(pupil: UUID) -> ResponseReturnValue:
    """Declare an interest of one's own: the file can then not be opened any more."""
    _seen(pupil)
    form = Form(OwnInterestSchema)
    sent = request.method == "POST" and form.take(request.form) is not None
    if sent and record(form, _declared(form, pupil, viewer().person)) is None:
        flash(_("Your interest is recorded. You can no longer open this file."))
        return redirect(url_for("account.page"), 303)
    return form.page("restriction/own_interest.html", pupil=pupil)


def _declared(form: Form, pupil: UUID, person: UUID) -> DeclareInterest:
    key = casework.new_id(form.command_id, "interest")
    return DeclareInterest(occurred_on=runtime().today(), pupil=pupil, interest=key, person=person)


def _with_reason(
    pupil: UUID, command: Callable[[str], Command], heading: str, done: str
) -> ResponseReturnValue:
    form = Form(RestrictionEndSchema)
    typed = form.take(request.form) if request.method == "POST" else None
    if typed is not None and record(form, command(typed["why"])) is None:
        flash(done)
        return redirect(url_for("restriction.page", pupil=pupil), 303)
    return form.page("restriction/reason.html", pupil=pupil, heading=heading)


def _seen(pupil: UUID) -> Restriction | None:
    """The restriction of the user's organisation on a file that the user sees. Raises NotFound."""
    queries.pupil(casework.reader(), viewer(), pupil)
    casework.note_shown("restriction", [pupil])
    case = runtime().coordination.batch().state(PUPIL_STREAM, pupil)
    return case.restrictions.held.get(viewer().organisation)


def _roles() -> Sequence[tuple[str, Words]]:
    own = directory().organisation(viewer().organisation)
    kind = own.kind if own is not None else "school"
    return [(role, word_for(ROLES, role)) for role in sorted(ROLES_AT[kind])]


def _people() -> Sequence[tuple[str, Words]]:
    """The people of the own organisation today."""
    people = {one.person for one in directory().people_of(viewer().organisation, viewer().today)}
    named = people_names(people)
    return [(str(person), named[person]) for person in sorted(people, key=lambda one: named[one])]
