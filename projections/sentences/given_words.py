"""On whose word something was recorded that came by a one-time link."""

from __future__ import annotations

from collections.abc import Mapping

from coordination.sensitivity import Opened


def given_word(sealed: Opened | None) -> str:
    """The name and job of whoever answered by a link; empty where nobody did, or it is erased."""
    said = sealed if isinstance(sealed, Mapping) else {}
    return ", ".join(str(said[name]) for name in ("answered_by", "answered_as") if said.get(name))
