"""Redirects for forms sent by a script: an accepted form redirects by a header, so that the browser opens the next
page itself, with its own history entry and with the message for it."""

from __future__ import annotations

from flask import Flask, Response, request

# the header of a form that should redirect (forms/fields.html: stays)
LEAD = "X-Lead"


def register_script_redirects(app: Flask) -> None:
    """Register before other functions that examine redirects: functions registered later see a response earlier."""

    @app.after_request
    def by_header(response: Response) -> Response:
        if LEAD in request.headers and response.status_code == 303:
            response.headers["HX-Redirect"] = response.headers.pop("Location")
            response.status_code = 200
            response.set_data("")
        return response
