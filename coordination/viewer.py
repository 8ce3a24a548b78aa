"""Who is looking: the first argument of every query."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in person at an organisation in one role, on a day.

    `role` is a code of the dated table `role` (alnco, head, clinician, auditor, administrator, ...). `today` is the
    day in Europe/London on which agreements and access are judged, `now` the instant for access that ends at an instant
    (None: there is none); the edge passes them in. `operator` is the
    command line on the machine itself: it sees exact counts and every organisation's figures.
    """

    person: UUID
    organisation: UUID
    role: str
    today: date
    now: datetime | None = None
    operator: bool = False
