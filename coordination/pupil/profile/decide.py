"""What a school may record of a pupil's profile."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from coordination.authority import SCHOOL_ROLES, acting_organisation, require_not_in_future, require_staff
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.event import Command, Header
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.events import (
    AnyProfileEvent,
    ContactEnded,
    ContactRecorded,
    IdentityChanged,
    LanguageWishRecorded,
    LookedAfterRecorded,
    NeedsRecorded,
    ProvisionRecorded,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
    ViewsRecorded,
    YearRecorded,
)
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


class ContactDetails(Command, frozen=True, kw_only=True):
    """A parent or other contact, as in a form or file (`occurred_on` is that of the whole command)."""

    contact: UUID
    name: str
    relationship: str | None = None
    parental_responsibility: bool = False
    language: str | None = None
    telephone: str | None = None
    email: str | None = None


class RegisterPupil(Command, frozen=True, kw_only=True):
    """A school puts a pupil on its roll, also one who is on another school's roll. `sex` and `language` are None where
    unknown (a transfer file has no language wish)."""

    pupil: UUID
    school: UUID
    upn: str
    surname: str
    forename: str
    date_of_birth: date
    sex: str | None
    language: str | None
    provision: str | None = None
    needs: tuple[str, ...] = ()
    year: int | None = None
    looked_after: bool | None = None
    contacts: tuple[ContactDetails, ...] = ()


class MovePupil(Command, frozen=True, kw_only=True):
    """The pupil leaves one school for another; the new school records it."""

    pupil: UUID
    from_school: UUID
    to_school: UUID


class EndRegistration(Command, frozen=True, kw_only=True):
    pupil: UUID
    school: UUID


class ChangeIdentity(Command, frozen=True, kw_only=True):
    pupil: UUID
    upn: str
    surname: str
    forename: str
    date_of_birth: date
    sex: str | None
    language: str | None
    why: str | None = None


class RecordNeeds(Command, frozen=True, kw_only=True):
    pupil: UUID
    needs: tuple[str, ...]


class RecordProvision(Command, frozen=True, kw_only=True):
    pupil: UUID
    provision: str


class RecordLookedAfter(Command, frozen=True, kw_only=True):
    pupil: UUID
    looked_after: bool


class RecordYear(Command, frozen=True, kw_only=True):
    pupil: UUID
    year: int


class RecordLanguageWish(Command, frozen=True, kw_only=True):
    pupil: UUID
    language: str


class RecordContact(Command, frozen=True, kw_only=True):
    pupil: UUID
    details: ContactDetails


class EndContact(Command, frozen=True, kw_only=True):
    pupil: UUID
    contact: UUID
    why: str | None = None


class RecordViews(Command, frozen=True, kw_only=True):
    pupil: UUID
    whose: Literal["child", "parent"]
    words: str
    language: str
    contact: UUID | None = None


def decide_register(
    case: CaseFile, command: RegisterPupil, header: Header, world: World
) -> list[AnyProfileEvent]:
    """Refuses a second registration at one school (`already_registered`), an unknown school or code, and a date of
    birth or registration in the future. A code past its end is accepted; the caller warns."""
    if acting_organisation(header) != command.school or header.role not in SCHOOL_ROLES:
        raise NotFound
    school = world.directory.organisation(command.school)
    if school is None or school.kind != "school":
        raise Refusal("unknown_school", "school_number")
    if command.school in case.profile.schools():
        raise Refusal("already_registered", "upn")
    require_not_in_future(header, command.occurred_on)
    require_not_in_future(header, command.date_of_birth, "date_of_birth")
    _known(world, "sex", command.sex, command.occurred_on, "sex")
    _known(world, "language", command.language, command.occurred_on, "language")
    if case.profile.registered:
        return [RegistrationAdded(header=header, school=command.school)]
    events: list[AnyProfileEvent] = [
        PupilRegistered(
            header=header,
            school=command.school,
            year=command.year,
            upn=command.upn,
            surname=command.surname,
            forename=command.forename,
            date_of_birth=command.date_of_birth,
            sex=command.sex,
            language=command.language,
        )
    ]
    if command.needs:
        events.append(_needs(command.needs, command.occurred_on, header, world))
    if command.provision is not None:
        _known(world, "provision", command.provision, command.occurred_on, "provision")
        events.append(ProvisionRecorded(header=header, provision=command.provision))
    if command.looked_after is not None:
        events.append(LookedAfterRecorded(header=header, looked_after=command.looked_after))
    events.extend(_contact(details, header) for details in command.contacts)
    return events


def decide_move(case: CaseFile, command: MovePupil, header: Header, world: World) -> list[AnyProfileEvent]:
    """The receiving school records the move. Refuses `not_on_roll`, `unknown_school`."""
    if acting_organisation(header) != command.to_school or header.role not in SCHOOL_ROLES:
        raise NotFound
    if command.from_school not in case.profile.schools():
        raise Refusal("not_on_roll", "from_school")
    if world.directory.organisation(command.to_school) is None:
        raise Refusal("unknown_school", "school_number")
    require_not_in_future(header, command.occurred_on)
    return [SchoolMoved(header=header, from_school=command.from_school, to_school=command.to_school)]


def decide_end_registration(
    case: CaseFile, command: EndRegistration, header: Header, world: World
) -> list[AnyProfileEvent]:
    """The pupil leaves the roll of the actor's school."""
    require_staff(header, case.profile.schools() & {command.school})
    require_not_in_future(header, command.occurred_on)
    return [RegistrationEnded(header=header, school=command.school)]


def decide_change_identity(
    case: CaseFile, command: ChangeIdentity, header: Header, world: World
) -> list[AnyProfileEvent]:
    """The whole identity after the change; the earlier one stays on the record."""
    require_staff(header, case.profile.schools())
    _not_overtaken(case, "identity", command.seen)
    require_not_in_future(header, command.date_of_birth, "date_of_birth")
    _known(world, "sex", command.sex, command.occurred_on, "sex")
    _known(world, "language", command.language, command.occurred_on, "language")
    return [
        IdentityChanged(
            header=header,
            upn=command.upn,
            surname=command.surname,
            forename=command.forename,
            date_of_birth=command.date_of_birth,
            sex=command.sex,
            language=command.language,
            why=command.why,
        )
    ]


def decide_needs(case: CaseFile, command: RecordNeeds, header: Header, world: World) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    _not_overtaken(case, "needs", command.seen)
    require_not_in_future(header, command.occurred_on)
    return [_needs(command.needs, command.occurred_on, header, world)]


def decide_provision(
    case: CaseFile, command: RecordProvision, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    _not_overtaken(case, "provision", command.seen)
    require_not_in_future(header, command.occurred_on)
    _known(world, "provision", command.provision, command.occurred_on, "provision")
    return [ProvisionRecorded(header=header, provision=command.provision)]


def decide_looked_after(
    case: CaseFile, command: RecordLookedAfter, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    _not_overtaken(case, "looked_after", command.seen)
    require_not_in_future(header, command.occurred_on)
    return [LookedAfterRecorded(header=header, looked_after=command.looked_after)]


def decide_year(case: CaseFile, command: RecordYear, header: Header, world: World) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    _not_overtaken(case, "year", command.seen)
    if not -2 <= command.year <= 14:
        raise Refusal("year_out_of_range", "year", year=command.year)
    return [] if case.profile.year == command.year else [YearRecorded(header=header, year=command.year)]


def decide_language_wish(
    case: CaseFile, command: RecordLanguageWish, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    _not_overtaken(case, "language_wish", command.seen)
    _known(world, "language", command.language, command.occurred_on, "language")
    return [LanguageWishRecorded(header=header, language=command.language)]


def decide_contact(
    case: CaseFile, command: RecordContact, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    _not_overtaken(case, str(command.details.contact), command.seen)
    return [_contact(command.details, header)]


def decide_end_contact(
    case: CaseFile, command: EndContact, header: Header, world: World
) -> list[AnyProfileEvent]:
    require_staff(header, case.profile.schools())
    _not_overtaken(case, str(command.contact), command.seen)
    if case.profile.contact(command.contact) is None:
        raise NotFound
    return [ContactEnded(header=header, contact=command.contact, why=command.why)]


def decide_views(case: CaseFile, command: RecordViews, header: Header, world: World) -> list[AnyProfileEvent]:
    """Records words as they were said, in the language in which they were said. Refuses `cannot_be_empty`."""
    require_staff(header, case.profile.schools())
    require_not_in_future(header, command.occurred_on)
    if not command.words.strip():
        raise Refusal("cannot_be_empty", "words")
    _known(world, "language", command.language, command.occurred_on, "language")
    if command.contact is not None and case.profile.contact(command.contact) is None:
        raise Refusal("unknown_contact", "contact")
    return [
        ViewsRecorded(
            header=header,
            whose=command.whose,
            language=command.language,
            contact=command.contact,
            words=command.words,
        )
    ]


def _not_overtaken(case: CaseFile, thing: str, seen: int | None) -> None:
    """Raises StaleVersion when the thing was recorded again after the version that the person was shown."""
    last = case.profile.last_versions.get(thing, 0)
    if seen is not None and last > seen:
        raise StaleVersion(seen, last)


def _needs(needs: tuple[str, ...], on: date, header: Header, world: World) -> NeedsRecorded:
    for need in needs:
        _known(world, "need", need, on, "needs")
    return NeedsRecorded(header=header, needs=tuple(dict.fromkeys(needs)))


def _contact(details: ContactDetails, header: Header) -> ContactRecorded:
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
    )


def _known(world: World, table: str, code: str | None, on: date, field: str) -> None:
    if code is not None and world.directory.code(table, code, on) == "unknown":
        raise Refusal("unknown_code", field, table=table)


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(RegisterPupil, decide_register, PUPIL_STREAM),
        decides(MovePupil, decide_move, PUPIL_STREAM),
        decides(EndRegistration, decide_end_registration, PUPIL_STREAM),
        decides(ChangeIdentity, decide_change_identity, PUPIL_STREAM),
        decides(RecordNeeds, decide_needs, PUPIL_STREAM),
        decides(RecordProvision, decide_provision, PUPIL_STREAM),
        decides(RecordLookedAfter, decide_looked_after, PUPIL_STREAM),
        decides(RecordYear, decide_year, PUPIL_STREAM),
        decides(RecordLanguageWish, decide_language_wish, PUPIL_STREAM),
        decides(RecordContact, decide_contact, PUPIL_STREAM),
        decides(EndContact, decide_end_contact, PUPIL_STREAM),
        decides(RecordViews, decide_views, PUPIL_STREAM),
    ]
)
