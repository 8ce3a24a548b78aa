"""A real browser against a real server and a real database.

    @pytest.mark.browser
    def test_something(site, page): site.person("alnco"); page.goto("/"); ...; axe(page); fits(page)

Every page that a test opens is watched: a message on the console, a breach of the content security policy, a crash
of a script or a request to another host fails the test. `axe(page)` asserts that WCAG 2.2 AA is met.

CYDLYNU_PICTURES=1 keeps pictures of the pages in tests/artefacts, for people to look at.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.scripts.mail_keeping import MailServerThatKeeps
from tests.webui.service import RunningService, service_on
from webui.shell.sign_in_settings import MailSettings

ARTEFACTS = Path(__file__).resolve().parent.parent / "artefacts"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds that a page may take on a machine with much else to do. What is there is found at once.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # and of axe's advice; contrast is measured apart
    "rules": {rule: {"enabled": True} for rule in ("region", "heading-order", "landmark-unique")}
    | {"color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
}
# Contrast takes axe four times as long as all its other rules. It depends on what is written here for an element with
# text: where that was measured on a page before, it is not measured again.
CONTRAST = """
async known => {
  const look = element => {
    const own = getComputedStyle(element), around = [];
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      around.push([style.backgroundColor, style.backgroundImage, style.opacity, style.position].join(' '));
    }
    const named = [element, element.parentElement].map(e => e ? e.tagName + '.' + e.className : '');
    return [own.color, own.fontSize, own.fontWeight, own.textShadow, element.disabled, ...named,
            ...around.filter((one, at) => one !== around[at - 1])].join('|');
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), written = new Set();
  while (texts.nextNode()) if (texts.currentNode.data.trim()) written.add(texts.currentNode.parentElement);
  document.querySelectorAll('input, select, textarea, button').forEach(e => written.add(e));
  const measured = new Set(known), looks = [], elements = [];
  for (const element of written) {
    const one = look(element);
    if (!measured.has(one) && element.checkVisibility({visibilityProperty: true})) {
      measured.add(one); looks.push(one); elements.push(element);
    }
  }
  if (!elements.length) return {looks, violations: []};
  const options = {runOnly: {type: 'rule', values: ['color-contrast']}, resultTypes: ['violations']};
  return {looks, violations: (await axe.run({include: elements}, options)).violations};
}
"""
_measured: set[str] = set()


class ServedService(RunningService):
    """The service and where it is served."""

    url: str = ""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a free port of this machine, each request in a thread of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@pytest.fixture
def site(database: str, tmp_path: Path) -> Iterator[ServedService]:
    """The service on a fresh database."""
    with service_on(database, tmp_path / "data") as running, served(running.app) as url:
        yield ServedService(running.app, running.clock, running.database, url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from the system's packages."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.fail("chromium is not installed; scripts/test installs it")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser, site: ServedService) -> Iterator[NewPage]:
    """`new_page(width=320, locale="cy", scripts=False)`: a watched page with cookies of its own. `beside`: the host of
    a further service of the test that it may lead to."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def make(
        *,
        width: int = 1280,
        height: int = 900,
        locale: str = "en-GB",
        scripts: bool = True,
        beside: str = "",
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            locale=locale,
            java_script_enabled=scripts,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        _watch(page, {urlsplit(site.url).netloc, beside}, wrong)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A watched page of a desktop browser in English."""
    return new_page()


@pytest.fixture
def page_at(new_page: NewPage) -> Callable[[int], Page]:
    """`page_at(320)`: a watched page of that width in CSS pixels."""
    return lambda width: new_page(width=width, height=800)


def _watch(page: Page, hosts: set[str], wrong: list[str]) -> None:
    # a refused form answers 4xx on purpose; Chromium writes that to the console as a failed load. A network that is
    # away is taken away by the test itself
    expected = ("Failed to load resource", "htmx:error: Failed to fetch")

    def console(message: Any) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in expected):
            wrong.append(f"console on {page.url}: {message.text}")

    def asked(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc not in hosts:
            wrong.append(f"{page.url} asked another host: {request.url}")

    def answered(response: Any) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            wrong.append(f"{response.status} for {response.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: wrong.append(f"script on {page.url}: {error}"))
    page.on("request", asked)
    page.on("response", answered)


def axe(page: Page) -> None:
    """Assert that axe finds no violation of WCAG 2.2 AA, that all content is inside landmarks which are told apart, and
    that no level of heading is left out. It runs in the page, so the page needs scripts."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate("options => axe.run(options).then(results => results.violations)", AXE)
    contrast = page.evaluate(CONTRAST, sorted(_measured))
    found = [
        f"{wrong['id']}: {wrong['help']}: {[node['html'][:160] for node in wrong['nodes']]}"
        for wrong in (*violations, *contrast["violations"])
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)
    _measured.update(contrast["looks"])


def fits(page: Page) -> None:
    """Assert that nothing makes the page scroll sideways; if it does, say which elements reach beyond the window."""
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if wide > seen:
        beyond = page.evaluate(
            "[...document.querySelectorAll('body *')]"
            ".filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth)"
            ".map(one => one.outerHTML.slice(0, 120))"
        )
        pytest.fail(f"{page.url} is {wide} px wide in a window of {seen}: {beyond[:6]}")


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the whole page in tests/artefacts, when pictures are asked for."""
    if os.environ.get("CYDLYNU_PICTURES"):
        ARTEFACTS.mkdir(exist_ok=True)
        # with the caret, else a style is left on each box
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True, caret="initial")


@pytest.fixture
def inbox() -> Iterator[tuple[MailServerThatKeeps, MailSettings]]:
    """A real mail server on this machine, and how it is reached."""
    kept = MailServerThatKeeps()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield kept, MailSettings(server=f"smtp://127.0.0.1:{port}", sender="cydlynu@county.example")
    server.stop()
