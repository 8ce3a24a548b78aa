"""Legal holds and erasure, for decisions."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.rights.events import (
    AnyRightsEvent,
    ErasureApproved,
    ErasureDeclined,
    ErasureGround,
    ErasureProposed,
    LegalHoldLifted,
    LegalHoldPlaced,
    PupilErased,
)


class ErasureProposal(msgspec.Struct, frozen=True):
    """A proposal that was not declined: who made it, and who approved it (None: nobody yet)."""

    proposal: UUID
    ground: ErasureGround
    proposed_by: UUID
    organisation: UUID
    approved_by: UUID | None = None


class Rights(msgspec.Struct, frozen=True):
    """`holds` are the legal holds in force, `proposal` the erasure that is proposed or approved; `erased`: the record's
    key is gone."""

    holds: frozenset[UUID] = frozenset()
    proposal: ErasureProposal | None = None
    erased: bool = False


def evolve(rights: Rights, event: AnyRightsEvent) -> Rights:
    """The state after the event."""
    replace = msgspec.structs.replace
    match event:
        case LegalHoldPlaced(hold=hold):
            return replace(rights, holds=rights.holds | {hold})
        case LegalHoldLifted(hold=hold):
            return replace(rights, holds=rights.holds - {hold})
        case ErasureProposed(proposal=proposal, ground=ground, header=header):
            organisation = header.on_behalf_of or header.organisation
            return replace(rights, proposal=ErasureProposal(proposal, ground, header.person, organisation))
        case ErasureApproved(header=header):
            if rights.proposal is None:
                return rights
            return replace(rights, proposal=replace(rights.proposal, approved_by=header.person))
        case ErasureDeclined():
            return replace(rights, proposal=None)
        case PupilErased():
            return replace(rights, proposal=None, erased=True)
        case _:
            assert_never(event)
