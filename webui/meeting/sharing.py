"""Who may hear about each pupil of a meeting, and who receives the minute: by the bases in force today."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec

from coordination.meeting.state import AgendaItem
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.bases import basis_in_force
from webui.meeting.reading import MeetingPage
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory, service_name


class PupilSharing(msgspec.Struct, frozen=True, kw_only=True):
    """Of the services at a meeting, those with a basis to hear about a pupil today, and those without. An item that is
    discussed `without_names` tells nobody anything."""

    may: tuple[UUID, ...] = ()
    may_not: tuple[UUID, ...] = ()
    without_names: bool = False

    @property
    def receiving(self) -> str:
        """The names of those with a basis."""
        return ", ".join(service_name(service) for service in self.may)

    @property
    def excluded(self) -> str:
        """The names of those without one."""
        return ", ".join(service_name(service) for service in self.may_not)


def sharing_of(held: MeetingPage) -> dict[UUID, PupilSharing]:
    """By agenda item: who may hear about the pupil, of the services that were invited, marked or are needed."""
    at_it = [seat.service for seat in held.found.seats if seat.service is not None]
    return _shared(held, lambda item: (*at_it, *item.services))


def minute_sharing(held: MeetingPage) -> dict[UUID, PupilSharing]:
    """By agenda item with a minute: who receives it, of the services that were in the room for the pupil."""

    def present(item: AgendaItem) -> Iterable[UUID]:
        minute = held.at.minute_of(item.item)
        return minute.services_present if minute is not None else ()

    return _shared(held, present)


def _shared(held: MeetingPage, services: Callable[[AgendaItem], Iterable[UUID]]) -> dict[UUID, PupilSharing]:
    items = held.found.agenda
    batch = runtime().coordination.batch()
    batch.prefetch(PUPIL_STREAM, [item.pupil for item in items])
    found = {}
    for item in items:
        if item.without_names:
            found[item.item] = PupilSharing(without_names=True)
            continue
        case = batch.state(PUPIL_STREAM, item.pupil)
        may: list[UUID] = []
        may_not: list[UUID] = []
        for id in dict.fromkeys(services(item)):
            service = directory().service(id)
            if service is None:
                continue
            basis = basis_in_force(case.consents, case.objections, service.agency, id, viewer().today)
            (may if basis else may_not).append(id)
        found[item.item] = PupilSharing(may=tuple(may), may_not=tuple(may_not))
    return found
