"""Before any child is started: the outer keys are the record's own, or it does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from coordination.service import Coordination
from coordination.store.keys import load_or_make
from scripts.prepare import PREPARATION, make_keys
from scripts.service.settings import CannotStart, ServiceSettings
from tests.county import register


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings(tmp_path)


def test_an_empty_record_gets_new_keys(database: str, settings: ServiceSettings) -> None:
    make_keys(settings, database)
    made = settings.keys.read_bytes()
    make_keys(settings, database)
    assert settings.keys.read_bytes() == made


def test_a_lost_file_is_refused_and_not_replaced(
    database: str, county: Coordination, settings: ServiceSettings
) -> None:
    register(county)
    make_keys(settings, database)
    kept = settings.keys.read_bytes()
    settings.keys.unlink()
    with pytest.raises(CannotStart, match="is missing") as refusal:
        make_keys(settings, database)
    assert str(settings.keys) in str(refusal.value)
    assert not settings.keys.exists(), "a new file would hide the loss"
    settings.keys.write_bytes(kept)
    make_keys(settings, database)


def test_the_keys_of_another_record_are_refused(
    database: str, county: Coordination, settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(county)
    settings.keys.unlink()
    load_or_make(settings.keys)
    other = settings.keys.read_bytes()
    with pytest.raises(CannotStart, match="belong to another database"):
        make_keys(settings, database)
    monkeypatch.setenv("LC_ALL", "cy_GB.UTF-8")
    with pytest.raises(CannotStart, match="yn perthyn i gronfa ddata arall"):
        make_keys(settings, database)
    assert settings.keys.read_bytes() == other


def test_it_is_asked_before_anything_is_written_with_them() -> None:
    names = [name for name, _step in PREPARATION]
    assert (
        names.index("migrations")
        < names.index("keys")
        < names.index("read models")
        < names.index("demonstration")
    )
