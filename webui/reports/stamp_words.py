"""What changed between two stamps, in words: for the page in its language, for the command line in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from projections.stamps.comparing import StampComparison
from webui.words.refusals.marker import N_

NOTHING = N_("Nothing that these figures rest on was recorded between the two.")
SENTENCES = {
    "late_entries": N_("Late entries, dated on or before the day of the first report: %(count)s%(where)s."),
    "later_entries": N_("Entries dated after the day of the first report: %(count)s%(where)s."),
    "entries_corrected": N_("Corrected entries: %(count)s%(where)s."),
    "entries_struck": N_("Entries struck out: %(count)s%(where)s."),
    "entries_reviewed": N_("Entries confirmed or contested: %(count)s%(where)s."),
    "waits_new": N_("Waits that are new: %(count)s%(where)s."),
    "waits_changed": N_("Waits that changed: %(count)s%(where)s."),
    "waits_gone": N_("Waits that no longer count: %(count)s%(where)s."),
    "lines_new": N_("Lines of registers that are new: %(count)s%(where)s."),
    "lines_changed": N_("Lines of registers that changed: %(count)s%(where)s."),
    "lines_gone": N_("Lines of registers that no longer count: %(count)s%(where)s."),
    "marks_disputed": N_("Disputes of marks: %(count)s%(where)s."),
    "marks_ruled_on": N_("Rulings on disputed marks: %(count)s%(where)s."),
    "standards_set": N_("Standards set or changed: %(count)s%(where)s."),
    "standards_ended": N_("Standards ended: %(count)s%(where)s."),
    "terms_set": N_("School terms set or changed: %(count)s%(where)s."),
    "directory_changed": N_("Other changes of the directory: %(count)s%(where)s."),
}
ONE_PLACE = N_(" (position %(first)s)")
PLACES = N_(" (positions %(first)s to %(last)s)")
DIFFERENCES = {
    "question": N_("The question differs in %(field)s: first “%(first)s”, then “%(second)s”."),
    "view": N_("The reports were made for different viewers: first %(first)s, then %(second)s."),
    "metric": N_("The metric version differs: first %(first)s, then %(second)s."),
    "code": N_("The version of the program differs: first %(first)s, then %(second)s."),
}
SAME_FIGURES = N_("All figures are equal.")
SOME_FIGURES = N_("Figures that differ: %(count)s.")
CODE_DIFFERS = N_(
    "This program is of another version (%(now)s) than the stamp (%(then)s): the figures are equal, but the files may "
    "not be the same byte for byte."
)
OTHER_VIEW = N_("The stamp was made for another viewer. These are the figures that you may see.")


def compared(found: StampComparison, say: Callable[..., Any]) -> Iterator[str]:
    """The sentences about a comparison. `say` translates a text and fills in its values by name."""
    for change in found.changes:
        place = ONE_PLACE if change.first == change.last else PLACES
        where = say(place, first=change.first, last=change.last)
        yield say(SENTENCES[change.code], count=change.count, where=where)
    if not found.changes:
        yield say(NOTHING)
    for differing in found.differences:
        yield say(
            DIFFERENCES[differing.what],
            field=differing.field.replace("_", " "),
            first=differing.first or "–",
            second=differing.second or "–",
        )
    yield say(SOME_FIGURES, count=len(found.figures)) if found.figures else say(SAME_FIGURES)


def in_english(text: str, **values: Any) -> str:
    """A text with its values, for the command line."""
    return text % values if values else text
