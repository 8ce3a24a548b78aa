"""The words for levels, outcomes, voices and occasions."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.directory.dated import in_force
from webui.shell.authentication import viewer
from webui.words.languages import language
from webui.words.naming import directory, organisation_name

LEVELS = {
    1: _l("Level 1: the whole class"),
    2: _l("Level 2: targeted"),
    3: _l("Level 3: individual"),
}
NEXT_STEPS = {
    "go_on": _l("It goes on"),
    "change": _l("It ends, and other support takes its place"),
    "end": _l("It ends"),
    "refer": _l("It goes on, and help from outside is asked for"),
}
VOICES = {"teacher": _l("Teacher"), "child": _l("Child"), "parent": _l("Parent")}
OCCASIONS = {
    "every_day": _l("Every day"),
    "move": _l("A move"),
    "trip": _l("A trip"),
    "referral": _l("A referral"),
}
HEADINGS = {
    "important": _l("What is important to me"),
    "admired": _l("What people like and admire about me"),
    "support": _l("How best to support me"),
}
LEVEL_CHOICES = [(str(code), words) for code, words in LEVELS.items()]


def programme_name(owner: object, code: str | None) -> str:
    """The name of a programme in the language of the page; its code where it is not known; empty for none."""
    if not code:
        return ""
    found = directory().organisation(owner) if owner is not None else None  # type: ignore[arg-type]
    versions = found.programmes.get(code, ()) if found is not None else ()
    if not versions:
        return code
    version = in_force(versions, viewer().today) or versions[-1]
    return (version.name_cy if language() == "cy" else None) or version.name


def programme_choices() -> list[tuple[str, str]]:
    """The programmes that the viewer's organisation and its authority have today, by name."""
    known, today = directory(), viewer().today
    own = viewer().organisation
    found: dict[str, str] = {}
    for owner in (known.authority_of(own), own):
        organisation = known.organisation(owner) if owner is not None else None
        for code, versions in (organisation.programmes if organisation is not None else {}).items():
            if organisation is not None and in_force(versions, today) is not None:
                found[code] = _(
                    "%(name)s (%(owner)s)", name=programme_name(owner, code), owner=organisation_name(owner)
                )
    return sorted(found.items(), key=lambda one: one[1].casefold())


def words_of_support() -> dict[str, Any]:
    """What the templates of support need to put it into words."""
    return {
        "levels": LEVELS,
        "next_step_words": NEXT_STEPS,
        "voices": VOICES,
        "programme_name": programme_name,
        "today": viewer().today,
    }
