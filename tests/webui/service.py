"""The service as a test runs it: on a fresh database, cheap passwords, a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
from flask import Flask

from coordination.desk.accounts import Account, add_account
from coordination.desk.passwords import PasswordCost, Passwords
from coordination.desk.throttle import ThrottleLimits
from tests.beginnings import keys_in
from tests.readers import kept_readers
from tests.webui.applications import COMPILED, application, kept_application
from webui.shell.settings import WebSettings

CHEAP = PasswordCost(passes=1, memory_kib=64, lanes=1)
PASSWORD = "correct horse"

# A Monday in winter, in the middle of the day: a test has the same day on whichever day it runs, in UTC and in Wales.
NOW = datetime(2026, 11, 30, 11, tzinfo=UTC)


class MovableClock:
    """The time as a test wants it."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **how_long: float) -> None:
        """Let time go by: `clock.advance(minutes=61)`."""
        self.at += timedelta(**how_long)


class RunningService(msgspec.Struct):
    """The running application, its clock and its database (the owner's address)."""

    app: Flask
    clock: MovableClock
    database: str

    def person(self, role: str = "alnco", **more: Any) -> Account:
        """Somebody who may sign in; `more` are fields of Account, and password."""
        account = Account(
            account=uuid4(),
            person=more.get("person") or uuid4(),
            organisation=more.get("organisation") or uuid4(),
            role=role,
            username=more.get("username", role),
            display_name=more.get("display_name", "Nia Prydderch"),
            language=more.get("language", "en"),
        )
        hashed = Passwords(CHEAP).hash(more.get("password", PASSWORD))
        with psycopg.connect(self.database) as conn:
            add_account(conn, account, password_hash=hashed, created_at=self.clock())
        return account


@contextmanager
def service_on(
    database: str, data: Path, *, with_gallery: bool = False, **settings: Any
) -> Iterator[RunningService]:
    """The application on this database; `settings` are those of webui.settings.Settings. `with_gallery`: with the
    gallery of fields as an extra page."""
    clock = MovableClock()
    data.mkdir(parents=True, exist_ok=True)
    keys_in(data)
    if not (data / "cache").exists():
        (data / "cache").symlink_to(Path(COMPILED.name, "cache"))
    chosen = {"password_cost": CHEAP, "throttle": ThrottleLimits(by_pair=3), "patience": 1.0} | settings
    chosen_settings = WebSettings(database=database, data=data, **chosen)
    with (
        (
            application(chosen_settings, clock)
            if settings
            else kept_application(chosen_settings, clock, with_gallery=with_gallery)
        ) as app,
        kept_readers(app.extensions["cydlynu"], "" if settings else database),
    ):
        yield RunningService(app, clock, database)
