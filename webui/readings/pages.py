"""Who looked at a pupil; for the data-protection officer what people read, and a queue of what is unusual."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.authority import DATA_PROTECTION_OFFICER
from coordination.desk.readings import readings_by, readings_by_person, review_reading
from coordination.errors import Refusal
from coordination.permissions import Right, Thing, may, roles_with
from projections.case_file import queries
from webui.forms import ChoiceField, Form, FormSchema
from webui.readings.reading import PERIOD, UnusualItem, unusual_of_organisation, who_looked
from webui.readings.words import FINDINGS, KINDS, OTHER, SIGNALS
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.runtime import runtime
from webui.words.naming import people_names

blueprint = Blueprint("readings", __name__)

LOOKERS = tuple(
    role
    for role in roles_with(Thing.WHO_LOOKED, Right.OWN_ROLL, Right.OWN_ORGANISATION, Right.HELD)
    if role != DATA_PROTECTION_OFFICER
)
NOBODY = UUID(int=0)


class ReadingReviewSchema(FormSchema):
    """What the data-protection officer found."""

    finding = ChoiceField(_l("What did you find?"), choices=list(FINDINGS.items()))


@blueprint.get("/pupils/<uuid:pupil>/readers", endpoint="of_pupil")
@signed_in(*LOOKERS)
def of_pupil(pupil: UUID) -> ResponseReturnValue:
    """Show who looked at a pupil: names of the own organisation, services of others."""
    queries.pupil(casework.reader(), viewer(), pupil)
    found = who_looked(pupil)
    casework.note_shown("readers", [pupil], "audit")
    return render_template(
        "readings/of_pupil.html",
        pupil=pupil,
        found=found,
        kinds=KINDS,
        other=OTHER,
        may_restrict=may(viewer().role, Thing.RESTRICTION),
    )


@blueprint.get("/readings", endpoint="page")
@signed_in(DATA_PROTECTION_OFFICER)
def page() -> ResponseReturnValue:
    """Show what is unusual, and how much each person read."""
    who, now = viewer(), runtime().now()
    with runtime().desk() as desk:
        people = readings_by_person(desk, who.organisation, now - PERIOD)
    casework.note_shown("reading_log", [], "audit")
    return render_template(
        "readings/page.html",
        people=people,
        names=people_names({one.person for one in people}),
        unusual=unusual_of_organisation(),
        signals=SIGNALS,
        findings=FINDINGS,
        nobody=NOBODY,
        days=PERIOD.days,
    )


@blueprint.get("/readings/people/<uuid:person>", endpoint="of_person")
@signed_in(DATA_PROTECTION_OFFICER)
def of_person(person: UUID) -> ResponseReturnValue:
    """Show what one person of the own organisation read; never which pupil."""
    with runtime().desk() as desk:
        found = readings_by(desk, viewer().organisation, person)
    if not found:
        abort(404)
    casework.note_shown("reading_log", [person], "audit")
    return render_template(
        "readings/of_person.html", found=found, name=people_names({person})[person], kinds=KINDS, other=OTHER
    )


@blueprint.route(
    "/readings/unusual/<uuid:person>/<signal>/<day>/<uuid:pupil>",
    endpoint="review",
    methods=["GET", "POST"],
)
@signed_in(DATA_PROTECTION_OFFICER)
def review(person: UUID, signal: str, day: str, pupil: UUID) -> ResponseReturnValue:
    """Show one unusual reading, and record what was found about it."""
    item = _item(person, signal, day, pupil)
    form = Form(ReadingReviewSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        here, who = runtime(), viewer()
        with here.desk() as desk:
            new = review_reading(
                desk, who.organisation, item.unusual, typed["finding"], by=who.person, at=here.now()
            )
        if new:
            flash(_("Your finding is recorded."))
            return redirect(url_for("readings.page"), 303)
        form.refuse(Refusal("reading_reviewed_before"))
    casework.note_shown("reading_log", [person], "audit")
    return form.page("readings/review.html", item=item, signals=SIGNALS, findings=FINDINGS)


def _item(person: UUID, signal: str, day: str, pupil: UUID) -> UnusualItem:
    try:
        key = (person, signal, date.fromisoformat(day), None if pupil == NOBODY else pupil)
    except ValueError:
        abort(404)
    found = {
        (i.unusual.person, str(i.unusual.signal), i.unusual.day, i.unusual.pupil): i
        for i in unusual_of_organisation()
    }
    if key not in found:
        abort(404)
    return found[key]
