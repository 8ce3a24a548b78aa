"""The roles for which pages are open, taken from the table of permissions."""

from coordination.permissions import Right, Thing, roles_with

SCHOOL_DESK = roles_with(Thing.MINUTE, Right.OWN_SCHOOL)
"""The school's named staff. A class teacher has a desk of their own, without referrals, meetings and figures."""
SCHOOL_COORDINATION = roles_with(Thing.REFERRAL_CONTENT, Right.OWN_SCHOOL)
"""Those at the school who refer, record, run meetings and see figures: the named staff but the safeguarding person."""
SERIES_DESK = roles_with(Thing.MEETING_SERIES)
"""Those who set up series of meetings and plan their dates."""
PLANNING_DESK = roles_with(Thing.MEETING_SERIES, Right.OWN_AUTHORITY)
"""Those of an authority among them."""
AGENCY_DESK = roles_with(Thing.REFERRAL_CONTENT, Right.OWN_SERVICE)
CASEWORKER_DESK = roles_with(Thing.REFERRAL_CONTENT, Right.HELD, Right.CONFIDENTIAL_MOVES)
FILE_STAFF = roles_with(Thing.CONTACTS, Right.OWN_ROLL, Right.HELD, Right.CONFIDENTIAL_MOVES)
"""Those who keep a pupil's file: the school, or the authority's caseworker for a child on no roll."""
AUDIT_DESK = roles_with(Thing.WAITING_FIGURES, Right.OWN_AUTHORITY)
REQUEST_DESK = roles_with(Thing.MOVES)
"""Those who answer a request for a pupil's file."""
HANDING_OVER = roles_with(Thing.HANDING_OVER)
"""Those who hand over the work of people who have left."""
REPORT_ROLES = roles_with(Thing.WAITING_FIGURES, Right.OWN_SCHOOL, Right.OWN_SERVICE, Right.OWN_AUTHORITY)
"""Those responsible, who see exact figures."""
PUBLISHED_ROLES = roles_with(Thing.PUBLISHED_FIGURES)
ANALYSTS = roles_with(Thing.WAITING_FIGURES, Right.PUBLISHED)
"""Those who see published figures and no others."""
CHALLENGE_ROLES = roles_with(Thing.CHALLENGE)
ADVICE_DESK = roles_with(Thing.ADVICE)
"""The two who speak when a school asks a service for advice."""
CLASS_DESK = roles_with(Thing.CLASSES, Right.OWN_SCHOOL)
"""Those who say who teaches which class."""
PLACE_DESK = roles_with(Thing.PLACES)
"""Those who see bases and their places."""
TEACHER_DESK = roles_with(Thing.PROFILE, Right.OWN_CLASSES)
CO_SIGNERS = roles_with(Thing.ACCOUNTS, Right.CO_SIGN)
"""Those who co-sign a token or an account that speaks for their organisation."""
DUE_DESK = roles_with(Thing.RIGHTS_DESK, Right.PROPOSE, Right.APPROVE)
"""Those who decide about erasing a record: the school proposes, the authority approves."""
APPROVAL_DESK = roles_with(Thing.RIGHTS_DESK, Right.APPROVE)
ERASING_DESK = roles_with(Thing.RIGHTS_DESK, Right.APPROVE, Right.CARRY_OUT)
REQUESTS_DESK = roles_with(
    Thing.RIGHTS_DESK, Right.PROPOSE, Right.APPROVE, Right.OWN_PART, Right.OWN_ORGANISATION
)
"""Those who answer requests about a record, each for what their own organisation holds."""
OWN_PART_DESK = roles_with(Thing.RIGHTS_DESK, Right.OWN_PART)
RIGHTS_DESK = roles_with(Thing.RIGHTS_DESK)
