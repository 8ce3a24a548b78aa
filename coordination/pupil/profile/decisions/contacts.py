"""Parents and other people to contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import strip_text
from coordination.pupil.profile.commands import ContactDetails, EndContact, RecordContact
from coordination.pupil.profile.decisions.checks import require_leading_school, require_not_overtaken
from coordination.pupil.profile.events import AnyProfileEvent, ContactEnded, ContactRecorded
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def decide_contact(
    case: CaseFile, command: RecordContact, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_leading_school(case, header)
    require_not_overtaken(case, str(command.details.contact), command.seen)
    return [contact_recorded(command.details, header, command.why)]


def decide_end_contact(
    case: CaseFile, command: EndContact, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_leading_school(case, header)
    require_not_overtaken(case, str(command.contact), command.seen)
    if case.profile.contact(command.contact) is None:
        raise NotFound
    return [ContactEnded(header=header, contact=command.contact, why=command.why)]


def contact_recorded(details: ContactDetails, header: Header, why: str | None = None) -> ContactRecorded:
    """The event for a contact as told, and why it changed. Raises Refusal `cannot_be_empty` for one without a name."""
    if not details.name.strip():
        raise Refusal("cannot_be_empty", "name")
    return ContactRecorded(
        header=header,
        contact=details.contact,
        parental_responsibility=details.parental_responsibility,
        name=details.name,
        relationship=details.relationship,
        language=details.language,
        telephone=details.telephone,
        email=details.email,
        address=strip_text(details.address),
        why=strip_text(why),
    )
