"""The worker: keeps the read models up to date with the log, and does the scheduled work.

    python -m scripts.worker

From the environment: CYDLYNU_DATABASE, the owner's address; CYDLYNU_DATA, the data folder; CYDLYNU_KEYS, the file of
outer keys (default keys.json in the data folder); CYDLYNU_LEDGER_KEY, the file of the key that signs heads. It never
starts or stops the database: where that is lost, it waits.

Of several workers on one database one leads and the others wait for an advisory lock, which ends with the leader's
connection. Only the leader has a clock, and a job is claimed for each of its times, so nothing is done twice. It ends
at SIGTERM, and when its supervisor is gone.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from coordination.desk.heartbeat import note_caught_up
from coordination.desk.rebuilds import rebuild_open
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.clock_guard import ClockGuard
from coordination.store.keys import OuterKeys, load_or_make
from coordination.store.migrate import APPEND, as_role
from projections.engine import Engine
from projections.page import LostLead
from projections.rebuild import RebuildRunning, outdated, rebuild
from scripts.cli.database import CommandSettings
from scripts.service import moving, parent_watch
from scripts.service.heartbeat import LONG, Heartbeat
from scripts.service.jobs import JobRunner
from scripts.service.outbox import OutboxSettings, send_due
from scripts.service.rebuilding import LOST, code_location, perform_rebuild
from scripts.service.scheduled_work import ScheduledWork
from scripts.service.webhook_sending import deliver_due
from webui.shell.outgoing import Outgoing
from webui.shell.settings import listed
from webui.shell.sign_in_settings import SignInSettings

MAILED_EVERY = 5  # seconds
NOTED_EVERY = 10.0  # seconds
POLL = 1.0  # seconds after which it looks at the log though nothing was notified

log = structlog.get_logger("cydlynu.worker")


class OtherVersion(RuntimeError):
    """Another version of the program has taken over the read models."""


class Worker:
    """One worker on one database, until `stop` is set. `key_file`: where the outer keys are; erasures are listed beside
    it. `ledger_key`: where the key is that signs heads of the ledger; None: no heads are made. `outbox`: how messages
    are sent; None: they wait; `outgoing`: how webhooks are told."""

    def __init__(
        self,
        database: str,
        keys: OuterKeys,
        stop: threading.Event,
        heart: Heartbeat | None = None,
        key_file: Path | None = None,
        sign_in: SignInSettings | None = None,
        ledger_key: Path | None = None,
        outbox: OutboxSettings | None = None,
        outgoing: Outgoing | None = None,
    ) -> None:
        self.database = database
        self.keys = keys
        self.key_file = key_file
        self.sign_in = sign_in or SignInSettings()
        self.ledger_key = ledger_key
        self.outbox = outbox
        self.outgoing = outgoing or Outgoing()
        self.stop = stop
        self.heart = heart or Heartbeat(None)
        self._next_note = 0.0
        self._rebuilding: threading.Thread | None = None

    def run(self) -> None:
        """Lead or wait for the lead; begin again whenever the database was lost."""
        while not self.stop.is_set():
            try:
                self._stand_by()
            except LOST as lost:
                log.warning("database_lost", kind=type(lost).__name__)
                self.heart.beat()
                self.stop.wait(POLL)
        if self._rebuilding is not None:
            self._rebuilding.join()

    def _stand_by(self) -> None:
        """Waits for the lead, and leads."""
        engine = Engine(self.database, self.keys)
        try:
            while not self.stop.is_set():
                self.heart.beat()
                if engine.lead():
                    self._prepare()
                    with self._clock():
                        self._lead(engine)
                else:
                    self.stop.wait(POLL)
        finally:
            with suppress(*LOST):
                engine.close()

    def _prepare(self) -> None:
        """Rebuilds the read models when another version of the program made them."""
        while outdated(self.database) and not self.stop.is_set():
            log.info("rebuilding")
            self.heart.beat(LONG)
            try:
                rebuild(self.database, self.keys, watch=lambda _: self.heart.beat(LONG))
            except RebuildRunning:
                self.stop.wait(POLL)

    def _lead(self, engine: Engine) -> None:
        """Takes pages as they come: when the log is notified, and once a second in any case."""
        engine.connection.execute("listen event")
        log.info("leading")
        while not self.stop.is_set():
            try:
                while engine.take_page() and not self.stop.is_set():
                    self.heart.beat()
            except LostLead:  # a rebuild has put other tables in place: continue with those
                if outdated(self.database):
                    raise OtherVersion from None
                continue
            self._rebuild_asked_for(engine)
            self._sign_of_life(engine)
            for _ in engine.connection.notifies(timeout=POLL, stop_after=1):
                pass

    def _sign_of_life(self, engine: Engine) -> None:
        """Says that it goes on and has read everything; for other machines, now and then, in the database."""
        self.heart.beat()
        if time.monotonic() >= self._next_note:
            self._next_note = time.monotonic() + NOTED_EVERY
            note_caught_up(engine.connection, datetime.now(UTC))

    def _rebuild_asked_for(self, engine: Engine) -> None:
        """Carries out a requested or unfinished rebuild in parallel with following the log; one at a time."""
        if self._rebuilding is not None and self._rebuilding.is_alive():
            return
        if rebuild_open(engine.connection):
            self._rebuilding = threading.Thread(target=self._take_up, name="rebuild")
            self._rebuilding.start()

    def _take_up(self) -> None:
        try:
            perform_rebuild(self.database, self.keys, self.stop)
        except LOST as lost:
            log.warning("rebuild_put_off", kind=type(lost).__name__)

    @contextmanager
    def _clock(self) -> Iterator[None]:
        """The work besides the read models, while this worker leads: the jobs, each once for each of its times, and
        what is taken as it comes."""
        record = Record(
            as_role(self.database, APPEND),
            self.keys,
            pool_size=2,
            clock=ClockGuard.from_environment(os.environ),
        )
        service = Coordination(record)
        scheduler = BackgroundScheduler(timezone=UTC)
        work = ScheduledWork(
            service,
            self.database,
            self.keys,
            self.stop.is_set,
            key_file=self.key_file,
            ledger_key=self.ledger_key,
            bounces=Path(os.environ["CYDLYNU_BOUNCES"]) if os.environ.get("CYDLYNU_BOUNCES") else None,
        )
        JobRunner(as_role(self.database, APPEND)).schedule(scheduler, work.by_job())
        scheduler.add_job(self._carry_out, "interval", seconds=1, args=[service], coalesce=True)
        scheduler.add_job(self._send, "interval", seconds=MAILED_EVERY, args=[service], coalesce=True)
        scheduler.add_job(
            self._tell_webhooks, "interval", seconds=MAILED_EVERY, args=[service], coalesce=True
        )
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=True)
            record.close()

    def _carry_out(self, service: Coordination) -> None:
        """Carries out the requests for a pupil's file, as soon as they are made."""
        try:
            done = moving.carry_out(service, datetime.now(UTC))
        except LOST as lost:
            log.warning("requests_put_off", kind=type(lost).__name__)
        else:
            if done:
                log.info("requests_carried_out", count=done)

    def _tell_webhooks(self, service: Coordination) -> None:
        """Tells webhooks what happened. Only numbers go into the log."""
        try:
            run = deliver_due(service, self.outgoing, self.sign_in.public_url, datetime.now(UTC))
        except LOST as lost:
            log.warning("webhooks_put_off", kind=type(lost).__name__)
        else:
            if any(run):
                log.info("webhooks", sent=run.sent, failed=run.failed)

    def _send(self, service: Coordination) -> None:
        """Sends the messages whose time has come. Only numbers go into the log."""
        if self.outbox is None:
            return
        try:
            run = send_due(service, self.outbox, datetime.now(UTC))
        except LOST as lost:
            log.warning("messages_put_off", kind=type(lost).__name__)
        else:
            if any(run):
                log.info("messages", sent=run.sent, failed=run.failed)


def main() -> int:
    """The exit status: 0 when told to end, 1 when it cannot go on (a supervisor then starts it again)."""
    _configure_logs()
    settings = CommandSettings.from_environment()
    if settings.url is None:
        print(
            "Set CYDLYNU_DATABASE to the address of the database, then start the worker again.",
            file=sys.stderr,
        )
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parent_watch.watch_parent()
    try:
        heart = Heartbeat.from_environment(os.environ)
        heart.beat()
        sign_in = SignInSettings.from_environment(os.environ)
        Worker(
            settings.url,
            load_or_make(settings.keys),
            stop,
            heart,
            settings.keys,
            sign_in,
            settings.ledger_key,
            OutboxSettings(sign_in.mail, sign_in.public_url, settings.data / "outbox"),
            Outgoing(listed(os.environ.get("CYDLYNU_WEBHOOK_HOSTS", ""))),
        ).run()
    except Exception as problem:
        log.error("ended", kind=type(problem).__name__, at=code_location(problem))
        return 1
    log.info("stopped")
    return 0


def _configure_logs() -> None:
    """JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
