"""The same form sent twice (a double click, a reload, the back button): the second is answered like the first.

The record accepts each command id once; but the first sending of a form may have changed the choices offered, and a
second reading would then report an error although the first one succeeded. The browser's session therefore remembers
the last form and where it redirected. Different data under the same id is not a repeat: the page itself refuses it.
"""

from __future__ import annotations

import hashlib

from flask import Flask, redirect, request, session
from werkzeug.wrappers import Response

from webui.shell.authentication import current
from webui.shell.drafts import FIELD

KEPT = 5
_KEY = "sent"


def register_repeat_answers(app: Flask) -> None:
    """Redirect a repeated form as before, and remember where each accepted form redirected."""
    app.before_request(_repeated)
    app.after_request(_remember)


def _repeated() -> Response | None:
    if not _counts():
        return None
    mark = _mark()
    where = next((where for sent, where in _sent() if sent == mark), None)
    return redirect(where, 303) if where else None


def _remember(response: Response) -> Response:
    if request.method == "POST" and response.status_code == 303 and _counts():
        mark = _mark()
        others = [one for one in _sent() if one[0] != mark]
        session[_KEY] = [*others[-(KEPT - 1) :], (mark, response.location)]
    return response


def _counts() -> bool:
    return (
        request.method == "POST"
        and current() is not None
        and "command_id" in request.form
        and FIELD not in request.form
        and not request.files
    )


def _mark() -> str:
    """A hash of the address and all values that were sent."""
    fields = [(n, t) for n, t in request.form.items(multi=True) if n != "csrf_token"]
    return hashlib.sha256(repr((request.full_path, fields)).encode("utf-8", "replace")).hexdigest()[:20]


def _sent() -> list[tuple[str, str]]:
    held = session.get(_KEY)
    if not isinstance(held, list):
        return []
    return [(str(one[0]), str(one[1])) for one in held if isinstance(one, list | tuple) and len(one) == 2]
