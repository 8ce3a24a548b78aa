"""Legal holds, erasure, and the rights over a record."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "under_legal_hold": N_(
        "This record is under a legal hold. It cannot be erased until the hold is lifted."
    ),
    "erasure_open_referral": N_(
        "A referral of this pupil has not ended. End it, or have it recorded in error, before the record is erased."
    ),
    "erasure_proposed_already": N_("It has already been proposed to erase this record."),
    "erasure_approved_already": N_("Somebody else has already approved this."),
    "erasure_not_approved": N_("Two people have to decide this. It has not been approved yet."),
    "second_person_needed": N_("A second person has to decide this. Ask a colleague."),
    "file_follows_another": N_("This file is joined to another one. Open the file that leads."),
    "files_changed": N_(
        "The files of this child were joined or separated meanwhile. Look again, then try once more."
    ),
    "retention_not_over": N_("This record has to be kept[ until %(until)s]. Choose another reason, or wait."),
    "unknown_approver": N_("No open account has this username. Check who decided it."),
    "only_a_school": N_("Only a school answers a request for the educational record."),
    "clock_does_not_stop": N_("The time for this kind of request does not stop."),
    "clock_stopped_already": N_("The time already stands still."),
    "clock_runs": N_("The time is running already."),
    "not_a_parents_request": N_("This was not asked by a parent."),
    "competence_not_weighed": N_(
        "Record first whether the child is competent to decide, and what the child says about the parent’s request."
    ),
    "child_does_not_agree": N_("The child is competent and does not agree. The parent cannot be given this."),
    "health_opinion_missing": N_(
        "This record tells of health. Record first what a health professional says: an opinion of the last six months."
    ),
    "serious_harm": N_("The health professional expects serious harm. Leave out what would cause it."),
    "correction_missing": N_("Make the correction first, then name the entry that corrects the record."),
    "already_answered": N_("This request has already been answered."),
    "before_the_request": N_("The request was received on %(received)s. Enter that date or a later one."),
    "not_entries": N_("Enter the numbers of entries, separated by commas."),
    "in_the_past": N_("Enter today’s date or a later date."),
}
