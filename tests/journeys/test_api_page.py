"""The API's page in a browser: readable in both languages and on a narrow screen."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import NewPage, axe, fits


@pytest.mark.browser
def test_the_page_of_the_api(new_page: NewPage) -> None:
    for locale in ("en-GB", "cy"):
        page = new_page(locale=locale)
        page.goto("/api/v1/docs")
        axe(page)
        page.set_viewport_size({"width": 320, "height": 800})
        fits(page)
        assert page.locator("#problems").is_visible()
