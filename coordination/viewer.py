"""Who is looking: the first argument of every query."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in person at an organisation in one role, on a day.

    `services` are those of an agency for which the person looks; `whole_agency`: all of them, because somebody said so.
    With neither, somebody at an agency sees no case. At other organisations both stay empty.

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
    services: tuple[UUID, ...] = ()
    whole_agency: bool = False
