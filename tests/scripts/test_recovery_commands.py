"""`cydlynu backup`, `restore` and `drill`: as an operator gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from coordination.service import Coordination
from scripts.cli.database import CommandSettings
from scripts.cli.main import main
from tests.county import build, register
from tests.scripts.conftest import NOW, Cydlynu, one


@pytest.fixture
def kept(cydlynu: Cydlynu, record: Coordination) -> Cydlynu:
    build(record)
    register(record)
    return cydlynu


def test_backup_and_restore(
    kept: Cydlynu, empty_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "backup"
    assert kept("backup", folder).status == 0
    assert folder.with_name("backup.keys").read_bytes() == kept.keys.read_bytes()
    assert not list(folder.glob("*keys*")), "the keys are never inside"
    assert kept("backup", folder).err.startswith("folder_exists")

    there = Cydlynu(empty_database, tmp_path / "new", capsys)
    said = there("restore", folder)
    assert said.status == 0, said.err
    assert there.keys.read_bytes() == kept.keys.read_bytes()
    assert there("verify").status == 0
    assert there("rebuild", "--compare-only").status == 0
    assert one(empty_database, "select count(*) from read.pupil") == 1
    assert there("restore", folder).err.startswith("store_not_empty")


def test_a_backup_without_its_keys_is_refused_in_words(
    kept: Cydlynu, empty_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, elsewhere = tmp_path / "backup", tmp_path / "safe" / "keys"
    assert kept("backup", folder, "--keys", elsewhere).status == 0
    there = Cydlynu(empty_database, tmp_path / "new", capsys)
    said = there("restore", folder)
    assert (said.status, said.err.split(":")[0]) == (1, "backup_without_keys")
    assert one(empty_database, "select to_regclass('log.event')") is None
    assert there("restore", folder, "--keys", elsewhere).status == 0


def test_the_keys_may_not_lie_inside(kept: Cydlynu, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    assert kept("backup", folder, "--keys", folder / "keys").err.startswith("keys_inside_the_backup")
    assert not folder.exists()


class TestDrill:
    """In a scratch server of its own, which never had the roles."""

    def test_on_a_small_store(self, kept: Cydlynu) -> None:
        said = kept("drill", "--format", "json")
        assert said.status == 0, said.err
        assert [step["name"] for step in said.json["steps"]] == [
            *("backup", "restore", "verify", "read models", "compare")
        ]
        assert said.json["tables_compared"]
        assert said.json["differing"] == []
        assert said.json["events"] == one(kept.database, "select count(*) from log.event")

    def test_it_finds_a_backup_that_is_not_as_the_live_store(self, kept: Cydlynu, tmp_path: Path) -> None:
        kept("catch-up")
        kept("backup", tmp_path / "backup")
        one(kept.database, "update read.pupil set confidential = not confidential returning 1")
        said = kept("drill", tmp_path / "backup")
        assert said.status == 2
        assert "DIFFERENT: pupil" in said.out


def test_the_settings_of_an_operator_who_restores_into_a_new_data_folder(
    kept: Cydlynu, tmp_path: Path
) -> None:
    """Without DATABASE_URL: a private server is made there."""
    kept("backup", tmp_path / "backup")
    data = tmp_path / "data"
    settings = CommandSettings(data, None, data / "keys.json", lambda: NOW)
    assert main(["restore", str(tmp_path / "backup")], settings) == 0
    assert main(["verify"], settings) == 0
