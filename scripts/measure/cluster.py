"""A cluster on loopback: etcd, and nodes of PostgreSQL under Patroni, from the system's packages, with the example of
`scripts/deploy/patroni.yml`."""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import msgspec
import psycopg

from scripts.measure.processor import children_of

EXAMPLE = Path(__file__).resolve().parents[1] / "deploy/patroni.yml"
PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"
POSTGRESQL = Path("/usr/lib/postgresql")
PASSWORD = "only-on-loopback"  # noqa: S105 - of servers that are thrown away


class ClusterPrograms(msgspec.Struct, frozen=True):
    """Where the system's programs are. PostgreSQL's are found by their folder: Debian does not put them into PATH."""

    etcd: str
    patroni: str
    postgresql: Path

    @classmethod
    def found(cls) -> ClusterPrograms | None:
        """None when one of them is not installed."""
        etcd, patroni = (shutil.which(name, path=PLACES) for name in ("etcd", "patroni"))
        versions = [path.parent for path in POSTGRESQL.glob("*/bin/postgres")]
        if etcd is None or patroni is None or not versions:
            return None
        return cls(etcd, patroni, max(versions, key=lambda place: float(place.parent.name)))


class ClusterNode:
    """One node: its Patroni, which starts its PostgreSQL."""

    def __init__(self, name: str, folder: Path, programs: ClusterPrograms, etcd: int) -> None:
        self.name = name
        self.folder = folder / name
        self.folder.mkdir()
        self.port, self.rest = free_port(), free_port()
        self._programs = programs
        self._configuration = self.folder / "patroni.yml"
        self._configuration.write_text(self._configured(etcd))
        own_by_account(self.folder)
        self._process: subprocess.Popen[bytes] | None = None

    def _configured(self, etcd: int) -> str:
        """The example as it is, but for names, addresses, folders and passwords."""
        text = EXAMPLE.read_text()
        for example, ours in (
            ("name: db1", f"name: {self.name}"),
            ("10.0.0.11:8008", f"127.0.0.1:{self.rest}"),
            ("10.0.0.11:2379,10.0.0.12:2379,10.0.0.13:2379", f"127.0.0.1:{etcd}"),
            ("10.0.0.11:5432", f"127.0.0.1:{self.port}"),
            ("10.0.0.0/24", "127.0.0.1/32"),
            ("/var/lib/postgresql/15/cydlynu", f"{self.folder}/data"),
            ("/usr/lib/postgresql/15/bin", str(self._programs.postgresql)),
            ("/var/lib/postgresql/.pgpass-patroni", f"{self.folder}/pgpass"),
            ("/var/run/postgresql", str(self.folder)),
        ):
            if example not in text:
                raise LookupError(f"patroni.yml has no {example!r}")
            text = text.replace(example, ours)
        return re.sub(r"[A-Z]+-PASSWORD", PASSWORD, text)

    def start(self) -> None:
        """Start Patroni, which makes, starts or rejoins the server."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs.patroni, str(self._configuration)],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **as_account(),
            )

    def kill_server(self) -> None:
        """Kill PostgreSQL with everything that belongs to it; Patroni lives and finds it gone."""
        with suppress(FileNotFoundError, ValueError):
            postmaster = int((self.folder / "data/postmaster.pid").read_text().split("\n", 1)[0])
            for process in (*children_of(postmaster), postmaster):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    def kill_machine(self) -> None:
        """Kill Patroni, then PostgreSQL: nobody says that the node has gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self.kill_server()

    @property
    def runs(self) -> bool:
        """Whether its Patroni runs."""
        return self._process is not None and self._process.poll() is None


class PatroniCluster:
    """The nodes, and who of them is what."""

    def __init__(self, nodes: list[ClusterNode]) -> None:
        self.nodes = nodes

    def address(self, user: str, database: str) -> str:
        """An address that leads to the primary, whichever node that is."""
        hosts = ",".join("127.0.0.1" for _ in self.nodes)
        ports = ",".join(str(node.port) for node in self.nodes)
        return (
            f"host={hosts} port={ports} user={user} password={PASSWORD} dbname={database}"
            " target_session_attrs=read-write connect_timeout=2"
        )

    def members(self) -> list[dict[str, str]]:
        """What Patroni says of its members; none while no node answers."""
        for node in self.nodes:
            with (
                suppress(URLError, OSError, ValueError),
                urlopen(f"http://127.0.0.1:{node.rest}/cluster", timeout=2) as a,
            ):
                found: list[dict[str, str]] = json.load(a)["members"]
                return found
        return []

    def primary(self) -> ClusterNode | None:
        """The node that leads."""
        leaders = [one["name"] for one in self.members() if one["role"] == "leader"]
        return next((node for node in self.nodes if node.name in leaders), None)

    def whole(self) -> bool:
        """Whether every node is there, one as the synchronous standby."""
        members = self.members()
        up = [one for one in members if one["state"] in ("running", "streaming")]
        roles = sorted(one["role"] for one in up)
        return len(up) == len(self.nodes) and roles[:1] == ["leader"] and "sync_standby" in roles


@contextmanager
def patroni_cluster(folder: Path, programs: ClusterPrograms, nodes: int) -> Iterator[PatroniCluster]:
    """A cluster with the owner `cydlynu` and a database of that name, until the end of the block."""
    own_by_account(folder)
    client, peer = free_port(), free_port()
    etcd = subprocess.Popen(
        [
            *(programs.etcd, "--data-dir", str(folder / "etcd"), "--log-level", "error"),
            *("--listen-client-urls", f"http://127.0.0.1:{client}"),
            *("--advertise-client-urls", f"http://127.0.0.1:{client}"),
            *("--listen-peer-urls", f"http://127.0.0.1:{peer}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **as_account(),
    )
    made: list[ClusterNode] = []
    try:
        made = [ClusterNode(f"db{number + 1}", folder, programs, client) for number in range(nodes)]
        for node in made:
            node.start()
        cluster = PatroniCluster(made)
        wait_until(cluster.whole, 300)
        with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as link:
            link.execute(f"create role cydlynu login createrole createdb password '{PASSWORD}'".encode())
            link.execute("create database cydlynu owner cydlynu")
        yield cluster
    finally:
        for node in made:
            node.kill_machine()
        etcd.kill()
        etcd.wait()


def wait_until(true: Callable[[], bool], seconds: float) -> None:
    """Raises TimeoutError when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("the cluster does not become whole")
        time.sleep(0.2)


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def as_account() -> dict[str, Any]:
    """PostgreSQL refuses root, who starts everything as Debian's account for it."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def own_by_account(folder: Path) -> None:
    """Give a folder and what is in it to that account."""
    for path in (folder, *folder.rglob("*")):
        if os.geteuid() == 0:
            shutil.chown(path, "postgres", "postgres")
        if path.is_dir():
            path.chmod(0o700)
