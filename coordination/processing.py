"""What the service processes about people, read from the event types themselves: the source of the registers that a
data-protection officer prints. A new event with a personal field that belongs to no activity here fails a test."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from coordination.sensitivity import Sensitivity, classes
from coordination.topics import registry

Activity = Literal[
    "staff",
    "identity",
    "moves",
    "needs",
    "agreements",
    "referrals",
    "meetings",
    "challenges",
    "rights",
]
PARTS: dict[str, Activity] = {
    "coordination.directory": "staff",
    "coordination.pupil.profile": "identity",
    "coordination.pupil.adoption": "identity",
    "coordination.pupil.joining": "identity",
    "coordination.pupil.no_roll": "identity",
    "coordination.pupil.restriction": "identity",
    "coordination.pupil.moves": "moves",
    "coordination.pupil.aln": "needs",
    "coordination.pupil.consent": "agreements",
    "coordination.pupil.objections": "agreements",
    "coordination.pupil.asking": "agreements",
    "coordination.pupil.family": "agreements",
    "coordination.pupil.referral": "referrals",
    "coordination.pupil.worse": "referrals",
    "coordination.pupil.support": "needs",
    "coordination.pupil.transition": "needs",
    "coordination.pupil.one_page_profile": "needs",
    "coordination.advice": "referrals",
    "coordination.place": "referrals",
    "coordination.pupil.advice": "referrals",
    "coordination.pupil.documents": "referrals",
    "coordination.pupil.minutes": "meetings",
    "coordination.pupil.actions": "meetings",
    "coordination.meeting": "meetings",
    "coordination.challenge": "challenges",
    "coordination.pupil.rights": "rights",
}
"""The activity of each part of the code that declares events."""


class ProcessedField(msgspec.Struct, frozen=True, order=True):
    """A field that is sealed under a stream's key, and its class."""

    name: str
    sensitivity: Sensitivity


class ProcessingActivity(msgspec.Struct, frozen=True):
    """An activity with the sealed fields of its events, each once in its highest class, and how many kinds of entries
    it has."""

    name: Activity
    entries: int
    fields: tuple[ProcessedField, ...]

    def of_class(self, sensitivity: Sensitivity) -> tuple[str, ...]:
        """The names of its fields of a class."""
        return tuple(field.name for field in self.fields if field.sensitivity is sensitivity)


def activity_of(module: str) -> Activity:
    """The activity of a module that declares events. Raises LookupError for one that belongs to none."""
    found = [activity for part, activity in PARTS.items() if f"{module}.".startswith(f"{part}.")]
    if not found:
        raise LookupError(module)
    return found[0]


@cache
def processing_activities() -> tuple[ProcessingActivity, ...]:
    """Every activity, in the order in which the code declares them."""
    order = list(Sensitivity)
    entries: dict[Activity, int] = {}
    fields: dict[Activity, dict[str, Sensitivity]] = {}
    for event in registry().values():
        name = activity_of(event.__module__)
        entries[name] = entries.get(name, 0) + 1
        held = fields.setdefault(name, {})
        for field, sensitivity in classes(event).items():
            if sensitivity is not Sensitivity.operational:
                held[field] = max(held.get(field, sensitivity), sensitivity, key=order.index)
    return tuple(
        ProcessingActivity(
            name,
            entries[name],
            tuple(sorted(ProcessedField(field, s) for field, s in fields[name].items())),
        )
        for name in dict.fromkeys(PARTS.values())
    )
