"""The engine and a reader on a fresh database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coordination.service import Coordination
from projections.engine import Engine
from projections.reader import Reader
from tests.readers import readers


@pytest.fixture
def engine(database: str, service: Coordination) -> Iterator[Engine]:
    engine = Engine(database, service.record.outer)
    yield engine
    engine.close()


@pytest.fixture
def reader(database: str) -> Iterator[Reader]:
    with readers(database) as pool:
        yield Reader(pool)
