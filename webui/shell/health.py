"""For whatever watches the service: is it alive, can it serve, and its figures. Nothing here is about a person."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, request
from psycopg import Error as DatabaseError

from webui.shell.authentication import needs_no_session
from webui.shell.metrics import exposition
from webui.shell.runtime import runtime
from webui.shell.standing import service_standing

blueprint = Blueprint("health", __name__)
DRAINING = "CYDLYNU_DRAINING"
"""The variable that names the file which is there while this web server is about to stop."""


@blueprint.get("/healthz")
@needs_no_session
def healthz() -> Response:
    """200 `ok`, or 503 `database unreachable`. The text is for machines and is not translated."""
    if runtime().database_reachable():
        return Response("ok\n", mimetype="text/plain")
    return Response("database unreachable\n", 503, mimetype="text/plain")


@blueprint.get("/readyz")
@needs_no_session
def readyz() -> Response:
    """200 when this web server can serve pages, else 503; in either case what was found, as JSON. That the worker is
    silent or behind is said, and is no reason to take a web server away: pages say it themselves. One that is about to
    stop is not ready."""
    try:
        standing = service_standing(runtime())
    except DatabaseError:
        answer = jsonify(ready=False, database="unreachable")
        answer.status_code = 503
        return answer
    stopping = Path(os.environ.get(DRAINING) or "/nonexistent").exists()
    answer = jsonify(
        ready=standing.current and not stopping,
        database="reachable",
        read_models="current" if standing.current else "of another version",
        events_behind=standing.events_behind,
        worker_seen_seconds=standing.worker_seen_seconds,
    )
    answer.status_code = 200 if standing.current and not stopping else 503
    return answer


@blueprint.get("/metrics")
@needs_no_session
def metrics() -> Response:
    """The figures of this service for Prometheus; only for a program on this machine that came without a proxy."""
    if not _from_this_machine():
        abort(404)
    try:
        standing = service_standing(runtime())
    except DatabaseError:
        standing = None
    text, kind = exposition(standing)
    return Response(text, content_type=kind)


def _from_this_machine() -> bool:
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
    return not forwarded and ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
