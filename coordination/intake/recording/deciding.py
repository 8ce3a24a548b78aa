"""Deciding a doubt: what each answer records, and that one person decides it once.

The answers are recorded as ordinary events with the reason; the doubt is deleted in the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple, assert_never
from uuid import UUID

import msgspec
from psycopg import Connection

from coordination.calendars import local_date
from coordination.desk.doubts import WaitingDoubt, delete_doubt, doubt_content, find_doubt
from coordination.desk.file_requests import AskedPupil, ask
from coordination.directory.state import Organisation
from coordination.errors import NotFound, Refusal
from coordination.event import Command, CommandContext
from coordination.guards import require_words
from coordination.intake.recording.arriving import PupilLookUp, described, description_hash
from coordination.intake.recording.changes import changes, provisions
from coordination.intake.recording.contacts import contact_changes, contact_details
from coordination.intake.recording.doubts import DoubtfulDescription, read_description
from coordination.intake.recording.recorded_profiles import (
    RecordedContact,
    RecordedProfile,
    recorded_profiles,
)
from coordination.intake.recording.registrations import registration_of
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.joining.commands import JoinPupils
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    ContactDetails,
    EndContact,
    KeepIdentity,
    RecordContact,
    RecordProvision,
)
from coordination.service import Batch, Coordination
from coordination.store.keys import OuterKeys

DoubtAnswer = Literal[
    "file_is_right",
    "record_is_right",
    "exchange_numbers",
    "another_child",
    "two_children",
    "one_child",
    "contact_ended",
    "contact_still_there",
    "contact_same_person",
    "contact_replaced",
    "contact_two_people",
]
ANSWERS: dict[str, tuple[DoubtAnswer, ...]] = {
    "another_number": ("file_is_right", "record_is_right", "another_child"),
    "birth_date_changed": ("file_is_right", "record_is_right"),
    "names_changed": ("file_is_right", "record_is_right"),
    "number_of_another": ("record_is_right", "file_is_right"),
    "exchanged_numbers": ("exchange_numbers", "file_is_right", "record_is_right"),
    "two_files": ("one_child", "two_children"),
    "alike_elsewhere": ("one_child", "two_children"),
    "contact_missing": ("contact_ended", "contact_still_there"),
    "contact_renamed": ("contact_same_person", "contact_replaced", "contact_two_people"),
}
"""What may be answered to each kind of doubt, in the order in which it is offered."""
ABOUT_CONTACTS = frozenset({"contact_missing", "contact_renamed"})


class OpenedDoubt(msgspec.Struct, frozen=True):
    """A doubt with everything that deciding it needs to see: what was given, and what is recorded of the pupil and of
    the other pupil concerned."""

    doubt: WaitingDoubt
    given: DoubtfulDescription
    known: RecordedProfile
    other: RecordedProfile | None = None

    def __repr__(self) -> str:
        return f"OpenedDoubt({self.doubt.doubt})"

    @property
    def answers(self) -> tuple[DoubtAnswer, ...]:
        """What may be answered."""
        return ANSWERS[self.doubt.kind]


def open_doubt(service: Coordination, conn: Connection, held: WaitingDoubt) -> OpenedDoubt | None:
    """A doubt opened; None when it no longer applies: the pupil was erased, has left the school's roll or is led by
    another school meanwhile, or the record has changed so that nothing is doubtful any more."""
    content = doubt_content(conn, service.record.outer, held.doubt)
    if content is None:
        return None
    given = read_description(content)
    batch = service.batch()
    about_contact = held.kind in ABOUT_CONTACTS
    others = [held.other] if held.other is not None and not about_contact else []
    profiles = recorded_profiles(service.record, [held.pupil, *others])
    registered = [batch.state(PUPIL_STREAM, pupil).profile.registered for pupil in (held.pupil, *others)]
    known = profiles[held.pupil]
    other = profiles[others[0]] if others else None
    if not all(registered) or known is None or (others and other is None):
        return None
    if (
        held.authority is None
        and batch.state(PUPIL_STREAM, held.pupil).profile.leading_school() != held.school
    ):
        return None
    if about_contact:
        contact = known.contacts.get(held.other) if held.other is not None else None
        applies = contact is not None and not contact.ended
    else:
        applies = held.authority is not None or _is_still_doubtful(service, batch, held, given)
    return OpenedDoubt(held, given, known, other) if applies else None


def _is_still_doubtful(
    service: Coordination, batch: Batch, held: WaitingDoubt, given: DoubtfulDescription
) -> bool:
    school = batch.directory().organisation(held.school)
    details = described(given.row)
    if school is None:
        return False
    look_up = PupilLookUp(service.record)
    look_up.prepare(batch, [details])
    found = look_up.arrival(batch, details, school)
    return any(d.pupil == held.pupil and d.kind == held.kind for d in found.doubts)


class DecidedDoubt(NamedTuple):
    """What deciding did: the pupil whose record it concerns, and the last position of the log."""

    pupil: UUID
    position: int


def decide_doubt(
    service: Coordination,
    doubt: UUID,
    digest: bytes,
    answer: str,
    why: str | None,
    order: CommandContext,
    *,
    new: UUID,
) -> DecidedDoubt:
    """Decides a doubt as the person of `order`; `new` is the id of a pupil to register. Nobody else decides it at the
    same time.

    Raises NotFound for an organisation that may not decide it. Refuses `doubt_decided` (somebody decided it meanwhile,
    or its details have changed since they were shown: `digest`), `doubt_no_longer_applies` (it is then deleted),
    `not_offered`, `cannot_be_empty` without a reason, and with the codes of the decisions.
    """
    reason = require_words(why, "why")
    with service.record.desk() as conn:
        held = find_doubt(conn, doubt, locked=True)
        if held is None:
            raise Refusal("doubt_decided")
        if not held.is_for(order.on_behalf_of or order.organisation):
            raise NotFound
        if held.digest != digest:
            raise Refusal("doubt_decided")
        opened = open_doubt(service, conn, held)
        if opened is not None:
            position = _carry_out(service, conn, opened, answer, reason, order, new)
        delete_doubt(conn, doubt)
    if opened is None:
        raise Refusal("doubt_no_longer_applies")
    return DecidedDoubt(new if answer == "another_child" and position else held.pupil, position)


def _carry_out(
    service: Coordination,
    conn: Connection,
    opened: OpenedDoubt,
    answer: str,
    why: str,
    order: CommandContext,
    new: UUID,
) -> int:
    outer, on = service.record.outer, local_date(order.recorded_at)
    offered = next((one for one in opened.answers if one == answer), None)
    if offered is None:
        raise Refusal("not_offered", "answer")
    commands = list(_commands(opened, offered, why, outer, on))
    if answer == "another_child":
        commands += _another_child(service, conn, opened, order, new, on)
    return service.perform_all(
        (command, msgspec.structs.replace(order, command_id=f"{order.command_id}/{number}"))
        for number, command in enumerate(commands)
    )


def _commands(
    opened: OpenedDoubt, answer: DoubtAnswer, why: str, outer: OuterKeys, on: date
) -> Iterator[Command]:
    """The commands of an answer, but for the registration of another child."""
    pupil = opened.doubt.pupil
    match answer:
        case "file_is_right":
            yield from _as_in_the_file(opened, why, outer, on)
        case "record_is_right" | "another_child" | "two_children":
            refused = description_hash(outer, described(opened.given.row))
            yield KeepIdentity(occurred_on=on, pupil=pupil, refused=refused, why=why)
        case "exchange_numbers":
            yield from _exchanged(opened, why, on)
        case "one_child":
            yield _joined(opened, why, on)
        case (
            "contact_ended"
            | "contact_still_there"
            | "contact_same_person"
            | "contact_replaced"
            | "contact_two_people"
        ):
            yield from _about_contact(opened, answer, why, outer, on)
        case _:
            assert_never(answer)


def _as_in_the_file(opened: OpenedDoubt, why: str, outer: OuterKeys, on: date) -> Iterator[Command]:
    """The whole row, with the reason on the changed identity."""
    row, pupil, known = opened.given.row, opened.doubt.pupil, opened.known
    for change in changes(row, pupil, known, None, on, whole=opened.given.whole, why=why):
        yield change.command
    for details in contact_changes(row, pupil, known, on, outer, tells_all=False).recorded:
        yield RecordContact(occurred_on=on, pupil=pupil, details=details)


def _exchanged(opened: OpenedDoubt, why: str, on: date) -> Iterator[Command]:
    """Each of the two children has the other's number; each keeps their own record."""
    other = opened.other
    if other is None or opened.doubt.other is None:
        raise Refusal("doubt_no_longer_applies")
    yield _with_number(opened.doubt.pupil, opened.known, other.upn, why, on)
    yield _with_number(opened.doubt.other, other, opened.known.upn, why, on)


def _joined(opened: OpenedDoubt, why: str, on: date) -> JoinPupils:
    """The two files are of one child: the one with the number leads; of two schools the one recorded before."""
    held = opened.doubt
    if held.other is None:
        raise Refusal("doubt_no_longer_applies")
    if held.kind == "alike_elsewhere":
        return JoinPupils(occurred_on=on, pupil=held.other, other=held.pupil, why=why)
    return JoinPupils(occurred_on=on, pupil=held.pupil, other=held.other, why=why)


def _with_number(pupil: UUID, known: RecordedProfile, upn: str, why: str, on: date) -> ChangeIdentity:
    return ChangeIdentity(
        occurred_on=on,
        pupil=pupil,
        upn=upn,
        surname=known.surname,
        forename=known.forename,
        date_of_birth=known.date_of_birth,
        sex=known.sex,
        language=known.language,
        why=why,
        middle_names=known.middle_names,
        preferred_surname=known.preferred_surname,
        preferred_forename=known.preferred_forename,
        former_surname=known.former_surname,
    )


def _another_child(
    service: Coordination, conn: Connection, opened: OpenedDoubt, order: CommandContext, new: UUID, on: date
) -> list[Command]:
    """Registers the child of the row; one whose number another school issued is asked for."""
    row, outer = opened.given.row, service.record.outer
    register = registration_of(row, new, opened.doubt.school, on, outer)
    steps = tuple(provisions(row, (), None, on)) if row.provision_history else ()
    school = service.directory().organisation(opened.doubt.school)
    if school is not None and not _issued_here(service, opened, school):
        asked = AskedPupil(register=register, provisions=steps)
        ask(conn, outer, asked, order, now=order.recorded_at)
        return []
    dated = (RecordProvision(occurred_on=day, pupil=new, provision=provision) for day, provision in steps)
    return [register, *dated]


def _issued_here(service: Coordination, opened: OpenedDoubt, school: Organisation) -> bool:
    """Whether the school registers a child with this number itself."""
    batch = service.batch()
    details = described(opened.given.row)
    look_up = PupilLookUp(service.record)
    look_up.prepare(batch, [details])
    return look_up.arrival(batch, details, school, whatever_is_alike=True).kind == "new"


def _about_contact(
    opened: OpenedDoubt, answer: DoubtAnswer, why: str, outer: OuterKeys, on: date
) -> Iterator[Command]:
    pupil, contact, given = opened.doubt.pupil, opened.doubt.other, opened.given.contact
    assert contact is not None
    held = opened.known.contacts[contact]
    if answer in ("contact_ended", "contact_replaced"):
        yield EndContact(occurred_on=on, pupil=pupil, contact=contact, why=why)
    if answer in ("contact_still_there", "contact_two_people"):
        details = _as_recorded(contact, held, on)
        yield RecordContact(occurred_on=on, pupil=pupil, details=details, why=why)
    if given is None:
        return
    if answer == "contact_same_person":
        details = msgspec.structs.replace(_as_recorded(contact, held, on), name=given.name)
        if given.relationship is not None:
            details = msgspec.structs.replace(details, relationship=given.relationship)
        if given.parental_responsibility is not None:
            told = given.parental_responsibility
            details = msgspec.structs.replace(details, parental_responsibility=told)
        yield RecordContact(occurred_on=on, pupil=pupil, details=details, why=why)
    elif answer in ("contact_replaced", "contact_two_people"):
        added = contact_details(given, pupil, on, outer)
        yield RecordContact(occurred_on=on, pupil=pupil, details=added, why=why)


def _as_recorded(contact: UUID, held: RecordedContact, on: date) -> ContactDetails:
    return ContactDetails(
        occurred_on=on,
        contact=contact,
        name=held.name,
        relationship=held.relationship,
        parental_responsibility=held.parental_responsibility,
        language=held.language,
        telephone=held.telephone,
        email=held.email,
        address=held.address,
    )
