"""Try the service behind PgBouncer in transaction mode, with `pgbouncer.ini`.

    python -m scripts.deploy.try_pgbouncer

Starts a PostgreSQL with a part of the demonstration county and PgBouncer with three connections of the server for each
role, so that hardly two transactions of a page are on the same one. Sixteen people at once open their pages and record,
while nothing but PgBouncer's connections is used. Needs Debian's package pgbouncer, and about a minute. Exit status: 0
when every page was shown and every save is on the record once, 1 otherwise.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from coordination.event import CommandContext
from coordination.pupil.profile.commands import RecordViews
from coordination.store.keys import load_or_make
from coordination.store.migrate import migrate
from coordination.store.server import database
from projections.engine import Engine
from projections.schema import create
from scripts.cli.hosts import pooler_users
from scripts.demonstration.county import SCHOOLS, staff_member
from scripts.demonstration.load import demonstration_people, open_accounts
from scripts.measure.cluster import free_port
from scripts.measure.database import UNTIL, fill_record, in_fresh_process
from webui.app import create_app
from webui.shell.runtime import Runtime
from webui.shell.settings import WebSettings

EXAMPLE = Path(__file__).with_name("pgbouncer.ini")
PASSWORD = "only-on-loopback"  # noqa: S105 - of a database that is thrown away
PEOPLE, TURNS = 16, 8
PAGES = ("/today", "/pupils", "/waiting-times", "/challenges", "/account")


def main() -> int:
    """The exit status, see above."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        print("pgbouncer is needed.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="cydlynu-pooler-") as kept, database(Path(kept), None) as address:
        keys = Path(kept) / "keys.json"
        migrate(address)
        create(address)
        load_or_make(keys)
        in_fresh_process(fill_record, address, keys, 6_000)
        open_accounts(address, datetime.now(UTC))
        engine = Engine(address, load_or_make(keys))
        engine.catch_up()
        engine.close()
        with _bouncer(program, address) as pooler:
            settings = WebSettings(
                database="host=127.0.0.1 port=1",
                pooler=pooler,
                data=Path(kept),
                connections=PEOPLE,
                patience=60,
            )
            app = create_app(settings)
            runtime: Runtime = app.extensions["cydlynu"]
            try:
                wrong, saved = _use(app, runtime)
            finally:
                runtime.close()
        with psycopg.connect(address) as connection:
            query = "select count(*), count(distinct command_id) from log.command where command_id like 'pooled-%'"
            found = connection.execute(query).fetchone()
            noted = connection.execute("select count(*) from desk.read_log").fetchone()
    print(
        f"{PEOPLE} people, {PEOPLE * TURNS * len(PAGES)} pages: {len(wrong)} not shown {sorted(set(wrong))[:5]}"
    )
    print(f"{saved} saves acknowledged, {found} on the record; {noted} readings noted")
    return 0 if not wrong and found == (saved, saved) and noted and noted[0] > 0 else 1


@contextmanager
def _bouncer(program: str, address: str) -> Iterator[str]:
    """The owner's address through PgBouncer with the example as it is, but for its places and its size."""
    port = free_port()
    pooler = f"postgresql://cydlynu:{PASSWORD}@127.0.0.1:{port}/cydlynu"
    place = Path(tempfile.mkdtemp(prefix="cydlynu-pgbouncer-"))
    sockets = parse_qs(urlsplit(address).query)["host"][0]
    text = EXAMPLE.read_text()
    for example, ours in (
        ("host=10.0.0.10", f"host={sockets}"),
        ("listen_addr = 10.0.0.20", "listen_addr = 127.0.0.1"),
        ("listen_port = 6432", f"listen_port = {port}"),
        ("/etc/pgbouncer", str(place)),
        ("/var/log/postgresql", str(place)),
        ("/var/run/postgresql", str(place)),
        ("default_pool_size = 20", "default_pool_size = 3"),
        ("reserve_pool_size = 5", "reserve_pool_size = 0"),
        ("query_wait_timeout = 5", "query_wait_timeout = 60"),
    ):
        if example not in text:
            raise LookupError(f"pgbouncer.ini has no {example!r}")
        text = text.replace(example, ours)
    (place / "pgbouncer.ini").write_text(text)
    (place / "userlist.txt").write_text("".join(f"{line}\n" for line in pooler_users(pooler)))
    account = _account(Path(sockets))
    for path in (place, *place.iterdir()):
        os.chown(path, account, -1)
    process = subprocess.Popen([program, "-q", str(place / "pgbouncer.ini")], user=account)
    try:
        _until_it_answers(pooler)
        yield pooler
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(place, ignore_errors=True)


def _account(sockets: Path) -> int:
    """The account that may enter the server's folder; root's programs run as the server's."""
    owner = sockets.stat().st_uid
    return owner if os.geteuid() == 0 and pwd.getpwuid(owner) else os.geteuid()


def _until_it_answers(pooler: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        with suppress(psycopg.OperationalError):
            psycopg.connect(pooler).close()
            return
        if time.monotonic() > deadline:
            raise TimeoutError("PgBouncer does not answer")
        time.sleep(0.1)


def _use(app: Flask, runtime: Runtime) -> tuple[list[str], int]:
    """What was not shown, and how many saves were acknowledged."""
    # one after the other: sign-ins of one person at the same time are held up, whatever the password
    browsers = [app.test_client() for _ in range(PEOPLE)]
    refused = ["/sign-in" for browser in browsers if _sign_in(browser) != 303]
    with ThreadPoolExecutor(PEOPLE) as people:
        done = list(people.map(lambda number: _person(browsers[number], runtime, number), range(PEOPLE)))
    done.append((refused, 0))
    return [what for wrong, _ in done for what in wrong], sum(saved for _, saved in done)


def _person(client: FlaskClient, runtime: Runtime, number: int) -> tuple[list[str], int]:
    wrong: list[str] = []
    for turn in range(TURNS):
        wrong.extend(page for page in PAGES if client.get(page).status_code != 200)
        _record(runtime, f"pooled-{number}-{turn}", number)
    return wrong, TURNS


def _sign_in(client: FlaskClient) -> int:
    person = next(one for one in demonstration_people() if one.sign_in.role == "alnco")
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    typed = {"csrf_token": token[1], "username": person.sign_in.username, "password": person.sign_in.password}
    return client.post("/sign-in", data=typed).status_code


def _record(runtime: Runtime, command_id: str, number: int) -> None:
    with runtime.desk() as connection:
        rows = connection.execute(
            "select pupil, organisation from log.pupil_access where basis = 'registration' and closed_on is null"
            " order by pupil limit 50"
        ).fetchall()
    pupil, school = rows[number % len(rows)]
    context = CommandContext(
        person=next(staff_member(one, "alnco") for one in SCHOOLS if one.id == school),
        organisation=school,
        role="alnco",
        source="screen",
        command_id=command_id,
        recorded_at=datetime.now(UTC),
    )
    said = RecordViews(occurred_on=UNTIL, pupil=pupil, whose="child", words="I like to read.", language="en")
    runtime.coordination.perform(said, context)


if __name__ == "__main__":
    sys.exit(main())
