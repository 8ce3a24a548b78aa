"""What waits without a limit, on the pages of those who wait and of those who are waited for."""

from __future__ import annotations

from tests.county import PUPIL
from tests.projections.casework import TO_CAMHS, TO_PSYCHOLOGY, RecordedCase, day
from tests.webui.looking import counted
from tests.webui.referring import browser
from tests.webui.reports_county import words_of
from tests.webui.service import RunningService

MOST_STATEMENTS = 34


def so_far(service: RunningService) -> str:
    """How long psychology has had the referral."""
    return f"{(service.clock.at.date() - day(1)).days} days"


def test_a_service_without_a_standard_sees_the_days(still: tuple[RunningService, RecordedCase]) -> None:
    waited = so_far(still[0])
    psychologist = browser(still[0], "psychologist")
    inbox = words_of(psychologist.get("/inbox").text)
    assert "1 waiting, no standard set" in inbox
    assert f"{waited} so far No standard set" in inbox
    page = words_of(psychologist.get(f"/pupils/{PUPIL}/referrals/{TO_PSYCHOLOGY}").text)
    assert f"{waited} since it was received, on 4 February 2025. No standard is set." in page


def test_the_school_sees_the_days_in_today_and_in_the_case_file(
    still: tuple[RunningService, RecordedCase],
) -> None:
    waited = so_far(still[0])
    alnco = browser(still[0], "alnco")
    today = words_of(alnco.get("/today").text)
    assert "Waiting, no standard set 1" in today
    assert f"Educational psychology. {waited} since it was received, no standard set" in today
    only = words_of(alnco.get("/today?only=no_standard").text)
    assert "Waiting, no standard set 1" in only and "Overdue" not in only
    assert f"{waited} since it was received, no standard set" in words_of(alnco.get(f"/pupils/{PUPIL}").text)


def test_pages_with_much_on_them_stay_below_their_number_of_statements(
    still: tuple[RunningService, RecordedCase],
) -> None:
    for path in ("/today", f"/pupils/{PUPIL}", f"/pupils/{PUPIL}/referrals/{TO_CAMHS}"):
        alnco = browser(still[0], "alnco")
        with counted() as page:
            assert alnco.get(path).status_code == 200
        assert 0 < page.statements <= MOST_STATEMENTS, path
