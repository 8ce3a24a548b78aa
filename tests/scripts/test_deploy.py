"""The examples in scripts/deploy agree with the program; `scripts/deploy/try_proxy.py` tries them."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from webui.shell.settings import WebSettings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "scripts/deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def unit(file: Path) -> ConfigParser:
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(file)
    return read


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_runs_what_is_there_with_settings_that_are(file: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    text = file.read_text()
    for setting in re.findall(r"\b(?:CYDLYNU_[A-Z_]+|DATABASE_URL\w*)(?==)", text):
        assert f"`{setting}`" in readme
    command = unit(file)["Service"]["ExecStart"]
    scripts = re.findall(r"/opt/cydlynu/(scripts/\S+)", command)
    commands = re.findall(r"bin/cydlynu (\w+)", command)
    assert scripts or commands
    assert all((ROOT / script).exists() for script in scripts)
    assert all(f"cydlynu {name}" in readme for name in commands)


@pytest.mark.parametrize("timer", sorted(DEPLOY.glob("*.timer")), ids=lambda file: file.name)
def test_a_timer_has_its_service(timer: Path) -> None:
    assert timer.with_suffix(".service") in UNITS


def test_the_proxy_takes_what_the_service_takes() -> None:
    conf = (DEPLOY / "nginx.conf").read_text()
    largest = re.search(r"client_max_body_size (\d+)m;", conf)
    assert largest
    settings = WebSettings(database="", data=Path())
    assert int(largest[1]) * 1024 * 1024 > settings.largest_file
    for name in ("client_header_timeout", "client_body_timeout"):
        assert re.search(rf"{name} 10s;", conf)
    assert "proxy_request_buffering on;" in conf
    assert "X-Forwarded-For $remote_addr;" in conf, "what the client says of itself is not believed"
