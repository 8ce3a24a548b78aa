"""The words for codes, in both languages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ROLES = {
    "alnco": _l("ALNCo"),
    "head": _l("Head teacher"),
    "designated_safeguarding_person": _l("Designated safeguarding person"),
    "wellbeing_coordinator": _l("Wellbeing co-ordinator"),
    "class_teacher": _l("Class teacher"),
    "clinician": _l("Clinician"),
    "service_manager": _l("Service manager"),
    "declo": _l("DECLO"),
    "la_caseworker": _l("Local authority caseworker"),
    "early_years_aln_lead": _l("Early years ALN lead officer"),
    "auditor": _l("Auditor"),
    "administrator": _l("Administrator"),
}

# the steps of a referral, as a timeline and a form name them
MILESTONES = {
    "decided": _l("Decided to refer"),
    "submitted": _l("Sent"),
    "received": _l("Received"),
    "acknowledged": _l("Acknowledged"),
    "triaged": _l("Triaged"),
    "information_requested": _l("Information requested"),
    "information_supplied": _l("Information supplied"),
    "redirected": _l("Redirected"),
    "opt_in_asked": _l("Family asked to opt in"),
    "opt_in_answered": _l("Family opted in"),
    "opt_in_unanswered": _l("Opt-in not answered"),
    "accepted": _l("Accepted"),
    "declined": _l("Declined"),
    "advice_given": _l("Advice given instead"),
    "appointment_offered": _l("Appointment offered"),
    "appointment_answered": _l("Appointment answered"),
    "was_not_brought": _l("Was not brought"),
    "did_not_attend": _l("Did not attend"),
    "could_not_attend": _l("Could not attend"),
    "cancelled_by_service": _l("Cancelled by the service"),
    "first_contact": _l("First contact"),
    "assessed": _l("Assessed"),
    "treatment_started": _l("Treatment started"),
    "report_issued": _l("Report issued"),
    "s21_answer": _l("Answer under section 21"),
    "discharged": _l("Discharged"),
    "withdrawn": _l("Withdrawn"),
    "reopened": _l("Reopened"),
    "recorded_in_error": _l("Recorded in error"),
}


def word_for(table: dict[str, Any], code: str) -> Any:
    """The word for a code; the code itself, readable, where a table that grew has no word yet."""
    return table.get(code, code.replace("_", " ").capitalize())
