"""The language switch."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from psycopg import OperationalError

from coordination.desk.accounts import choose_language
from webui.shell.authentication import current, needs_no_database
from webui.shell.local_paths import local_path
from webui.shell.runtime import runtime
from webui.words.languages import LOCALES, remember_language

blueprint = Blueprint("languages", __name__)


@blueprint.get("/language/<code>")
@needs_no_database
def choose(code: str) -> ResponseReturnValue:
    """Change the language and return to the same page. It is a plain link: following it twice does no harm, and it
    works where forms do not."""
    if code not in LOCALES:
        abort(404)
    session = current()
    if session is not None and session.account.language != code:
        try:
            with runtime().desk() as conn:
                choose_language(conn, session.account.account, code)
        except OperationalError:
            pass  # the cookie below is still valid for this visit
    response = redirect(local_path(request.args.get("to")) or url_for("welcome.page"), 303)
    remember_language(response, code)
    return response
