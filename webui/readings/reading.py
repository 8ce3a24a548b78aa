"""Who looked, and what is unusual, for pages: ids become names here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from coordination.desk.readings import (
    FileOpening,
    Reading,
    UnusualReading,
    files_opened,
    readings_of,
    reviewed_readings,
    unusual_readings,
)
from coordination.pupil.matching import fold_name
from coordination.store.identities import latest_identities
from projections.case_file.queries.files import files_of_child
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import organisation_name, people_names, service_name

PERIOD = timedelta(days=28)
"""How far back the queue of unusual readings looks."""
SURNAMES = ("surname", "preferred_surname")


class NamedReading(msgspec.Struct, frozen=True):
    """A reading, and who read: a name of the viewer's own organisation, else the service or organisation."""

    reading: Reading
    who: str
    own: bool


class UnusualItem(msgspec.Struct, frozen=True):
    """Something unusual, the reader's name, and what was found about it (None: not reviewed)."""

    unusual: UnusualReading
    name: str
    finding: str | None


def who_looked(pupil: UUID) -> list[NamedReading]:
    """Who was shown the child, the newest first. A school and an authority that hold the file learn the services and
    times of others too; an agency only who of its own people. Raises NotFound for a file that is not the viewer's."""
    who = viewer()
    files = [one.pupil for one in files_of_child(casework.reader(), who, pupil).files]
    with runtime().desk() as desk:
        found = readings_of(
            desk,
            files or [pupil],
            organisation=who.organisation,
            role=who.role,
            only_own=who.role not in (*SCHOOL_DESK, "la_caseworker"),
        )
    own = {one.person for one in found if one.organisation == who.organisation}
    names = people_names(own)
    return [_named(one, names, who.organisation) for one in found]


def _named(one: Reading, names: Mapping[UUID, str], own: UUID) -> NamedReading:
    if one.organisation == own:
        return NamedReading(one, names[one.person], True)
    services = ", ".join(service_name(service) for service in one.services)
    return NamedReading(one, services or organisation_name(one.organisation), False)


def unusual_of_organisation() -> list[UnusualItem]:
    """What is unusual in the readings of the viewer's organisation, the newest first; what was reviewed comes last."""
    who, now = viewer(), runtime().now()
    with runtime().desk() as desk:
        found = unusual_readings(desk, who.organisation, now - PERIOD)
        opened = files_opened(desk, who.organisation, now - PERIOD)
        reviewed = reviewed_readings(desk, who.organisation)
    names = people_names({one.person for one in found} | {one.person for one in opened})
    found += _of_own_name(opened, names)
    items = [
        UnusualItem(one, names[one.person], reviewed.get((one.person, one.signal, one.day, one.pupil)))
        for one in found
    ]
    return sorted(items, key=lambda item: (item.finding is not None, -item.unusual.day.toordinal()))


def _of_own_name(opened: Sequence[FileOpening], names: Mapping[UUID, str]) -> list[UnusualReading]:
    """The files of pupils with the surname of who opened them. Nothing of it is stored."""
    identities = latest_identities(runtime().coordination.record, list({one.pupil for one in opened}))
    found = []
    for one in opened:
        identity = identities.get(one.pupil)
        if isinstance(identity, dict) and shares_surname(names[one.person], identity):
            found.append(UnusualReading(one.person, "own_surname", one.day, one.count, one.pupil))
    return found


def shares_surname(name: str, identity: Mapping[str, object]) -> bool:
    """Whether the last word of a person's name is a surname of the pupil, however it is spelled; of a double surname
    either part will do."""
    words = {fold_name(part) for part in name.split()[-1:] for part in (part, *part.split("-"))}
    given = [str(identity.get(one) or "") for one in SURNAMES]
    surnames = {fold_name(part) for one in given for part in (one, *one.replace("-", " ").split())}
    return bool((words & surnames) - {""})
