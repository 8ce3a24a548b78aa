"""Referrals and their steps."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "referral_exists": N_("This referral is already recorded."),
    "second_open_referral": N_(
        "This service already has an open referral for this pupil. Say that a second one is intended, or continue with "
        "the open one."
    ),
    "impossible_order": N_("%(step)s on %(on)s conflicts with %(other)s on %(other_on)s. Check the dates."),
    "acknowledged_too_late": N_(
        "%(step)s on %(on)s cannot come after %(other)s on %(other_on)s. If it happened earlier, enter that day."
    ),
    "declined_too_late": N_(
        "%(step)s on %(on)s cannot come after %(other)s on %(other_on)s: the pupil had been taken on. Record a "
        "discharge, or correct the day."
    ),
    "new_episode_without_ending": N_(
        "A new episode on %(on)s needs an ending before it. Record the ending first, or leave out that it is new."
    ),
    "immediate_risk_untold": N_(
        "Enter who was told about the immediate risk, and when. If this has not been done, tell a person now."
    ),
    "unknown_milestone": N_("This is not a step of a referral. Check its name."),
    "submit_discloses": N_(
        "A referral cannot be sent here. Use the page for sending, which asks what allows the sharing."
    ),
    "note_within_a_service": N_("Only a service can keep a note to itself. Choose that the note is shared."),
    "reason_is_shared": N_("The school needs this reason. Choose that the note is shared."),
    "other_needs_words": N_("Say in words why the referral was declined."),
    "unknown_appointment": N_("Choose one of the appointments offered, or say that it is not on record."),
    "appointment_has_outcome": N_(
        "This appointment already has an outcome: %(step)s, %(on)s. Correct that entry instead."
    ),
    "no_appointment_that_day": N_(
        "No appointment was offered for %(on)s. Correct the day, or say that the appointment is not on record."
    ),
    "which_appointment": N_("Say which appointment this is about, or that it is not on record."),
    "answered_too_late": N_("%(step)s on %(on)s came before this answer. Enter the day of the answer."),
    "unknown_detail": N_("This step does not have these details. Remove them."),
    "detail_not_valid": N_("Some details of this step are not valid. Check them."),
    "ending_differs_from_reason": N_(
        "The reason says that the pupil moved away or passed the age limit, and the ending says another thing. Make "
        "them the same."
    ),
    "service_not_of_agency": N_(
        "This service belongs to another agency. Choose one of this agency’s services."
    ),
    "not_the_holder": N_("The referral is with another agency. Only that agency can record this."),
    "only_the_school_says": N_("Only the school can record this step."),
    "reported_by_whom": N_("Enter who at the agency told you, how and when."),
    "reported_before_it_happened": N_("You cannot have been told before it happened. Check both dates."),
    "not_your_entry": N_("You cannot correct this entry. Contest it instead."),
    "nothing_reported": N_("The school did not report this, so there is nothing to confirm."),
    "not_reported_of_you": N_(
        "This was reported about another agency, which had the referral then. Only that agency can answer."
    ),
    "referral_ended": N_("The referral has ended, so it cannot be allocated."),
    "allocated_meanwhile": N_(
        "Another person allocated this referral after you opened this page. Check who has it now."
    ),
    "not_of_the_agency": N_("Choose a person who works at your organisation now."),
    "not_of_the_service": N_(
        "This person does not work for the service that has the referral. Choose somebody who does."
    ),
    "entry_superseded": N_("This entry no longer counts: it has been corrected or struck out."),
    "reference_taken": N_("This reference already belongs to another referral. Enter a different one."),
    "reference_of_another_pupil": N_("This reference belongs to another pupil. Check the reference."),
    "reference_of_another_service": N_(
        "This reference belongs to a referral to another service. Check the reference."
    ),
}
