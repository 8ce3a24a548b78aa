"""Prepare the database before the service starts: migrations, keys, read models, demonstration county.

    python -m scripts.prepare

The supervisor runs this as a process of its own, so that it does not keep in memory what only a start needs. It reads
the same environment as the supervisor; CYDLYNU_DATABASE is the owner's address of the database. Exit status: 0 done, 1
when the service must not start (the reason is on standard error), DATABASE_LOST when the database went away meanwhile.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import psycopg

from coordination.store.application import Record
from coordination.store.earlier import mark_former_numbers
from coordination.store.grants import put_rights_right
from coordination.store.keys import WrongKeys, load_or_make, put_given
from coordination.store.likeness import fill_likenesses
from coordination.store.migrate import APPEND, MigrationRefused, as_role, migrate
from projections import schema
from projections.rebuild import outdated, rebuild
from scripts.demonstration import first_start
from scripts.service.messages import operator_sentence
from scripts.service.settings import DATABASE_LOST, CannotStart, ServiceSettings
from webui.shell.sign_in_settings import SignInSettings

Step = tuple[str, Callable[[ServiceSettings, str], object]]
"""Its name; what to do with the settings and the owner's database address."""


def bring_up_to_date(_settings: ServiceSettings, database: str) -> None:
    """Run the migrations that the database lacks, and put roles and rights right: a restored database may lack them."""
    migrate(database)
    with psycopg.connect(database, autocommit=True) as link:
        put_rights_right(link)


def make_keys(settings: ServiceSettings, database: str) -> None:
    """Make the file of outer keys for a record that has none yet, and check that it is the record's own. A lost file
    is never replaced by a new one: what was sealed would stay closed. With the keys, pupils whom an earlier version
    recorded get their look-ups by likeness, and their former numbers are marked. Keys that the operator gave as text
    are put into the file first. Raises CannotStart."""
    try:
        put_given(settings.keys, settings.given_keys)
    except WrongKeys:
        raise CannotStart(operator_sentence("keys given", file=settings.keys)) from None
    if not settings.keys.exists():
        with psycopg.connect(database) as link:
            if link.execute("select from log.stream_key limit 1").fetchone() is not None:
                raise CannotStart(operator_sentence("keys missing", file=settings.keys))
    record = Record(as_role(database, APPEND), load_or_make(settings.keys), pool_size=1)
    try:
        record.check_keys()
        fill_likenesses(record)
        mark_former_numbers(record)
    except WrongKeys:
        raise CannotStart(operator_sentence("keys of another", file=settings.keys)) from None
    finally:
        record.close()


def make_read_models(settings: ServiceSettings, database: str) -> None:
    """Make the read schema, or rebuild it when another version of the program made it."""
    if not schema.create(database) and outdated(database):
        rebuild(database, load_or_make(settings.keys))


def check_sign_in(_settings: ServiceSettings, _database: str) -> None:
    """Refuse settings for signing in that cannot be used, before any child would fail with them."""
    try:
        SignInSettings.from_environment(os.environ)
    except ValueError as wrong:
        raise CannotStart(str(wrong)) from None


def load_demonstration(settings: ServiceSettings, database: str) -> None:
    """Load the demonstration county into an empty store."""
    first_start.prepare(database, settings.keys)


# In this order at every start, before any child. Each step does nothing when there is nothing to do.
PREPARATION: tuple[Step, ...] = (
    ("sign-in settings", check_sign_in),
    ("migrations", bring_up_to_date),
    ("keys", make_keys),
    ("read models", make_read_models),
    ("demonstration", load_demonstration),
)


def main() -> int:
    """The exit status, see above. A mistake in a step is not caught: its traceback names the step."""
    database = os.environ["CYDLYNU_DATABASE"]
    try:
        settings = ServiceSettings.from_environment(os.environ)
        for name, step in PREPARATION:
            try:
                step(settings, database)
            except Exception as error:
                error.add_note(f"while preparing the {name}")
                raise
    except (CannotStart, MigrationRefused) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    except psycopg.OperationalError as error:
        print(str(error).strip(), file=sys.stderr, flush=True)
        return DATABASE_LOST
    return 0


if __name__ == "__main__":
    sys.exit(main())
