"""The command of the web server, as the supervisor and `cydlynu serve` start it."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from scripts.service.messages import operator_sentence
from scripts.service.settings import CannotStart

PROCESSES, THREADS = "CYDLYNU_WEB_PROCESSES", "CYDLYNU_WEB_THREADS"
STOPPED_IN = 8
"""Seconds that a web server which is told to stop leaves to the requests that it has begun to answer: fewer than the
supervisor waits before it kills."""


def web_command(bind: str, environment: Mapping[str, str], stopped_in: int = STOPPED_IN) -> tuple[str, ...]:
    """Gunicorn on an address (`host:port`, or `fd://NUMBER`) with CYDLYNU_WEB_PROCESSES processes (default 2) of
    CYDLYNU_WEB_THREADS threads (default 8). Raises CannotStart for a number that is none."""
    processes, threads = (_number(environment, *one) for one in ((PROCESSES, 2), (THREADS, 8)))
    return (
        *(sys.executable, "-m", "gunicorn", "--config", "python:scripts.service.web"),
        *("--bind", bind, "--worker-class", "gthread"),
        *("--workers", str(processes), "--threads", str(threads)),
        *("--no-control-socket", "--graceful-timeout", str(stopped_in), "--log-level", "warning"),
        "webui.wsgi:application",
    )


def _number(environment: Mapping[str, str], name: str, usual: int) -> int:
    given = environment.get(name) or str(usual)
    if not (given.isascii() and given.isdecimal() and 0 < int(given) <= 1000):
        raise CannotStart(operator_sentence("number", name=name))
    return int(given)
