"""A web server or a worker on a host of its own: what `cydlynu serve` and `cydlynu work` start.

Such hosts share nothing but the database and the secrets. Everything comes from the environment, nothing is made that
another host would not have, and lines go to standard output. No supervisor is needed: whatever runs the host starts
again what ends (systemd, a container engine), and SIGTERM ends it in order.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from coordination.store.keys import WrongKeys, put_given
from coordination.store.secret_settings import SecretRefused, secret_setting
from scripts.service.messages import operator_sentence
from scripts.service.settings import HOST, METRICS_FOLDER, CannotStart, ServiceSettings
from scripts.service.web_command import web_command
from webui.shell.health import DRAINING

STOPPED_IN = 25
"""Seconds for the requests that a stopping host has begun to answer: fewer than the 40 of its unit."""
WEB_SECRET = "CYDLYNU_SECRET_KEY"  # noqa: S105 - the name of a setting


def serving(environment: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The command of a web server and its environment. Raises CannotStart."""
    settings = _host(environment)
    try:
        secret = secret_setting(environment, WEB_SECRET)
    except SecretRefused as refused:
        raise CannotStart(str(refused)) from None
    if secret is None:
        raise CannotStart(operator_sentence("secret needed"))
    bind = environment.get("CYDLYNU_BIND") or f"{HOST}:{settings.port}"
    metrics = settings.data / "metrics" / bind.rpartition(":")[2]
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(mode=0o700, parents=True)
    draining = settings.data / f"draining-{bind.rpartition(':')[2]}"
    draining.unlink(missing_ok=True)
    own = {METRICS_FOLDER: str(metrics), DRAINING: str(draining)}
    return web_command(bind, environment, STOPPED_IN), _given_on(environment, settings) | own


def working(environment: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The command of a worker and its environment. Raises CannotStart."""
    settings = _host(environment)
    return (sys.executable, "-P", "-m", "scripts.worker"), _given_on(environment, settings)


def preparing(environment: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The command that brings the database up to date, once for each release, and its environment; it makes the keys
    of a record that has none. Raises CannotStart."""
    settings = _database_given(environment)
    more = _given_on(environment, settings) | {"CYDLYNU_DEMONSTRATION": "no"}
    return (sys.executable, "-P", "-m", "scripts.prepare"), more


def become(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Be that program from now on: signals reach it, and what it says goes to standard output."""
    sys.stdout.flush()
    os.dup2(1, 2)
    os.execve(command[0], list(command), dict(environment))  # noqa: S606 - a program of our own, without a shell


def _database_given(environment: Mapping[str, str]) -> ServiceSettings:
    settings = ServiceSettings.from_environment(environment)
    if settings.url is None:
        raise CannotStart(operator_sentence("database needed"))
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings


def _host(environment: Mapping[str, str]) -> ServiceSettings:
    """The settings of a host: the address of the database, and keys that are there. A host that made its own keys
    would seal what no other can open."""
    settings = _database_given(environment)
    try:
        put_given(settings.keys, settings.given_keys)
    except WrongKeys:
        raise CannotStart(operator_sentence("keys given", file=settings.keys)) from None
    if not settings.keys.exists():
        raise CannotStart(operator_sentence("keys needed", file=settings.keys))
    return settings


def _given_on(environment: Mapping[str, str], settings: ServiceSettings) -> dict[str, str]:
    """The environment of the program, which finds this checkout from wherever the command was given."""
    checkout = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (checkout, environment.get("PYTHONPATH"))))
    kept = {name: value for name, value in environment.items() if not name.startswith("DATABASE_URL")}
    return kept | {
        "PYTHONPATH": path,
        "CYDLYNU_DATABASE": str(settings.url),
        "CYDLYNU_DATA": str(settings.data),
        "CYDLYNU_KEYS": str(settings.keys),
    }
