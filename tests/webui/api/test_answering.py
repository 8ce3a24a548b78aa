"""The README's two ways to answer a referral from one's own system, run as they stand there against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.county import BOARD
from tests.journeys.conftest import served
from tests.webui.api.conftest import ApiClient, program
from tests.webui.api.test_referrals import begin
from tests.webui.service import RunningService

README = Path(__file__).parents[3] / "README.md"
HEADING = "## Answering a referral from your own system"


def block(language: str) -> str:
    """The code of a language under the heading."""
    part = README.read_text().split(HEADING, 1)[1].split("\n## ", 1)[0]
    (found,) = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    return str(found)


@pytest.fixture
def environment(running: RunningService) -> Iterator[dict[str, str]]:
    """What a board's system knows: where the service is, and its token."""
    with served(running.app) as url:
        system = program(running, BOARD, "referrals:read", "referrals:write")
        yield os.environ | {"CYDLYNU_URL": url, "CYDLYNU_TOKEN": system.held}


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def standing(board: ApiClient, referral: str) -> tuple[str, list[str]]:
    """The phase, and what the agency has said from its own system."""
    shown = board.get(f"/referrals/{referral}").json
    said = [e["what"] for e in shown["entries"] if e["organisation"] == str(BOARD) and e["source"] == "api"]
    return shown["phase"], said


def test_in_python(environment: dict[str, str], school: ApiClient, board: ApiClient) -> None:
    referral = begin(school)
    code = block("python")
    assert len([line for line in code.splitlines() if line.strip() and "import" not in line]) <= 10
    printed = run([sys.executable, "-I", "-c", code], environment)
    assert referral in printed
    assert standing(board, referral) == ("acknowledged", ["acknowledged"])
    # nothing waits any more
    assert run([sys.executable, "-I", "-c", code], environment) == ""


def test_with_curl(environment: dict[str, str], school: ApiClient, board: ApiClient) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    referral = begin(school)
    printed = run(["sh", "-eu", "-c", block("sh")], environment)
    assert referral in printed
    assert standing(board, referral) == ("accepted", ["accepted"])
