"""Requests for a pupil's file, moves between schools, emergency access."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "request_answered": N_("This request has been answered already."),
    "request_escalated": N_("The local authority is answering this request."),
    "request_in_time": N_("The school still has time to answer this request."),
    "authority_decides": N_("Choose an answer. The local authority decides the dispute."),
    "confidential_not_on_both": N_(
        "A confidential move cannot keep the pupil on both rolls, because the former school would see where the "
        "pupil is. Choose another answer."
    ),
    "pupil_moved_on": N_("The pupil is no longer on the roll of the school, so this cannot be recorded."),
    "before_registration": N_("Enter a date on or after %(since)s, when the pupil joined the school."),
    "too_many_file_requests": N_(
        "Your school has asked for many pupils of other schools today. Ask again tomorrow, or contact the "
        "local authority."
    ),
    "move_to_own_school": N_("The pupil is already on the roll of that school. Choose another school."),
    "move_in_the_past": N_("Enter today’s date or a later one for the move."),
    "move_not_agreed": N_("The receiving school has not agreed to the move."),
    "move_not_yet": N_("The move is not due yet."),
    "record_sent_before": N_("The sending of this record has been recorded already."),
    "record_taken_before": N_("The arrival of this record has been recorded already."),
    "before_it_was_sent": N_("Enter a date on or after %(sent)s, when the record was sent."),
    "emergency_not_matched": N_(
        "Emergency access cannot be opened with these details. Telephone the pupil’s former school or the local "
        "authority now."
    ),
    "too_many_look_ups": N_(
        "Too many look-ups found nobody in the last hour. Telephone the child’s school or the local authority now."
    ),
    "reading_reviewed_before": N_("This has been reviewed already."),
    "file_open_already": N_("You can already open this file. Emergency access is not needed."),
    "emergency_access_open": N_("Your emergency access to this file is still open."),
    "reviewed_before": N_("This emergency access has been reviewed already."),
}
