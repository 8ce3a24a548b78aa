"""A note within the service: whose it is, and what has to be said to the school as well."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.authority import acting_organisation
from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.referral.commands import RecordMilestone
from coordination.pupil.referral.events import ServiceNoteRecorded
from coordination.pupil.referral.state import Referral
from coordination.world import World


def service_note(
    held: Referral, note: str, milestone: int, header: Header, world: World
) -> ServiceNoteRecorded:
    """The note of the service for which the actor speaks. Raises Refusal `note_within_a_service` for an actor who
    speaks for none that has or had the referral: a school, an authority."""
    agency = acting_organisation(header)
    service = _speaks_for(held, agency, header, world)
    if service is None:
        raise Refusal("note_within_a_service", "note_for")
    return ServiceNoteRecorded(
        header=header, referral=held.referral, service=service, agency=agency, milestone=milestone, note=note
    )


def without_note(command: RecordMilestone) -> RecordMilestone:
    """The command as the others see it: its words are in an event of their own."""
    return msgspec.structs.replace(command, note=None, note_for=None)


def require_shared(command: RecordMilestone) -> None:
    """Raises Refusal `reason_is_shared` where the note is the reason that the school has to be given."""
    if command.note_for == "service":
        raise Refusal("reason_is_shared", "note_for")


def _speaks_for(held: Referral, agency: UUID, header: Header, world: World) -> UUID | None:
    """The service that the person acts for, or the last one of the agency that has or had the referral."""
    if agency not in held.agencies:
        return None
    chosen = header.service
    services = (*held.services, *(m.inherited_by for m in held.moves if m.inherited_by is not None))
    if chosen in services:
        return chosen
    own = [s for s in services if (of := world.directory.service(s)) is not None and of.agency == agency]
    if held.agency == agency and held.inherited_by is None:
        own = [held.service]
    return own[-1] if own else None
