"""Secrets come as a value or as a file, never both, and a mistake does not print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from coordination.store.keys import WrongKeys, load_or_make, put_given
from coordination.store.secret_settings import SecretRefused, secret_setting
from scripts.cli.database import CommandSettings
from scripts.service.settings import CannotStart, ServiceSettings
from webui.shell.settings import WebSettings, secret_key

SECRET = "a long secret that signs every cookie"


def test_a_secret_is_a_value_or_the_content_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    assert secret_setting({}, "X") is None
    assert secret_setting({"X": SECRET}, "X") == SECRET
    assert secret_setting({"X_FILE": str(file)}, "X") == SECRET


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"X": SECRET, "X_FILE": "f"}, "Set X or X_FILE, not both."),
        ({"X_FILE": "f"}, "The file that X_FILE names cannot be read."),
        ({"X_FILE": "empty"}, "The file that X_FILE names is empty."),
    ],
)
def test_a_secret_that_cannot_be_had_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").touch()
    with pytest.raises(SecretRefused) as refused:
        secret_setting(environment, "X")
    assert str(refused.value) == words


def test_the_key_of_cookies_comes_from_the_setting_or_the_data_folder(tmp_path: Path) -> None:
    needed = {"CYDLYNU_DATABASE": "dbname=x", "CYDLYNU_DATA": str(tmp_path)}
    assert WebSettings.from_environment(needed).secret_key == secret_key(tmp_path)
    given = WebSettings.from_environment({**needed, "CYDLYNU_SECRET_KEY": SECRET})
    assert given.secret_key == SECRET.encode()
    assert SECRET not in repr(given)
    with pytest.raises(SecretRefused, match="at least 32 characters"):
        WebSettings.from_environment({**needed, "CYDLYNU_SECRET_KEY": "x" * 31})


def test_the_database_s_address_may_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text("postgresql://owner:secret@db/cydlynu\n")
    environment = {"CYDLYNU_DATA": str(tmp_path), "DATABASE_URL_FILE": str(file)}
    assert ServiceSettings.from_environment(environment).url == "postgresql://owner:secret@db/cydlynu"
    assert CommandSettings.from_environment(environment).url == "postgresql://owner:secret@db/cydlynu"
    with pytest.raises(CannotStart, match="cannot be read"):
        ServiceSettings.from_environment({"DATABASE_URL_FILE": str(tmp_path / "gone")})


def test_keys_given_as_text_are_put_into_the_file_and_never_over_others(tmp_path: Path) -> None:
    keys = load_or_make(tmp_path / "elsewhere.json")
    text = (tmp_path / "elsewhere.json").read_text()
    place = tmp_path / "data" / "keys.json"
    put_given(place, None)
    assert not place.exists()
    put_given(place, text)
    put_given(place, text)
    assert load_or_make(place) == keys
    assert place.stat().st_mode & 0o777 == 0o600
    load_or_make(tmp_path / "others.json")
    with pytest.raises(WrongKeys):
        put_given(place, (tmp_path / "others.json").read_text())
    with pytest.raises(WrongKeys):
        put_given(tmp_path / "new.json", "no keys")
    assert load_or_make(place) == keys
    assert not (tmp_path / "new.json").exists()
