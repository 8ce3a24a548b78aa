"""School terms: the days on which pupils come, by which school days are counted."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.commands import SetSchoolTerm
from webui.administration.directory_forms import SchoolTermSchema
from webui.administration.pages.shared import ADMINISTRATOR, blueprint, organisation, perform_form, today
from webui.forms import Form
from webui.shell.authentication import signed_in
from webui.words.naming import directory


@blueprint.route("/administration/organisations/<uuid:key>/school-terms", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def school_term(key: UUID) -> ResponseReturnValue:
    """Add a term of an authority or of a school that keeps its own; it replaces the term that it overlaps."""
    found = organisation(key)
    if found.kind == "agency":
        abort(404)
    form = Form(SchoolTermSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetSchoolTerm(
            occurred_on=today(),
            organisation=key,
            first_day=typed["first_day"],
            last_day=typed["last_day"],
            closed=typed["closed"] or (),
        )
        if perform_form(form, [command]):
            flash(_("The term is recorded. Add the next one."))
            return redirect(url_for("administration.school_term", key=key), 303)
    held = directory().school_terms(key)
    return form.page("administration/school_term.html", found=found, held=held[-6:])
