"""Legal holds and erasure, for decisions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.pupil.rights import request_state
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
    proposed_on: date
    approved_by: UUID | None = None


class LegalHold(msgspec.Struct, frozen=True):
    """A legal hold in force, and the day on which somebody looks whether it is still needed."""

    placed_on: date
    review_on: date


class Rights(msgspec.Struct, frozen=True):
    """`holds` are the legal holds in force, by id, `proposal` the erasure that is proposed or approved;
    `erased`: the record's key is gone. `requests` are those to see or correct it, by id."""

    holds: dict[UUID, LegalHold] = {}
    proposal: ErasureProposal | None = None
    erased: bool = False
    erasure: PupilErased | None = None
    requests: request_state.Requests = {}


def evolve(rights: Rights, event: AnyRightsEvent, version: int) -> Rights:
    """The state after the event; `version` is its place on the stream."""
    replace = msgspec.structs.replace
    match event:
        case LegalHoldPlaced(hold=hold):
            held = LegalHold(event.header.occurred_on, event.review_on)
            return replace(rights, holds={**rights.holds, hold: held})
        case LegalHoldLifted(hold=hold):
            return replace(rights, holds={k: v for k, v in rights.holds.items() if k != hold})
        case ErasureProposed(proposal=proposal, ground=ground, header=header):
            organisation = header.on_behalf_of or header.organisation
            return replace(
                rights,
                proposal=ErasureProposal(proposal, ground, header.person, organisation, header.occurred_on),
            )
        case ErasureApproved(header=header):
            if rights.proposal is None:
                return rights
            return replace(rights, proposal=replace(rights.proposal, approved_by=header.person))
        case ErasureDeclined():
            return replace(rights, proposal=None)
        case PupilErased():
            return replace(rights, proposal=None, erased=True, erasure=event)
        case _:
            return replace(rights, requests=request_state.evolve(rights.requests, event, version))
