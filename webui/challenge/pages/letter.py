"""The letter of a challenge, as a page or a PDF, in either language, whatever that of the screen."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from projections.challenges.queries import Dossier
from webui.challenge.letter import letter_of
from webui.challenge.pages.shared import blueprint
from webui.challenge.reading import find_challenge, note_challenge_shown
from webui.papers.paper import Paper
from webui.papers.sending import pdf_response
from webui.shell.authentication import signed_in
from webui.shell.roles import REPORT_ROLES
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
    return pdf_response(_letter(held), f"{str(challenge)[:8]}-letter")


def _letter(held: Dossier) -> Paper:
    chosen = request.args.get("language") or language()
    if chosen not in LOCALES:
        abort(404)
    note_challenge_shown(held)
    with force_locale(LOCALES[chosen]):
        return letter_of(held, chosen)
