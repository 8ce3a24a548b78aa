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
    "unknown_approver": N_("No open account has this username. Check who decided it."),
    "in_the_past": N_("Enter today’s date or a later date."),
}
