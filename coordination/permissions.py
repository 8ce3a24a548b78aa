"""Who may see and do what: for each thing and role, the kind of right. The only place that says so.

The guards and the navigation (`webui.shell.roles`), the row policies (`projections.policies`), the API scopes and the
page *Who may see what* read this table. A right says what kind of access a role can have at most; which pupil,
referral or figure it covers is decided by the row policies and the decisions. `BASIS` means an agreement or lawful
basis of the viewer's own service, in force at that instant. An authority may narrow the table, never widen it.

`coordination.permission_differences` says where it differs from the table that was agreed first, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from coordination.authority import (
    ADOPTION_OFFICER,
    CASEWORKER_ROLE,
    DATA_PROTECTION_OFFICER,
    NATIONAL_ANALYST,
    SAFEGUARDING_ROLE,
)


class Right(StrEnum):
    """What kind of access a role has to a thing."""

    NO = "no"
    OWN_ROLL = "own_roll"
    OWN_CLASSES = "own_classes"
    OWN_SCHOOL = "own_school"
    OWN_SERVICE = "own_service"
    OWN_ORGANISATION = "own_organisation"
    OWN_AUTHORITY = "own_authority"
    BASIS = "basis"
    PRESENT_WITH_BASIS = "present_with_basis"
    HELD = "held"
    """Children whose file the authority holds: on no roll, looked after, panels, disputed moves."""
    OWN_MEETINGS = "own_meetings"
    CODED_LINE = "coded_line"
    """Ids, days and states, without names."""
    COUNTS = "counts"
    PUBLISHED = "published"
    IMMEDIATE_RISK = "immediate_risk"
    """The school's referrals in which immediate risk was recorded."""
    AS_REPORTED = "as_reported"
    """In the service's name, which the service confirms or contests."""
    CONFIDENTIAL_MOVES = "confidential_moves"
    FAMILY = "family"
    """The family's own, after the second proof."""
    READ = "read"
    RAISE = "raise"
    APPROVE = "approve"
    RAISE_AND_APPROVE = "raise_and_approve"
    REPLY = "reply"
    RULE = "rule"
    ACCEPT_TERMS = "accept_terms"
    CHANGE = "change"
    PREPARE = "prepare"
    CO_SIGN = "co_sign"
    PROPOSE = "propose"
    OWN_PART = "own_part"
    CARRY_OUT = "carry_out"
    ON_REQUEST = "on_request"
    EARLIER_IDENTITY = "earlier_identity"
    IN_EMERGENCY = "in_emergency"
    """Part of a file, for a day, with a reason that is reviewed."""
    REVIEW = "review"
    """The same, and reviewing that of others."""


class Thing(StrEnum):
    """What a right is to; the rows of the table."""

    IDENTITY = "identity"
    UPN = "upn"
    NEEDS = "needs"
    CONTACTS = "contacts"
    WORDS = "words"
    AGREEMENT = "agreement"
    REFERRAL = "referral"
    REFERRAL_CONTENT = "referral_content"
    SERVICE_NOTES = "service_notes"
    MILESTONE = "milestone"
    ALLOCATION = "allocation"
    MINUTE = "minute"
    MEETING = "meeting"
    MEETING_SERIES = "meeting_series"
    """Series of meetings, and planning their dates: of one's own school, or of an authority and its schools."""
    ATTENDANCE = "attendance"
    WAITING_FIGURES = "waiting_figures"
    PUBLISHED_FIGURES = "published_figures"
    CHALLENGE = "challenge"
    PROFILE = "profile"
    PROGRAMMES = "programmes"
    CONCERN = "concern"
    MOVES = "moves"
    EMERGENCY_ACCESS = "emergency_access"
    RESTRICTION = "restriction"
    """Restricting a file to named roles and people, and recording the interest of somebody else in a pupil."""
    WHO_LOOKED = "who_looked"
    DIRECTORY = "directory"
    CLASSES = "classes"
    HANDING_OVER = "handing_over"
    ACCOUNTS = "accounts"
    ADOPTION = "adoption"
    RIGHTS_DESK = "rights_desk"
    PLACES = "places"
    ADVICE = "advice"


FAMILY_ROLE = "family"
"""A parent or young person with a one-time link. Not a role of an account."""

ROLES = (
    "alnco",
    "head",
    "wellbeing_coordinator",
    "class_teacher",
    "designated_safeguarding_person",
    "clinician",
    "service_manager",
    "declo",
    CASEWORKER_ROLE,
    "early_years_aln_lead",
    SAFEGUARDING_ROLE,
    ADOPTION_OFFICER,
    "auditor",
    "administrator",
    DATA_PROTECTION_OFFICER,
    NATIONAL_ANALYST,
    FAMILY_ROLE,
)
"""The columns of the table, in the order in which they are shown."""

NO = Right.NO


def _row(
    alnco: Right = NO,
    teacher: Right = NO,
    safeguarding: Right = NO,
    clinician: Right = NO,
    manager: Right = NO,
    caseworker: Right = NO,
    auditor: Right = NO,
    administrator: Right = NO,
    analyst: Right = NO,
    family: Right = NO,
    **others: Right,
) -> Mapping[str, Right]:
    """A row by the columns of the starting table; `others` are roles that differ from their column or have none."""
    return dict.fromkeys(ROLES, NO) | {
        "alnco": alnco,
        "head": alnco,
        "wellbeing_coordinator": alnco,
        "class_teacher": teacher,
        "designated_safeguarding_person": safeguarding,
        "clinician": clinician,
        "service_manager": manager,
        "declo": manager,
        CASEWORKER_ROLE: caseworker,
        "auditor": auditor,
        "early_years_aln_lead": auditor,
        "administrator": administrator,
        NATIONAL_ANALYST: analyst,
        FAMILY_ROLE: family,
        **others,
    }


R = Right
CONFIDENTIAL = {SAFEGUARDING_ROLE: R.CONFIDENTIAL_MOVES}

TABLE: Mapping[Thing, Mapping[str, Right]] = {
    Thing.IDENTITY: _row(
        R.OWN_ROLL,
        R.OWN_CLASSES,
        R.OWN_ROLL,
        R.BASIS,
        R.BASIS,
        R.HELD,
        NO,
        family=R.FAMILY,
        **CONFIDENTIAL,
    ),
    Thing.UPN: _row(R.OWN_ROLL, NO, R.OWN_ROLL, R.BASIS, R.BASIS, R.HELD, family=R.FAMILY, **CONFIDENTIAL),
    Thing.NEEDS: _row(
        R.OWN_ROLL,
        R.OWN_CLASSES,
        R.OWN_ROLL,
        R.BASIS,
        R.BASIS,
        R.HELD,
        R.CODED_LINE,
        family=R.FAMILY,
        **CONFIDENTIAL,
    ),
    Thing.CONTACTS: _row(
        R.OWN_ROLL, NO, R.OWN_ROLL, R.BASIS, R.BASIS, R.HELD, family=R.FAMILY, **CONFIDENTIAL
    ),
    Thing.WORDS: _row(R.OWN_ROLL, NO, R.OWN_ROLL, R.BASIS, R.BASIS, R.HELD, family=R.FAMILY, **CONFIDENTIAL),
    Thing.AGREEMENT: _row(
        R.OWN_ROLL,
        NO,
        R.OWN_ROLL,
        R.OWN_SERVICE,
        R.OWN_SERVICE,
        R.HELD,
        R.COUNTS,
        family=R.FAMILY,
        **CONFIDENTIAL,
    ),
    Thing.REFERRAL: _row(
        R.OWN_SCHOOL,
        NO,
        R.OWN_SCHOOL,
        R.OWN_SERVICE,
        R.OWN_SERVICE,
        R.HELD,
        R.CODED_LINE,
        family=R.FAMILY,
        **CONFIDENTIAL,
    ),
    Thing.REFERRAL_CONTENT: _row(
        R.OWN_SCHOOL,
        NO,
        R.IMMEDIATE_RISK,
        R.OWN_SERVICE,
        R.OWN_SERVICE,
        R.HELD,
        NO,
        family=R.FAMILY,
        **CONFIDENTIAL,
    ),
    Thing.SERVICE_NOTES: _row(clinician=R.OWN_SERVICE, manager=R.OWN_SERVICE),
    Thing.MILESTONE: _row(R.AS_REPORTED, NO, R.IMMEDIATE_RISK, R.OWN_SERVICE, R.OWN_SERVICE, R.AS_REPORTED),
    Thing.ALLOCATION: _row(clinician=R.OWN_SERVICE, manager=R.OWN_SERVICE),
    Thing.MINUTE: _row(
        R.OWN_SCHOOL,
        NO,
        R.OWN_SCHOOL,
        R.PRESENT_WITH_BASIS,
        R.PRESENT_WITH_BASIS,
        R.OWN_MEETINGS,
        family=R.FAMILY,
    ),
    Thing.MEETING: _row(R.OWN_SCHOOL, NO, R.READ, R.OWN_SERVICE, R.OWN_SERVICE),
    Thing.MEETING_SERIES: _row(R.OWN_SCHOOL, caseworker=R.OWN_AUTHORITY),
    Thing.ATTENDANCE: _row(
        R.OWN_SCHOOL,
        NO,
        NO,
        R.OWN_SERVICE,
        R.OWN_SERVICE,
        R.OWN_AUTHORITY,
        R.OWN_AUTHORITY,
        analyst=R.PUBLISHED,
    ),
    Thing.WAITING_FIGURES: _row(
        R.OWN_SCHOOL,
        NO,
        NO,
        R.OWN_SERVICE,
        R.OWN_SERVICE,
        R.OWN_AUTHORITY,
        R.OWN_AUTHORITY,
        analyst=R.PUBLISHED,
        family=R.FAMILY,
    ),
    Thing.PUBLISHED_FIGURES: _row(
        clinician=R.PUBLISHED,
        manager=R.PUBLISHED,
        caseworker=R.PUBLISHED,
        auditor=R.PUBLISHED,
        analyst=R.PUBLISHED,
    ),
    Thing.CHALLENGE: _row(R.RAISE, NO, NO, R.REPLY, R.REPLY, R.RULE, R.RULE, head=R.RAISE_AND_APPROVE),
    Thing.PROFILE: _row(
        R.OWN_ROLL,
        R.OWN_CLASSES,
        R.OWN_ROLL,
        R.BASIS,
        R.BASIS,
        R.HELD,
        R.COUNTS,
        family=R.FAMILY,
        **CONFIDENTIAL,
    ),
    Thing.PROGRAMMES: _row(
        R.OWN_SCHOOL, R.READ, R.READ, caseworker=R.READ, auditor=R.READ, administrator=R.CHANGE
    ),
    Thing.CONCERN: _row(R.OWN_ROLL, R.RAISE, R.READ, NO, NO, R.HELD, family=R.RAISE),
    Thing.MOVES: _row(R.OWN_ROLL, NO, R.CONFIDENTIAL_MOVES, NO, NO, R.HELD, **CONFIDENTIAL),
    Thing.EMERGENCY_ACCESS: _row(
        R.IN_EMERGENCY,
        NO,
        R.IN_EMERGENCY,
        R.IN_EMERGENCY,
        R.IN_EMERGENCY,
        R.IN_EMERGENCY,
        la_safeguarding=R.REVIEW,
    ),
    Thing.RESTRICTION: _row(
        head=R.OWN_ROLL, safeguarding=R.OWN_ROLL, manager=R.BASIS, la_safeguarding=R.HELD
    ),
    Thing.WHO_LOOKED: _row(
        R.OWN_ROLL,
        NO,
        R.OWN_ROLL,
        R.OWN_ORGANISATION,
        R.OWN_ORGANISATION,
        R.HELD,
        family=R.ON_REQUEST,
        data_protection_officer=R.OWN_ORGANISATION,
    ),
    Thing.DIRECTORY: _row(
        R.READ,
        R.READ,
        R.READ,
        R.READ,
        R.ACCEPT_TERMS,
        R.READ,
        R.READ,
        R.CHANGE,
        R.READ,
        la_safeguarding=R.READ,
        adoption_officer=R.READ,
        data_protection_officer=R.READ,
    ),
    Thing.CLASSES: _row(R.OWN_SCHOOL, R.OWN_CLASSES, R.READ),
    Thing.HANDING_OVER: _row(R.OWN_SCHOOL, wellbeing_coordinator=NO, service_manager=R.OWN_SERVICE),
    Thing.ACCOUNTS: _row(
        R.CO_SIGN,
        wellbeing_coordinator=NO,
        manager=R.CO_SIGN,
        caseworker=R.CO_SIGN,
        administrator=R.PREPARE,
    ),
    Thing.ADOPTION: _row(adoption_officer=R.EARLIER_IDENTITY),
    Thing.ADVICE: _row(R.OWN_SCHOOL, NO, R.OWN_SCHOOL, R.OWN_SERVICE, R.OWN_SERVICE),
    Thing.PLACES: _row(R.READ, NO, R.READ, NO, R.OWN_SERVICE, R.OWN_AUTHORITY, R.COUNTS, R.CHANGE, declo=NO),
    Thing.RIGHTS_DESK: _row(
        R.PROPOSE,
        wellbeing_coordinator=NO,
        manager=R.OWN_PART,
        caseworker=R.APPROVE,
        administrator=R.CARRY_OUT,
        family=R.ON_REQUEST,
        data_protection_officer=R.OWN_ORGANISATION,
    ),
}


def right(role: str, thing: Thing) -> Right:
    """The right of a role to a thing; none for a role that is not in the table."""
    return TABLE[thing].get(role, NO)


def may(role: str, thing: Thing) -> bool:
    """Whether a role can have any access to a thing."""
    return right(role, thing) is not NO


def roles_with(thing: Thing, *rights: Right) -> tuple[str, ...]:
    """The roles that have one of these rights to a thing (none named: any right), in the order of the table. A family
    has no account and is left out."""
    return tuple(
        role
        for role, held in TABLE[thing].items()
        if role != FAMILY_ROLE and (held in rights if rights else held is not NO)
    )


SCOPE_THINGS: Mapping[str, Thing] = {
    "pupils:read": Thing.IDENTITY,
    "pupils:write": Thing.IDENTITY,
    "consents:read": Thing.AGREEMENT,
    "consents:write": Thing.AGREEMENT,
    "referrals:read": Thing.REFERRAL,
    "referrals:write": Thing.MILESTONE,
    "meetings:read": Thing.MEETING,
    "meetings:write": Thing.MEETING,
    "advice:read": Thing.ADVICE,
    "advice:write": Thing.ADVICE,
    **dict.fromkeys(("places:read", "places:write"), Thing.PLACES),
    "challenges:read": Thing.CHALLENGE,
    "challenges:write": Thing.CHALLENGE,
    "reports:read": Thing.WAITING_FIGURES,
    "changes:read": Thing.REFERRAL,
    "documents:read": Thing.REFERRAL_CONTENT,
    "documents:write": Thing.REFERRAL_CONTENT,
    "webhooks:read": Thing.DIRECTORY,
    "webhooks:write": Thing.DIRECTORY,
    "links:read": Thing.REFERRAL,
    "links:write": Thing.REFERRAL,
    "bounces:write": Thing.DIRECTORY,
}
"""The scopes of a token, each with the thing to which its role must have a right."""
