"""One JSON line for each request, with ids and path patterns only: no query, no name, no text of an error."""

from __future__ import annotations

import sys
import time
import traceback
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request

from webui.shell.runtime import runtime

Crash = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
log = structlog.get_logger("cydlynu.web")


def configure_logs() -> None:
    """Log JSON lines to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        # looked up at each line: a supervisor or a test may have replaced it
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log_requests(app: Flask) -> None:
    """Give each request an id, return it in the response, and write one line when the request ends."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = runtime().new_id().hex
        # otherwise the ids of the last request of this thread would appear in this one
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint not in ("assets.file", "health.healthz", "health.readyz", "health.metrics"):
            log.info("request", **_about(response))
        return response


def log_crash(error: Crash) -> None:
    """Log where a crash happened and its type; its message and variables may contain a pupil's name."""
    kind, _, trace = error
    frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
    log.error("crash", kind=kind.__qualname__ if kind else None, frames=frames, route=_route())


def _about(response: Response) -> dict[str, Any]:
    session, token = g.get("session"), g.get("token")
    return {
        "method": request.method,
        "route": _route(),
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
        "person": str(session.account.person) if session else None,
    } | ({"token": str(token.token)} if token else {})


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None
