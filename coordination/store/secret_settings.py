"""Secrets among the settings: each is given as a value in the environment or as the name of a file that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class SecretRefused(ValueError):
    """A secret that is given twice, that cannot be read, or that is too short; the text names the setting only."""


def secret_setting(environment: Mapping[str, str], name: str) -> str | None:
    """The secret `name`, or the content of the file that `name`_FILE names, without the line end; None when neither is
    given. Raises SecretRefused when both are, or the file cannot be read or is empty."""
    value, place = environment.get(name), environment.get(f"{name}_FILE")
    if value and place:
        raise SecretRefused(f"Set {name} or {name}_FILE, not both.")
    if not place:
        return value or None
    try:
        text = Path(place).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SecretRefused(f"The file that {name}_FILE names cannot be read.") from None
    if not text:
        raise SecretRefused(f"The file that {name}_FILE names is empty.")
    return text
