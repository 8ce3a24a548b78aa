"""Error pages: what the error means and what to do, without internal details."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from psycopg import OperationalError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    SecurityError,
    ServiceUnavailable,
)

from coordination.errors import NotFound, Refusal, StaleVersion
from webui.api import problems
from webui.shell.authentication import is_api_request
from webui.shell.saved_forms import submitted_form
from webui.words.refusals.translated import sentence

# status: the heading, what it means, what to do
WORDS: dict[int, tuple[Any, Any, Any]] = {
    400: (
        _l("We could not read that"),
        _l("The information from your browser was not complete."),
        _l("Go back, check what you entered and send it again."),
    ),
    404: (
        _l("Page not found"),
        _l("The address may be mistyped or out of date, or you may not have access to the page."),
        _l("Nothing was changed."),
    ),
    405: (
        _l("This page cannot be used in that way"),
        _l("You may have reloaded a page from an earlier step."),
        _l("Go to the start page and open it from there."),
    ),
    409: (
        _l("This page has changed"),
        _l("A new entry was recorded here after you opened the page."),
        _l("Open the page again, check what is new, then send yours."),
    ),
    413: (
        _l("What you sent was too large"),
        _l("What you sent is larger than this service accepts."),
        _l("Send less text or a smaller file."),
    ),
    422: (
        _l("This could not be recorded"),
        _l("Nothing was changed."),
        _l("Go back, check what you entered and send it again."),
    ),
    429: (
        _l("Too many attempts"),
        _l("You have tried this more often than the service allows."),
        _l("Wait a while and try again."),
    ),
    500: (
        _l("Something went wrong on our side"),
        _l("The error was logged, without anything about a pupil or about you."),
        _l("Try again in a moment. If it keeps happening, give your administrator the reference below."),
    ),
    503: (
        _l("Cydlynu is not available at the moment"),
        _l("The records are safe, but we cannot reach them at the moment."),
        _l("Wait a minute, then load this page again."),
    ),
}


def register_error_pages(app: Flask) -> None:
    """Give every error a page in the user's language; a program gets a problem document instead."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _for_whom(_http, problems.of_http))
    app.register_error_handler(OperationalError, _for_whom(_no_database, problems.of_database))
    app.register_error_handler(Refusal, _for_whom(_refused, problems.of_refused))


def _for_whom(
    page_of: Callable[[Any], Response], problem_of: Callable[[Any], Response]
) -> Callable[[Any], Response]:
    return lambda error: problem_of(error) if is_api_request() else page_of(error)


def error_page(status: int, *, meaning: str | None = None) -> Response:
    """The error page of a status; `meaning` replaces the sentence that says what happened."""
    heading, usual, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    html = render_template(
        "shell/error.html",
        heading=heading,
        meaning=meaning or usual,
        advice=advice,
        reference=g.get("request_id") if status >= 500 else None,
        kept=submitted_form() if status == 503 else None,
    )
    return make_response(html, status)


def _http(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, OperationalError):
        return _no_database(error.original_exception)
    if isinstance(error, SecurityError):
        # a host name that is not ours: no address can be built for it, so no page either
        return Response(_("This address is not available here.") + "\n", 400, mimetype="text/plain")
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = error_page(error.code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _no_database(_error: OperationalError) -> Response:
    g.session = None
    response = error_page(ServiceUnavailable.code)
    response.headers["Retry-After"] = "10"
    return response


def _refused(refused: Refusal) -> Response:
    """A refusal that no form handled. "Not found" and "no access" look the same."""
    if isinstance(refused, NotFound):
        return error_page(404)
    return error_page(409 if isinstance(refused, StaleVersion) else 422, meaning=sentence(refused))


def _stale_form(_error: CSRFError) -> Response:
    """The page for a form whose token belongs to another session, or without cookies: offer to send the typed values
    again."""
    if g.get("session") is None and g.get("session_over") is not None:
        return make_response(current_app.extensions["session_over_page"]())
    back = request.path if request.endpoint else url_for("welcome.page")
    return make_response(render_template("shell/stale_form.html", kept=submitted_form(), back=back), 400)
