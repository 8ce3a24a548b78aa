"""All projections, in the order in which their tables are made, and the definition that they are made by."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from projections.policies import Policy, not_hidden, policies_sql
from projections.projection import Projection

ROOMS = (
    "waiting_times",
    "case_file",
    "sight_ends",
    "agreements",
    "inbox",
    "today",
    "attendance",
    "challenges",
    "moves",
    "aln",
    "classes",
    "support",
    "rights",
    "documents",
    "advice",
    "register",
    "worse",
    "places",
    "transitions",
)
FIGURES = frozenset(
    {"wait", "pupil_language", "statutory_wait", "challenge_wait", "support_days", "register_roll"}
)
"""Tables that are counted. A figure is the same for everybody who may see it, so they hold rows about hidden files too:
ids and days, never who it is."""
SOURCES = (".py", ".sql", ".json")


@cache
def projections() -> tuple[Projection, ...]:
    """Every projection; each room offers one as `project.PROJECTION`."""
    return tuple(import_module(f"projections.{room}.project").PROJECTION for room in ROOMS)


@cache
def policies() -> tuple[Policy, ...]:
    """Every policy; each room offers its own as `policies.POLICIES`. A hidden file is hidden in every table that says
    something of a pupil, but for figures."""
    of_rooms = tuple(p for room in ROOMS for p in import_module(f"projections.{room}.policies").POLICIES)
    about_pupils = [
        table.name
        for projection in projections()
        for table in projection.tables
        if "pupil" in table.columns and table.name not in FIGURES
    ]
    return of_rooms + tuple(not_hidden(name) for name in about_pupils)


@cache
def tables_sql() -> str:
    """The statements that make the read schema; they name no schema, the search_path does."""
    here = Path(__file__).parent
    rooms = [here / room / "tables.sql" for room in ROOMS]
    tables = [path.read_text() for path in (here / "tables.sql", *rooms)]
    return "\n".join([*tables, policies_sql(policies())])


@cache
def definition() -> str:
    """The definition of this program's read models: when it changes, the read schema is rebuilt."""
    return definition_of(Path(__file__).parent.parent)


def definition_of(root: Path) -> str:
    """A hash of every source file of `coordination` and `projections` under a folder, with its place there.

    The rows depend on nearly all of it: the engine imports the service, and with it every decision and state. The
    exact import closure would leave out only the intake, the desk and the queries, and a mistake in it would leave old
    figures under a new rule. So a changed comment rebuilds too, which costs a rebuild beside the live tables; the hash
    takes about 10 milliseconds, once a process.
    """
    found = sha256()
    for package in ("coordination", "projections"):
        for path in sorted(path for path in (root / package).rglob("*") if path.suffix in SOURCES):
            content = path.read_bytes()
            found.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
            found.update(content)
    return found.hexdigest()
