"""The primary killed again and again while saves are made: what was acknowledged and is gone, and how long nobody could
save.

    python -m scripts.measure.failover [--kills N] [--nodes N] [--writers N] [--json FILE]

Writers give the service's own command (an ALNCo records what a child said) through an address of all nodes, each
again until it is acknowledged, under the same command id. Every second kill takes PostgreSQL alone, whose Patroni
lives and says so; the others take Patroni too, as when a machine stops, and are noticed when its lease runs out. At
the end every acknowledged command is looked up on the primary of that moment.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path
from statistics import median
from uuid import UUID

import msgspec
import psycopg

from coordination.event import CommandContext
from coordination.pupil.profile.commands import RecordViews
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import APPEND, as_role, migrate
from scripts.demonstration.county import SCHOOLS, staff_member
from scripts.measure.cluster import ClusterPrograms, PatroniCluster, patroni_cluster, wait_until
from scripts.measure.database import UNTIL, fill_record, in_fresh_process

EVENTS = 2_000
KILLS, NODES, WRITERS = 20, 3, 4


class FailoverTimes(msgspec.Struct, frozen=True):
    """`lost`: acknowledged and gone; `doubled`: recorded more than once; seconds without writes for each kill, of the
    server alone and of the whole machine."""

    kills: int
    nodes: int
    acknowledged: int
    lost: int
    doubled: int
    server: tuple[float, ...]
    machine: tuple[float, ...]

    @property
    def longest(self) -> float:
        return max((*self.server, *self.machine), default=0.0)

    def lines(self) -> list[str]:
        """What is printed."""
        said = [
            f"{self.kills} kills of the primary of {self.nodes} nodes, {self.acknowledged:,} saves acknowledged:"
            f" {self.lost} lost, {self.doubled} recorded twice",
        ]
        for what, seconds in (("the server alone", self.server), ("the whole machine", self.machine)):
            if seconds:
                said.append(
                    f"{what} killed {len(seconds)} times: {median(seconds):.1f} s without writes (median),"
                    f" {min(seconds):.1f} to {max(seconds):.1f}"
                )
        return said


class SavingWriters:
    """Threads that save, each command again until it is acknowledged. `acknowledged`: command id and when."""

    def __init__(self, service: Coordination, pupils: list[tuple[UUID, UUID]], writers: int) -> None:
        self._service = service
        self._pupils = pupils
        self._over = threading.Event()
        self._numbers = count(1)
        self.acknowledged: list[tuple[str, float]] = []
        self.problems: set[str] = set()
        self._threads = [threading.Thread(target=self._save_on) for _ in range(writers)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends them; each gives up what is not acknowledged by then."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def last(self) -> float:
        """When the last save was acknowledged."""
        return self.acknowledged[-1][1] if self.acknowledged else 0.0

    def _save_on(self) -> None:
        while not self._over.is_set():
            number = next(self._numbers)
            while not self._over.is_set():
                try:
                    self._save(number)
                    break
                except psycopg.Error as lost:
                    self.problems.add(type(lost).__name__)
                    self._over.wait(0.1)

    def _save(self, number: int) -> None:
        pupil, school = self._pupils[number % len(self._pupils)]
        alncos = {one.id: staff_member(one, "alnco") for one in SCHOOLS}
        context = CommandContext(
            person=alncos[school],
            organisation=school,
            role="alnco",
            source="screen",
            command_id=f"failover-{number}",
            recorded_at=datetime.now(UTC),
        )
        said = RecordViews(
            occurred_on=UNTIL, pupil=pupil, whose="child", words="I like to read.", language="en"
        )
        self._service.perform(said, context)
        self.acknowledged.append((context.command_id, time.monotonic()))


def measure(kills: int = KILLS, nodes: int = NODES, writers: int = WRITERS) -> FailoverTimes:
    """Raises RuntimeError when the packages are not installed, TimeoutError when the cluster does not become whole."""
    programs = ClusterPrograms.found()
    if programs is None:
        raise RuntimeError("Install Debian's packages patroni, etcd-server and postgresql.")
    with (
        tempfile.TemporaryDirectory(prefix="cydlynu-failover-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryDirectory(prefix="cydlynu-keys-") as kept,
        patroni_cluster(Path(folder), programs, nodes) as cluster,
    ):
        address, keys = cluster.address("cydlynu", "cydlynu"), Path(kept) / "keys.json"
        migrate(address)
        load_or_make(keys)
        in_fresh_process(fill_record, address, keys, EVENTS)
        record = Record(as_role(address, APPEND), load_or_make(keys), pool_size=writers)
        try:
            return _killed(cluster, address, Coordination(record), kills, writers)
        finally:
            record.close()


def _killed(
    cluster: PatroniCluster, address: str, service: Coordination, kills: int, writers: int
) -> FailoverTimes:
    saving = SavingWriters(service, _pupils(address), writers)
    saving.start()
    seconds: dict[bool, list[float]] = {False: [], True: []}
    try:
        wait_until(lambda: len(saving.acknowledged) > 100, 120)
        for number in range(kills):
            machine = number % 2 == 1
            seconds[machine].append(_one_kill(cluster, saving, machine))
            _tell(f"kill {number + 1} of {kills}: {seconds[machine][-1]:.1f} s without writes")
    finally:
        saving.stop()
    wait_until(cluster.whole, 300)
    asked = [command for command, _ in saving.acknowledged]
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "select command_id, count(*) from log.command where command_id = any(%s) group by 1", (asked,)
        ).fetchall()
    found: dict[str, int] = dict(rows)
    return FailoverTimes(
        kills=kills,
        nodes=len(cluster.nodes),
        acknowledged=len(asked),
        lost=sum(command not in found for command in asked),
        doubled=sum(times > 1 for times in found.values()),
        server=tuple(seconds[False]),
        machine=tuple(seconds[True]),
    )


def _one_kill(cluster: PatroniCluster, saving: SavingWriters, machine: bool) -> float:
    """Seconds from the last acknowledged save before the kill to the first after another node leads."""
    wait_until(cluster.whole, 300)
    held = len(saving.acknowledged)
    wait_until(lambda: len(saving.acknowledged) > held + 10, 60)
    primary = cluster.primary()
    assert primary is not None
    if machine:
        primary.kill_machine()
    else:
        primary.kill_server()
    at = time.monotonic()
    wait_until(lambda: saving.last() > at + 0.5 and cluster.primary() is not primary, 300)
    times = [when for _, when in saving.acknowledged]
    gap = max(after - before for before, after in pairwise(times) if after > at)
    if not primary.runs:
        primary.start()
    return gap


def _pupils(address: str) -> list[tuple[UUID, UUID]]:
    """Pupils with their school."""
    with psycopg.connect(address) as connection:
        return connection.execute(
            "select pupil, organisation from log.pupil_access where basis = 'registration' and closed_on is null"
            " order by pupil limit 200"
        ).fetchall()


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main() -> int:
    """The exit status: 0 when nothing acknowledged was lost, otherwise 1."""
    parser = argparse.ArgumentParser(
        prog="scripts/deploy/failover", description="Try the fail-over on loopback."
    )
    parser.add_argument("--kills", type=int, default=KILLS, help="of the primary (default: 20)")
    parser.add_argument("--nodes", type=int, default=NODES, help="of PostgreSQL (default: 3)")
    parser.add_argument("--writers", type=int, default=WRITERS, help="that save at once (default: 4)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there, too")
    given = parser.parse_args()
    try:
        found = measure(given.kills, given.nodes, given.writers)
    except (RuntimeError, TimeoutError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print("\n".join(found.lines()))
    if given.json:
        given.json.write_text(json.dumps(msgspec.to_builtins(found), indent=1) + "\n")
    return 1 if found.lost or found.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
