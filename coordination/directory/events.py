"""The events of a local authority, a school, an agency, or the reference tables.

Every day that ends something (`effective_to`, `open_to`, `last_day`) is the last valid day; None: no end is known.
Natural codes (authority, school, agency and service codes) are public and operational; the names and addresses of
people are personal and sealed under the organisation's key.
"""

from __future__ import annotations

from datetime import date
from typing import get_args
from uuid import UUID

from msgspec import UNSET, UnsetType

from coordination.directory.carried import CarriedRequirements, CarriedStandard, CarriedTriages, OnTransfer
from coordination.directory.challenge_rules import ChallengeRuleSet
from coordination.directory.letter_wordings import LetterWordingSet
from coordination.directory.meeting_series import MeetingSeriesSet
from coordination.directory.no_answer_events import NoAnswerRuleSet
from coordination.directory.programmes import ProgrammeSet
from coordination.event import OrganisationEvent
from coordination.sensitivity import SEALED, Coded, Operational, Personal


class OrganisationRegistered(OrganisationEvent, frozen=True, kw_only=True):
    """An organisation was registered. `kind` is authority, school, agency or reference; the code of a school is its
    number. A particular that does not apply to the kind is None. `organisation` is the stream's own id."""

    topic = "organisation.registered"

    organisation: Operational[UUID]
    kind: Operational[str]
    code: Operational[str]
    name: Operational[str]
    name_cy: Operational[str | None] = None
    phase: Operational[str | None] = None
    language: Operational[str | None] = None
    agency_kind: Operational[str | None] = None
    ods_code: Operational[str | None] = None
    authority: Operational[UUID | None] = None


class OrganisationChanged(OrganisationEvent, frozen=True, kw_only=True):
    """Some particulars changed from a day on; only those are set (UNSET: unchanged)."""

    topic = "organisation.changed"

    effective_from: Operational[date]
    name: Operational[str | UnsetType] = UNSET
    name_cy: Operational[str | UnsetType | None] = UNSET
    phase: Operational[str | UnsetType | None] = UNSET
    language: Operational[str | UnsetType | None] = UNSET
    agency_kind: Operational[str | UnsetType | None] = UNSET
    ods_code: Operational[str | UnsetType | None] = UNSET
    authority: Operational[UUID | UnsetType | None] = UNSET


class OrganisationClosed(OrganisationEvent, frozen=True, kw_only=True):
    """`effective_to` is the organisation's last day; None cancels an earlier closing. `merged_into` is the school that
    has its pupils on the roll from the next day on; None: none has."""

    topic = "organisation.closed"

    effective_to: Operational[date | None]
    merged_into: Operational[UUID | None] = None


class ServiceOpened(OrganisationEvent, frozen=True, kw_only=True):
    """An agency has a service of one profession that takes referrals."""

    topic = "service.opened"

    service: Operational[UUID]
    code: Operational[str]
    profession: Operational[str]
    open_from: Operational[date]
    open_to: Operational[date | None] = None
    name: Operational[str | None] = None
    name_cy: Operational[str | None] = None


class ServiceChanged(OrganisationEvent, frozen=True, kw_only=True):
    """Some particulars of a service changed; only those are set (UNSET: unchanged)."""

    topic = "service.changed"

    service: Operational[UUID]
    effective_from: Operational[date]
    profession: Operational[str | UnsetType] = UNSET
    open_from: Operational[date | UnsetType] = UNSET
    open_to: Operational[date | UnsetType | None] = UNSET
    name: Operational[str | UnsetType | None] = UNSET
    name_cy: Operational[str | UnsetType | None] = UNSET


class ServiceRequirementsSet(OrganisationEvent, frozen=True, kw_only=True):
    """What a service requires with each referral from a day on: codes of the table `requirement`, in its order."""

    topic = "service.requirements_set"
    service: Operational[UUID]
    effective_from: Operational[date]
    requirements: Operational[tuple[str, ...]]


class ServiceTriagesSet(OrganisationEvent, frozen=True, kw_only=True):
    """A service is a single point of access from a day on: it sorts referrals for `services`, of its own agency or of
    others, and passes them on. A version with the same first day replaces the earlier one; none: it no longer does."""

    topic = "service.triages_set"
    service: Operational[UUID]
    services: Operational[tuple[UUID, ...]]
    effective_from: Operational[date]
    effective_to: Operational[date | None] = None


class ServiceCapacitySet(OrganisationEvent, frozen=True, kw_only=True):
    """To how many meetings at the same time a service said it can send somebody, from a day on; else to one."""

    topic = "service.capacity_set"
    service: Operational[UUID]
    people: Operational[int]
    effective_from: Operational[date]
    effective_to: Operational[date | None] = None


class MailboxSet(OrganisationEvent, frozen=True, kw_only=True):
    """Messages to a service, or (`service` None) to the organisation itself, go to this mail address; None: to no
    address any more. It is sealed because it may be a person's."""

    topic = "organisation.mailbox_set"
    service: Operational[UUID | None] = None
    address: Personal[str | None] = SEALED


class ServiceMoved(OrganisationEvent, frozen=True, kw_only=True):
    """A service left this agency for another; `effective_from` is its first day there. On the stream of the agency
    that it left; `service.received` follows on the stream of the other."""

    topic = "service.moved"
    service: Operational[UUID]
    from_agency: Operational[UUID]
    to_agency: Operational[UUID]
    effective_from: Operational[date]


class ServiceReceived(OrganisationEvent, frozen=True, kw_only=True):
    """A service came to this agency from another, under its code and with its standards and requirements, which go on
    without a break. `effective_from` is its first day here."""

    topic = "service.received"

    service: Operational[UUID]
    from_agency: Operational[UUID]
    to_agency: Operational[UUID]
    effective_from: Operational[date]
    code: Operational[str]
    profession: Operational[str]
    open_from: Operational[date]
    open_to: Operational[date | None] = None
    inherited_by: Operational[UUID | None] = None
    name: Operational[str | None] = None
    name_cy: Operational[str | None] = None
    requirements: Operational[tuple[CarriedRequirements, ...]] = ()
    standards: Operational[tuple[CarriedStandard, ...]] = ()
    triages: Operational[tuple[CarriedTriages, ...]] = ()


class ServiceClosed(OrganisationEvent, frozen=True, kw_only=True):
    """`open_to` is the last day of a service. `inherited_by` is the service that takes on the referrals that are still
    waiting; None: none has taken them on."""

    topic = "service.closed"
    service: Operational[UUID]
    open_to: Operational[date]
    inherited_by: Operational[UUID | None] = None


class StandardSet(OrganisationEvent, frozen=True, kw_only=True):
    """A dated version of a service standard: the milestones that start and stop its clock. `limit` and `bands` (upper
    limits) are in `unit`: calendar_days, weeks, working_days or school_days. `on_transfer`: what becomes of a clock
    that runs when a referral is passed on to the service. A version with the same first day replaces the earlier one (a
    correction)."""

    topic = "standard.set"

    code: Operational[str]
    service: Operational[UUID]
    start: Operational[str]
    stop: Operational[str]
    limit: Operational[int]
    unit: Operational[str]
    target_percent: Operational[int | None]
    bands: Operational[tuple[int, ...]]
    legal_route: Operational[str | None]
    effective_from: Operational[date]
    effective_to: Operational[date | None]
    source: Operational[str]
    on_transfer: Operational[OnTransfer] = "continues"


class StandardEnded(OrganisationEvent, frozen=True, kw_only=True):
    """The version of a standard that began on `effective_from` ends on `effective_to`."""

    topic = "standard.ended"

    code: Operational[str]
    service: Operational[UUID]
    effective_from: Operational[date]
    effective_to: Operational[date]


class StatutoryStandardSet(OrganisationEvent, frozen=True, kw_only=True):
    """On the reference stream: a dated version of a statutory time limit of a body (school, authority). `limit` and
    `bands` are in `unit`: calendar_days, weeks, working_days, school_days or months. A version with the same first day
    replaces the earlier one (a correction)."""

    topic = "statutory_standard.set"

    code: Operational[str]
    body: Operational[str]
    start: Operational[str]
    stop: Operational[str]
    limit: Operational[int]
    unit: Operational[str]
    effective_from: Operational[date]
    effective_to: Operational[date | None]
    source: Operational[str]
    target_percent: Operational[int | None] = None
    bands: Operational[tuple[int, ...]] = ()
    repeats: Operational[bool] = False
    from_consent: Operational[bool] = False


class RetentionRuleSet(OrganisationEvent, frozen=True, kw_only=True):
    """On the reference stream: a dated version of a rule on how long records are kept; see `directory.retention`."""

    topic = "retention_rule.set"
    code: Operational[str]
    applies: Operational[str]
    begins: Operational[str]
    years: Operational[int]
    effective_from: Operational[date]
    effective_to: Operational[date | None]
    source: Operational[str]


class StatutoryStandardEnded(OrganisationEvent, frozen=True, kw_only=True):
    """The version of a statutory time limit that began on `effective_from` ends on `effective_to`."""

    topic = "statutory_standard.ended"

    code: Operational[str]
    effective_from: Operational[date]
    effective_to: Operational[date]


class PersonAppointed(OrganisationEvent, frozen=True, kw_only=True):
    """A person has a role at the organisation, perhaps in one of its services. `whole_agency`: at an agency, for all
    of them, because somebody said so."""

    topic = "person.appointed"

    person: Operational[UUID]
    role: Operational[str]
    service: Operational[UUID | None]
    effective_from: Operational[date]
    effective_to: Operational[date | None] = None
    whole_agency: Operational[bool] = False
    name: Personal[str | None] = SEALED
    email: Personal[str | None] = SEALED


class PersonNameChanged(OrganisationEvent, frozen=True, kw_only=True):
    """A person's name or address changed."""

    topic = "person.name_changed"

    person: Operational[UUID]
    name: Personal[str | None] = SEALED
    email: Personal[str | None] = SEALED


class PersonLeft(OrganisationEvent, frozen=True, kw_only=True):
    """A person's role, begun on `effective_from`, ends; `effective_to` is its last day."""

    topic = "person.left"

    person: Operational[UUID]
    role: Operational[str]
    service: Operational[UUID | None]
    effective_from: Operational[date]
    effective_to: Operational[date]


class ClassTeacherAssigned(OrganisationEvent, frozen=True, kw_only=True):
    """A person teaches a class of the school and sees what they must know of its pupils. The same `assignment` again
    replaces its dates and its class."""

    topic = "school.class_teacher_assigned"

    assignment: Operational[UUID]
    person: Operational[UUID]
    effective_from: Operational[date]
    effective_to: Operational[date | None] = None
    class_name: Coded[str] = SEALED


class TermsAccepted(OrganisationEvent, frozen=True, kw_only=True):
    """A service agreed to attend a school's meetings, with the notice that it requires. On the agency's stream."""

    topic = "terms.accepted"

    terms: Operational[UUID]
    service: Operational[UUID]
    school: Operational[UUID]
    effective_from: Operational[date]
    effective_to: Operational[date | None]
    notice_working_days: Operational[int]
    meetings: Operational[str] = "hwb"


class TermsEnded(OrganisationEvent, frozen=True, kw_only=True):
    """Terms of reference end on `effective_to`."""

    topic = "terms.ended"

    terms: Operational[UUID]
    effective_to: Operational[date]


class CodeSet(OrganisationEvent, frozen=True, kw_only=True):
    """A dated version of a code in a code table. `cy_review`: a translator has yet to check the Welsh label."""

    topic = "code.set"

    table: Operational[str]
    code: Operational[str]
    label: Operational[str]
    label_cy: Operational[str | None]
    effective_from: Operational[date]
    effective_to: Operational[date | None]
    cy_review: Operational[bool] = False


class CodeEnded(OrganisationEvent, frozen=True, kw_only=True):
    """The version of a code that began on `effective_from` ends on `effective_to`."""

    topic = "code.ended"
    table: Operational[str]
    code: Operational[str]
    effective_from: Operational[date]
    effective_to: Operational[date]


class SchoolTermSet(OrganisationEvent, frozen=True, kw_only=True):
    """A school term of an authority, or of one school that keeps its own. `closed` are the days within it on which
    pupils do not come (half-term, training days). It replaces every earlier term that it overlaps."""

    topic = "school_term.set"
    first_day: Operational[date]
    last_day: Operational[date]
    closed: Operational[tuple[date, ...]] = ()


# all of them, so that the type checker finds a `match` that forgets one
AnyOrganisationEvent = (
    OrganisationRegistered
    | RetentionRuleSet
    | OrganisationChanged
    | OrganisationClosed
    | ServiceOpened
    | ServiceChanged
    | ServiceRequirementsSet
    | ServiceTriagesSet
    | ServiceCapacitySet
    | NoAnswerRuleSet
    | MailboxSet
    | ServiceMoved
    | ServiceReceived
    | ServiceClosed
    | StandardSet
    | StandardEnded
    | StatutoryStandardSet
    | StatutoryStandardEnded
    | ClassTeacherAssigned
    | LetterWordingSet
    | ChallengeRuleSet
    | ProgrammeSet
    | MeetingSeriesSet
    | PersonAppointed
    | PersonNameChanged
    | PersonLeft
    | TermsAccepted
    | TermsEnded
    | CodeSet
    | CodeEnded
    | SchoolTermSet
)
EVENTS: tuple[type[OrganisationEvent], ...] = get_args(AnyOrganisationEvent)
