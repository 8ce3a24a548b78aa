"""The page of the authority's caseworker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coordination.service import Coordination
from tests.conftest import _fresh
from tests.webui.county_site import county_on
from tests.webui.referring import browser
from tests.webui.service import RunningService, service_on


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, Coordination]]:
    """The running application on a county."""
    with (
        _fresh(postgres, template) as database,
        service_on(database, tmp_path_factory.mktemp("caseworker")) as running,
        county_on(running) as coordination,
    ):
        yield running, coordination


def test_a_caseworker_begins_at_the_children_and_reads_the_authority_s_figures(
    site: tuple[RunningService, Coordination],
) -> None:
    caseworker = browser(site[0], "caseworker")
    page = caseworker.get("/caseworker").text
    assert "You have nothing to do today." in page
    for address in ("/caseworker", "/waiting-times", "/attendance", "/challenges"):
        assert f'href="{address}"' in page
        assert caseworker.get(address).status_code == 200


@pytest.mark.parametrize("who", ["alnco", "clinician", "auditor", "administrator"])
def test_nobody_else_opens_the_page(who: str, site: tuple[RunningService, Coordination]) -> None:
    assert browser(site[0], who).get("/caseworker").status_code == 404
