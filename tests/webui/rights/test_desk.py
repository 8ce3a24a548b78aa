"""The rights desk: who finds what on it, the list of what is due, and the registers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.profile.commands import EndRegistration
from coordination.pupil.rights.commands import ReceiveRightsRequest
from tests.county import ALNCO, BOARD, MOTHER, PUPIL, SCHOOL, THERAPY
from tests.projections.casework import SECOND
from tests.webui.referring import browser, case_on, settled
from tests.webui.service import RunningService
from tests.webui.signed_heads import sign_head


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


def test_a_copy_for_a_parent_has_the_head_and_no_trace_of_the_childs_own_agreement(
    service: RunningService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.shell.ledger_heads.FRESH", 0.0)
    with case_on(service) as case:
        on, asked = service.clock.at.date(), {"parent": uuid4(), "pupil": uuid4()}
        own = {"authority": "competent_child", "competence_judged_by": ALNCO, "assessment": "Deall."}
        own |= {"agency": BOARD, "service": THERAPY, "language": "cy", "kept_from_parents": True}
        case.does(ALNCO, on, GiveConsent, pupil=PUPIL, consent=uuid4(), **own)
        for who, request in asked.items():
            more = {"kind": "subject_access", "controller": SCHOOL, "asked_by": who}
            contact = MOTHER if who == "parent" else None
            case.does(ALNCO, on, ReceiveRightsRequest, pupil=PUPIL, request=request, contact=contact, **more)
        settled(service, case.service)
        head = sign_head(service.database, tmp_path / "key").head
        client = browser(service, "alnco")
        found = {
            who: client.get(f"/rights/pupils/{PUPIL}/requests/{request}/copy.json").json
            for who, request in asked.items()
        }
        assert {one["ledger_head"] for one in found.values()} == {head.dated}
        assert len(found["pupil"]["entries"]) == len(found["parent"]["entries"]) + 1
        assert "Deall." in str(found["pupil"])
        assert "Deall." not in str(found["parent"])
        page = client.get(f"/rights/pupils/{PUPIL}/requests/{asked['parent']}/copy").text
        assert f"Head of the ledger: {head.short}" in page
