"""Organisations: registered, changed, closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from coordination.directory import events as happened
from coordination.directory.commands import ChangeOrganisation, CloseOrganisation, RegisterOrganisation
from coordination.directory.decisions.checks import DAY, require_code, require_kind, require_text
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import KINDS, PARTICULARS, REFERENCE, Organisation, set_fields
from coordination.directory.permission import require_administrator
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World

# The particulars that each kind of organisation must have and may have.
REQUIRED: dict[str, tuple[str, ...]] = {
    "authority": (),
    "school": ("phase", "language", "authority"),
    "agency": ("agency_kind",),
    REFERENCE: (),
}
ALLOWED: dict[str, tuple[str, ...]] = {
    "authority": ("name_cy",),
    "school": ("name_cy", "phase", "language", "authority"),
    "agency": ("name_cy", "agency_kind", "ods_code", "authority"),
    REFERENCE: ("name_cy",),
}
TABLE_OF = {"phase": "phase", "language": "school_language", "agency_kind": "agency_kind"}


def decide_register(
    organisation: Organisation, command: RegisterOrganisation, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Registers an organisation, or changes what differs."""
    require_administrator(header, world)
    if command.kind not in KINDS:
        raise Refusal("unknown_kind", "kind")
    require_text(command.code, "code")
    if organisation.registered and (organisation.kind, organisation.code) != (command.kind, command.code):
        raise Refusal("code_fixed", "code")
    taken = world.directory.by_code(command.kind, command.code)
    if taken is not None and taken.id != command.organisation:
        raise Refusal("code_taken", "code", value=command.code)
    particulars = {name: getattr(command, name) for name in PARTICULARS}
    _check_particulars(command.kind, particulars, world.directory)
    if organisation.registered:
        return _change(organisation, particulars, command.occurred_on, header)
    return [
        happened.OrganisationRegistered(
            header=header,
            organisation=command.organisation,
            kind=command.kind,
            code=command.code,
            **particulars,
        )
    ]


def _check_particulars(kind: str, particulars: dict[str, Any], directory: Directory) -> None:
    """Checks all particulars of one kind of organisation, after the change."""
    require_text(particulars["name"], "name")
    for name in PARTICULARS[1:]:
        value = particulars[name]
        if value is None:
            if name in REQUIRED[kind]:
                raise Refusal("cannot_be_empty", name)
        elif name not in ALLOWED[kind]:
            raise Refusal("not_of_this_kind", name, kind=kind)
        elif name in TABLE_OF:
            require_code(directory, TABLE_OF[name], value, name)
    authority = directory.organisation(particulars["authority"])
    if particulars["authority"] is not None and (authority is None or authority.kind != "authority"):
        raise Refusal("unknown_authority", "authority")


def _change(
    organisation: Organisation, particulars: dict[str, Any], effective_from: date, header: Header
) -> list[AnyOrganisationEvent]:
    now = organisation.on(effective_from)
    changed = {name: value for name, value in particulars.items() if value != getattr(now, name)}
    if not changed:
        return []
    return [happened.OrganisationChanged(header=header, effective_from=effective_from, **changed)]


def decide_change(
    organisation: Organisation, command: ChangeOrganisation, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Changes particulars from a day on."""
    require_administrator(header, world)
    require_kind(organisation, *KINDS)
    now = organisation.on(command.effective_from)
    asked = set_fields(command, PARTICULARS)
    whole = {name: asked.get(name, getattr(now, name)) for name in PARTICULARS}
    _check_particulars(organisation.kind, whole, world.directory)
    return _change(organisation, asked, command.effective_from, header)


def decide_close(
    organisation: Organisation, command: CloseOrganisation, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Records the last day of an organisation, or cancels it. Refuses a merger of anything but a school, and one into
    itself or into a school that is closed by then (`merges_into_closed_school`)."""
    require_administrator(header, world)
    require_kind(organisation, *KINDS)
    if command.merged_into is not None:
        _check_merger(organisation, command, world.directory)
    asked = (command.effective_to, command.merged_into)
    if (organisation.effective_to, organisation.merged_into) == asked:
        return []
    return [
        happened.OrganisationClosed(
            header=header, effective_to=command.effective_to, merged_into=command.merged_into
        )
    ]


def _check_merger(organisation: Organisation, command: CloseOrganisation, directory: Directory) -> None:
    successor = directory.organisation(command.merged_into)
    if successor is None or successor.kind != "school" or organisation.kind != "school":
        raise Refusal("unknown_school", "merged_into")
    if command.effective_to is None:
        raise Refusal("cannot_be_empty", "effective_to")
    if successor.id == organisation.id or not successor.is_open(command.effective_to + DAY):
        raise Refusal("merges_into_closed_school", "merged_into")
