"""Whether what a page shows is behind what is on the record, for the line that says so."""

from __future__ import annotations

from datetime import timedelta

from flask import g

from projections.reader import SnapshotReader
from webui.shell.runtime import runtime

UNREMARKABLE = timedelta(minutes=1)
"""For how long a page may lack what was just recorded without saying so: usually it is milliseconds."""


def minutes_behind() -> int | None:
    """For how many minutes (rounded down) what was recorded has not reached this page; None when it lacks nothing, or
    for less than a minute."""
    held: SnapshotReader | None = g.get("moment")
    if held is None or held.behind_since is None:
        return None
    behind = runtime().now() - held.behind_since
    return int(behind / timedelta(minutes=1)) if behind >= UNREMARKABLE else None
