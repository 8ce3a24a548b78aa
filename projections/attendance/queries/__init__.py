"""What may be asked of attendance. Every query takes the reader and the viewer first; the policies do the rest."""

from coordination.meeting.state import AgendaItem
from projections.attendance.queries.evidence import (
    AttendanceEvidence,
    Ground,
    Rebuttal,
    attendance_evidence,
    suggestions,
)
from projections.attendance.queries.figures import (
    GROUPINGS,
    METRIC_VERSION,
    AttendanceCriteria,
    AttendanceGroup,
    AttendanceReport,
    By,
    NotExpectedCounts,
    report,
)
from projections.attendance.queries.meetings import (
    MeetingDetails,
    MeetingStep,
    MeetingSummary,
    PartyAttendance,
    RegisterMarking,
    meeting,
    meetings,
)
from projections.attendance.queries.months import AttendanceMonth, months
from projections.attendance.queries.own_attendance import (
    OwnAttendanceCriteria,
    OwnAttendanceList,
    OwnAttendanceRow,
    own_record,
)

__all__ = [
    "GROUPINGS",
    "METRIC_VERSION",
    "AttendanceCriteria",
    "MeetingSummary",
    "By",
    "AttendanceEvidence",
    "Ground",
    "AttendanceGroup",
    "AgendaItem",
    "RegisterMarking",
    "MeetingDetails",
    "AttendanceMonth",
    "NotExpectedCounts",
    "OwnAttendanceRow",
    "OwnAttendanceList",
    "Rebuttal",
    "OwnAttendanceCriteria",
    "AttendanceReport",
    "PartyAttendance",
    "MeetingStep",
    "attendance_evidence",
    "meeting",
    "meetings",
    "months",
    "own_record",
    "report",
    "suggestions",
]
