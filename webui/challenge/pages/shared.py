"""The blueprint of the challenge pages, and the word functions for their macros."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from webui.challenge.words import RULINGS
from webui.reports.attendance_words import ANSWERS, UNEXPECTED

blueprint = Blueprint("challenges", __name__)


@blueprint.record_once
def offer_words(setup: BlueprintSetupState) -> None:
    """Add the word functions used by the macros of the evidence and the letter, wherever they are imported."""
    setup.app.jinja_env.globals.update(
        unexpected_words=UNEXPECTED,
        answer_words=ANSWERS,
        ruling_words=RULINGS,
    )
