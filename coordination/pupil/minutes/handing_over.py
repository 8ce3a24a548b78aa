"""What reaches services because of a meeting, each as an event on the pupil's stream that cites its basis.

These events follow, in the same save, from what was decided about the meeting, the minute or the action. An item that
is discussed without names discloses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from coordination.decisions import AddressedEvent
from coordination.directory.organisation import SERVICE_PROVIDERS
from coordination.directory.state import Directory
from coordination.event import Event, Header, MeetingEvent
from coordination.meeting.events import (
    AgendaItemAdded,
    AgendaItemConfirmed,
    AgendaSent,
    CorrectedAfterwards,
    MeetingFinalised,
)
from coordination.meeting.state import AgendaItem, Meeting
from coordination.pupil.actions.events import ActionAgreed, ActionEvent, ActionReassigned, Owner
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.bases import basis_in_force
from coordination.pupil.consent.events import DisclosureClosed, DisclosureMade, InformationShared
from coordination.pupil.minutes.events import MinuteCorrected, MinuteEvent, MinuteRecorded
from coordination.pupil.minutes.state import Minute

AGENDA_DATA = ("identity",)
MINUTE_DATA = ("identity", "minutes")


def handed_over(
    decided: Iterable[AddressedEvent],
    states: Mapping[UUID, Any],
    files: Callable[[Sequence[UUID]], Mapping[UUID, CaseFile]],
    directory: Directory,
) -> list[AddressedEvent]:
    """What follows from events that were decided: `states` are those of their streams, after them; `files` gives the
    files of pupils."""
    found: list[AddressedEvent] = []
    for stream, event in decided:
        if isinstance(event, MeetingEvent):
            cases = files(pupils_concerned(event, states[stream]))
            found += on_meeting(states[stream], event, cases, directory)
        elif isinstance(event, MinuteEvent | ActionEvent):
            of = states.get(getattr(event, "meeting", None) or stream)
            meeting = of if isinstance(of, Meeting) else None
            shared = on_pupil(states[stream], event, meeting, directory)
            found += (AddressedEvent(stream, one) for one in shared)
    return found


def pupils_concerned(event: Event, meeting: Meeting | None) -> tuple[UUID, ...]:
    """The pupils whose files are needed to say what an event about a meeting discloses."""
    if meeting is None:
        return ()
    match event:
        case MeetingFinalised():
            return tuple(dict.fromkeys(minute.pupil for minute in meeting.minutes.values()))
        case CorrectedAfterwards(pupil=UUID() as pupil):
            return (pupil,)
        case _:
            return tuple(dict.fromkeys(item.pupil for item in _opened_items(meeting, event)))


def on_meeting(
    meeting: Meeting, event: MeetingEvent, cases: Mapping[UUID, CaseFile], directory: Directory
) -> list[AddressedEvent]:
    """What an event on a meeting's stream, as it leaves the meeting, discloses about each pupil."""
    match event:
        case MeetingFinalised():
            minutes = [minute.minute for minute in meeting.minutes.values()]
        case CorrectedAfterwards(minute=UUID() as minute):
            minutes = [minute]
        case _:
            return [
                AddressedEvent(item.pupil, made)
                for item in _opened_items(meeting, event)
                for made in _agenda(cases[item.pupil], item, event.header, directory)
            ]
    return [
        AddressedEvent(pupil, made)
        for key in minutes
        for pupil in [meeting.minutes[key].pupil]
        for made in (
            *_minute(cases[pupil], meeting, key, event.header, directory),
            *_not_in_the_room(cases[pupil], key, event.header),
        )
    ]


def on_pupil(
    case: CaseFile, event: Event, meeting: Meeting | None, directory: Directory
) -> list[InformationShared]:
    """What an event on a pupil's stream, as it leaves the file, says that a service heard or has to do; `meeting` is
    that of a minute."""
    match event:
        case MinuteRecorded(minute=key) | MinuteCorrected(minute=key):
            minute = case.minutes.minutes[key]
            if meeting is not None and without_names(meeting, minute):
                return []
            return list(_heard(case, minute, event.header, directory))
        case ActionAgreed(action=action, owner=Owner() as owner):
            return list(_to_owner(case, action, owner, event.header, directory))
        case ActionReassigned(action=action, owner=owner):
            return list(_to_owner(case, action, owner, event.header, directory))
        case _:
            return []


def recipients(
    case: CaseFile, minute: Minute, header: Header, directory: Directory
) -> tuple[list[UUID], list[UUID]]:
    """Of the services that were in the room for the pupil, those that receive the minute on a day and those that do
    not, because there is no basis."""
    may: list[UUID] = []
    may_not: list[UUID] = []
    for service in minute.services_present:
        found = directory.service(service)
        basis = found and basis_in_force(
            case.consents, case.objections, found.agency, service, header.occurred_on
        )
        (may if basis else may_not).append(service)
    return may, may_not


def without_names(meeting: Meeting, minute: Minute) -> bool:
    """Whether the minute is about an item that was discussed without names."""
    item = meeting.items.get(minute.item) if minute.item is not None else None
    return item is not None and item.without_names


def _opened_items(meeting: Meeting, event: Event) -> Sequence[AgendaItem]:
    """The agenda items that an event opens to the services they need."""
    match event:
        case AgendaItemAdded(item=item) | AgendaItemConfirmed(item=item):
            found: Iterable[AgendaItem] = [meeting.items[item]]
        case AgendaSent(items=items):
            found = [meeting.items[item] for item in items if item in meeting.items]
        case _:
            return ()
    return [item for item in found if item.confirmed and not item.without_names]


def _agenda(
    case: CaseFile, item: AgendaItem, header: Header, directory: Directory
) -> Iterator[DisclosureMade]:
    for service in item.services:
        yield from _made(case, service, "meeting", item.item, AGENDA_DATA, header, directory)


def _minute(
    case: CaseFile, meeting: Meeting, key: UUID, header: Header, directory: Directory
) -> Iterator[DisclosureMade]:
    minute = case.minutes.minutes.get(key)
    if minute is None or without_names(meeting, minute):
        return
    for service in minute.services_present:
        yield from _made(case, service, "minute", key, MINUTE_DATA, header, directory)


def _not_in_the_room(case: CaseFile, key: UUID, header: Header) -> Iterator[DisclosureClosed]:
    """A service that was listed in error as having been in the room loses the minute with the correction."""
    minute = case.minutes.minutes.get(key)
    for made in case.consents.disclosures:
        if minute is None or made.ground != key or made.closed or made.service in minute.services_present:
            continue
        yield DisclosureClosed(
            header=header,
            agency=made.agency,
            service=made.service,
            ground=key,
            because="recorded_in_error",
        )


def _made(
    case: CaseFile,
    service: UUID,
    subject: str,
    ground: UUID,
    data_classes: tuple[str, ...],
    header: Header,
    directory: Directory,
) -> Iterator[DisclosureMade]:
    """The disclosure to a service with a basis; an agenda item is disclosed once."""
    found = directory.service(service)
    if found is None:
        return
    basis = basis_in_force(case.consents, case.objections, found.agency, service, header.occurred_on)
    told = any(
        (d.ground, d.agency, d.service) == (ground, found.agency, service) and d.receives
        for d in case.consents.disclosures
    )
    if basis is None or (told and subject == "meeting"):
        return
    yield DisclosureMade(
        header=header,
        agency=found.agency,
        ground=ground,
        data_classes=data_classes,
        lawful_basis=basis.lawful_basis,
        consent=basis.consent,
        service=service,
        subject=subject,  # type: ignore[arg-type]
        override_reason=None,
    )


def _heard(
    case: CaseFile, minute: Minute, header: Header, directory: Directory
) -> Iterator[InformationShared]:
    """Each service that was in the room, once, also without a basis: what was heard was heard."""
    for service in minute.services_present:
        found = directory.service(service)
        if found is None or (minute.minute, service) in case.consents.heard:
            continue
        basis = basis_in_force(case.consents, case.objections, found.agency, service, header.occurred_on)
        yield InformationShared(
            header=header,
            organisation=found.agency,
            ground=minute.minute,
            subject="heard",
            service=service,
            consent=basis.consent if basis else None,
            lawful_basis=basis.lawful_basis if basis else None,
        )


def _to_owner(
    case: CaseFile, action: UUID, owner: Owner, header: Header, directory: Directory
) -> Iterator[InformationShared]:
    """An action goes to the agency that owns it, with or without a basis for more."""
    organisation = directory.organisation(owner.organisation)
    if organisation is None or organisation.kind not in SERVICE_PROVIDERS:
        return
    if (action, owner.service or owner.organisation) in case.consents.heard:
        return
    basis = (
        basis_in_force(case.consents, case.objections, owner.organisation, owner.service, header.occurred_on)
        if owner.service
        else None
    )
    yield InformationShared(
        header=header,
        organisation=owner.organisation,
        ground=action,
        subject="action",
        service=owner.service,
        consent=basis.consent if basis else None,
        lawful_basis=basis.lawful_basis if basis else None,
    )
