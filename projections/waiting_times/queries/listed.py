"""The waits behind a figure, and one wait, as reports of their own: each with a question that a stamp can hold."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader
from projections.waiting_times.queries.history import WaitHistory, wait_history
from projections.waiting_times.queries.report import WaitingTimesCriteria, service_and_standard
from projections.waiting_times.queries.waits import WaitRows, WaitsBehind, Which, wait_rows


class WaitListCriteria(WaitingTimesCriteria, frozen=True, kw_only=True):
    """The criteria of a report, and which of its waits are listed (see WaitsBehind; `school` by its number)."""

    which: Which = "waiting"
    school: str | None = None
    version: date | None = None
    key: str | None = None
    ending: str | None = None
    band: int | None = None
    page: int = 1
    size: int = 50


class OneWaitCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """One referral by its number, on a day, as known at an instant or at a log position."""

    referral: UUID
    as_of: date
    known_at: datetime | None = None
    at: int | None = None


def listed_waits(reader: Reader, viewer: Viewer, directory: Directory, ask: WaitListCriteria) -> WaitRows:
    """A page of the waits behind a figure; beyond the last page there are no rows, and the total is not known.

    Raises Refusal as `wait_rows`, and `unknown_school`.
    """
    check_list(directory, ask)
    school = directory.by_code("school", ask.school) if ask.school else None
    behind = WaitsBehind(
        school=school.id if school else None,
        version=ask.version,
        by=ask.by,
        key=ask.key,
        ending=ask.ending,
        band=ask.band,
    )
    return wait_rows(reader, viewer, directory, ask, ask.which, behind=behind, page=ask.page, size=ask.size)


def check_list(directory: Directory, ask: WaitListCriteria) -> None:
    """Raises Refusal as `service_and_standard`, and `unknown_school`."""
    service_and_standard(directory, ask)
    if ask.school and directory.by_code("school", ask.school) is None:
        raise Refusal("unknown_school", "school")


def one_wait(reader: Reader, viewer: Viewer, directory: Directory, ask: OneWaitCriteria) -> WaitHistory:
    """The clocks of one referral. Raises NotFound."""
    return wait_history(reader, viewer, directory, ask.referral, ask.as_of, ask.known_at, ask.at)
