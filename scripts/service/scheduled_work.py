"""What each scheduled job does. The runner notes when it was done, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import structlog

from coordination.desk.expiry import forget_drafts, forget_what_ended
from coordination.desk.job_runs import forget_runs
from coordination.service import Coordination
from coordination.store.keys import OuterKeys
from coordination.store.migrate import APPEND, as_role
from scripts.service import erasing, ledger_keeping, moving
from scripts.service.advice_upkeep import erase_old_advice
from scripts.service.bounces import take_in_folder
from scripts.service.family_cards import renew_cards
from scripts.service.reminding import send_reminders
from scripts.service.reorganising import carry_out_reorganisation
from scripts.service.suggesting import suggest_challenges

log = structlog.get_logger("cydlynu.worker")


class ScheduledWork:
    """The work of the leading worker's jobs. `database` is the owner's address; `stopped` says whether to break off
    what may take long; `key_file` and `ledger_key` None: no list of erasures, no heads. `bounces`: the folder of
    notices that mail did not arrive."""

    def __init__(
        self,
        service: Coordination,
        database: str,
        keys: OuterKeys,
        stopped: Callable[[], bool],
        *,
        key_file: Path | None = None,
        ledger_key: Path | None = None,
        bounces: Path | None = None,
    ) -> None:
        self.service = service
        self.database = database
        self.keys = keys
        self.stopped = stopped
        self.key_file = key_file
        self.ledger_key = ledger_key
        self.bounces = bounces

    def by_job(self) -> Mapping[str, Callable[[], object]]:
        """The work of each job by its name in `coordination.scheduled_jobs`."""
        return {
            "forget_what_ended": self._forget,
            "erase_old_advice": self._erase_old_advice,
            "remind": self._remind,
            "suggest_challenges": self._suggest_challenges,
            "moves_due": self._do_what_is_due,
            "renew_family_cards": self._renew_family_cards,
            "keep_ledger": self._keep_ledger,
            "take_in_bounces": self._take_in_bounces,
            "reorganise": self._reorganise,
            "follow_erasures": self._follow_erasures,
        }

    def _forget(self) -> None:
        """Deletes expired drafts, sessions, sign-in attempts, and runs of long ago."""
        now = datetime.now(UTC)
        with psycopg.connect(as_role(self.database, APPEND)) as desk:
            sessions, attempts = forget_what_ended(desk, now)
            drafts = forget_drafts(desk, now)
            forget_runs(desk, now)
        log.info("forgotten", sessions=sessions, attempts=attempts, drafts=drafts)

    def _erase_old_advice(self) -> None:
        """Destroys the keys of conversations without a name whose time is over."""
        erased = erase_old_advice(self.service, self.database, datetime.now(UTC))
        if erased:
            log.info("old_advice_erased", conversations=erased)

    def _keep_ledger(self) -> None:
        """Chains the logs of reading and of accounts, and signs the head of the day."""
        if self.ledger_key is not None:
            ledger_keeping.keep_ledger(self.database, self.ledger_key, datetime.now(UTC))

    def _follow_erasures(self) -> None:
        """Does what must follow erasures, and blanks the codes of pupils whose key is gone."""
        done = erasing.follow_erasures(self.service, self.database, self.key_file, datetime.now(UTC))
        if any(done):
            log.info("erasures_followed", listed=done.listed, drafts=done.drafts, blanked=done.blanked)

    def _remind(self) -> None:
        """Queues the reminders of the day."""
        queued = send_reminders(self.service, datetime.now(UTC))
        if queued:
            log.info("reminders", queued=queued)

    def _suggest_challenges(self) -> None:
        """Suggests to schools what their records give ground for."""
        suggested = suggest_challenges(self.service, self.database, datetime.now(UTC))
        if suggested:
            log.info("suggested", suggestions=suggested)

    def _do_what_is_due(self) -> None:
        """Puts unanswered requests to the authority, and moves pupils on the agreed day."""
        escalated, moved = moving.do_what_is_due(self.service, self.database, datetime.now(UTC))
        if escalated or moved:
            log.info("moves_done", escalated=escalated, moved=moved)

    def _take_in_bounces(self) -> None:
        """Reads the notices in the folder that the mail server fills, where there is one."""
        if self.bounces is not None and self.bounces.is_dir():
            done = take_in_folder(self.service, self.bounces, datetime.now(UTC))
            if any(done):
                log.info("bounces", bounced=done.bounced, others=done.others)

    def _renew_family_cards(self) -> None:
        """Sends the family cards again that are due, to those who may still have them."""
        renewed = renew_cards(self.service, datetime.now(UTC))
        if renewed:
            log.info("family_cards_renewed", cards=renewed)

    def _reorganise(self) -> None:
        """Carries out what the directory says of closed schools and reorganised services, one pupil after another."""
        carry_out_reorganisation(self.database, self.keys, datetime.now(UTC), self.stopped)
