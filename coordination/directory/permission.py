"""Who may change the directory."""

from __future__ import annotations

from uuid import UUID

from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World

# The channels of an operator, who has been identified before the command is given.
OPERATORS = frozenset({"import", "command_line", "demonstration"})
ADMINISTRATORS_AT = frozenset({"authority", "reference"})
SPEAK_FOR_AGENCY = frozenset({"clinician", "service_manager"})


def is_administrator(header: Header, world: World) -> bool:
    """An administrator of an authority or of the reference tables, or an operator's import or command
    line."""
    if header.source in OPERATORS:
        return True
    own = world.directory.organisation(header.organisation)
    return header.role == "administrator" and own is not None and own.kind in ADMINISTRATORS_AT


def require_administrator(header: Header, world: World) -> None:
    """Refused `not_permitted` for anyone else."""
    if not is_administrator(header, world):
        raise Refusal("not_permitted")


def require_agency_authority(header: Header, world: World, agency: UUID) -> None:
    """A clinician or service manager of the agency, or an administrator on the agency's behalf. Refused
    `not_permitted`, or `on_behalf_of_missing`: terms bind an agency, so the record says who agreed."""
    if header.organisation == agency and header.role in SPEAK_FOR_AGENCY:
        return
    require_administrator(header, world)
    if agency not in (header.on_behalf_of, header.organisation):
        raise Refusal("on_behalf_of_missing", "on_behalf_of")
