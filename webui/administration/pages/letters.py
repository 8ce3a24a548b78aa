"""The wording of the letters of an authority's schools."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.letter_wordings import SetLetterWording
from webui.administration.directory_forms import LetterWordingSchema
from webui.administration.pages.shared import ADMINISTRATOR, blueprint, organisation, perform_form, today
from webui.forms import Form
from webui.shell.authentication import signed_in


@blueprint.route("/administration/organisations/<uuid:key>/letters", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def letters(key: UUID) -> ResponseReturnValue:
    """Show the wordings of an authority, and add one; it follows the one before, or replaces one of the same day."""
    found = organisation(key)
    if found.kind != "authority":
        abort(404)
    form = Form(LetterWordingSchema, values={"effective_from": today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        texts: dict[str, Any] = {
            name: typed[name] or "" for name in ("opening", "opening_cy", "request", "request_cy")
        }
        command = SetLetterWording(
            occurred_on=today(),
            organisation=key,
            subject=typed["subject"],
            effective_from=typed["effective_from"],
            effective_to=typed["effective_to"],
            **texts,
        )
        if perform_form(form, [command]):
            flash(_("The wording is recorded."))
            return redirect(url_for("administration.letters", key=key), 303)
    return form.page("administration/letters.html", found=found)
