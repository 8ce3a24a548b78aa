"""The rights desk: who finds what on it, the list of what is due, and the registers."""

from __future__ import annotations

from datetime import date

from coordination.pupil.profile.commands import EndRegistration
from tests.county import ALNCO, PUPIL, SCHOOL
from tests.projections.casework import SECOND
from tests.webui.referring import browser, case_on, settled
from tests.webui.service import RunningService


def test_the_desk_is_for_those_who_decide_about_their_own_pupils(service: RunningService) -> None:
    with case_on(service):
        page = f"/rights/pupils/{PUPIL}"
        found = {
            name: browser(service, name).get(page).status_code
            for name in (
                "alnco",
                "head",
                "caseworker",
                "other-alnco",
                "clinician",
                "auditor",
                "administrator",
            )
        }
        assert found == {
            "alnco": 200,
            "head": 200,
            "caseworker": 200,
            "other-alnco": 404,
            "clinician": 404,
            "auditor": 404,
            "administrator": 404,
        }


def test_a_record_is_due_in_the_month_of_its_last_day_and_not_before(service: RunningService) -> None:
    """Born on 20 May 2011 with needs: kept until 20 May 2042 (31 years). On 1 May 2042 both pupils are due."""
    with case_on(service) as case:
        left = date(2025, 3, 19)
        case.does(ALNCO, left, EndRegistration, pupil=SECOND, school=SCHOOL)
        settled(service, case.service)
        service.clock.at = service.clock.at.replace(year=2042, month=4, day=1)
        client = browser(service, "alnco")
        assert "No record is due." in client.get("/rights/due?month=2042-04").text
        assert str(PUPIL) in client.get("/rights/due?month=2042-05").text
        assert client.get("/rights/due?month=9999-12").status_code == 200
        assert client.get("/rights/due?month=nonsense").status_code == 200


def test_the_registers_and_the_notice_are_made_from_the_fields(service: RunningService) -> None:
    with case_on(service):
        client = browser(service, "alnco")
        assert "date of birth" in client.get("/rights/registers").text
        assert "Privacy notice" in client.get("/rights/notice").text
