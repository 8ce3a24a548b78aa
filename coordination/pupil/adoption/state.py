"""Whether a child's identity was replaced, for decisions."""

from __future__ import annotations

from datetime import date

import msgspec

from coordination.pupil.adoption.events import IdentityReplaced


class Adoption(msgspec.Struct, frozen=True):
    """`replaced` is the version, in the pupil's stream, of the last replacement of the identity; 0: there was none.
    `replaced_on` is the day of the order."""

    replaced: int = 0
    replaced_on: date | None = None


def evolve(_adoption: Adoption, event: IdentityReplaced, version: int) -> Adoption:
    """The state after the event; `version` is its place in the pupil's stream."""
    return Adoption(version, event.header.occurred_on)
