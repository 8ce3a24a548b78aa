"""The words of transitions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.words.text import Words

TRANSITIONS: dict[str, Words] = {
    "next_school": _l("To the next school"),
    "mainstream": _l("From a base to a mainstream class"),
    "post_16": _l("On from school at 16 or 18"),
}
VISITS: dict[str, Words] = {
    "pupil_visit": _l("The pupil visited"),
    "staff_visit": _l("Staff of the next school came"),
    "meeting": _l("A meeting with the next school"),
    "summer_school": _l("Summer school"),
    "work_of_next_school": _l("Work that the next school set"),
}
