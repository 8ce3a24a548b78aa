"""The letter of a challenge: one page to print, in either language, whatever the language of the screen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup

from coordination.directory.state import Standard, TermsOfReference
from projections.challenges.queries import Dossier
from webui.challenge.pages.shared import blueprint
from webui.challenge.reading import find_challenge, note_challenge_shown
from webui.reports.attendance_words import finding_words
from webui.shell.authentication import signed_in
from webui.shell.roles import REPORT_ROLES
from webui.words.formats import in_unit
from webui.words.languages import LOCALES, language
from webui.words.naming import directory


@blueprint.get("/challenges/<uuid:challenge>/letter")
@signed_in(*REPORT_ROLES)
def letter(challenge: UUID) -> ResponseReturnValue:
    """The page with the letter; `language` is the language of the letter."""
    held = find_challenge(challenge)
    chosen = request.args.get("language") or language()
    if chosen not in LOCALES:
        abort(404)
    note_challenge_shown(held)
    with force_locale(LOCALES[chosen]):
        text = Markup(render_template("challenge/letter_text.html", **_facts(held)))  # noqa: S704 - our own template
    return render_template(
        "challenge/letter.html",
        challenge=held.challenge,
        text=text,
        chosen=chosen,
        log_position=held.log_position,
    )


def _facts(held: Dossier) -> dict[str, Any]:
    c = held.challenge
    standard = _standard(held)
    return {
        "challenge": c,
        "lines": held.lines,
        "waits": held.waits,
        "terms": _terms(held),
        "finding": finding_words(c.code, c.kind, c.counted, None, c.out_of),
        "standard": standard,
        "limit": in_unit(standard.limit, standard.unit) if standard else "",
        "position": max(
            [one.raised.position for one in held.lines] + [one.position for one in held.waits], default=0
        ),
    }


def _terms(held: Dossier) -> TermsOfReference | None:
    """The newest terms of reference that the evidence is based on."""
    agency = directory().organisation(held.challenge.agency)
    owed = [line.raised.terms for line in held.lines if line.raised.owed]
    return agency.terms.get(owed[-1]) if agency and owed and owed[-1] else None


def _standard(held: Dossier) -> Standard | None:
    c = held.challenge
    if c.about != "delay" or c.code is None:
        return None
    on = held.waits[0].started_on if held.waits else c.raised_on
    return directory().standard(c.service, c.code, on)
