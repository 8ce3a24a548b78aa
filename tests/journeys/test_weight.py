"""What a first look costs on the wire: with an empty cache each home, the case file and a referral come to under
150 KB until loaded, and nothing is asked of another host (which every watched page asserts)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.county import PUPIL, register
from tests.intake.samples import upn
from tests.journeys.conftest import NewPage, ServedService
from tests.projections.casework import TO_CAMHS, RecordedCase
from tests.webui.referring import case_on, page_of, settled
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

LIMIT = 150_000  # bytes, headers included
# a first page of a list is full (25 rows) with these
PUPILS = 30
PAGES = {
    "": ["/", "/sign-in"],
    "alnco": ["/today", "/pupils", f"/pupils/{PUPIL}", page_of(TO_CAMHS), f"/pupils/{PUPIL}/refer"],
    "head": ["/today"],
    "clinician": ["/inbox", page_of(TO_CAMHS)],
    "auditor": ["/waiting-times"],
    "administrator": ["/administration"],
}


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    """The case among as many pupils as fill a page."""
    with case_on(site) as told:
        for number in range(PUPILS):
            register(told.service, UUID(int=0xB1000 + number), upn(number), date(2025, 1, 6))
        settled(site, told.service)
        yield told


def weighed(page: Page, path: str) -> dict[str, int]:
    """Bytes on the wire by address, with nothing kept from before, until the page is loaded and quiet."""
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")
    link.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    bytes_of: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] in addresses:  # else it was asked for by the page before
            bytes_of[addresses[event["requestId"]]] = int(event["encodedDataLength"])

    link.on("Network.requestWillBeSent", asked)
    link.on("Network.loadingFinished", finished)
    page.goto(path, wait_until="networkidle")
    link.detach()
    return bytes_of


def test_a_first_look_is_light(site: ServedService, case: RecordedCase, new_page: NewPage) -> None:
    heavy: list[str] = []
    for username, paths in PAGES.items():
        page = new_page()
        if username:
            page.goto("/sign-in")
            page.fill("#username", username)
            page.fill("#password", PASSWORD)
            page.locator("main form button[type=submit]").last.click()
            expect(page.locator("#username")).to_have_count(0)
        for path in paths:
            found = weighed(page, path)
            assert page.url == f"{site.url}{path}"
            assert any(address == page.url for address in found), "the page itself was not weighed"
            assert any("/static/" in address for address in found), "the cache was not empty"
            total = sum(found.values())
            parts = ", ".join(f"{address.removeprefix(site.url)[:50]} {n}" for address, n in found.items())
            if total > LIMIT:
                heavy.append(f"{path} as {username or 'nobody'}: {total} bytes: {parts}")
    assert not heavy, "\n".join(heavy)
