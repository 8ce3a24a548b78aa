"""Run the service on one machine: the database, the web server and one worker, until told to stop.

    python -m scripts.supervise

From the environment: CYDLYNU_DATA, the data folder (default ./data); CYDLYNU_PORT (default 8000);
CYDLYNU_KEYS, the file of outer keys (default keys.json in the data folder); DATABASE_URL, the owner's address
of an externally run database (default: a private one under the data folder).

The children get CYDLYNU_DATABASE (the owner's address) and CYDLYNU_DATA, and never manage the database. The
supervisor itself holds the listening socket, so a web server that is started again loses no connection.
Anything may be killed: a child is started again, after longer and longer pauses; so is the database; and when
the supervisor is killed its children end, the database is stopped by its watchdog, and the next start waits
for both.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import psycopg

from coordination.desk.accounts import any_account
from coordination.desk.demonstration import published_sign_ins
from coordination.store.programs import ServerFailed
from scripts.service.child_processes import Program, ending_with
from scripts.service.messages import operator_sentence
from scripts.service.settings import DATABASE_LOST, CannotStart, ServiceSettings
from scripts.service.supervisor import Step, supervise
from scripts.service.web_command import web_command


class NotPrepared(RuntimeError):
    """The preparation refused the start and has printed why, or failed and has printed its traceback."""


def prepare(settings: ServiceSettings, database: str) -> None:
    """Migrate, check the keys, make the read models and load the demonstration, in a process of its own that ends with
    this one. Raises psycopg.OperationalError when it lost the database, NotPrepared when it failed otherwise."""
    environment = {**os.environ, "CYDLYNU_DATABASE": database, "CYDLYNU_KEYS": str(settings.keys)}
    command = [sys.executable, "-P", "-m", "scripts.prepare"]
    done = subprocess.run(command, env=environment, check=False, preexec_fn=ending_with(os.getpid()))
    if done.returncode == DATABASE_LOST:
        raise psycopg.OperationalError("the connection was lost while the database was being prepared")
    if done.returncode:
        raise NotPrepared(done.returncode)


# At every start, before any child.
PREPARATION: tuple[Step, ...] = (("database", prepare),)


def programs(environment: Mapping[str, str]) -> tuple[Program, ...]:
    """The children. Raises CannotStart for a setting of the web server that cannot be used."""
    return (
        Program("web server", web_command("fd://{socket}", environment), serves=True),
        Program("worker", (sys.executable, "-P", "-m", "scripts.worker"), heartbeat=True),
    )


def welcome(database: str) -> list[str]:
    """What to print once the service answers: one sign-in for each role of the demonstration county where it is loaded,
    or how to make the first administrator where nobody can sign in yet."""
    first: dict[str, str] = {}
    with psycopg.connect(database) as link:
        for one in published_sign_ins(link):
            first.setdefault(one.role, f"{one.role} {one.username} {one.password}")
        if first:
            return [operator_sentence("sign in"), *first.values()]
        return [] if any_account(link) else [operator_sentence("nobody yet")]


def main() -> int:
    """The exit status: 0 after an orderly stop or when it runs already, 1 when it cannot start."""
    try:
        return supervise(
            ServiceSettings.from_environment(os.environ), PREPARATION, programs(os.environ), welcome
        )
    except NotPrepared:
        return 1  # the reason has already been printed
    except (CannotStart, ServerFailed) as error:
        print(error, file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
