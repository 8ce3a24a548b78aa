"""The operator's settings for the whole service, and the error for one that cannot start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.service.messages import operator_sentence

HOST = "127.0.0.1"
# The exit status of scripts.prepare when the database went away: the supervisor starts it and prepares again.
DATABASE_LOST = 3


class CannotStart(RuntimeError):
    """The service cannot start; the text says why and what to do."""


@dataclass(frozen=True)
class ServiceSettings:
    """`data` is the data folder, absolute; `url` is None for the private database; `keys`: the outer keys."""

    data: Path
    port: int = 8000
    url: str | None = None
    keys: Path = Path("keys.json")

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", self.data / self.keys)  # an absolute one stays where it is

    @property
    def address(self) -> str:
        """The address at which people open the service."""
        return f"http://{HOST}:{self.port}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ServiceSettings:
        """From CYDLYNU_DATA, _PORT and _KEYS and DATABASE_URL; `CannotStart` for a port that is none."""
        port = environment.get("CYDLYNU_PORT") or "8000"
        if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            raise CannotStart(operator_sentence("port"))
        keys = environment.get("CYDLYNU_KEYS")
        return cls(
            data=Path(environment.get("CYDLYNU_DATA") or "data").absolute(),
            port=int(port),
            url=environment.get("DATABASE_URL") or None,
            keys=Path(keys).absolute() if keys else Path("keys.json"),
        )
