"""Referrals and their milestones."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "referral_exists": _l("This referral is already on the record."),
    "impossible_order": _l(
        "%(step)s on %(on)s cannot be, because of this on the record: %(other)s on %(other_on)s."
    ),
    "immediate_risk_untold": _l(
        "Say who was told about the immediate risk, and when. A referral must never just wait with it."
    ),
    "unknown_milestone": _l("This is not a step of a referral."),
    "submit_discloses": _l(
        "Sending a referral shares it: use the page for sending, which asks what allows that."
    ),
    "unknown_detail": _l("This step does not have these particulars."),
    "detail_not_valid": _l("Some particulars of this step are not filled in as they should be."),
    "service_not_of_agency": _l("This service belongs to another agency."),
    "not_the_holder": _l("The referral is with another agency now. Only that agency can say this."),
    "only_the_school_says": _l("Only the school can record this step."),
    "reported_by_whom": _l("Say who at the agency told you, how and when."),
    "reported_before_it_happened": _l("You cannot have been told before it happened. Check both dates."),
    "not_your_entry": _l("Only whoever made this entry can correct it. You can say that it is wrong."),
    "nothing_reported": _l("There is nothing here that the school reported in your name."),
    "not_reported_of_you": _l(
        "This was reported in the name of another agency, which held the referral then. Only it can answer."
    ),
    "referral_ended": _l("The referral has ended. Nobody can take it up."),
    "allocated_meanwhile": _l("Somebody else allocated this referral after you opened this page."),
    "not_of_the_agency": _l("Choose somebody who works at your organisation now."),
    "entry_superseded": _l("This entry no longer counts: it was corrected or struck out meanwhile."),
    "reference_taken": _l("This reference already belongs to another referral."),
}
