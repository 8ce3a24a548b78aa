"""What may be asked of attendance. Every query takes the reader and the viewer first; the policies do the rest."""

from projections.attendance.queries.evidence import Evidence, Ground, Rebuttal, evidence, suggestions
from projections.attendance.queries.figures import (
    GROUPINGS,
    METRIC_VERSION,
    Ask,
    By,
    Group,
    NotExpected,
    Report,
    report,
)
from projections.attendance.queries.meetings import (
    Brief,
    Item,
    Marking,
    Meeting,
    Seat,
    Step,
    meeting,
    meetings,
)
from projections.attendance.queries.months import Month, months
from projections.attendance.queries.record import OwnLine, OwnRecord, RecordAsk, own_record

__all__ = [
    "GROUPINGS",
    "METRIC_VERSION",
    "Ask",
    "Brief",
    "By",
    "Evidence",
    "Ground",
    "Group",
    "Item",
    "Marking",
    "Meeting",
    "Month",
    "NotExpected",
    "OwnLine",
    "OwnRecord",
    "Rebuttal",
    "RecordAsk",
    "Report",
    "Seat",
    "Step",
    "evidence",
    "meeting",
    "meetings",
    "months",
    "own_record",
    "report",
    "suggestions",
]
