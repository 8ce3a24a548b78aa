"""With whom data may be shared by an agreement: a service, those for which it sorts referrals, or, where somebody said
so, the whole agency."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import msgspec

from coordination.directory.sight import only_service
from coordination.errors import Refusal

if TYPE_CHECKING:
    from coordination.directory.state import Directory
    from coordination.pupil.consent.state import Consent


class Recipients(msgspec.Struct, frozen=True):
    """A service and those for which it sorts referrals, or the whole agency."""

    service: UUID | None = None
    whole_agency: bool = False
    also_services: tuple[UUID, ...] = ()

    def covers(self, service: UUID | None) -> bool:
        """Whether a service is among them (None: the whole agency)."""
        return self.whole_agency or (service is not None and service in (self.service, *self.also_services))


class Naming(Protocol):
    """What a request or an answer says of the recipients. `also_services` None: nothing, so all of the list."""

    @property
    def agency(self) -> UUID: ...
    @property
    def service(self) -> UUID | None: ...
    @property
    def whole_agency(self) -> bool: ...
    @property
    def also_services(self) -> tuple[UUID, ...] | None: ...


def named_recipients(directory: Directory, named: Naming, on: date) -> Recipients:
    """The recipients that are named. Without a service it is the only one of the agency.

    For a single point of access the agreement also covers the services on its list of the day; `also_services` leaves
    out those that the family strikes out. Raises Refusal `service_not_said` for an agency with several services,
    `service_or_whole_agency` for both at once, `service_not_of_agency`, `not_triaged_for`.
    """
    if named.whole_agency:
        if named.service is not None or named.also_services:
            raise Refusal("service_or_whole_agency", "service")
        return Recipients(whole_agency=True)
    service = named.service or only_service(directory, named.agency, on)
    if service is None:
        raise Refusal("service_not_said", "service")
    require_service_of(directory, service, named.agency)
    found = directory.service(service)
    listed = found.triages_for(on) if found is not None else ()
    if named.also_services is None:
        return Recipients(service, also_services=listed)
    if not set(named.also_services) <= set(listed):
        raise Refusal("not_triaged_for", "also_services")
    return Recipients(service, also_services=tuple(s for s in listed if s in named.also_services))


def answered_recipients(directory: Directory, named: Naming, asked: Consent | None, on: date) -> Recipients:
    """The recipients of an answer: what was asked, unless the answer says less. Raises Refusal `already_asked` for an
    answer about other services than the request, and those of `named_recipients`."""
    if asked is None or not (asked.services or asked.whole_agency):
        return named_recipients(directory, named, on)
    said = named.whole_agency or named.service is not None
    if said and (named.whole_agency, named.service) != (asked.whole_agency, asked.service):
        raise Refusal("already_asked", "consent")
    also = asked.also_services
    if named.also_services is not None:
        if not set(named.also_services) <= set(also):
            raise Refusal("not_triaged_for", "also_services")
        also = tuple(s for s in also if s in named.also_services)
    return Recipients(asked.service, asked.whole_agency, also)


def require_service_of(directory: Directory, service: UUID, agency: UUID) -> None:
    """Raises Refusal `service_not_of_agency`."""
    found = directory.service(service)
    if found is None or found.agency != agency:
        raise Refusal("service_not_of_agency", "service")
