"""The pupil's needs, the provision made for them, and whether they are looked after."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coordination.authority import require_not_in_future
from coordination.event import Header
from coordination.pupil.holders import require_holder
from coordination.pupil.profile.commands import RecordLookedAfter, RecordNeeds, RecordProvision
from coordination.pupil.profile.decisions.checks import (
    require_known_code,
    require_leading_school,
    require_not_overtaken,
)
from coordination.pupil.profile.events import (
    AnyProfileEvent,
    LookedAfterRecorded,
    NeedsRecorded,
    ProvisionRecorded,
)
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def decide_needs(case: CaseFile, command: RecordNeeds, header: Header, world: World) -> list[AnyProfileEvent]:
    require_leading_school(case, header)
    require_not_overtaken(case, "needs", command.seen)
    require_not_in_future(header, command.occurred_on)
    return [needs_recorded(command.needs, command.occurred_on, header, world)]


def decide_provision(
    case: CaseFile, command: RecordProvision, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_leading_school(case, header)
    require_not_overtaken(case, "provision", command.seen)
    require_not_in_future(header, command.occurred_on)
    require_known_code(world, "provision", command.provision, command.occurred_on, "provision")
    return [ProvisionRecorded(header=header, provision=command.provision)]


def decide_looked_after(
    case: CaseFile, command: RecordLookedAfter, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_holder(case.profile, header)
    require_not_overtaken(case, "looked_after", command.seen)
    require_not_in_future(header, command.occurred_on)
    authority = command.care_authority if command.looked_after else None
    return [LookedAfterRecorded(header=header, looked_after=command.looked_after, care_authority=authority)]


def needs_recorded(needs: tuple[str, ...], on: date, header: Header, world: World) -> NeedsRecorded:
    """The event for all needs, each once. Raises Refusal `unknown_code`."""
    for need in needs:
        require_known_code(world, "need", need, on, "needs")
    return NeedsRecorded(header=header, needs=tuple(dict.fromkeys(needs)))
