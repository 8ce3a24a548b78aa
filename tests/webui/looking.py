"""One site for the tests of a module that only look: the case of tests/projections/casework.py behind the pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.conftest import database_of_a_module
from tests.projections.casework import RecordedCase
from tests.webui.referring import case_on
from tests.webui.service import RunningService, service_on


@contextmanager
def looking(postgres: str, template: str, folder: Path) -> Iterator[tuple[RunningService, RecordedCase]]:
    """The service and the case, on a database of their own."""
    with (
        database_of_a_module(postgres, template) as address,
        service_on(address, folder / "data") as service,
        case_on(service) as case,
    ):
        yield service, case


class counted:
    """How many statements this thread sent to PostgreSQL while the block lasted; compares with `==`."""

    def __init__(self) -> None:
        self.statements = 0

    def __enter__(self) -> counted:
        execute, thread = psycopg.Cursor.execute, threading.current_thread()
        self._execute = execute

        def counting(cursor: Any, *args: Any, **more: Any) -> Any:
            if threading.current_thread() is thread:
                self.statements += 1
            return execute(cursor, *args, **more)

        psycopg.Cursor.execute = counting  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, *_: object) -> None:
        psycopg.Cursor.execute = self._execute  # type: ignore[method-assign]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, counted) and self.statements == other.statements > 0

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self.statements} statements"
