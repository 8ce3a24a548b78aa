"""The words of bases and places."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.words.text import Words

STATES: dict[str, Words] = {
    "asked": _l("Asked for"),
    "agreed": _l("Agreed by the panel"),
    "waiting": _l("Waits for a place, by decision of the panel"),
    "refused": _l("The panel decided against a place"),
    "offered": _l("Offered"),
    "placed": _l("Has a place"),
    "ended": _l("Ended"),
}
KINDS: dict[str, Words] = {
    "places": _l("Number of places"),
    "criteria": _l("Admission and exit criteria"),
    "agreement": _l("Agreement with the host school"),
    "function": _l("Function and its review"),
    "training": _l("Training of the staff"),
}
OUTCOMES: dict[str, Words] = {
    "stays": _l("The place goes on"),
    "exit_planned": _l("An exit is being prepared"),
    "other_provision": _l("Other provision is needed"),
}
