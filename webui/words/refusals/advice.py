"""Advice conversations."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "advice_exists": N_("This conversation has already been recorded."),
    "advice_answered": N_("This conversation already has an answer."),
    "advice_ended": N_("This conversation no longer counts, or its words have been erased."),
    "advice_needs_basis": N_(
        "No agreement to share with this service is in force for the pupil. Record the conversation without a name, "
        "or record the agreement first."
    ),
    "advice_of_another_pupil": N_("This conversation is about another pupil."),
    "advice_linked": N_("This conversation is already linked."),
    "advice_of_the_other": N_("Only the organisation that recorded this conversation can remove it."),
    "not_after_advice": N_(
        "This referral went to another service, or was started before the conversation. Choose a later referral to "
        "the service that was asked."
    ),
}
