"""Timeline entries as a page shows them: a sentence, the quoted text, and who recorded it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _l

from coordination.sensitivity import Opened
from projections.case_file.queries import TimelineEntry
from projections.sentences import Quote, attribution, quotes, sentence
from webui.words.languages import language
from webui.words.naming import directory

MATTERS: dict[str, Any] = {
    "referral": _l("Referrals"),
    "consent": _l("Agreements"),
    "minute": _l("Minutes"),
    "action": _l("Actions"),
    "advice": _l("Advice"),
    "aln": _l("Additional learning needs"),
    "support": _l("Support"),
    "one_page_profile": _l("One-page profile"),
    "transition": _l("Transition"),
    "profile": _l("The child"),
}


class TimelineItem(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in the language of the page. `lang` is the language of the quoted words, if the entry states it; `gone`
    when it no longer counts: both it and its correction are shown."""

    entry: TimelineEntry
    sentence: str
    quotes: tuple[Quote, ...]
    lang: str | None
    attribution: str

    @property
    def gone(self) -> bool:
        return self.entry.superseded_by is not None

    @property
    def anchor(self) -> str:
        """The fragment of the address of this entry on the page."""
        return f"entry-{self.entry.position}"


def timeline_items(
    entries: Sequence[TimelineEntry], opened: Sequence[Opened], names: Mapping[UUID, str]
) -> list[TimelineItem]:
    """Entries with their sealed fields, in the order given. `names` are those of contacts and staff."""
    spoken: Any = language()
    known = directory()
    return [
        TimelineItem(
            entry=entry,
            sentence=sentence(entry, fields, known, spoken, names),
            quotes=quotes(entry, fields, known, spoken),
            lang=_lang(entry),
            attribution=attribution(entry, known, spoken, names, fields),
        )
        for entry, fields in zip(entries, opened, strict=True)
    ]


def recorders(entries: Sequence[TimelineEntry]) -> set[UUID]:
    """The people who recorded the entries."""
    asked = {entry.person for entry in entries}
    for entry in entries:
        owner = entry.clear.get("owner") or {}
        taken = entry.clear.get("person") if entry.topic == "referral.allocated" else None
        asked |= {UUID(person) for person in (owner.get("person"), taken) if person}
    return asked


def _lang(entry: TimelineEntry) -> str | None:
    """The language of quoted words; the language of a school's own notes is not recorded."""
    said = entry.clear.get("language")
    return said if said in ("en", "cy") and entry.topic in ("pupil.views_recorded", "consent.given") else None


def place(text: str | None) -> tuple[date, int] | None:
    """The place in a timeline named by an address (2025-03-01.17); None for anything else."""
    day, _, version = (text or "").partition(".")
    if not (version.isascii() and version.isdecimal() and len(version) < 19):
        return None
    try:
        return date.fromisoformat(day), int(version)
    except ValueError:
        return None


def place_text(at: tuple[date, int]) -> str:
    """The text that `place` reads."""
    return f"{at[0].isoformat()}.{at[1]}"
