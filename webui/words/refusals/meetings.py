"""Meetings, their register and minutes, and the actions agreed there."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "already_scheduled": N_("This meeting is already in the calendar."),
    "ends_before_it_starts": N_("The meeting ends before it starts. Enter a later time."),
    "period_too_long": N_("The period is too long. Choose at most %(days)s days."),
    "calendar_too_large": N_("The calendar file is too large. It may have %(at_most)s bytes."),
    "calendar_malformed": N_("This is not a calendar file (iCalendar, RFC 5545)."),
    "calendar_not_a_reply": N_("The calendar file is not a reply to one invitation."),
    "calendar_reply_outdated": N_(
        "The meeting was moved after this invitation; it is now on %(held_on)s. Answer the newer one."
    ),
    "calendar_party_unclear": N_("Several of your services are invited. Answer for each of them by itself."),
    "register_begun": N_("The register has been started, so the date can no longer be changed."),
    "meeting_was_held": N_("This meeting was held, so it cannot be cancelled."),
    "meeting_cancelled": N_("This meeting was cancelled."),
    "meeting_finalised": N_("The minutes are final. Add a correction instead."),
    "meeting_not_held": N_("The meeting is on %(held_on)s. Record this on or after that date."),
    "after_the_meeting": N_("The meeting was on %(held_on)s. A reply after that date does not count."),
    "already_on_agenda": N_("This is already on the agenda."),
    "already_confirmed": N_("This item is already confirmed."),
    "item_minuted": N_("This item already has a minute, so it cannot be removed."),
    "unknown_item": N_("This item is not on the agenda."),
    "nobody_invited": N_("No one has been invited. Invite at least one person or service."),
    "already_invited": N_("They are already invited."),
    "not_invited": N_("They were not invited to this meeting."),
    "own_word_stands": N_("They have already answered. Their own answer is used."),
    "already_marked": N_("Their attendance is already marked. Correct the mark instead."),
    "not_marked": N_("Their attendance is not marked yet. Mark it first."),
    "apology_was_given": N_("They sent apologies, so they cannot be marked as absent without apologies."),
    "was_not_there": N_("Remove the times, or mark them as attended."),
    "left_before_arriving": N_("The time of leaving is before the time of arriving. Check both times."),
    "not_a_substitute": N_("Say who they replaced only if they came as a substitute."),
    "not_after_this_meeting": N_("Enter a date after %(held_on)s for the next meeting."),
    "not_complete": N_("The meeting cannot be finalised yet. Complete what is listed as missing."),
    "nobody_present": N_("No one is marked as present. Mark at least one person or service."),
    "unmarked": N_("They were expected but have no mark. Mark their attendance."),
    "apology_marked_absent": N_(
        "They sent apologies but are marked as absent without apologies. Correct the mark."
    ),
    "action_without_owner": N_("This action has no owner. Choose one."),
    "action_without_due_date": N_("This action has no due date. Enter one."),
    "not_finalised": N_("The meeting is not finalised yet. Finalise it first."),
    "already_approved": N_("These minutes are already approved."),
    "already_minuted": N_("This item already has a minute."),
    "unknown_minute": N_("This minute is not recorded."),
    "service_not_present": N_(
        "One of these services was not marked as present. Choose only services that were."
    ),
    "already_agreed": N_("This action is already agreed."),
    "action_ended": N_("This action is already completed or cancelled."),
    "action_incomplete": N_("Enter an owner and a due date for this action."),
    "not_ended": N_("This action is still open."),
    "before_agreed": N_("Enter a date on or after %(agreed_on)s, when the action was agreed."),
    "due_before_agreed": N_("Enter a due date on or after %(agreed_on)s, when the action was agreed."),
    "unknown_owner": N_("Choose an owner who is in the directory."),
    "not_yours_to_give": N_("You can only pass this on within your own organisation."),
    "not_yours_to_cancel": N_("Only the school can cancel this action."),
    "nothing_changes": N_("Nothing has changed. Change an answer or go back."),
}
