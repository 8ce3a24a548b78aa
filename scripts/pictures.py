"""The pictures in the README, taken from a running demonstration county so that they never rot.

    scripts/run                                     # in one terminal
    .venv/bin/python -m scripts.pictures            # in another, in the environment of scripts/test

Takes one picture of the front page and one of each desk, as PNG files in tests/pictures.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from scripts.demonstration.load import demonstration_people

PICTURES = Path(__file__).resolve().parent.parent / "tests" / "pictures"
ADDRESS = "http://127.0.0.1:8000"

# picture, who looks, where, and the links of that page that are followed to what is shown
SCENES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("today", "alnco", "/today", ()),
    ("case-file", "alnco", "/today", ("main a[href^='/pupils/']:not([href*='/referrals/'])",)),
    ("meeting", "alnco", "/today", ("main a[href^='/meetings/']:has-text('Nov')",)),
    ("challenge", "head", "/challenges", ("main a[href^='/challenges/']:not([href*='raise'])",)),
    ("inbox", "clinician", "/inbox", ()),
    ("referral", "clinician", "/inbox", ("main a[href*='/referrals/']",)),
    ("waiting-times", "auditor", "/waiting-times?service=CAMHS&by=school", ()),
    ("attendance", "auditor", "/attendance", ()),
    ("administration", "administrator", "/administration", ()),
)


def take_pictures(address: str) -> None:
    """One picture after the other, each as the person whose desk it is, in English."""
    passwords = {v.sign_in.role: v.sign_in.password for v in demonstration_people()}
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        page = _page(browser, address)
        page.goto("/")
        page.screenshot(path=PICTURES / "front.png")
        for name, role, path, links in SCENES:
            page = _page(browser, address)
            page.goto("/sign-in")
            page.fill("[name=username]", role)
            page.fill("[name=password]", passwords[role])
            page.locator("main form button").last.click()
            page.goto("/language/en?to=/account")
            page.goto(path)
            for link in links:
                page.locator(link).first.click()
                page.wait_for_load_state()
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


def _page(browser: object, address: str) -> Page:
    context = browser.new_context(  # type: ignore[attr-defined]
        base_url=address, viewport={"width": 1280, "height": 1000}, locale="en-GB"
    )
    page: Page = context.new_page()
    return page


if __name__ == "__main__":
    take_pictures(sys.argv[1] if len(sys.argv) > 1 else ADDRESS)
