"""What htmx is given to do, and what it weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import webui
from tests.county import BOARD, CAMHS, PUPIL
from tests.projections.casework import TO_CAMHS, RecordedCase
from tests.webui.conftest import form_token
from tests.webui.looking import looking
from tests.webui.referring import browser, form_in, page_of
from tests.webui.service import RunningService

HERE = Path(webui.__file__).parent
FIRST_PAINT = 150_000  # bytes over the wire with an empty cache


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, RecordedCase]]:
    with looking(postgres, template, tmp_path_factory.mktemp("in-place")) as found:
        yield found


@pytest.mark.parametrize("path", sorted(HERE.glob("*/templates/**/*.html")), ids=lambda p: p.stem)
def test_no_template_asks_for_what_the_policy_forbids(path: Path) -> None:
    """Scripts in attributes and filters of triggers are evaluated; styles and handlers in a tag are inline."""
    text = path.read_text()
    assert not re.search(r"hx-on|js:|javascript:|hx-vals|hx-trigger=\"[^\"]*\[", text)
    assert not re.search(r"<[^>{]+\s(style|on[a-z]+)=\"", text)


def test_htmx_is_the_file_that_its_note_names() -> None:
    folder = HERE / "static" / "vendor" / "htmx"
    assert "4.0.1" in (folder / "README.txt").read_text()
    assert 'version="4.0.1"' in (folder / "htmx.min.js").read_text()
    assert "sourceMappingURL" not in (folder / "htmx.min.js").read_text()
    assert (folder / "LICENCE.txt").read_text().startswith("Zero-Clause BSD")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("alnco", "/today"),
        ("alnco", "/pupils"),
        ("alnco", f"/pupils/{PUPIL}"),
        ("alnco", f"/pupils/{PUPIL}/refer"),
        ("clinician", "/inbox?service=all"),
        ("clinician", page_of(TO_CAMHS)),
        ("auditor", "/waiting-times"),
    ],
)
def test_the_first_paint_is_light(site: tuple[RunningService, RecordedCase], who: str, path: str) -> None:
    client = browser(site[0], who)
    page = client.get(path)
    assert page.status_code == 200
    names = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    names += ["/static/govuk/govuk-frontend.js", "/static/drafts.js", "/static/in-place.js"]
    weight = len(page.data)
    weight += sum(len(client.get(n, headers={"Accept-Encoding": "gzip"}).data) for n in names)
    assert weight < FIRST_PAINT, weight
    assert any("htmx" in name for name in names)


def test_who_is_not_signed_in_needs_no_htmx(site: tuple[RunningService, RecordedCase]) -> None:
    assert "htmx" not in site[0].app.test_client().get("/sign-in").text


def test_what_is_typed_takes_the_place_of_what_was_typed_before(
    site: tuple[RunningService, RecordedCase],
) -> None:
    """A search that somebody types letter by letter is one search of the five that a visit keeps."""
    client = browser(site[0], "alnco")
    token = form_token(client.get("/pupils").text)
    key, kept = "", ""
    for letters in ("s", "si", "sia", "sian", "sian g", "sian gw", "sian gwy"):
        data = {"csrf_token": token, "words": letters, "found": key}
        answer = client.post("/pupils/find", data=data, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert 'id="found"' in answer.text
        address = answer.headers["HX-Replace-Url"]
        assert re.fullmatch(r"/pupils\?found=[\w-]{10}", address)
        key = parse_qs(urlsplit(address).query)["found"][0]
        assert kept in ("", key)
        assert f'name="found" value="{key}"' in answer.text
        kept = key
    assert 'value="sian gwy"' in client.get(address).text
    # nothing typed any more: no key either
    answer = client.post(
        "/pupils/find", data={"csrf_token": token, "words": "", "found": key}, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Replace-Url"] == "/pupils"
    # a whole number opens nothing while it is typed
    data = {"csrf_token": token, "words": "B801200005001"}
    assert client.post("/pupils/find", data=data, headers={"HX-Request": "true"}).status_code == 200
    assert client.post("/pupils/find", data=data).location == f"/pupils/{PUPIL}"


def test_a_form_that_a_script_sends_leads_on_by_a_header(site: tuple[RunningService, RecordedCase]) -> None:
    """So the next page says what was done, and going back does not lead over a page that was sent."""
    client = browser(site[0], "alnco")
    path = f"/pupils/{PUPIL}/agreements/ask"
    form = form_in(client.get(path).text)
    wrong = client.post(path, data={**form, "agency": ""}, headers={"X-Lead": "1"})
    assert wrong.status_code == 422
    form["agency"], form["service"], form["route"] = str(BOARD), str(CAMHS), "verbal"
    led = client.post(path, data=form, headers={"X-Lead": "1"})
    assert led.status_code == 200, re.findall(r'summary__list">(.*?)</ul>', led.text, re.DOTALL)
    assert led.text == ""
    assert "Location" not in led.headers
    assert led.headers["HX-Redirect"].startswith(f"/pupils/{PUPIL}/agreements")
    assert "It is recorded that you asked." in client.get(led.headers["HX-Redirect"]).text
    # twice is as once
    again = client.post(path, data=form, headers={"X-Lead": "1"})
    assert again.headers["HX-Redirect"] == led.headers["HX-Redirect"]
