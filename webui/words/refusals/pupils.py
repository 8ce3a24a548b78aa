"""Pupils, their contacts and agreements to share."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "restriction_without_self": N_(
        "Choose your own role too, or yourself: you must still be able to see the file."
    ),
    "not_of_your_organisation": N_(
        "This person does not work at your organisation. Choose somebody from the list."
    ),
    "request_not_readable": N_("What you typed can no longer be read. Take the request back and ask again."),
    "already_registered": N_("This pupil is already registered at this school."),
    "not_on_roll": N_("The pupil is not on the roll of that school. Check the school."),
    "not_leading_school": N_(
        "Another school leads for this pupil. Only that school can change the pupil’s identity, needs, "
        "provision and contacts."
    ),
    "doubt_decided": N_(
        "Somebody else has decided this, or its details have changed. Look at what is waiting now."
    ),
    "doubt_no_longer_applies": N_(
        "There is nothing to decide any more: the pupil’s record has changed, or the pupil has left the roll."
    ),
    "name_missing": N_("Enter a surname or a first name."),
    "pupil_not_at_school": N_("The pupil is not on this school’s roll."),
    "joined_with_itself": N_("These are the same file. Choose another file."),
    "already_joined": N_(
        "One of these files is joined to another file already. Join with the file that leads."
    ),
    "others_are_joined_to_it": N_(
        "Other files are joined to this one. Choose it as the file whose details are right, or separate them first."
    ),
    "birth_dates_differ": N_(
        "The two files have different dates of birth. If it is the same child, correct the wrong date first."
    ),
    "not_joined": N_("These two files are not joined."),
    "no_child_of_the_authority": N_(
        "No child at your authority’s schools has or had this number. Check the number."
    ),
    "no_other_file": N_("No other pupil that you can see has this number. Check the number."),
    "year_out_of_range": N_("Enter a school year from nursery (-2) to year 14."),
    "upn_of_another_pupil": N_("This unique pupil number belongs to another pupil. Check the number."),
    "unknown_upn": N_("No pupil with this unique pupil number is registered. Check the number."),
    "record_erased": N_("This pupil’s record was erased. Nothing can be added to it."),
    "unknown_contact": N_("This contact is not recorded for the pupil. Choose one who is."),
    "already_asked": N_("This agreement has already been asked for."),
    "objection_not_yours": N_(
        "The ALNCo, the head teacher or the safeguarding person decides about an objection."
    ),
    "order_ended": N_("This court order has ended already."),
    "nothing_to_review": N_("There is no agreement in force here to look at again."),
    "assessment_missing": N_("Say how the child was found competent to decide this."),
    "kept_only_for_a_child": N_("Only an agreement that the child gives alone can be kept from the parents."),
    "nothing_to_replace": N_("There is no agreement of this person that this one could take the place of."),
    "data_not_agreed": N_("The agreement does not name this data. Leave it out, or ask for agreement first."),
    "court_order_prevents": N_("A court order prevents sharing with this service."),
    "form_code_unknown": N_(
        "No form of your school has this code. Check each character, or put the reply in the list of those without a "
        "code."
    ),
    "form_used": N_("The reply on this form was typed in already, or the form was cancelled."),
    "not_looked_after": N_(
        "The pupil is not recorded as looked after, so a social worker does not decide who receives."
    ),
    "nothing_to_withdraw": N_("There is no agreement in force to withdraw."),
    "before_it_was_given": N_("Enter a date on or after %(given)s, when the agreement was given."),
    "disclosure_without_basis": N_(
        "Nothing recorded allows sharing with this agency. Record an agreement first, or another "
        "lawful basis and its reason."
    ),
    "sharing_not_stopped": N_("This referral is already shared with the service."),
    "basis_in_force": N_(
        "There is already a basis for sharing with this service. You can pass the referral on."
    ),
    "override_needs_reason": N_("Give the reason for sharing without an agreement."),
    "service_not_said": N_("The agency has several services. Choose one of them, or the whole agency."),
    "service_or_whole_agency": N_("Choose one service or the whole agency, not both."),
    "not_triaged_for": N_(
        "The single point of access does not sort referrals for this service on this day. Check its list."
    ),
    "no_authority": N_(
        "This person does not have the authority to agree. Check who gave the agreement, and in what "
        "capacity."
    ),
}
