"""The engine and a reader on a fresh database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg_pool import ConnectionPool

from coordination.service import Coordination
from coordination.store.migrate import as_role
from projections.engine import Engine
from projections.reader import Reader


@pytest.fixture
def engine(database: str, service: Coordination) -> Iterator[Engine]:
    engine = Engine(database, service.record.outer)
    yield engine
    engine.close()


@pytest.fixture
def reader(database: str) -> Iterator[Reader]:
    with ConnectionPool(as_role(database, "cydlynu_read"), min_size=1, max_size=2) as pool:
        yield Reader(pool)
