"""What the pages of series share: the blueprint and its dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from coordination.errors import Refusal
from coordination.event import Command
from webui.forms import Form
from webui.shell import casework
from webui.shell.runtime import runtime
from webui.words.text import Words

blueprint = Blueprint("series", __name__)


def perform_series_form(form: Form, commands: Sequence[Command]) -> bool:
    """Perform a form's commands, all or none; False when they are refused, which the form then shows."""
    try:
        casework.perform_all(commands, form.command_id)
    except Refusal as refused:
        form.refuse(refused)
        return False
    return True


def done(address: str, words: Words) -> ResponseReturnValue:
    """Redirect with a message."""
    flash(str(words))
    return redirect(address, 303)


def today() -> date:
    """Today's date in Wales."""
    return runtime().today()
