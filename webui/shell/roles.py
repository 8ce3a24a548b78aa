"""The roles for which pages are open."""

from coordination.authority import AGENCY_ROLES, CASEWORKER_ROLES, SAFEGUARDING_ROLE, SCHOOL_ROLES
from projections.reader import AUDITOR_ROLES

SCHOOL_STAFF = tuple(sorted(SCHOOL_ROLES - {"operator"}))
AGENCY_STAFF = tuple(sorted(AGENCY_ROLES - {"operator"}))
SCHOOL_DESK = ("alnco", "head", "designated_safeguarding_person", "wellbeing_coordinator")
"""The school's named staff; figures and challenges are not a class teacher's business."""
AGENCY_DESK = ("clinician", "service_manager", "declo")
CASEWORKER_DESK = tuple(sorted(CASEWORKER_ROLES | {SAFEGUARDING_ROLE}))
FILE_STAFF = (*SCHOOL_STAFF, *CASEWORKER_DESK)
"""Those who keep a pupil's file: the school, or the authority's caseworker for a child on no roll."""
AUDIT_DESK = tuple(sorted(AUDITOR_ROLES))
REQUEST_DESK = (*SCHOOL_DESK, *CASEWORKER_DESK)
"""Those who answer a request for a pupil's file."""
HANDING_OVER = ("alnco", "head", "service_manager")
"""Those who hand over the work of people who have left."""
REPORT_ROLES = (*SCHOOL_DESK, *AGENCY_DESK, *AUDIT_DESK)
"""Those responsible, who see exact figures."""
