"""The preparation runs in a process of its own: the supervisor learns how it ended, and keeps none of its memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from coordination.service import Coordination
from scripts.prepare import check_sign_in, make_keys
from scripts.service.settings import CannotStart, ServiceSettings
from scripts.supervise import NotPrepared, prepare
from tests.county import register

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def without_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYDLYNU_DEMONSTRATION", "no")


def test_an_empty_database_is_prepared(empty_database: str, tmp_path: Path) -> None:
    prepare(ServiceSettings(tmp_path), empty_database)
    prepare(ServiceSettings(tmp_path), empty_database)  # nothing is left to do
    with psycopg.connect(empty_database) as link:
        assert link.execute("select position from read.position").fetchone() == (0,)
    assert (tmp_path / "keys.json").exists()


def test_lost_keys_stop_the_start_with_the_reason(
    database: str, county: Coordination, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = ServiceSettings(tmp_path)
    register(county)
    make_keys(settings, database)
    settings.keys.unlink()
    with pytest.raises(NotPrepared):
        prepare(settings, database)
    assert "is missing" in capfd.readouterr().err
    assert not settings.keys.exists()


def test_settings_for_signing_in_that_cannot_be_used_stop_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYDLYNU_TOTP_ROLES", "wizard")
    with pytest.raises(CannotStart, match="wizard"):
        check_sign_in(ServiceSettings(tmp_path), "")


def test_a_lost_database_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(psycopg.OperationalError):
        prepare(ServiceSettings(tmp_path), "postgresql://nobody@127.0.0.1:1/none")


def test_the_supervisor_imports_neither_the_demonstration_nor_the_read_models() -> None:
    program = "import scripts.supervise, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint({"scripts.demonstration", "projections", "webui", "eventsourcing"})
