"""Who records what a family says: those who hold the file, or the family itself through its link."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from coordination.authority import acting_organisation
from coordination.errors import NotFound
from coordination.event import Header
from coordination.permissions import FAMILY_ROLE
from coordination.pupil.ages import end_of_compulsory_school_age
from coordination.pupil.family.receiving import reason_not_to_send
from coordination.pupil.holders import require_holder
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

PARENT = "parental_responsibility"


def require_holder_or_family(case: CaseFile, header: Header, world: World, contact: UUID | None) -> None:
    """Raises NotFound unless the actor speaks for who holds the file, or is the contact (None: the pupil) themselves by
    a link of that organisation, and may still receive what the link shows."""
    if header.role != FAMILY_ROLE:
        require_holder(case.profile, header)
        return
    barred = reason_not_to_send(
        case,
        contact,
        sender=acting_organisation(header),
        on=header.occurred_on,
        looked_after=world.looked_after,
    )
    if header.source != "link" or barred is not None:
        raise NotFound


def require_own_answer(
    case: CaseFile,
    header: Header,
    world: World,
    *,
    consent: UUID,
    contact: UUID | None,
    authority: str | None = None,
) -> None:
    """Raises NotFound where a family answers by link what this person was not asked, or with an authority that they do
    not have: a contact answers with parental responsibility, the pupil as `authority_of_pupil` says. `authority` None:
    a withdrawal."""
    if header.role != FAMILY_ROLE:
        return
    held = case.consents.questions.get(consent)
    if held is None or held.contact != contact:
        raise NotFound
    if authority is None:
        return
    born = world.about().born if contact is None else None
    own = authority_of_pupil(case, held.purpose, born, header.occurred_on) if contact is None else PARENT
    if authority != own:
        raise NotFound


def authority_of_pupil(
    case: CaseFile, purpose: str, born: date | None, on: date
) -> Literal["young_person", "competent_child"] | None:
    """With what authority the pupil answers alone: past the end of compulsory school age, or assessed as competent for
    the purpose; None: the pupil cannot."""
    if born is not None and on > end_of_compulsory_school_age(born):
        return "young_person"
    return "competent_child" if case.asking.competent(purpose) is True else None
