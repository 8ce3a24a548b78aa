"""The child in brief, for who writes or reads a minute: open actions, the last decision, the waits, and the child's own
words. Each viewer sees what their row policies show of the file."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.errors import NotFound
from coordination.sensitivity import Opened
from projections.case_file import queries
from projections.case_file.queries import ActionSummary, TimelineEntry
from projections.waiting_times.clocks import clock_rows
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


class OwnWords(msgspec.Struct, frozen=True):
    """What the child said last that can still be opened, and the language in which it was said."""

    words: str
    language: str


class ChildBrief(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to know before a child is discussed. `decided` is the last decision of another meeting."""

    pupil: UUID
    actions: tuple[OpenAction, ...]
    decided: str
    decided_on: TimelineEntry | None
    waits: tuple[ReferralStatus, ...]
    said: OwnWords | None


def child_brief(pupil: UUID, meeting: UUID) -> ChildBrief | None:
    """The child in brief, without what `meeting` itself recorded; None where the viewer may not see the file, for
    example because the pupil moved to another school."""
    reader, who = casework.reader(), viewer()
    try:
        found = queries.child_in_brief(reader, who, pupil, minutes=MINUTES)
    except NotFound:
        return None
    actions = [
        a for a in found.actions if a.ended_on is None and a.phase != "cancelled" and a.meeting != meeting
    ]
    entries = [one for one in found.minutes if one.clear.get("meeting") != str(meeting)]
    views = [said for said in found.views if said.whose == "child"]
    opened = iter(
        casework.open_sealed(
            [
                *(a.at if a.at.sealed else None for a in actions),
                *(one.at for one in entries),
                *(said.at for said in views),
            ]
        )
    )
    open_actions = tuple(OpenAction(action, text_of(next(opened), "what")) for action in actions)
    decided = _last_decision(entries, [next(opened) for _ in entries])
    own = ((text_of(next(opened), "words"), said.language) for said in views)
    clocks = clock_rows(reader, who, [r.referral for r in found.referrals])
    statuses = referral_statuses(found.referrals, clocks, runtime().today())
    return ChildBrief(
        pupil=pupil,
        actions=open_actions,
        decided=decided[0],
        decided_on=decided[1],
        waits=tuple(s for s in statuses if not s.referral.ended),
        said=next((OwnWords(words, language) for words, language in own if words), None),
    )


def _last_decision(entries: list[TimelineEntry], opened: list[Opened]) -> tuple[str, TimelineEntry | None]:
    """The decision of the newest minute that stands and has one."""
    for entry, words in zip(entries, opened, strict=True):
        said = text_of(words, "decision") if entry.superseded_by is None else None
        if said:
            return str(said), entry
    return "", None
