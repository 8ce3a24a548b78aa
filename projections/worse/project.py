"""Each time that it got worse to a row."""

from __future__ import annotations

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.worse.events import WorseAnswered, WorseEvent, WorseTold
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.worse.rows import WORSE, WorseTableRow


class WorseProjection:
    """A row for each time, as it stands."""

    name = "worse"
    tables: tuple[AnyTable, ...] = (WORSE,)
    topics: frozenset[type[Event]] = frozenset({WorseTold, WorseAnswered})
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Puts the row as it is after the event."""
        event = change.event
        assert isinstance(event, WorseEvent)
        _before, after = change.states(CaseFile)
        held = after.worse[event.worse]
        rows.put(
            WORSE,
            WorseTableRow(
                worse=held.worse,
                pupil=change.stream,
                referral=held.referral,
                service=held.service,
                voice=held.voice,
                told_on=held.told_on,
                answer_by=held.answer_by,
                answered_on=held.answered_on,
                outcome=held.outcome,
                version=held.version,
                answer_version=held.answer_version,
            ),
        )


PROJECTION = WorseProjection()
