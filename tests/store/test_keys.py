"""The file of outer keys: made once, whole, for its owner's eyes only."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID

import msgspec
import pytest

from coordination.store.keys import Keyring, OuterKeys, WrongKeys, keyring, load_or_make


def there(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "keys.json"
    made = load_or_make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_make(path) == made
    assert there(path.parent) == ["keys.json"]
    assert made.current in made.wrapping and len(made.wrapping[made.current]) == 32 == len(made.lookup)


def test_starts_at_one_moment_agree_on_one_file(tmp_path: Path) -> None:
    for n in range(10):
        path = tmp_path / str(n) / "keys.json"
        ready, found = Barrier(4), []

        def start(path: Path = path, ready: Barrier = ready, found: list[OuterKeys] = found) -> None:
            ready.wait(30)
            found.append(load_or_make(path))

        threads = [Thread(target=start) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4 and all(one == found[0] for one in found)
        assert there(path.parent) == ["keys.json"]


def test_a_start_that_failed_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OSError, match="no space"):
            load_or_make(tmp_path / "keys.json")
    assert there(tmp_path) == []
    load_or_make(tmp_path / "keys.json")


def test_file_and_name_are_on_the_disk_before_anything_is_sealed_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    fsync = os.fsync

    def noted(opened: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(opened).st_mode))
        fsync(opened)

    monkeypatch.setattr("os.fsync", noted)
    load_or_make(tmp_path / "keys.json")
    assert synced == [False, True]


def test_keys_are_told_by_no_repr(tmp_path: Path) -> None:
    keys = load_or_make(tmp_path / "keys.json")
    assert repr(keys) == "OuterKeys(current='1')"
    ring = Keyring({UUID(int=1): b"k" * 32})
    assert "kkk" not in repr(ring)


def test_a_stream_wrapped_by_an_older_key_still_opens(tmp_path: Path) -> None:
    """The wrapping key can be changed: new streams take the new one."""
    old = load_or_make(tmp_path / "keys.json")
    stream, key = UUID(int=1), b"k" * 32
    rows = [(stream, old.wrap(key), old.current)]
    new = msgspec.structs.replace(old, wrapping={**old.wrapping, "2": b"n" * 32}, current="2")
    assert stream in keyring(new, rows)
    assert new.unwrap(new.wrap(key), "2") == key
    lost = msgspec.structs.replace(new, wrapping={"2": b"n" * 32})
    another = msgspec.structs.replace(old, wrapping={"1": b"n" * 32})
    for wrong in (lost, another):
        with pytest.raises(WrongKeys) as problem:
            keyring(wrong, rows)
        assert problem.value.__cause__ is None


def test_lookups_of_different_kinds_never_meet(tmp_path: Path) -> None:
    keys = load_or_make(tmp_path / "keys.json")
    other = load_or_make(tmp_path / "other.json")
    found = {
        keys.lookup_hmac("upn", "B801200005001"),
        keys.lookup_hmac("referral_ref", "B801200005001"),
        keys.lookup_hmac("upn", "B801200005002"),
        other.lookup_hmac("upn", "B801200005001"),
    }
    assert len(found) == 4 and {len(h) for h in found} == {32}
    assert keys.lookup_hmac("upn", "B801200005001") in found
