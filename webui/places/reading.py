"""What the pages of a base show."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.directory.organisation import Service
from coordination.errors import NotFound
from coordination.permissions import Right, Thing, right
from coordination.store.places_taken import PlacesBook
from projections.places.queries import AskedPlace, BaseArrangement, Placements, arrangements, placements
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import sight, viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

WAITING = ("asked", "agreed", "waiting")
EMPTY = BaseArrangement(service=UUID(int=0), entries=())


class BaseNow(msgspec.Struct, frozen=True, kw_only=True):
    """A base today. `taken`: places that are offered or taken up; None for who may not know it."""

    service: Service
    arrangement: BaseArrangement
    number: int | None
    taken: int | None

    @property
    def empty(self) -> int | None:
        """Places that nobody has; 0 where there are more pupils than places."""
        if self.number is None or self.taken is None:
            return None
        return max(0, self.number - self.taken)


class NamedPlacement(msgspec.Struct, frozen=True):
    """A referral for a place, with the pupil, and the reason of a place beyond the number."""

    row: AskedPlace
    child: PupilIdentity
    beyond_reason: str | None


def bases() -> list[BaseNow]:
    """The bases of all authorities, by name; the viewer's own authority's first."""
    known, who = directory(), viewer()
    said = arrangements(casework.reader(), who)
    own = known.authority_of(who.organisation)
    found = [
        base_now(service, said.get(service.id, EMPTY))
        for service in known.services
        if (owner := known.organisation(service.agency)) is not None and owner.kind == "authority"
    ]
    return sorted(
        found, key=lambda one: (one.service.agency != own, (one.service.name or one.service.code).casefold())
    )


def base_now(service: Service, arrangement: BaseArrangement) -> BaseNow:
    """A base today, as far as the viewer may know."""
    number = arrangement.places_on(runtime().today())
    counts = right(viewer().role, Thing.PLACES) is not Right.READ and viewer().organisation == service.agency
    taken = len(PlacesBook(runtime().coordination.record).taken(service.id)) if counts else None
    return BaseNow(service=service, arrangement=arrangement, number=number, taken=taken)


def one_base(base: UUID) -> BaseNow:
    """A base by the id of its service. Raises NotFound for any other id."""
    service = directory().service(base)
    owner = directory().organisation(service.agency) if service is not None else None
    if service is None or owner is None or owner.kind != "authority":
        raise NotFound
    return base_now(service, arrangements(casework.reader(), viewer(), base).get(base, EMPTY))


def may_arrange(base: BaseNow) -> bool:
    """Whether the viewer records what is arranged for a base."""
    allowed, who = right(viewer().role, Thing.PLACES), viewer()
    if who.organisation != base.service.agency:
        return False
    return allowed is Right.CHANGE or (allowed is Right.OWN_SERVICE and sight().sees(base.service.id))


def sees_pupils() -> bool:
    """Whether the viewer's role sees who has a place."""
    return right(viewer().role, Thing.PLACES) in (Right.OWN_SERVICE, Right.OWN_AUTHORITY, Right.READ)


def named(found: Placements) -> list[NamedPlacement]:
    """Referrals for places with the names of the pupils, in one look-up of keys."""
    places = [row.identity for row in found.rows]
    reasons = [row.beyond_reason for row in found.rows]
    opened = casework.open_sealed([*places, *reasons])
    return [
        NamedPlacement(
            row,
            open_identity(row.pupil, who),
            reason.get("beyond_reason") if isinstance(reason, dict) else None,
        )
        for row, who, reason in zip(found.rows, opened, opened[len(places) :], strict=False)
    ]


def placements_of(base: UUID | None, referral: UUID | None = None) -> list[NamedPlacement]:
    """The referrals for places that the viewer may see, with names; the reading is noted."""
    found = placements(casework.reader(), viewer(), base, referral)
    rows = named(found)
    if rows:
        casework.note_shown("places", [one.row.pupil for one in rows])
    return rows
