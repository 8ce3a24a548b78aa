"""Statutory time limits of schools and authorities: dated versions on the reference stream, one valid at a time."""

from __future__ import annotations

import msgspec

from coordination.directory import events as happened
from coordination.directory.commands import EndStatutoryStandard, SetStatutoryStandard
from coordination.directory.dated import is_in_force, last_day_of_version, version_to_end
from coordination.directory.decisions.checks import DAY, require_kind, require_order, require_text
from coordination.directory.decisions.standards import UNITS
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import REFERENCE, Organisation, StatutoryStandard
from coordination.directory.permission import require_administrator
from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.aln.steps import STEPS
from coordination.world import World

STATUTORY_UNITS = UNITS | {"months"}
BODIES = ("school", "authority")


def decide_set_statutory_standard(
    organisation: Organisation, command: SetStatutoryStandard, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets a dated version; the version valid until then ends the day before. Refuses an unknown body, step or unit, a
    limit below 1, bands that do not ascend or are in months, and `start_is_stop`."""
    require_administrator(header, world)
    require_kind(organisation, REFERENCE)
    _check(command)
    versions = organisation.statutory.get(command.code, ())
    effective_to = last_day_of_version(versions, command.effective_from, command.effective_to)
    fields = {name: getattr(command, name) for name in StatutoryStandard.__struct_fields__}
    wanted = StatutoryStandard(**{**fields, "effective_to": effective_to})
    if wanted in versions:
        return []
    events: list[AnyOrganisationEvent] = []
    earlier = version_to_end(versions, command.effective_from)
    if earlier is not None:
        last = command.effective_from - DAY
        events.append(
            happened.StatutoryStandardEnded(
                header=header,
                code=command.code,
                effective_from=earlier.effective_from,
                effective_to=last,
            )
        )
    events.append(happened.StatutoryStandardSet(header=header, **msgspec.structs.asdict(wanted)))
    return events


def _check(command: SetStatutoryStandard) -> None:
    require_text(command.code, "code")
    require_text(command.source, "source")
    if command.body not in BODIES:
        raise Refusal("unknown_body", "body", value=command.body)
    for field in ("start", "stop"):
        if getattr(command, field) not in STEPS:
            raise Refusal("unknown_aln_step", field, value=getattr(command, field))
    if command.start == command.stop:
        raise Refusal("start_is_stop", "stop")
    if command.unit not in STATUTORY_UNITS:
        raise Refusal("unknown_unit", "unit", value=command.unit)
    if command.limit < 1:
        raise Refusal("limit_not_positive", "limit")
    if command.target_percent is not None and not 0 < command.target_percent <= 100:
        raise Refusal("percent_out_of_range", "target_percent")
    bands = command.bands
    if any(band < 1 for band in bands) or list(bands) != sorted(set(bands)):
        raise Refusal("bands_not_ascending", "bands")
    if bands and command.unit == "months":
        raise Refusal("months_without_bands", "bands")
    require_order(command.effective_from, command.effective_to, "effective_to")


def decide_end_statutory_standard(
    organisation: Organisation, command: EndStatutoryStandard, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Ends the version in force on the given day. Refused `not_in_force`."""
    require_administrator(header, world)
    require_kind(organisation, REFERENCE)
    versions = organisation.statutory.get(command.code, ())
    found = next((v for v in versions if is_in_force(v, command.effective_to)), None)
    if found is None:
        raise Refusal("not_in_force", "effective_to")
    if found.effective_to == command.effective_to:
        return []
    return [
        happened.StatutoryStandardEnded(
            header=header,
            code=found.code,
            effective_from=found.effective_from,
            effective_to=command.effective_to,
        )
    ]
