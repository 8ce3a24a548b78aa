"""Lists and reports are read from a streaming replica where there is one (CYDLYNU_REPLICA_URL), and say how far it is
behind. What lacks a person's own saves, or a change of who may see whom, is read from the primary; so are a
case file and whatever a form needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, g, request
from psycopg import OperationalError

from coordination.store.last_save import wanted_by
from projections.reader import SnapshotReader
from projections.replica import ReplicaNeed
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

HEADER = "Cydlynu-Replica-Behind"
"""In the answer to what was read from the replica: how many seconds that is behind."""
REMARKABLE = 1.0
"""Seconds from which on a page says so, too."""
LISTS_AND_REPORTS = frozenset(
    {
        "inbox.page",
        "inbox.file",
        "inbox.reported",
        "pupils.page",
        "actions.page",
        "challenges.page",
        "challenges.file",
        "caseworker.page",
        "waiting_times.page",
        "waiting_times.file",
        "waiting_times.months_file",
        "waiting_times.waits",
        "waiting_times.waits_file",
        "waiting_times.control_page",
        "waiting_times.control_file",
        "waiting_times.data_quality_page",
        "waiting_times.data_quality_file",
        "waiting_times.due_soon_page",
        "waiting_times.due_soon_file",
        "waiting_times.survival_page",
        "waiting_times.survival_file",
        "attendance.page",
        "attendance.file",
        "attendance.months_file",
        "published.page",
        "published.file",
        "api_pupils.listed",
        "api_actions.listed_actions",
        "api_challenges.listed_challenges",
        "api_waiting_times.side_by_side",
        "api_waiting_times.of_service",
        "api_waiting_times.by_month",
        "api_waiting_times.waits",
        "api_attendance.side_by_side",
        "api_attendance.by_month",
    }
)
"""The endpoints: nothing is recorded on them, and what they show is a list or a figure."""


def register_replica_reading(app: Flask) -> None:
    """Let these pages be made once more, from the primary, when the replica breaks off: it cancels a query that stands
    in the way of what it must replay. Call it when all pages are there."""

    @app.after_request
    def say(response: Response) -> Response:
        behind = replica_seconds_behind()
        if behind is not None:
            response.headers[HEADER] = f"{behind:.1f}"
        return response

    for endpoint in LISTS_AND_REPORTS:
        app.view_functions[endpoint] = _once_more(app.view_functions[endpoint])


def _once_more(view: Callable[..., Any]) -> Callable[..., Any]:
    # with all that a view says of itself: for whom it is
    @wraps(view)
    def shown(**arguments: Any) -> Any:
        try:
            return view(**arguments)
        except OperationalError:
            if g.pop("replica_behind", None) is None:
                raise
            g.pop("moment").close()
            g.read_once = {}
            g.replica_refused = True
            return view(**arguments)

    return shown


def replica_moment() -> SnapshotReader | None:
    """A reader of one moment of the replica, where this request may be answered from it."""
    here = runtime()
    if here.replica is None or here.replica.avoided or request.endpoint not in LISTS_AND_REPORTS:
        return None
    if g.get("replica_refused"):
        return None
    who = viewer()
    with here.desk() as connection:
        position, wal = wanted_by(connection, who.person)
    found = here.replica.moment(who, ReplicaNeed(position, wal, here.settings.replica_behind))
    if found is None:
        return None
    reader, g.replica_behind = found
    return reader


def replica_seconds_behind() -> float | None:
    """How many seconds behind the replica is from which this page was read; None when it was not."""
    behind: float | None = g.get("replica_behind")
    return behind


def page_seconds_behind() -> int | None:
    """The same in whole seconds for the page itself, when it is worth saying."""
    behind = replica_seconds_behind()
    return int(behind) if behind is not None and behind >= REMARKABLE else None
