"""The letter of a challenge, as a page or a PDF, in either language, whatever that of the screen; and the pack."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from coordination.errors import Refusal
from coordination.outbox.message import case_reference
from projections.challenges.queries import Dossier
from webui.challenge.letter import letter_of
from webui.challenge.packing import challenge_pack
from webui.challenge.pages.shared import blueprint
from webui.challenge.reading import find_challenge, note_challenge_shown
from webui.papers.paper import Paper
from webui.papers.sending import pdf_response
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, REPORT_ROLES, SCHOOL_COORDINATION
from webui.words.languages import LOCALES, language


@blueprint.get("/challenges/<uuid:challenge>/letter")
@signed_in(*REPORT_ROLES)
def letter(challenge: UUID) -> ResponseReturnValue:
    """The page with the letter; `language` is the language of the letter."""
    held = find_challenge(challenge)
    paper = _letter(held)
    return render_template(
        "challenge/letter.html", challenge=held.challenge, paper=paper, log_position=held.log_position
    )


@blueprint.get("/challenges/<uuid:challenge>/letter.pdf")
@signed_in(*REPORT_ROLES)
def letter_pdf(challenge: UUID) -> ResponseReturnValue:
    """The letter as PDF/UA."""
    held = find_challenge(challenge)
    return pdf_response(_letter(held), f"letter-{case_reference(challenge)}")


@blueprint.get("/challenges/<uuid:challenge>/evidence.zip")
@signed_in(*SCHOOL_COORDINATION, *AGENCY_DESK)
def evidence(challenge: UUID) -> ResponseReturnValue:
    """The evidence pack, for the two parties: checked without Cydlynu by the program inside."""
    held = find_challenge(challenge)
    note_challenge_shown(held)
    try:
        packed = challenge_pack(held, casework.reader(), viewer())
    except Refusal:  # its last events are newer than the last head
        flash(_("The evidence pack can be made from tomorrow, when the record has been signed again."))
        return redirect(url_for("challenges.one", challenge=challenge), 303)
    response = Response(packed, mimetype="application/zip")
    name = f"evidence-{case_reference(challenge)}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _letter(held: Dossier) -> Paper:
    chosen = request.args.get("language") or language()
    if chosen not in LOCALES:
        abort(404)
    note_challenge_shown(held)
    with force_locale(LOCALES[chosen]):
        return letter_of(held, chosen)
