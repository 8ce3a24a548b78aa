"""Transitions and destinations to rows."""

from __future__ import annotations

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.transition.events import (
    DestinationFollowedUp,
    DestinationRecorded,
    TransitionEvent,
    TransitionPackSent,
    TransitionPlanned,
    TransitionVisitRecorded,
)
from coordination.pupil.transition.state import PlannedTransition
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.transitions.rows import (
    DESTINATION,
    TRANSITION,
    TRANSITION_PACK,
    DestinationTableRow,
    TransitionPackTableRow,
    TransitionTableRow,
)


class TransitionsProjection:
    """A row for each transition, with the pack last sent, and one for each destination."""

    name = "transitions"
    tables: tuple[AnyTable, ...] = (TRANSITION, TRANSITION_PACK, DESTINATION)
    topics: frozenset[type[Event]] = frozenset(
        {
            TransitionPlanned,
            TransitionVisitRecorded,
            TransitionPackSent,
            DestinationRecorded,
            DestinationFollowedUp,
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """The row that the event changes."""
        _, case = change.states(CaseFile)
        match change.event:
            case DestinationRecorded() | DestinationFollowedUp() as event:
                opened = change.coded()
                coded = opened if isinstance(opened, dict) else {}
                went = case.transitions.destinations[event.transition]
                row = DestinationTableRow(
                    *(went.transition, change.stream, went.by, went.at_age, went.recorded_on),
                    *(went.follow_up_on, str(coded.get("destination") or "")),
                )
                rows.put(DESTINATION, row)
            case TransitionEvent() as event:
                held = case.transitions.planned[event.transition]
                rows.put(TRANSITION, _transition(held, change))
                if isinstance(event, TransitionPackSent):
                    rows.put(TRANSITION_PACK, _pack(held, event, change))
            case _:
                pass


def _transition(held: PlannedTransition, change: Change) -> TransitionTableRow:
    return TransitionTableRow(
        *(held.transition, change.stream, held.by, held.kind, held.moves_on, held.enhanced, held.to_school),
        *(held.visits, held.pack_sent_on),
    )


def _pack(held: PlannedTransition, event: TransitionPackSent, change: Change) -> TransitionPackTableRow:
    on = event.header.occurred_on
    return TransitionPackTableRow(
        *(held.transition, change.stream, held.by, event.to_school, held.moves_on, on),
        *(change.version, event.topic, event.sealed),
    )


PROJECTION = TransitionsProjection()
