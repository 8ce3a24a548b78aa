"""A list that is narrowed to what nobody has is refused: an empty list would look as if there were nothing."""

from __future__ import annotations

from uuid import UUID

import pytest

from coordination.pupil.referral.milestones import PHASES
from tests.county import BOARD, CAMHS, PUPIL, SCHOOL
from tests.webui.api.conftest import ApiClient, fields, problem
from tests.webui.service import RunningService

NOBODY = UUID(int=0xDEAD)
CONSENTS = f"/pupils/{PUPIL}/consents"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/referrals?phase=zzz", "phase"),
        # a milestone that never sets the phase
        ("/referrals?phase=recorded_in_error_twice", "phase"),
        ("/referrals?state=closed", "state"),
        ("/referrals?due=late", "due"),
        ("/referrals?whose_move=nobody", "whose_move"),
        (f"/referrals?service={NOBODY}", "service"),
        (f"/referrals?agency={NOBODY}", "agency"),
        (f"/referrals?agency={SCHOOL}", "agency"),
        ("/challenges?part=old", "part"),
        (f"/challenges?school={NOBODY}", "school"),
        (f"/challenges?school={BOARD}", "school"),
        (f"/challenges?agency={NOBODY}", "agency"),
        (f"/challenges?service={BOARD}", "service"),
        (f"/meetings?service={NOBODY}", "service"),
        ("/pupils?need=zzz", "need"),
        ("/pupils?provision=zzz", "provision"),
        (f"/pupils?service={NOBODY}", "service"),
        (f"{CONSENTS}?agency={NOBODY}", "agency"),
        (f"{CONSENTS}?standing=perhaps", "standing"),
        ("/organisations?kind=club", "kind"),
        (f"/services?agency={NOBODY}", "agency"),
        (f"/services?agency={SCHOOL}", "agency"),
        (f"/reports/attendance?school={NOBODY}", "school"),
        (f"/reports/attendance?agency={NOBODY}", "agency"),
        (f"/reports/attendance?service={NOBODY}", "service"),
        ("/reports/attendance?by=pupil", "by"),
    ],
)
def test_what_nobody_has_is_refused(school: ApiClient, path: str, field: str) -> None:
    assert fields(problem(school.get(path), 422, "not_as_described")) == {field: "not_offered"}


@pytest.mark.parametrize(
    "path",
    [
        *(f"/referrals?phase={phase}" for phase in PHASES),
        f"/referrals?service={CAMHS}&agency={BOARD}",
        f"/referrals?agency={str(BOARD).upper()}",
        f"/challenges?school={SCHOOL}&agency={BOARD}&service={CAMHS}",
        f"/meetings?service={CAMHS}",
        f"/pupils?need=SLCD&service={CAMHS}",
        f"{CONSENTS}?agency={BOARD}",
        f"/services?agency={str(BOARD).upper()}",
    ],
)
def test_what_there_is_is_answered(school: ApiClient, path: str) -> None:
    assert school.get(path).status_code == 200


def test_the_description_lists_the_phases(running: RunningService) -> None:
    document = running.app.test_client().get("/api/v1/openapi.json").get_json()
    parameters = document["paths"]["/api/v1/referrals"]["get"]["parameters"]
    [phase] = [p for p in parameters if p.get("name") == "phase"]
    assert set(phase["schema"]["enum"]) - {None} == set(PHASES)
