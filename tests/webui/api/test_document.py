"""The document of the API and the service behind it agree, whatever is sent: schemathesis with all its checks.

Three statuses are added to those that a check expects, because the document says them and JSON Schema cannot: 422 for a
body that is well-formed and that a rule of the domain refuses (a day that has not come, a code that no table has), 412
for an ETag that is well-formed and old, 428 (RFC 6585) where If-Match is missing.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from tests.county import BOARD, CAMHS, MOTHER, PUPIL, SCHOOL
from tests.projections.casework import AGREED_CAMHS, MEETING, TO_CAMHS
from tests.webui.api.conftest import ApiClient, program
from tests.webui.service import RunningService
from webui.app import create_app
from webui.shell.settings import WebSettings

REAL = {
    "pupil": PUPIL,
    "contact": MOTHER,
    "referral": TO_CAMHS,
    "entry": 12,
    "consent": AGREED_CAMHS,
    "agency": BOARD,
    "meeting": MEETING,
    "service": CAMHS,
    "party": CAMHS,
}
# beside what its coverage phase lists of every boundary, some hundred requests an operation
EXAMPLES = 3


def _document() -> dict[str, Any]:
    """As a program reads it; no database is asked for it."""
    with TemporaryDirectory() as folder:
        app = create_app(WebSettings(database="host=nowhere", data=Path(folder)))
        document: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return document


class Served:
    """The service that is running once the tests do."""

    application: Any = None

    def __call__(self, environment: Any, start: Any) -> Any:
        return self.application(environment, start)


served = Served()
described = schemathesis.openapi.from_dict(_document())
described.app = served
described.config.update(base_url="http://localhost")
checks = described.config.checks
for _check, _statuses in (
    (checks.positive_data_acceptance, ("412", "422")),
    (checks.missing_required_header, ("428",)),
):
    _check.expected_statuses = [*_check.expected_statuses, *_statuses]


@pytest.fixture(scope="module")
def system(site: tuple[RunningService, Any]) -> ApiClient:
    """A school's system that may do everything that a school may, as often as it likes."""
    service, _case = site
    world = service.app.extensions["cydlynu"]
    world.settings = msgspec.structs.replace(world.settings, api_requests=10**9)
    served.application = service.app
    return program(service, SCHOOL)


@described.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent(case: schemathesis.Case, system: ApiClient) -> None:
    leaves = case.operation.path.endswith("/leave")
    if case.meta is not None and case.meta.generation.mode.is_positive and not leaves:
        _about_something_real(case, system)
    case.call_and_validate(headers={"Authorization": f"Bearer {system.held}"})


def _about_something_real(case: schemathesis.Case, system: ApiClient) -> None:
    """Else every answer would be that nothing is there. (But the pupil does not leave: nothing would be there then.)"""
    for name in case.path_parameters:
        if name in REAL:
            case.path_parameters[name] = str(REAL[name]) if name != "entry" else REAL[name]
    if "If-Match" in case.headers:
        thing = "referrals" if "referral" in case.path_parameters else "pupils"
        shown = system.get(f"/{thing}/{REAL[thing[:-1]]}")
        case.headers["If-Match"] = shown.headers["ETag"]
