"""Service standards: dated versions, one valid at a time."""

from __future__ import annotations

from datetime import date

import msgspec

from coordination.directory import events as happened
from coordination.directory.commands import EndStandard, SetStandard
from coordination.directory.dated import is_in_force, last_day_of_version, version_to_end
from coordination.directory.decisions.checks import (
    DAY,
    own_service,
    require_code,
    require_kind,
    require_order,
    require_text,
)
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import SERVICE_PROVIDERS, Organisation, Standard
from coordination.directory.permission import require_administrator
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.referral.milestones import MILESTONES
from coordination.world import World

UNITS = frozenset({"calendar_days", "weeks", "working_days", "school_days"})


def decide_set_standard(
    organisation: Organisation, command: SetStandard, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets a dated version of a standard; the version valid until then ends the day before."""
    require_administrator(header, world)
    require_kind(organisation, *SERVICE_PROVIDERS)
    own_service(organisation, command.service)
    _check_standard(command, world.directory)
    versions = organisation.standards.get((command.service, command.code), ())
    effective_to = last_day_of_version(versions, command.effective_from, command.effective_to)
    fields = {name: getattr(command, name) for name in Standard.__struct_fields__}
    wanted = Standard(**{**fields, "effective_to": effective_to})
    if wanted in versions:
        return []
    events: list[AnyOrganisationEvent] = []
    earlier = version_to_end(versions, command.effective_from)
    if earlier is not None:
        events.append(_standard_ended(earlier, command.effective_from - DAY, header))
    events.append(happened.StandardSet(header=header, **msgspec.structs.asdict(wanted)))
    return events


def _check_standard(command: SetStandard, directory: Directory) -> None:
    require_text(command.code, "code")
    require_text(command.source, "source")
    for field in ("start", "stop"):
        if getattr(command, field) not in MILESTONES:
            raise Refusal("unknown_milestone", field, value=getattr(command, field))
    if command.start == command.stop:
        raise Refusal("start_is_stop", "stop")
    if command.unit not in UNITS:
        raise Refusal("unknown_unit", "unit", value=command.unit)
    if command.on_transfer not in ("continues", "restarts"):
        raise Refusal("unknown_transfer", "on_transfer", value=command.on_transfer)
    if command.limit < 1:
        raise Refusal("limit_not_positive", "limit")
    if command.target_percent is not None and not 0 < command.target_percent <= 100:
        raise Refusal("percent_out_of_range", "target_percent")
    bands = command.bands
    if any(band < 1 for band in bands) or list(bands) != sorted(set(bands)):
        raise Refusal("bands_not_ascending", "bands")
    if command.legal_route is not None:
        require_code(directory, "legal_route", command.legal_route, "legal_route")
    require_order(command.effective_from, command.effective_to, "effective_to")


def _standard_ended(version: Standard, effective_to: date, header: Header) -> happened.StandardEnded:
    return happened.StandardEnded(
        header=header,
        code=version.code,
        service=version.service,
        effective_from=version.effective_from,
        effective_to=effective_to,
    )


def decide_end_standard(
    organisation: Organisation, command: EndStandard, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Ends the version of a standard in force on the given day."""
    require_administrator(header, world)
    require_kind(organisation, *SERVICE_PROVIDERS)
    own_service(organisation, command.service)
    versions = organisation.standards.get((command.service, command.code), ())
    found = next((v for v in versions if is_in_force(v, command.effective_to)), None)
    if found is None:
        raise Refusal("not_in_force", "effective_to")
    if found.effective_to == command.effective_to:
        return []
    return [_standard_ended(found, command.effective_to, header)]
