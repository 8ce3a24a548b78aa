"""Who sets the programmes of support of a school or an authority."""

from __future__ import annotations

import msgspec

from coordination.directory.decisions.checks import require_code, require_kind, require_order, require_text
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import Organisation
from coordination.directory.permission import OPERATORS
from coordination.directory.programmes import Programme, ProgrammeSet, SetProgramme
from coordination.errors import Refusal
from coordination.event import Header
from coordination.permissions import Right, Thing, right
from coordination.world import World

LONGEST_CODE = 40
MOST_WEEKS = 156
SETS = (Right.OWN_SCHOOL, Right.CHANGE)


def decide_set_programme(
    organisation: Organisation, command: SetProgramme, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """A school's coordinating staff, an authority's administrator, or an operator's import. Refused `not_permitted`,
    `cannot_be_empty`, `unknown_support_level`, `unknown_code`, `weeks_out_of_range`, `end_before_start`. That no pupil
    is in a programme that ends is checked where it is asked for: pupils are on other streams."""
    require_kind(organisation, "school", "authority")
    own = header.organisation == organisation.id and right(header.role, Thing.PROGRAMMES) in SETS
    if not own and header.source not in OPERATORS:
        raise Refusal("not_permitted")
    for field in ("code", "name", "entry_criteria", "exit_criteria"):
        require_text(getattr(command, field), field)
    if len(command.code) > LONGEST_CODE:
        raise Refusal("programme_code_too_long", "code", most=LONGEST_CODE)
    if command.level not in (1, 2, 3):
        raise Refusal("unknown_support_level", "level")
    if not 1 <= command.usual_weeks <= MOST_WEEKS:
        raise Refusal("weeks_out_of_range", "usual_weeks", most=MOST_WEEKS)
    for need in command.needs:
        require_code(world.directory, "need", need, "needs")
    require_order(command.effective_from, command.effective_to, "effective_to")
    fields = {name: getattr(command, name) for name in Programme.__struct_fields__}
    wanted = Programme(**{**fields, "code": command.code.strip(), "name": command.name.strip()})
    if wanted in organisation.programmes.get(wanted.code, ()):
        return []
    return [ProgrammeSet(header=header, **msgspec.structs.asdict(wanted))]
