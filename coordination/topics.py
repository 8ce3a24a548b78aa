"""The permanent names of all events: one registry, read from the event types themselves."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from coordination.event import Event

ROOMS = (
    "coordination.directory.events",
    "coordination.directory.challenge_rules",
    "coordination.directory.letter_wordings",
    "coordination.directory.no_answer_events",
    "coordination.directory.programmes",
    "coordination.directory.meeting_series",
    "coordination.pupil.profile.events",
    "coordination.pupil.moves.events",
    "coordination.pupil.joining.events",
    "coordination.pupil.adoption.events",
    "coordination.pupil.no_roll.events",
    "coordination.pupil.aln.events",
    "coordination.pupil.support.events",
    "coordination.pupil.transition.events",
    "coordination.pupil.one_page_profile.events",
    "coordination.pupil.restriction.events",
    "coordination.pupil.consent.events",
    "coordination.pupil.objections.events",
    "coordination.pupil.asking.events",
    "coordination.pupil.family.events",
    "coordination.pupil.referral.events",
    "coordination.pupil.referral.milestones.opening",
    "coordination.pupil.referral.milestones.appointments",
    "coordination.pupil.referral.milestones.treatment",
    "coordination.pupil.referral.milestones.placing",
    "coordination.pupil.referral.milestones.ending",
    "coordination.pupil.worse.events",
    "coordination.pupil.minutes.events",
    "coordination.pupil.actions.events",
    "coordination.pupil.documents.events",
    "coordination.pupil.rights.events",
    "coordination.pupil.advice.events",
    "coordination.meeting.contests",
    "coordination.meeting.events",
    "coordination.challenge.events",
    "coordination.challenge.promises",
    "coordination.challenge.suggestions",
    "coordination.advice.events",
    "coordination.place.events",
)


@cache
def registry() -> dict[str, type[Event]]:
    """Every event type by topic. Raises TypeError when two share a topic."""
    found: dict[str, type[Event]] = {}
    for room in ROOMS:
        for candidate in vars(import_module(room)).values():
            if not (
                isinstance(candidate, type) and issubclass(candidate, Event) and candidate.__module__ == room
            ):
                continue
            if "topic" not in vars(candidate) or not candidate.topic:
                continue  # a base class of several events
            if found.setdefault(candidate.topic, candidate) is not candidate:
                raise TypeError(f"two events are called {candidate.topic}")
    return found


def event_type(topic: str) -> type[Event]:
    """The event type of a topic. Raises LookupError when the log holds one that this version does not know."""
    try:
        return registry()[topic]
    except KeyError:
        raise LookupError(topic) from None
