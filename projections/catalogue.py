"""All projections, in the order in which their tables are made."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from projections.projection import Projection

ROOMS = ("waiting_times", "case_file", "inbox", "today", "attendance", "challenges")


@cache
def projections() -> tuple[Projection, ...]:
    """Every projection; each room offers one as `project.PROJECTION`."""
    return tuple(import_module(f"projections.{room}.project").PROJECTION for room in ROOMS)


@cache
def tables_sql() -> str:
    """The statements that make the read schema; they name no schema, the search_path does."""
    here = Path(__file__).parent
    rooms = [here / room / "tables.sql" for room in ROOMS]
    return "\n".join(path.read_text() for path in (here / "tables.sql", *rooms))


@cache
def definition() -> str:
    """Changes whenever a table or the code that fills it does: then the read schema is rebuilt."""
    here = Path(__file__).parent
    running = sha256(tables_sql().encode())
    for room in ROOMS:
        for path in sorted((here / room).glob("*.py")):
            if path.name != "queries.py":
                running.update(path.read_bytes())
    return running.hexdigest()
