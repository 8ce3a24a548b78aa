"""A streaming replica of a private server, made with the same programs."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg

from coordination.store.programs import account_for, place_of, reachable_binaries, run, started_as
from coordination.store.server import ADMINISTRATOR, DATABASE, OWNER, PostgresServer

SETTINGS = ("listen_addresses=", "port=5432", "fsync=off", "hot_standby_feedback=on")


class RunningReplica:
    """A replica: `address` for the owner, as the service is told it."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.process = process
        self.address = f"postgresql://{OWNER}@/{DATABASE}?host={quote(str(folder))}&port=5432"

    def stop(self) -> None:
        """Stop it, connections or none."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def administer(self, statement: str) -> object:
        """A statement as the administrator of the server; the one value that it gives."""
        conninfo = f"host={self.folder} user={ADMINISTRATOR} dbname={DATABASE}"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None


@contextmanager
def replica_of(server: PostgresServer, address: str) -> Iterator[RunningReplica]:
    """A replica of the private server at `address`, until the end of the block."""
    account = account_for(server.root, server.cluster)
    programs = reachable_binaries(server.root, account)
    folder = Path(tempfile.mkdtemp(prefix="cydlynu-replica-", dir="/tmp"))
    cluster = server.root / "replica"
    cluster.mkdir(mode=0o700)
    if account:
        for place in (folder, cluster):
            shutil.chown(place, account.user, account.group)
    sockets = parse_qs(urlsplit(address).query)["host"][0]
    copy = [str(programs / "pg_basebackup"), "-h", sockets, "-U", ADMINISTRATOR]
    copied = run([*copy, "-D", place_of(account, cluster), "-R", "-c", "fast", "--no-sync"], account, cluster)
    assert copied.returncode == 0, copied.stderr.decode()
    command = [str(programs / "postgres"), "-D", place_of(account, cluster)]
    settings = [f"-c{one}" for one in (*SETTINGS, f"unix_socket_directories={folder}")]
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *settings], **started_as(account), cwd=cluster, stdout=log, stderr=log
        )
    replica = RunningReplica(folder, process)
    try:
        _await(replica)
        yield replica
    finally:
        replica.stop()
        Path(log.name).unlink()
        shutil.rmtree(folder, ignore_errors=True)


def _await(replica: RunningReplica) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            assert replica.administer("select pg_is_in_recovery()") is True
            return
        except psycopg.OperationalError:
            assert replica.process.poll() is None, "the replica ended"
            assert time.monotonic() < deadline, "the replica does not answer"
            time.sleep(0.02)
