"""Who sees a request, an emergency access, an expected move and a record that follows a pupil.

A confidential request, and what belongs to it, is the safeguarding person's and the school's that asked; other schools
find no trace of it.
"""

from __future__ import annotations

from coordination.authority import AGENCY_ROLES, CASEWORKER_ROLE, SAFEGUARDING_ROLE
from coordination.permissions import Right, Thing, roles_with
from projections.policies import PERSON, ROLE, SCHOOL_STAFF, Policy, at, held, in_roles, own, visible

SAFEGUARDING = f"{ROLE} = {SAFEGUARDING_ROLE!r}"
CASEWORKER = f"{ROLE} = {CASEWORKER_ROLE!r}"


AGENCY_STAFF = in_roles(*sorted(AGENCY_ROLES - {"operator"}))


def _of_the_holder(table: str, confidential_to: str) -> Policy:
    """The named staff of a school that has the pupil on its roll; a confidential one only of the school that asked."""
    return Policy(
        table,
        "of_the_holder",
        f"{at('school')} and {SCHOOL_STAFF} and {held(table)} and (not confidential or {confidential_to})",
    )


ANY_REQUEST = in_roles(*roles_with(Thing.MOVES, Right.OWN_ROLL))
CONFIDENTIAL_REQUEST = in_roles(*roles_with(Thing.MOVES, Right.CONFIDENTIAL_MOVES))


def _in_emergency(table: str, *conditions: str) -> Policy:
    """Rows of a pupil to whom the viewer's school, or the viewer, has emergency access at this instant."""
    opened = visible("open_access", "a", f"a.pupil = {table}.pupil", "a.basis = 'emergency'")
    staff = f"({at('school')} and {SCHOOL_STAFF} or {at('agency')} and {AGENCY_STAFF} or {at('caseworker')})"
    return Policy(table, "in_emergency", " and ".join([staff, opened, *conditions]))


POLICIES = (
    Policy(
        "file_request",
        "of_the_holder",
        f"{at('school')} and ({ANY_REQUEST} or {CONFIDENTIAL_REQUEST} and confidential) and {held('file_request')}"
        f" and (not confidential or {own('school')})",
    ),
    Policy(
        "file_request",
        "of_the_authority",
        f"{at('caseworker')} and {own('authority')}"
        f" and case when confidential then {SAFEGUARDING} else {CASEWORKER} end",
    ),
    _of_the_holder("emergency_access", f"{own('organisation')} and request is not null"),
    Policy(
        "emergency_access",
        "of_the_school_that_asked",
        f"{at('school')} and {SCHOOL_STAFF} and {own('organisation')} and request is not null",
    ),
    Policy("emergency_access", "of_the_person", f"person = {PERSON} and {own('organisation')}"),
    Policy(
        "emergency_access",
        "of_the_reviewer",
        f"{at('caseworker')} and {own('authority')} and {SAFEGUARDING}",
    ),
    Policy(
        "expected_move",
        "of_both_schools",
        f"{at('school')} and {SCHOOL_STAFF} and ({own('from_school')} or {own('to_school')})",
    ),
    Policy("record_transfer", "of_its_school", f"{at('school')} and {SCHOOL_STAFF} and {own('school')}"),
    # The school that expects the pupil reads the name on the list; the former school until it has sent the record.
    Policy(
        "identity",
        "of_the_next_school",
        f"{at('school')} and {SCHOOL_STAFF} and kind = 'identity' and "
        + visible(
            "expected_move",
            "e",
            "e.pupil = identity.pupil",
            own("e.to_school"),
            "e.state in ('proposed', 'agreed')",
        ),
    ),
    Policy(
        "identity",
        "of_the_former_school",
        f"{at('school')} and {SCHOOL_STAFF} and kind = 'identity' and "
        + visible(
            "record_transfer",
            "t",
            "t.pupil = identity.pupil",
            own("t.school"),
            "t.side = 'former'",
            "t.sent_on is null",
        ),
    ),
    # The reviewer reads why an emergency access was opened, and to whose file until it is reviewed.
    Policy(
        "identity",
        "of_the_reviewer",
        f"{at('caseworker')} and {SAFEGUARDING} and kind = 'identity' and "
        + visible("emergency_access", "e", "e.pupil = identity.pupil", "e.finding is null"),
    ),
    Policy(
        "seal",
        "of_the_reviewer",
        f"{at('caseworker')} and {SAFEGUARDING} and "
        + visible("emergency_access", "e", "e.pupil = seal.pupil", "e.version = seal.version"),
    ),
    _in_emergency("pupil"),
    _in_emergency("identity", "kind = 'identity'"),
    _in_emergency("contact"),
    _in_emergency("referral", "not ended"),
)
