"""Decisions about additional learning needs."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "aln_already_recorded": N_(
        "%(aln_step)s is already recorded on %(on)s. Correct that entry, or record another concern."
    ),
    "aln_impossible_order": N_(
        "%(aln_step)s on %(on)s conflicts with %(aln_other)s on %(other_on)s. Check the dates."
    ),
    "no_plan_due": N_(
        "It was decided on %(on)s that no plan is due. Correct that entry first if it is wrong."
    ),
    "plan_has_ceased": N_("The plan ceased on %(on)s. Correct that entry first if it is wrong."),
    "reconsideration_open": N_("The reconsideration asked for on %(on)s has not been answered yet."),
    "reconsideration_not_asked": N_(
        "No reconsideration was open on that date. Record first when it was asked for."
    ),
    "say_who_decides": N_("The pupil is on the roll of two schools. Choose who decides."),
    "aln_authority_decides": N_("The local authority decides this, not the school."),
    "not_a_young_person": N_(
        "Consent to the decision is for a young person over compulsory school age. The pupil was a child then."
    ),
    "unknown_body": N_("The body must be school or authority, not “%(value)s”."),
    "unknown_aln_step": N_("%(value)s is not a step of a statutory decision. Check it."),
    "months_without_bands": N_("A limit in months has no bands. Leave them empty."),
    "unknown_aln_entry": N_("This entry is not recorded, or was corrected. Open the page again."),
    "not_your_aln_entry": N_("Another organisation recorded this entry. Ask them to correct it."),
}
