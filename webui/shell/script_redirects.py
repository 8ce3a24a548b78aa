"""A form that a script sent and that was taken leads on by a header, so that the browser opens the next page itself:
with its own entry in the history, and with what was said to be shown there."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

# what a form says that is to lead on (forms/fields.html: stays)
LEAD = "X-Lead"


def register_script_redirects(app: Flask) -> None:
    """To be registered before whatever looks at a redirect: what is registered later sees an answer earlier."""

    @app.after_request
    def by_header(response: Any) -> Any:
        if LEAD in request.headers and response.status_code == 303:
            response.headers["HX-Redirect"] = response.headers.pop("Location")
            response.status_code = 200
            response.set_data("")
        return response
