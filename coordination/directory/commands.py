"""The commands of the directory. `organisation` is the stream.

Ends (`effective_to`, `open_to`, `last_day`) are last days; None: no end is known. In a change, UNSET leaves a
particular unchanged.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from coordination.directory.carried import OnTransfer
from coordination.directory.retention import RetentionCase, RetentionStart
from coordination.event import Command


class RegisterOrganisation(Command, frozen=True, kw_only=True):
    """Registers an authority, a school (its code is its number), an agency or the reference tables. Given again for a
    registered one, it changes what differs, from `occurred_on` on."""

    organisation: UUID
    kind: str
    code: str
    name: str
    name_cy: str | None = None
    phase: str | None = None
    language: str | None = None
    agency_kind: str | None = None
    ods_code: str | None = None
    authority: UUID | None = None


class ChangeOrganisation(Command, frozen=True, kw_only=True):
    """Change particulars from a day on."""

    organisation: UUID
    effective_from: date
    name: str | UnsetType = UNSET
    name_cy: str | UnsetType | None = UNSET
    phase: str | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET
    agency_kind: str | UnsetType | None = UNSET
    ods_code: str | UnsetType | None = UNSET
    authority: UUID | UnsetType | None = UNSET


class CloseOrganisation(Command, frozen=True, kw_only=True):
    """Records the last day of an organisation, or cancels it (None). `merged_into`: the school that has the pupils
    of a closed school on its roll from the next day on."""

    organisation: UUID
    effective_to: date | None
    merged_into: UUID | None = None


class OpenService(Command, frozen=True, kw_only=True):
    """Opens a service of an agency. Given again for a known one, it changes what differs."""

    organisation: UUID
    service: UUID
    code: str
    profession: str
    open_from: date
    open_to: date | None = None
    name: str | None = None
    name_cy: str | None = None


class ChangeService(Command, frozen=True, kw_only=True):
    """Change particulars of a service; `open_to` closes it."""

    organisation: UUID
    service: UUID
    effective_from: date
    profession: str | UnsetType = UNSET
    open_from: date | UnsetType = UNSET
    open_to: date | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    name_cy: str | UnsetType | None = UNSET


class MoveService(Command, frozen=True, kw_only=True):
    """A service leaves this agency for another, from `occurred_on` on. Given together with `ReceiveService`."""

    organisation: UUID
    service: UUID
    to_agency: UUID


class ReceiveService(Command, frozen=True, kw_only=True):
    """This agency has a service that left another, from `occurred_on` on. Given together with `MoveService`."""

    organisation: UUID
    service: UUID
    from_agency: UUID


class CloseService(Command, frozen=True, kw_only=True):
    """Records the last day of a service, and which service takes on its open referrals (None: none). Given again, it
    changes what differs."""

    organisation: UUID
    service: UUID
    open_to: date
    inherited_by: UUID | None = None


class SetRequirements(Command, frozen=True, kw_only=True):
    """Sets what a service requires with each referral from a day on (codes of the table `requirement`)."""

    organisation: UUID
    service: UUID
    effective_from: date
    requirements: tuple[str, ...]


class SetServiceTriages(Command, frozen=True, kw_only=True):
    """Says for which services a single point of access sorts referrals, from a day on; for none: it no longer does."""

    organisation: UUID
    service: UUID
    services: tuple[UUID, ...]
    effective_from: date
    effective_to: date | None = None


class SetServiceCapacity(Command, frozen=True, kw_only=True):
    """Says to how many meetings at the same time a service can send somebody, from a day on; unless it does, to one."""

    organisation: UUID
    service: UUID
    people: int
    effective_from: date
    effective_to: date | None = None


class SetNoAnswerRule(Command, frozen=True, kw_only=True):
    """Says after how many days without an answer a service may end a referral (None: never), and how many days before
    that it tells the school, from a day on."""

    organisation: UUID
    service: UUID
    effective_from: date
    days: int | None
    told_days: int = 14
    telephone: str | None = None


class SetStandard(Command, frozen=True, kw_only=True):
    """Set a dated version of a service standard. `limit` and `bands` (ascending upper limits) are in
    `unit`."""

    organisation: UUID
    service: UUID
    code: str
    start: str
    stop: str
    limit: int
    unit: str
    effective_from: date
    source: str
    target_percent: int | None = None
    bands: tuple[int, ...] = ()
    legal_route: str | None = None
    effective_to: date | None = None
    on_transfer: OnTransfer = "continues"


class EndStandard(Command, frozen=True, kw_only=True):
    """Ends the version of a standard in force on a day; that day is its last."""

    organisation: UUID
    service: UUID
    code: str
    effective_to: date


class SetStatutoryStandard(Command, frozen=True, kw_only=True):
    """Set a dated version of a statutory time limit of a `body` (school, authority) on the reference stream. `limit`
    and `bands` are in `unit`."""

    organisation: UUID
    code: str
    body: str
    start: str
    stop: str
    limit: int
    unit: str
    effective_from: date
    source: str
    target_percent: int | None = None
    bands: tuple[int, ...] = ()
    repeats: bool = False
    from_consent: bool = False
    effective_to: date | None = None


class SetRetentionRule(Command, frozen=True, kw_only=True):
    """Set a dated version of a rule on how long records are kept, on the reference stream."""

    organisation: UUID
    code: str
    applies: RetentionCase
    begins: RetentionStart
    years: int
    effective_from: date
    source: str
    effective_to: date | None = None


class EndStatutoryStandard(Command, frozen=True, kw_only=True):
    """Ends the version of a statutory time limit in force on a day; that day is its last."""

    organisation: UUID
    code: str
    effective_to: date


class AppointPerson(Command, frozen=True, kw_only=True):
    """Gives a person a role, optionally in one service of the organisation, or (`whole_agency`) in all of them."""

    organisation: UUID
    person: UUID
    role: str
    effective_from: date
    name: str
    email: str | None = None
    service: UUID | None = None
    effective_to: date | None = None
    whole_agency: bool = False


class ChangePersonName(Command, frozen=True, kw_only=True):
    """Records a person's present name and address, both."""

    organisation: UUID
    person: UUID
    name: str
    email: str | None = None


class RecordPersonLeft(Command, frozen=True, kw_only=True):
    """End a person's roles in the organisation: all of them, or one role, or a role in one service."""

    organisation: UUID
    person: UUID
    effective_to: date
    role: str | None = None
    service: UUID | None = None


class AssignClassTeacher(Command, frozen=True, kw_only=True):
    """A class teacher of the school teaches one of its classes from a day on; the same `assignment` replaces it."""

    organisation: UUID
    assignment: UUID
    person: UUID
    class_name: str
    effective_from: date
    effective_to: date | None = None


class AcceptTerms(Command, frozen=True, kw_only=True):
    """A service of this agency agrees to attend a school's meetings (a code of the table `meeting_kind`) with this
    many working days of notice."""

    organisation: UUID
    terms: UUID
    service: UUID
    school: UUID
    effective_from: date
    notice_working_days: int
    effective_to: date | None = None
    meetings: str = "hwb"


class EndTerms(Command, frozen=True, kw_only=True):
    """End terms of reference; `effective_to` is the last day on which the service is expected."""

    organisation: UUID
    terms: UUID
    effective_to: date


class CodeContents(msgspec.Struct, frozen=True, kw_only=True):
    """One dated version of a code. `cy_review`: the Welsh label awaits a translator."""

    table: str
    code: str
    label: str
    effective_from: date
    label_cy: str | None = None
    effective_to: date | None = None
    cy_review: bool = False


class SetCode(Command, frozen=True, kw_only=True):
    """Set a dated version of a code in a code table (on the reference stream)."""

    organisation: UUID
    contents: CodeContents


class SetCodes(Command, frozen=True, kw_only=True):
    """Sets many codes at once: all or none; unchanged ones are left alone."""

    organisation: UUID
    codes: tuple[CodeContents, ...]


class SetSchoolTerm(Command, frozen=True, kw_only=True):
    """Sets a term of an authority, or one that a school keeps for itself. `closed` are days within it on which pupils
    do not come. It replaces the one term that it overlaps, if any."""

    organisation: UUID
    first_day: date
    last_day: date
    closed: tuple[date, ...] = ()


class SetMailbox(Command, frozen=True, kw_only=True):
    """Sets the mail address to which messages to a service, or (`service` None) to the organisation, go; None: to none
    any more. `before` is the address until now, which is sealed: the caller has opened it, and an equal one changes
    nothing."""

    organisation: UUID
    service: UUID | None = None
    address: str | None = None
    before: str | None = None
