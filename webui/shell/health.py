"""The health check for monitoring: whether the service can reach its database."""

from __future__ import annotations

from flask import Blueprint, Response

from webui.shell.authentication import needs_no_session
from webui.shell.runtime import runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@needs_no_session
def healthz() -> Response:
    """200 `ok`, or 503 `database unreachable`. The text is for machines and is not translated."""
    if runtime().database_reachable():
        return Response("ok\n", mimetype="text/plain")
    return Response("database unreachable\n", 503, mimetype="text/plain")
