"""The operator's settings for the whole service, and the error for one that cannot start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coordination.store.secret_settings import SecretRefused, secret_setting
from scripts.service.messages import operator_sentence

HOST = "127.0.0.1"
# The exit status of scripts.prepare when the database went away: the supervisor starts it and prepares again.
DATABASE_LOST = 3
# The variable with which the library prometheus-client finds the folder that web server processes share.
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class CannotStart(RuntimeError):
    """The service cannot start; the text says why and what to do."""


@dataclass(frozen=True)
class ServiceSettings:
    """`data` is the data folder, absolute; `url` is None for the private database; `keys`: the file of outer keys,
    `given_keys`: the text of such a file, where the operator gave that."""

    data: Path
    port: int = 8000
    url: str | None = None
    keys: Path = Path("keys.json")
    given_keys: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", self.data / self.keys)  # an absolute one stays where it is

    @property
    def address(self) -> str:
        """The address at which people open the service."""
        return f"http://{HOST}:{self.port}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ServiceSettings:
        """From CYDLYNU_DATA, _PORT and _KEYS, DATABASE_URL or DATABASE_URL_FILE, CYDLYNU_KEYS_VALUE or
        CYDLYNU_KEYS_VALUE_FILE; `CannotStart` for a port that is none and a secret that cannot be read."""
        port = environment.get("CYDLYNU_PORT") or "8000"
        if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            raise CannotStart(operator_sentence("port"))
        keys = environment.get("CYDLYNU_KEYS")
        try:
            url = secret_setting(environment, "DATABASE_URL")
            given_keys = secret_setting(environment, "CYDLYNU_KEYS_VALUE")
        except SecretRefused as refused:
            raise CannotStart(str(refused)) from None
        return cls(
            data=Path(environment.get("CYDLYNU_DATA") or "data").absolute(),
            port=int(port),
            url=url,
            keys=Path(keys).absolute() if keys else Path("keys.json"),
            given_keys=given_keys,
        )
