"""A transition pack: prepared by one school, read by the next before the pupil is on its roll, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.county import OTHER_SCHOOL
from tests.projections.casework import SECOND, RecordedCase
from tests.webui.looking import looking
from tests.webui.referring import browser
from tests.webui.service import RunningService
from tests.webui.support.test_support import day_of, sends

Site = tuple[RunningService, RecordedCase]


@pytest.fixture(scope="module")
def site(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with looking(postgres, template, tmp_path_factory.mktemp("transition")) as found:
        yield found


def test_a_pack_goes_to_the_next_school_and_to_nobody_else(site: Site) -> None:
    service, _ = site
    moves = service.clock().date() + timedelta(days=90)
    path = f"/pupils/{SECOND}/transition"
    typed = {"kind": "next_school", "to_school": str(OTHER_SCHOOL), "enhanced": "yes"}
    why = {"why_enhanced": "Angen gweld y neuadd."}
    sends(service, "alnco", f"{path}/plan", **typed, **why, **day_of("moves_on", moves))
    page = browser(service, "alnco").get(path).text
    (transition,) = {
        part.split("/")[0] for part in page.split(f"{path}/")[1:] if part.split("/")[0].count("-") == 4
    }
    sends(service, "alnco", f"{path}/{transition}/visit", visit="pupil_visit")
    words = {"moving_school": "Dw i eisiau gwybod ble mae’r neuadd.", "key_contacts": "Mair, mam"}
    assert "No pack has come." in browser(service, "other-alnco").get("/transitions").text
    sends(service, "alnco", f"{path}/{transition}/pack", language="cy", **words)
    arrived = browser(service, "other-alnco")
    assert f"/transitions/{transition}/pack" in arrived.get("/transitions").text
    shown = arrived.get(f"/transitions/{transition}/pack").text
    assert "Dw i eisiau gwybod ble mae’r neuadd." in shown
    assert arrived.get(f"/transitions/{transition}/pack.pdf").data.startswith(b"%PDF")
    assert arrived.get(path).status_code == 404
    assert browser(service, "caseworker").get(f"/transitions/{transition}/pack").status_code == 404
    assert browser(service, "clinician").get(f"/transitions/{transition}/pack").status_code in (403, 404)
