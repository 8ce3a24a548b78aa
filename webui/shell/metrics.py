"""Figures for Prometheus, of all web server processes together. Labels are rooms and status codes: never an id, a name
or an address."""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from webui.shell.standing import ServiceStanding

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The folder in which the processes of a web server add up their figures; without it each has its own."""

_OWN = CollectorRegistry()
REQUESTS = Counter("cydlynu_requests", "Requests answered.", ("room", "method", "status"), registry=_OWN)
SECONDS = Histogram(
    "cydlynu_request_seconds",
    "Seconds until the answer was ready.",
    ("room",),
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=_OWN,
)
STANDING = {
    "log_position": "The newest event's position in the log.",
    "read_position": "The position up to which the read models have it.",
    "events_behind": "Events that the read models lack.",
    "worker_seen_seconds": "Seconds since the leading worker was last heard of.",
    "current": "1 when the read models were made by this version of the program.",
}


def count_requests(app: Flask) -> None:
    """Count every request of the application by room (the endpoint's blueprint), method and status."""

    @app.after_request
    def counted(response: Response) -> Response:
        room = request.blueprint or "none"
        REQUESTS.labels(room, request.method, str(response.status_code)).inc()
        if "began" in g:
            SECONDS.labels(room).observe(time.perf_counter() - g.began)
        return response


def exposition(standing: ServiceStanding | None) -> tuple[bytes, str]:
    """The figures as text, and its content type. `standing` None: the database does not answer."""
    registry = CollectorRegistry()
    if os.environ.get(SHARED):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = _OWN
    now = CollectorRegistry()
    up = Gauge("cydlynu_database_up", "1 when the database answers.", registry=now)
    up.set(standing is not None)
    for name, meaning in STANDING.items():
        value = getattr(standing, name, None)
        if value is not None:
            Gauge(f"cydlynu_{name}", meaning, registry=now).set(float(value))
    return generate_latest(registry) + generate_latest(now), CONTENT_TYPE_LATEST
