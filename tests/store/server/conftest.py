"""The fixtures that these tests share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coordination.store.server import PostgresServer
from tests.store.server.running import User


@pytest.fixture
def users() -> Iterator[Callable[..., User]]:
    with contextlib.ExitStack() as ends:

        def start(data: Path, **options: object) -> User:
            user = User(data, **options)
            ends.callback(user.communicate)
            ends.callback(user.kill)
            return user

        yield start


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / """a data 'folder' with "odd" $(characters)"""
    yield folder
    if (folder / "postgres").exists():
        PostgresServer(folder).stop()
