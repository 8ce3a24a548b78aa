"""What there is to know of a child before they are discussed, in five statements."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.errors import NotFound
from coordination.viewer import Viewer
from projections.case_file.queries.actions import actions_of
from projections.case_file.queries.children import files_of
from projections.case_file.queries.entries import TimelineCriteria, entries
from projections.case_file.queries.people import REFERRALS
from projections.case_file.queries.results import (
    ActionSummary,
    ReferralSummary,
    SealedViews,
    TimelineEntry,
    referral_of,
)
from projections.case_file.queries.sharing import recorded_views
from projections.reader import Reader


class SealedBrief(msgspec.Struct, frozen=True, kw_only=True):
    """Of all files of the child that the viewer may see; the entries are the last of minutes, the newest first."""

    referrals: tuple[ReferralSummary, ...]
    actions: tuple[ActionSummary, ...]
    views: tuple[SealedViews, ...]
    minutes: tuple[TimelineEntry, ...]


def child_in_brief(reader: Reader, viewer: Viewer, pupil: UUID, *, minutes: int) -> SealedBrief:
    """With at most so many entries of minutes. Raises NotFound: a wrong or foreign id, which look the same."""
    with reader.viewing(viewer) as cursor:
        files = files_of(cursor, pupil)
        if not files:
            raise NotFound
        rows = cursor.execute(REFERRALS, {"files": files})
        return SealedBrief(
            referrals=tuple(referral_of(row, viewer.today) for row in rows),
            actions=actions_of(cursor, viewer, files),
            views=recorded_views(cursor, files),
            minutes=tuple(entries(cursor, TimelineCriteria(pupil=pupil, matters=("minute",)), minutes)),
        )
