"""The results, as a file for programs and as tables for the README."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scripts.measure.catch_up import CatchUpCost
from scripts.measure.command import CommandTimes
from scripts.measure.conditions import Conditions
from scripts.measure.failover import FailoverTimes
from scripts.measure.ledger import LedgerTimes
from scripts.measure.mail import MailTimes
from scripts.measure.memory import MemoryUse
from scripts.measure.pages import PageSpeeds
from scripts.measure.planning import PlanningTime
from scripts.measure.report import ReportTimes

SMALL = 0.01  # parts with a smaller share are summed


class BenchmarkResult(msgspec.Struct, frozen=True):
    """Everything of one run."""

    conditions: Conditions
    projections: tuple[str, ...]
    catch_up: CatchUpCost
    commands: CommandTimes
    reports: ReportTimes
    memory: MemoryUse
    ledger: LedgerTimes
    planning: PlanningTime
    mail: MailTimes
    copying: float
    throughput: dict[int, float]
    pages: PageSpeeds | None = None
    failover: FailoverTimes | None = None

    def ratios(self) -> dict[str, float]:
        """The ratios under the keys that other programs use, and further ones."""
        return {
            "events": self.catch_up.events,
            "catch_up_vs_stock_runner": round(self.catch_up.vs_stock, 2),
            "catch_up_vs_floor": round(self.catch_up.engine / (self.catch_up.decode + self.copying), 2),
            "catch_up_vs_decode": round(self.catch_up.vs_decode, 2),
            "command_vs_commit": round(self.commands.vs_commit, 2),
            "report_referrals": self.reports.referrals,
            "report_vs_scan": round(self.reports.vs_scan("service"), 2),
            **{
                f"report_by_{by}_vs_scan": round(self.reports.vs_scan(by), 2)
                for by in self.reports.by
                if by != "service"
            },
            "ledger_verify_vs_read": round(self.ledger.vs_read, 2),
            "date_finder_seconds": round(self.planning.seconds, 2),
            "date_finder_clashes": self.planning.clashes,
            "date_finder_bound": self.planning.bound,
            "messages_a_second": round(self.mail.a_second, 1),
            "messages_killed": self.mail.kills,
            "messages_lost": self.mail.lost,
            "messages_doubled": self.mail.doubled,
            **{f"commands_per_s_{writers}": round(rate, 1) for writers, rate in self.throughput.items()},
            **self._failover(),
            "rebuild_us_per_event": round(
                sum(self.memory.whole.seconds.values()) / self.catch_up.events * 1e6, 1
            ),
            "rebuild_peak_mb": round(self.memory.whole.peak_mb, 1),
            "rebuild_quarter_peak_mb": round(self.memory.quarter_mb, 1),
            **self._page_ratios(),
        }

    def _page_ratios(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for speed in self.pages.speeds if self.pages else ():
            name = speed.name.lower().replace(" ", "_")
            found[f"page_vs_empty_{name}"] = round(speed.vs_empty, 2)
            found[f"page_p95_ms_{name}"] = round(speed.page.p95, 1)
            found[f"page_{name}_vs_nothing"] = round(speed.vs_nothing, 2)
        return found

    def _failover(self) -> dict[str, float]:
        if self.failover is None:
            return {}
        return {"failover_lost": self.failover.lost, "failover_seconds": round(self.failover.longest, 1)}

    def json(self) -> bytes:
        """The ratios, and all that they were made of."""
        return msgspec.json.format(msgspec.json.encode({**self.ratios(), "measured": self}), indent=2)

    def markdown(self) -> str:
        """The tables."""
        tables = (*self._ratios(), "", *self._pages(), *self._shares(), "", *self._plain())
        return "\n".join((self.conditions.sentence(), "", *tables, ""))

    def _ratios(self) -> Iterator[str]:
        c, d, r, m = self.catch_up, self.commands, self.reports, self.memory
        v = self.ledger
        runner, engine = (sum(side) / len(c.rounds) for side in zip(*c.rounds, strict=True))
        yield "| What | Against | Ratio | Aim | In this run |"
        yield "|---|---|---|---|---|"
        yield (
            f"| Catch-up of {len(self.projections)} projections over {c.events:,} events | the library's"
            f" `ProjectionRunner`, one event a transaction | {c.vs_stock:.1f} times as fast | at least 20 |"
            f" {engine:.0f} µs an event against {runner:.0f} µs |"
        )
        yield (
            f"| the same | select and decode alone | {c.vs_decode:.1f} times as long | at most 5 |"
            f" {c.engine:.0f} µs an event against {c.decode:.1f} µs |"
        )
        yield (
            f"| A command: load, decide, append, visible | a bare one-row commit | {d.vs_commit:.1f} times as long |"
            f" | {d.visible:.1f} ms ({d.acknowledged:.1f} ms until acknowledged) against {d.commit:.2f} ms |"
        )
        rows = f"{r.referrals:,} referrals, {r.rows:,} rows"
        for by, aim in (("service", "at most 2"), ("school", ""), ("need", "at most 4")):
            yield (
                f"| Waiting-time report by {by}, {rows} | `select count(*)` of its table, as the same viewer |"
                f" {r.by[by] / r.count:.1f} times as long | {aim} | {r.by[by]:.0f} ms against {r.count:.0f} ms |"
            )
        yield (
            f"| Peak memory of a rebuild of the {c.events:,} events | of its first quarter |"
            f" {m.whole.peak_mb / m.quarter_mb:.2f} times as much | under 400 MB |"
            f" {m.whole.peak_mb:.0f} MB against {m.quarter_mb:.0f} MB |"
        )
        yield (
            f"| Verify the ledger of {v.events:,} events ({v.leaves:,} leaves) | read and hash every event |"
            f" {v.vs_read:.2f} times as long | at most 2 | {v.verify:.1f} s against {v.read:.1f} s |"
        )
        p = self.planning
        yield (
            f"| Dates of a month for {p.schools} schools and {p.services} services | the bound |"
            f" {p.clashes} clashes, at least {p.bound} | under 60 s | {p.seconds:.1f} s |"
        )

        yield self._mail()

    def _plain(self) -> Iterator[str]:
        """Every ratio and figure by its name, as in the file."""
        yield "| Name | Figure |"
        yield "|---|---|"
        for name, figure in self.ratios().items():
            yield f"| `{name}` | {figure:,} |"

    def _mail(self) -> str:
        """The row of sending messages."""
        e = self.mail
        return (
            f"| Messages to a mail server on this machine | {e.kills} senders killed between sending and marking |"
            f" {e.lost} lost, {e.doubled} of {e.queued} doubled | 0 lost | {e.a_second:.0f} a second |"
        )

    def _pages(self) -> Iterator[str]:
        """The table of pages compared with the account page."""
        if self.pages is None:
            return
        p = self.pages
        yield (
            f"| Page, over {p.pupils:,} pupils, {p.referrals:,} open referrals and a timeline of {p.entries:,} entries"
            " | Against the account page: answers a second | 95th percentile | In this run |"
        )
        yield "|---|---|---|---|"
        for one in p.speeds:
            yield (
                f"| {one.name} ({one.kb:.0f} KB) | {one.vs_nothing:.1f} times fewer |"
                f" {one.p95_vs_nothing:.1f} times as long | {one.page.a_second:.0f} a second against"
                f" {one.nothing.a_second:.0f}, {one.page.p95:.0f} ms against {one.nothing.p95:.0f} ms |"
            )
        yield ""

    def _shares(self) -> Iterator[str]:
        """The share of each part in the time of the rebuild."""
        seconds = self.memory.whole.seconds
        whole = sum(seconds.values())
        large = {part: s for part, s in seconds.items() if s >= SMALL * whole}
        yield "| Where the time of the rebuild goes | µs an event | Share |"
        yield "|---|---|---|"
        for part, s in sorted(large.items(), key=lambda item: -item[1]):
            yield f"| {part} | {s / self.catch_up.events * 1e6:.1f} | {s / whole:.0%} |"
        rest, n = whole - sum(large.values()), len(seconds) - len(large)
        yield f"| {n} smaller parts | {rest / self.catch_up.events * 1e6:.1f} | {rest / whole:.0%} |"
        yield f"| all | {whole / self.catch_up.events * 1e6:.1f} | 100% |"
        if self.memory.whole.differing:
            yield ""
            yield f"**The rebuild differed from the live schema in {', '.join(self.memory.whole.differing)}.**"
        if self.catch_up.parked:
            yield ""
            yield f"**{self.catch_up.parked} streams were parked.**"
