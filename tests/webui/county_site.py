"""The small county behind the web pages: on the record, readable, with accounts, and followed by an engine as the
worker does it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from uuid import UUID

from coordination.service import Coordination
from projections.engine import Engine
from tests.beginnings import begin_with
from tests.county import (
    ADMINISTRATOR,
    ADOPTION_OFFICER,
    ALNCO,
    AUDITOR,
    CASEWORKER,
    CLINICIAN,
    HEAD,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    ROLES,
    SAFEGUARDING,
    THERAPIST,
    build,
)
from tests.webui.service import RunningService

# user name by person; the password is tests.webui.service.PASSWORD
USERNAMES: dict[UUID, str] = {
    ALNCO: "alnco",
    HEAD: "head",
    CLINICIAN: "clinician",
    THERAPIST: "therapist",
    AUDITOR: "auditor",
    ADMINISTRATOR: "administrator",
    OTHER_ALNCO: "other-alnco",
    PSYCHOLOGIST: "psychologist",
    CASEWORKER: "caseworker",
    ADOPTION_OFFICER: "adoption-officer",
    SAFEGUARDING: "safeguarding",
}


@contextmanager
def county_on(running: RunningService) -> Iterator[Coordination]:
    """The county on the running application's database; the read models follow while the block lasts."""
    with story_on(running, "county") as coordination:
        yield coordination


@contextmanager
def story_on(
    running: RunningService, name: str, tell: Callable[[Coordination], object] = lambda _: None
) -> Iterator[Coordination]:
    """The county and what `tell` adds to it under this name, readable; the read models follow while the block lasts."""
    coordination: Coordination = running.app.extensions["cydlynu"].coordination

    def record() -> None:
        build(coordination)
        for person, username in USERNAMES.items():
            organisation, role = ROLES[person]
            running.person(role, person=person, organisation=organisation, username=username)
        tell(coordination)
        with closing(Engine(running.database, coordination.record.outer)) as engine:
            engine.catch_up()

    begin_with(name, running.database, record)
    with following(running.database, coordination):
        yield coordination


@contextmanager
def following(database: str, coordination: Coordination) -> Iterator[Engine]:
    """An engine that takes what is recorded as it comes, as the worker does."""
    engine = Engine(database, coordination.record.outer)
    engine.connection.execute("listen event")
    engine.catch_up()
    over = threading.Event()

    def follow() -> None:
        while not over.is_set():
            # heard to the end first: what comes while the generator is open and another query runs would be lost
            if list(engine.connection.notifies(timeout=0.02, stop_after=1)):
                engine.catch_up()

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield engine
    finally:
        over.set()
        thread.join(timeout=10)
        engine.close()
