"""What a history file says in the clear, and what the recording of it warns of."""

from __future__ import annotations

from coordination.intake.recording.outcomes import ImportResult
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.referrals import read_referrals
from coordination.service import Coordination
from tests.intake.recorded import COLUMNS, NOW, ON, RANKS, import_referrals, referral, told, words
from tests.intake.samples import sheet
from tests.intake.test_record_referrals import SIWAN, school

__all__ = ["school"]


def test_the_clear_columns_are_recorded_and_the_same_file_again_changes_nothing(
    school: Coordination,
) -> None:
    header = (*COLUMNS, "new_episode", "ending", "legal_route")
    rows = [
        ("B-1", SIWAN, "6994001", "CAMHS", "received", "2025-01-06", "", "", "", "s20_nhs"),
        ("B-1", SIWAN, "6994001", "CAMHS", "discharged", "2025-02-03", "moved_away", "", "", ""),
        ("B-1", SIWAN, "6994001", "CAMHS", "reopened", "2025-06-02", "", "yes", "", ""),
        ("B-1", SIWAN, "6994001", "CAMHS", "withdrawn", "2025-07-02", "family_asked", "", "aged_out", ""),
    ]

    def imported(route: str) -> ImportResult:
        table = [dict(zip(header, row, strict=True)) for row in rows]
        table[0]["legal_route"] = route
        file = read_referrals(sheet(table, header), RANKS, ON)
        return record_referrals(school, file, now=NOW)

    assert words(imported("s20_nhs")) == ["new"] * 4
    held = referral(school, "B-1", SIWAN)
    assert held.legal_route == "s20_nhs"
    assert [(s.ending, s.new_episode) for s in held.steps] == [
        (None, False),
        ("moved_away", False),
        (None, True),
        ("aged_out", False),
    ]
    assert words(imported("s20_nhs")) == ["unchanged"] * 4
    other = imported("mental_health_measure")
    assert [p.code for p in other.outcomes[0].problems] == ["legal_route_differs"]
    assert referral(school, "B-1", SIWAN).legal_route == "s20_nhs"


def test_a_second_open_referral_is_taken_with_a_warning(school: Coordination) -> None:
    ended = import_referrals(
        school, ("A", SIWAN, "received", "2024-01-08"), ("A", SIWAN, "discharged", "2024-03-04")
    )
    first = import_referrals(school, ("B", SIWAN, "received", "2025-01-08"))
    second = import_referrals(
        school, ("C", SIWAN, "received", "2025-02-03"), ("C", SIWAN, "acknowledged", "2025-02-04")
    )
    assert (told(ended), told(first)) == ([], [])
    assert told(second) == [(2, None, "another_referral_open")]
    assert (words(second), second.status) == (["new", "new"], 0)
    again = import_referrals(school, ("C", SIWAN, "received", "2025-02-03"))
    assert told(again) == []
