"""Code tables: dated versions of each code, one valid at a time."""

from __future__ import annotations

import re

import msgspec

from coordination.directory import events as happened
from coordination.directory.codes import tables
from coordination.directory.commands import CodeContents, SetCode, SetCodes
from coordination.directory.dated import last_day_of_version, version_to_end
from coordination.directory.decisions.checks import DAY, require_kind, require_order, require_text
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.evolve import evolve
from coordination.directory.organisation import REFERENCE, CodeVersion, Organisation
from coordination.directory.permission import require_administrator
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World


def decide_set_code(
    organisation: Organisation, command: SetCode, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets a dated version of a code; the version valid until then ends the day before."""
    require_administrator(header, world)
    require_kind(organisation, REFERENCE)
    return _set_code(organisation, command.contents, header, world.directory)


def decide_set_codes(
    organisation: Organisation, command: SetCodes, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets many codes, one after the other."""
    require_administrator(header, world)
    require_kind(organisation, REFERENCE)
    events: list[AnyOrganisationEvent] = []
    for contents in command.codes:
        new = _set_code(organisation, contents, header, world.directory)
        for event in new:
            organisation = evolve(organisation, event)
        events += new
    return events


def _set_code(
    organisation: Organisation, contents: CodeContents, header: Header, directory: Directory
) -> list[AnyOrganisationEvent]:
    if contents.table not in tables():
        raise Refusal("unknown_table", "table", table=contents.table)
    if not re.fullmatch(r"[A-Za-z0-9_]+", contents.code):
        raise Refusal("code_format", "code", table=contents.table)
    require_text(contents.label, "label")
    require_order(contents.effective_from, contents.effective_to, "effective_to")
    key = (contents.table, contents.code)
    if key not in organisation.codes and directory.knows(*key):
        raise Refusal("code_taken", "code", table=contents.table, value=contents.code)
    versions = organisation.codes.get(key, ())
    effective_to = last_day_of_version(versions, contents.effective_from, contents.effective_to)
    wanted = CodeVersion(**{**msgspec.structs.asdict(contents), "effective_to": effective_to})
    if wanted in versions:
        return []
    events: list[AnyOrganisationEvent] = []
    earlier = version_to_end(versions, contents.effective_from)
    if earlier is not None:
        events.append(
            happened.CodeEnded(
                header=header,
                table=earlier.table,
                code=earlier.code,
                effective_from=earlier.effective_from,
                effective_to=contents.effective_from - DAY,
            )
        )
    events.append(happened.CodeSet(header=header, **msgspec.structs.asdict(wanted)))
    return events
