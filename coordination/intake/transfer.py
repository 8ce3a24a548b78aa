"""Which end of a transfer file a school is: the sender, or the one that its pupils come to."""

from __future__ import annotations

from datetime import date
from typing import Literal

from coordination.intake.ctf import read_ctf
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import Known
from coordination.intake.pupils import ParsedPupilFile

End = Literal["source", "destination"]


def read_transfer(
    data: bytes,
    known: Known,
    on: date,
    *,
    own: str | None,
    end: End | None = None,
    limits: FileLimits = LIMITS,
) -> ParsedPupilFile:
    """Read a transfer file on behalf of the school with the number `own`, as `read_ctf` does.

    Where `end` is not given: as of its destination when that is the own school, or is not known (XXX/XXXX) and another
    school sent it; otherwise as of its sender.
    """
    if end is not None or own is None:
        return read_ctf(data, known, on, end or "source", limits, default_school=own)
    sent = read_ctf(data, known, on, "source", limits, default_school=own)
    if any(row.school_number == own for row in sent.rows):
        return sent
    received = read_ctf(data, known, on, "destination", limits, default_school=own)
    return received if any(row.school_number == own for row in received.rows) else sent
