"""A pytest plugin: runs the chosen tests once as they are, then against each SQL mutant in a process of its own.

The processes are copies of this one, which has the modules imported and the database server started. The tests that
killed most mutants come first.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from pathlib import Path

import pytest

import projections.waiting_times.queries as package
from scripts.mutation.sql import SqlMutant, sql_mutants

RESULTS = "MUTATION_SQL_RESULTS"  # the environment's name for the file that results are written to
ONLY = "MUTATION_SQL_ONLY"
SECONDS = 120  # a mutant that takes longer counts as killed
_MOST = 250  # an exit status says which test killed it


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Runs the tests, and when all pass the mutants; the file of results maps each mutant to whether it was killed."""
    if session.config.option.collectonly:
        return None
    items = list(session.items)
    if _first_failure(session, items) is not None:
        raise session.Failed("a test fails without any mutant")
    killers: Counter[str] = Counter()
    results: dict[str, bool] = {}
    for mutant in sql_mutants(package):
        if os.environ.get(ONLY, "") not in mutant.name:
            continue
        items.sort(key=lambda item: -killers[item.nodeid])
        killer = _killer(session, items, mutant)
        results[mutant.name] = results.get(mutant.name, True) and killer is not None
        killers[killer or ""] += 1
        Path(os.environ[RESULTS]).write_text(json.dumps(results, indent=1))
    return True


def _killer(session: pytest.Session, items: list[pytest.Item], mutant: SqlMutant) -> str | None:
    child = os.fork()
    if child == 0:
        status = _MOST
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            signal.alarm(SECONDS)
            mutant.apply(mutant.text)
            failed = _first_failure(session, items)
            status = 0 if failed is None else min(failed + 1, _MOST)
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == 0:
        return None
    return items[status - 1].nodeid if 0 < status <= len(items) else "it took too long"


def _first_failure(session: pytest.Session, items: list[pytest.Item]) -> int | None:
    """Keeps the fixtures of the session: what follows needs the server."""
    before = session.testsfailed
    for index, item in enumerate(items):
        following = items[(index + 1) % len(items)]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed > before:
            session._setupstate.teardown_exact(items[0])
            return index
    return None
