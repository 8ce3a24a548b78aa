"""For which services of an agency a person looks and acts: by their appointments, never by default for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from coordination.directory.organisation import Appointment
from coordination.directory.state import Directory

WHOLE_AGENCY_ROLES = frozenset({"declo"})
"""The designated education clinical lead officer oversees every service of the health board (ALN Act 2018, s.61)."""


class Sight(msgspec.Struct, frozen=True):
    """The services for which somebody looks and acts at an agency; `whole_agency`: all, because somebody said so."""

    services: tuple[UUID, ...] = ()
    whole_agency: bool = False

    @property
    def acts_for(self) -> tuple[UUID, ...] | None:
        """As commands and decisions take it: None for the whole agency."""
        return None if self.whole_agency else self.services

    def sees(self, service: UUID) -> bool:
        """Whether a service is among them."""
        return self.whole_agency or service in self.services


def sight_at(
    directory: Directory, person: UUID, agency: UUID, on: date, roles: Iterable[str] | None = None
) -> Sight:
    """What a person may see at an agency on a day, by the appointments there (in these roles; None: in any)."""
    known = directory.person(person)
    held = [
        a
        for a in (known.on(on) if known else ())
        if a.organisation == agency and (roles is None or a.role in roles)
    ]
    return sight_of(directory, held, on)


def sight_of(directory: Directory, appointments: Iterable[Appointment], on: date) -> Sight:
    """What appointments at one agency give: their services, and the closed ones whose referrals these take on."""
    held = list(appointments)
    if any(a.whole_agency or a.role in WHOLE_AGENCY_ROLES for a in held):
        return Sight(whole_agency=True)
    found = {a.service or only_service(directory, a.organisation, on) for a in held}
    return Sight(with_inherited(directory, (service for service in found if service is not None), on))


def only_service(directory: Directory, agency: UUID, on: date) -> UUID | None:
    """The service of an agency that has exactly one open on a day (where none is open: exactly one at all)."""
    of_agency = directory.services_of(agency)
    open_now = [s for s in of_agency if s.is_open(on)] or of_agency
    return open_now[0].id if len(open_now) == 1 else None


def with_inherited(directory: Directory, services: Iterable[UUID], on: date) -> tuple[UUID, ...]:
    """The services, and the closed ones that passed on to them what was still waiting."""
    own = set(services)
    inherited = {
        closed.id
        for closed in directory.services
        if closed.inherited_by is not None
        and (taken_on := directory.taken_on_by(closed.id, on)) is not None
        and taken_on.id in own
    }
    return tuple(sorted(own | inherited))
