"""The operator's settings for the web service."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from coordination.desk.passwords import PasswordCost
from coordination.desk.sessions import SessionLength
from coordination.desk.throttle import ThrottleLimits
from coordination.store.clock_guard import ClockGuard
from coordination.store.secret_settings import SecretRefused, secret_setting
from projections.publishing.rule import DEFAULT_RULE, PublishingRule, rule_of
from projections.waiting_times.figures import FEW_WAITS
from webui.shell.document_settings import DocumentSettings
from webui.shell.sign_in_settings import SignInSettings

SHORTEST_SECRET = 32
REPLICA_BEHIND = 30.0


class WebSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`database` is the owner's conninfo; the service itself connects in the append and read roles. `keys` is the
    file of outer keys (None: keys.json in the data folder).

    `secret` signs cookies (None: the file secret-key in the data folder, made once).

    `data` is the folder of keys and caches. `proxies` is how many reverse proxies set X-Forwarded-For and
    X-Forwarded-Proto. `hosts` are the host names answered to; empty: any. `largest_form` and `largest_file` are in
    bytes; files are accepted only from signed-in users.
    `api_requests` a token may make in `api_window`.
    `file_requests` for pupils of other schools a school may make in 24 hours.
    `few_waits`: figures on fewer waits say so. `publishing`: the rule for published figures.
    `clock`: what refuses to record with a clock that runs ahead.
    `connections` a role and process; `patience`: seconds that a page waits for one.
    `sign_in`: second steps, mail and an outside provider. `documents`: what may be attached.
    `webhook_hosts`: hosts (or host:port) of webhooks that may be private and need no encryption.
    `pooler`: the owner's conninfo through PgBouncer in transaction mode, which is then used instead of `database`.
    `replica`: that of a streaming replica for lists and reports, unless it is `replica_behind` seconds behind.
    """

    database: str
    data: Path
    keys: Path | None = None
    password_cost: PasswordCost = PasswordCost()
    session_length: SessionLength = SessionLength()
    throttle: ThrottleLimits = ThrottleLimits()
    proxies: int = 0
    hosts: tuple[str, ...] = ()
    largest_form: int = 1024 * 1024
    largest_file: int = 8 * 1024 * 1024
    api_requests: int = 600
    api_window: timedelta = timedelta(minutes=1)
    file_requests: int = 300
    few_waits: int = FEW_WAITS
    publishing: PublishingRule = DEFAULT_RULE
    clock: ClockGuard | None = None
    connections: int = 8
    patience: float = 5
    secret: bytes | None = None
    sign_in: SignInSettings = SignInSettings()
    documents: DocumentSettings = DocumentSettings()
    webhook_hosts: tuple[str, ...] = ()
    pooler: str | None = None
    replica: str | None = None
    replica_behind: float = REPLICA_BEHIND

    def __repr__(self) -> str:
        return f"WebSettings(data={self.data!r})"

    @property
    def secret_key(self) -> bytes:
        """The key that signs cookies and the keyed hashes of the sign-in page."""
        return self.secret or secret_key(self.data)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> WebSettings:
        """Settings from CYDLYNU_DATABASE and CYDLYNU_DATA; optional CYDLYNU_PROXIES, CYDLYNU_HOSTS (separated by
        commas), CYDLYNU_FILE_REQUESTS, CYDLYNU_FEW_WAITS, CYDLYNU_PUBLISHING, CYDLYNU_CLOCK_AHEAD,
        CYDLYNU_WEBHOOK_HOSTS (separated by commas), CYDLYNU_CONNECTIONS, CYDLYNU_REPLICA_BEHIND, CYDLYNU_POOLER_URL and
        CYDLYNU_REPLICA_URL (or _FILE), and CYDLYNU_SECRET_KEY or CYDLYNU_SECRET_KEY_FILE. Raises
        SecretRefused for a secret that cannot be read or has under 32 characters. Those of SignInSettings too."""
        hosts = environment.get("CYDLYNU_HOSTS", "")
        return cls(
            database=environment["CYDLYNU_DATABASE"],
            data=Path(environment["CYDLYNU_DATA"]),
            keys=Path(environment["CYDLYNU_KEYS"]) if environment.get("CYDLYNU_KEYS") else None,
            proxies=int(environment.get("CYDLYNU_PROXIES", "0")),
            file_requests=int(environment.get("CYDLYNU_FILE_REQUESTS", "300")),
            few_waits=int(environment.get("CYDLYNU_FEW_WAITS", str(FEW_WAITS))),
            publishing=rule_of(environment.get("CYDLYNU_PUBLISHING", "")),
            secret=_given_secret(environment),
            clock=ClockGuard.from_environment(environment),
            sign_in=SignInSettings.from_environment(environment),
            documents=DocumentSettings.from_environment(environment),
            hosts=listed(hosts),
            webhook_hosts=listed(environment.get("CYDLYNU_WEBHOOK_HOSTS", "")),
            connections=int(environment.get("CYDLYNU_CONNECTIONS") or 8),
            pooler=secret_setting(environment, "CYDLYNU_POOLER_URL"),
            replica=secret_setting(environment, "CYDLYNU_REPLICA_URL"),
            replica_behind=float(environment.get("CYDLYNU_REPLICA_BEHIND") or REPLICA_BEHIND),
        )


def listed(text: str) -> tuple[str, ...]:
    """What stands in a setting, separated by commas."""
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _given_secret(environment: Mapping[str, str]) -> bytes | None:
    given = secret_setting(environment, "CYDLYNU_SECRET_KEY")
    if given is not None and len(given) < SHORTEST_SECRET:
        raise SecretRefused(f"CYDLYNU_SECRET_KEY must have at least {SHORTEST_SECRET} characters.")
    return given.encode() if given else None


def secret_key(data: Path) -> bytes:
    """The key that signs cookies: 32 random bytes in `data`/secret-key, made once, readable by the owner only.

    Several processes may start at once: the first to link its file wins, and all read the same key.
    """
    data.mkdir(parents=True, exist_ok=True)
    kept = data / "secret-key"
    if not kept.exists():
        fresh = data / f".secret-key-{secrets.token_hex(8)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, kept)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_bytes()
