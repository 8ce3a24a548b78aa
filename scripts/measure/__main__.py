"""Measure, print the tables, and write the ratios to a file: see scripts/benchmark."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from projections.catalogue import projections
from scripts.measure import (
    catch_up,
    cluster,
    command,
    failover,
    floor,
    ledger,
    mail,
    memory,
    pages,
    planning,
    report,
    throughput,
)
from scripts.measure.conditions import conditions
from scripts.measure.database import LARGEST, SMALLEST, prepare_database
from scripts.measure.result import BenchmarkResult


def main() -> int:
    """The exit status: 0; 2 for invalid options."""
    given = _options()
    begun = perf_counter()

    def tell(what: str) -> None:
        print(f"{perf_counter() - begun:6.1f} s  {what}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="cydlynu-benchmark-", ignore_cleanup_errors=True) as folder:
        tell(f"a log of {given.events:,} events, through the real commands")
        with prepare_database(Path(folder), given.events) as ground:
            found = conditions(ground.database)
            tell(f"catch-up over {ground.events:,} events")
            caught_up = catch_up.measure(ground)
            copied = floor.copying(ground)
            tell("rebuild")
            rebuilt = memory.measure(ground)
            tell("ledger")
            verified = ledger.measure(ground)
            tell("commands")
            commands = command.measure(ground)
            tell("several writers")
            saved = throughput.measure(ground, given.seconds)
            tell(f"messages, and {given.kills} killed senders")
            mailed = mail.measure(ground, kills=given.kills)
            speeds = None
            if pages.load_tool_available():
                tell("pages")
                speeds = pages.measure(ground, given.seconds)
            else:
                tell("wrk is not installed: the pages are left out")
            tell(f"report over {given.referrals:,} referrals")
            reports = report.measure(ground, given.referrals)
    tell(f"dates for {planning.SCHOOLS} schools")
    planned = planning.measure()
    failed_over = None
    if given.failovers and cluster.ClusterPrograms.found():
        tell(f"{given.failovers} fail-overs")
        failed_over = failover.measure(given.failovers)
    tell("done")
    outcome = BenchmarkResult(
        conditions=found,
        projections=tuple(p.name for p in projections()),
        catch_up=caught_up,
        commands=commands,
        reports=reports,
        memory=rebuilt,
        ledger=verified,
        planning=planned,
        mail=mailed,
        copying=copied,
        throughput=saved,
        pages=speeds,
        failover=failed_over,
    )
    if given.json:
        given.json.write_bytes(outcome.json() + b"\n")
    print(outcome.markdown())
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description="Measure the service, as ratios.")
    parser.add_argument("--events", type=int, default=200_000, help="how long the log is (default: 200000)")
    parser.add_argument(
        "--referrals", type=int, default=report.REFERRALS, help="in the report (default: 200000)"
    )
    parser.add_argument(
        "--seconds", type=float, default=pages.SECONDS, help="that each page is asked for (default: 5)"
    )
    parser.add_argument(
        "--kills", type=int, default=mail.KILLS, help="of a sender of messages (default: 200)"
    )
    parser.add_argument(
        "--failovers", type=int, default=failover.KILLS, help="of the primary under Patroni (default: 20)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the ratios there, too")
    given = parser.parse_args()
    if not SMALLEST <= given.events <= LARGEST:
        parser.error(f"--events: between {SMALLEST:,} and {LARGEST:,}")
    if given.referrals < 1_000:
        parser.error("--referrals: at least 1,000")
    return given


if __name__ == "__main__":
    sys.exit(main())
