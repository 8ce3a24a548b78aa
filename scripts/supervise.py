"""Run the service on one machine: the database, the web server and one worker, until told to stop.

    python -m scripts.supervise

From the environment: CYDLYNU_DATA, the data folder (default ./data); CYDLYNU_PORT (default 8000);
CYDLYNU_KEYS, the file of outer keys (default keys.json in the data folder); DATABASE_URL, the owner's address
of a database that somebody else runs (default: a private one under the data folder).

The children get CYDLYNU_DATABASE (the owner's address) and CYDLYNU_DATA, and never manage the database. The
supervisor itself holds the listening socket, so a web server that is started again loses no connection.
Anything may be killed: a child is started again, after longer and longer pauses; so is the database; and when
the supervisor is killed its children end, the database is stopped by its watchdog, and the next start waits
for both.
"""

from __future__ import annotations

import os
import sys

import psycopg

from coordination.desk.demonstration import published_sign_ins
from coordination.store.application import Record
from coordination.store.keys import WrongKeys, load_or_make
from coordination.store.migrate import APPEND, MigrationRefused, as_role, migrate
from coordination.store.server import ServerFailed
from projections import engine
from projections.rebuild import outdated, rebuild
from scripts.demonstration import first_start
from scripts.service.children import Program
from scripts.service.settings import CannotStart, Settings
from scripts.service.supervisor import SignIn, Step, supervise
from scripts.service.words import sentence


def bring_up_to_date(_settings: Settings, database: str) -> None:
    """Run the migrations that the database lacks."""
    migrate(database)


def make_keys(settings: Settings, database: str) -> None:
    """Make the file of outer keys for a record that has none yet, and look that it is the record's own. A lost file is
    never replaced by a new one: what was sealed would stay shut. Raises CannotStart."""
    if not settings.keys.exists():
        with psycopg.connect(database) as link:
            if link.execute("select from log.stream_key limit 1").fetchone() is not None:
                raise CannotStart(sentence("keys missing", file=settings.keys))
    record = Record(as_role(database, APPEND), load_or_make(settings.keys), pool_size=1)
    try:
        record.check_keys()
    except WrongKeys:
        raise CannotStart(sentence("keys of another", file=settings.keys)) from None
    finally:
        record.close()


def make_read_models(settings: Settings, database: str) -> None:
    """Make the read schema, or build it anew when another version of the program made it."""
    if not engine.create(database) and outdated(database):
        rebuild(database, load_or_make(settings.keys))


def load_demonstration(settings: Settings, database: str) -> None:
    """Load the demonstration county into an empty store."""
    first_start.prepare(database, settings.keys)


# In this order at every start, before any child. Each step does nothing when there is nothing to do.
PREPARATION: tuple[Step, ...] = (
    ("migrations", bring_up_to_date),
    ("keys", make_keys),
    ("read models", make_read_models),
    ("demonstration", load_demonstration),
)

PROGRAMS = (
    Program(
        "web server",
        (
            *(sys.executable, "-m", "gunicorn", "--config", "python:scripts.service.web"),
            *("--bind", "fd://{socket}", "--worker-class", "gthread", "--workers", "2", "--threads", "8"),
            *("--no-control-socket", "--graceful-timeout", "8", "--log-level", "warning"),
            "webui.wsgi:application",
        ),
        serves=True,
    ),
    Program("worker", (sys.executable, "-P", "-m", "scripts.worker")),
)


def sign_ins(database: str) -> list[SignIn]:
    """One sign-in for each role of the demonstration county, where it is loaded."""
    first: dict[str, SignIn] = {}
    with psycopg.connect(database) as link:
        for one in published_sign_ins(link):
            first.setdefault(one.role, (one.role, one.username, one.password))
    return list(first.values())


def main() -> int:
    """The exit status: 0 after an orderly stop or when it runs already, 1 when it cannot start."""
    try:
        return supervise(Settings.from_environment(os.environ), PREPARATION, PROGRAMS, sign_ins)
    except (CannotStart, MigrationRefused, ServerFailed) as error:
        print(error, file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
