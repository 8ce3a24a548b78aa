"""The private server is sized to the machine; what the operator gives goes before, and ours cannot be taken away."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from coordination.store.programs import ServerFailed
from coordination.store.server import PostgresServer
from coordination.store.server_size import MB, given_settings, memory_of_machine, size_settings

GB = 1024 * MB


@pytest.mark.parametrize(
    ("memory", "disk", "settings"),
    [
        (GB // 4, GB, ("128", "256", "64", "1024")),
        (2 * GB, 5 * GB, ("512", "1024", "64", "1024")),
        (24 * GB, 25 * GB, ("6144", "12288", "512", "2560")),
        (512 * GB, 900 * GB, ("8192", "65536", "512", "4096")),
    ],
)
def test_every_machine_has_its_size(memory: int, disk: int, settings: tuple[str, ...]) -> None:
    names = ("shared_buffers", "effective_cache_size", "maintenance_work_mem", "max_wal_size")
    expected = {name: f"{megabytes}MB" for name, megabytes in zip(names, settings, strict=True)}
    found = dict(one.split("=") for one in size_settings(memory, disk))
    assert found == expected | {"random_page_cost": "1.1"}


def test_the_machine_has_memory() -> None:
    assert 64 * MB < memory_of_machine() < 2**50


@pytest.mark.parametrize("text", ["shared_buffers", "-c fsync=off", "fsync =off", "Work=1", "=1"])
def test_what_is_no_setting_is_refused(text: str) -> None:
    with pytest.raises(ServerFailed, match="CYDLYNU_POSTGRES"):
        list(given_settings({"CYDLYNU_POSTGRES": text}))


@pytest.mark.slow
def test_a_server_runs_as_the_operator_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYDLYNU_POSTGRES", "work_mem=5MB shared_buffers=99MB listen_addresses=*")
    server = PostgresServer(tmp_path)
    try:
        with psycopg.connect(server.start()) as connection:
            row = connection.execute(
                "select current_setting('work_mem'), current_setting('shared_buffers'),"
                " current_setting('random_page_cost'), current_setting('listen_addresses')"
            ).fetchone()
        assert row == ("5MB", "99MB", "1.1", "")
    finally:
        server.release()
