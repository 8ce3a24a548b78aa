"""The child in brief, for who writes or reads a minute: open actions, the last decision, the waits, and the child's own
words. Each viewer sees what their row policies show of the file."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.errors import NotFound
from projections.case_file import queries
from projections.case_file.queries import ActionSummary, TimelineCriteria, TimelineEntry
from projections.waiting_times.clocks import clock_rows
from webui.pupil.file import OpenedPupilFile, RecordedViews, open_pupil_file
from webui.pupil.identity import text_of
from webui.referral.status import ReferralStatus, referral_statuses
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

MINUTES = 6


class OpenAction(msgspec.Struct, frozen=True):
    """An action that is still to be done, and its text (None: erased)."""

    action: ActionSummary
    what: str | None


class ChildBrief(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to know before a child is discussed. `decided` is the last decision of another meeting."""

    pupil: UUID
    actions: tuple[OpenAction, ...]
    decided: str
    decided_on: TimelineEntry | None
    waits: tuple[ReferralStatus, ...]
    said: RecordedViews | None


def child_brief(pupil: UUID, meeting: UUID) -> ChildBrief | None:
    """The child in brief, without what `meeting` itself recorded; None where the viewer may not see the file, for
    example because the pupil moved to another school."""
    reader, who = casework.reader(), viewer()
    try:
        file = queries.pupil(reader, who, pupil)
        criteria = TimelineCriteria(pupil=pupil, matters=("minute",), limit=MINUTES)
        minutes = queries.timeline(reader, who, criteria)
    except NotFound:
        return None
    entries = [one for one in minutes.entries if one.clear.get("meeting") != str(meeting)]
    opened = open_pupil_file(file, [one.at for one in entries])
    decided = _last_decision(entries, opened)
    clocks = clock_rows(reader, who, [r.referral for r in file.referrals])
    statuses = referral_statuses(file.referrals, clocks, runtime().today())
    return ChildBrief(
        pupil=pupil,
        actions=tuple(
            OpenAction(action, what)
            for action, what in opened.actions
            if action.ended_on is None and action.phase != "cancelled" and action.meeting != meeting
        ),
        decided=decided[0],
        decided_on=decided[1],
        waits=tuple(s for s in statuses if not s.referral.ended),
        said=next((said for said in opened.said if said.whose == "child" and said.words), None),
    )


def _last_decision(entries: list[TimelineEntry], opened: OpenedPupilFile) -> tuple[str, TimelineEntry | None]:
    """The decision of the newest minute that stands and has one."""
    for entry, words in zip(entries, opened.also, strict=True):
        said = text_of(words, "decision") if entry.superseded_by is None else None
        if said:
            return str(said), entry
    return "", None
