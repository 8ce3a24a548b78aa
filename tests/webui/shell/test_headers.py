"""What every answer tells the browser."""

import gzip
import re
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from webui.shell.headers import HEADERS
from webui.shell.settings import WebSettings, secret_key


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/nowhere", "/healthz", "/static/cydlynu.css", "/static/nothing"]
)
def test_every_answer_has_the_headers(client, path):
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_the_policy_allows_nothing_inline(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy


@pytest.mark.parametrize("path", ["/", "/sign-in", "/gallery", "/nowhere", "/signed-out"])
def test_no_page_has_anything_inline(client, path):
    page = client.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert "<style" not in page
    assert not re.search(r"<[^>]+\son[a-z]+=", page)


def test_https_is_remembered_only_over_https(client):
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert "max-age" in client.get("/", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_a_file_is_kept_for_ever_by_its_version(client):
    url = re.search(r'href="(/static/cydlynu\.css\?v=[0-9a-f]+)"', client.get("/").text)[1]
    assert "immutable" in client.get(url).headers["Cache-Control"]
    assert "no-cache" in client.get("/static/cydlynu.css?v=old").headers["Cache-Control"]


def test_a_file_is_sent_squeezed_to_who_can_read_it(client):
    plain = client.get("/static/govuk/govuk-frontend.css")
    squeezed = client.get("/static/govuk/govuk-frontend.css", headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(squeezed.data) == plain.data
    assert len(squeezed.data) < 20_000
    again = client.get("/static/govuk/govuk-frontend.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["../wsgi.py", "..%2fwsgi.py", "govuk/../../app.py", "", "govuk"])
def test_only_our_own_files_are_served(client, name):
    assert client.get(f"/static/{name}").status_code in (308, 404)


def test_the_first_visit_weighs_little(client):
    page = client.get("/")
    names = [*re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text), "/static/govuk/govuk-frontend.js"]
    weight = len(page.data)
    weight += sum(len(client.get(n, headers={"Accept-Encoding": "gzip"}).data) for n in names)
    assert weight < 60_000


def test_the_key_is_made_once_and_for_the_owner_only(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: secret_key(tmp_path / "data"), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_settings_come_from_the_environment(tmp_path):
    given = {
        "CYDLYNU_DATABASE": "dbname=x",
        "CYDLYNU_DATA": str(tmp_path),
        "CYDLYNU_HOSTS": "a.example, b.example",
    }
    settings = WebSettings.from_environment(given)
    assert (settings.database, settings.data) == ("dbname=x", tmp_path)
    assert settings.hosts == ("a.example", "b.example")
