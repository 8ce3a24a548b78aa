"""The end of sight: what an organisation is told of a referral of which it receives nothing new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _l

from coordination.errors import NotFound
from projections.case_file import queries
from projections.case_file.queries import DisclosureSummary, TimelineCriteria
from projections.sight_ends.queries import SightEnd, SightEndList, sight_ends
from webui.parts.timeline import TimelineItem, recorders, timeline_items
from webui.referral.reading import OpenedReferral
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import SCHOOL_DESK
from webui.words.naming import organisation_name, people_names, service_name
from webui.words.text import Words

REASONS: Mapping[str, Words] = {
    "agreement_withdrawn": _l("The agreement to share was withdrawn."),
    "passed_on": _l("The referral was passed on to another agency."),
    "not_passed_on": _l("The referral was passed on to you in error."),
    "recorded_in_error": _l("The referral was recorded in error."),
    "service_moved": _l("The service moved to another agency."),
    "school_stopped": _l("The school stopped sharing."),
    "moved": _l("The pupil moved to another school."),
    "left": _l("The pupil left the roll."),
}
MOST = 200


class EndedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list: no name, only the service, the school, the date and the reason."""

    end: SightEnd
    service: str
    school: str
    why: Words


class EndedReferral(msgspec.Struct, frozen=True, kw_only=True):
    """A referral of which sight ended, with the entries that its former holder had received or wrote."""

    line: EndedLine
    entries: tuple[TimelineItem, ...]
    position: int


def ended_lines(size: int = MOST) -> tuple[list[EndedLine], SightEndList]:
    """The referrals of which the user's organisation receives nothing new, the newest first."""
    found = sight_ends(casework.reader(), viewer(), size=size)
    return [_line(end) for end in found.rows], found


def _line(end: SightEnd) -> EndedLine:
    return EndedLine(
        end=end,
        service=service_name(end.service),
        school=organisation_name(end.school),
        why=REASONS[end.because],
    )


def open_ended(pupil: UUID, referral: UUID) -> EndedReferral:
    """What a former holder still has of a referral. Raises NotFound for who never had it."""
    reader, who = casework.reader(), viewer()
    found = sight_ends(reader, who, referral=referral)
    end = next((row for row in found.rows if row.pupil == pupil), None)
    if end is None:
        raise NotFound
    entries = []
    if end.received and who.role not in SCHOOL_DESK:
        ask = TimelineCriteria(pupil=pupil, thing=referral, matters=("referral",), limit=MOST)
        entries = list(queries.timeline(reader, who, ask).entries)
        casework.note_shown("referral", [pupil], "disclosed")
    opened = casework.open_sealed([entry.at if entry.at.sealed else None for entry in entries])
    names = people_names(recorders(entries))
    return EndedReferral(
        line=_line(end),
        entries=tuple(timeline_items(entries, opened, names)),
        position=found.position,
    )


class StoppedSharing(msgspec.Struct, frozen=True, kw_only=True):
    """That nothing new goes to the service that holds a referral, since a day."""

    since: date
    because: str


def stopped_with(opened: OpenedReferral) -> StoppedSharing | None:
    """Whether the sharing with the holder of a referral, or with the user's agency that passed it on, has stopped."""
    agency = opened.held.agency if opened.at_school else viewer().organisation
    of = [
        d
        for d in opened.file.disclosures
        if d.agency == agency and d.ground == opened.referral and d.closed_on is None
    ]
    if not of or not all(d.stopped_on for d in of):
        return None
    last: DisclosureSummary = of[-1]
    assert last.stopped_on is not None and last.stopped_because is not None
    return StoppedSharing(since=last.stopped_on, because=last.stopped_because)
