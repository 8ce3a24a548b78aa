"""The entries of a referral as a page shows them, each with later remarks about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.pupil.referral.milestones import MILESTONES
from projections.case_file.queries import TimelineEntry
from projections.sentences import Quote, attribution, quotes, sentence
from webui.parts.timeline import recorders
from webui.referral.next_steps import is_answerable, is_correctable
from webui.referral.reading import OpenedReferral
from webui.words.codes import milestone_name
from webui.words.languages import language
from webui.words.naming import directory, people_names

_OTHER_HEADLINES: dict[str, Any] = {
    "referral.opened": _l("Started"),
    "referral.immediate_risk_raised": _l("Immediate risk"),
    "referral.unavailability_recorded": _l("No appointment wanted for a while"),
    "referral.milestone_confirmed": _l("Confirmed"),
    "referral.milestone_contested": _l("Contested"),
    "referral.entry_struck": _l("Struck out"),
    "referral.allocated": _l("Allocated"),
    "referral.service_note": _l("Note within the service"),
}
# Other entries whose sentence says more than their headline.
_OTHER_TELLING = frozenset(
    {
        "referral.opened",
        "referral.allocated",
        "referral.service_note",
        "referral.immediate_risk_raised",
        "referral.unavailability_recorded",
    }
)
# Entries that are shown with the entry they refer to.
_ABOUT_ANOTHER = {
    "referral.milestone_confirmed": "milestone",
    "referral.milestone_contested": "milestone",
    "referral.entry_struck": "supersedes",
}


class EntryRemark(msgspec.Struct, frozen=True, kw_only=True):
    """A remark about an entry: confirmed, contested or struck out, by whom and why."""

    said: str
    quotes: tuple[Quote, ...]
    recorded: str


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as the page shows it. `tags` are (words, tone); `counts` is False once it was corrected or struck out;
    `corrects` and `corrected_by` are the versions of the other entry."""

    version: int
    on: date
    headline: str
    said: str
    quotes: tuple[Quote, ...]
    recorded: str
    tags: tuple[tuple[str, str], ...]
    counts: bool
    corrects: int | None
    corrected_by: int | None
    remarks: tuple[EntryRemark, ...]
    correct: bool
    strike: bool
    answer: bool


def rows_of(opened: OpenedReferral) -> list[EntryRow]:
    """The entries from the last day back, each with later remarks about it."""
    entries = opened.file.entries
    names = people_names(recorders(entries))
    remarks: dict[int, list[EntryRemark]] = {}
    for entry in sorted(entries, key=lambda e: e.version):
        if (key := _ABOUT_ANOTHER.get(entry.topic)) is not None:
            about = entry.supersedes if key == "supersedes" else entry.clear[key]
            remarks.setdefault(int(about or 0), []).append(_remark(entry, opened, names))
    return [
        _row(entry, opened, names, tuple(remarks.get(entry.version, ())))
        for entry in entries
        if entry.topic not in _ABOUT_ANOTHER
    ]


def entries_since(opened: OpenedReferral, since: int | None) -> list[EntryRemark]:
    """The entries recorded after a version that the user had seen, in the order of recording."""
    entries = opened.since(since)
    names = people_names(recorders(entries))
    return [_remark(entry, opened, names) for entry in entries]


def _remark(entry: TimelineEntry, opened: OpenedReferral, names: Mapping[UUID, str]) -> EntryRemark:
    sealed = opened.opened.get(entry.version)
    return EntryRemark(
        said=sentence(entry, sealed, directory(), _spoken(), names),
        quotes=quotes(entry, sealed, directory(), _spoken()),
        recorded=attribution(entry, directory(), _spoken(), names, sealed),
    )


def _row(
    entry: TimelineEntry, opened: OpenedReferral, names: Mapping[UUID, str], remarks: tuple[EntryRemark, ...]
) -> EntryRow:
    sealed = opened.opened.get(entry.version)
    # later remarks are shown below the entry, with who made them and when
    plain = msgspec.structs.replace(entry, standing="said", supersedes=None, superseded_by=None)
    step = opened.held.step(entry.version) if entry.superseded_by is None else None
    struck = entry.superseded_by is not None and any(
        e.version == entry.superseded_by and e.topic == "referral.entry_struck" for e in opened.file.entries
    )
    correct = step is not None and is_correctable(opened, step)
    return EntryRow(
        version=entry.version,
        on=entry.occurred_on,
        headline=headline(entry.topic),
        said=sentence(plain, sealed, directory(), _spoken(), names) if _says_more(entry) else "",
        quotes=quotes(entry, sealed, directory(), _spoken()),
        recorded=attribution(entry, directory(), _spoken(), names, sealed),
        tags=_tags(entry, struck),
        counts=entry.superseded_by is None,
        corrects=entry.supersedes,
        corrected_by=None if struck else entry.superseded_by,
        remarks=remarks,
        correct=correct,
        strike=correct,
        answer=step is not None and step.standing == "said" and is_answerable(opened, step),
    )


def _says_more(entry: TimelineEntry) -> bool:
    """Whether its sentence says more than the day and the headline."""
    if entry.clear.get("word") == "reported" or entry.topic in _OTHER_TELLING:
        return True
    of = MILESTONES.get(entry.topic.partition(".")[2])
    return of is not None and of.rules.sentence_tells_more


def _spoken() -> Any:
    return language()


def headline(topic: str) -> str:
    """An entry in one or two words."""
    if topic in _OTHER_HEADLINES:
        return str(_OTHER_HEADLINES[topic])
    return milestone_name(topic.partition(".")[2])


def _tags(entry: TimelineEntry, struck: bool) -> tuple[tuple[str, str], ...]:
    found = []
    if entry.superseded_by is not None:
        found.append((_("Struck out") if struck else _("Corrected"), "plain"))
    if entry.clear.get("word") == "reported":
        found.append((_("Reported by the school"), "soon"))
    if entry.standing == "confirmed":
        found.append((_("Confirmed"), "done"))
    if entry.standing == "contested":
        found.append((_("Contested"), "late"))
    if entry.supersedes is not None:
        found.append((_("Correction"), "plain"))
    return tuple(found)
