"""Meetings, their register and minutes, and the actions agreed there."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "already_scheduled": _l("This meeting is already in the calendar."),
    "register_begun": _l("The register has begun, so the date can no longer change."),
    "meeting_was_held": _l("This meeting was held, so it cannot be cancelled."),
    "meeting_cancelled": _l("This meeting was cancelled."),
    "meeting_finalised": _l(
        "The minutes are final. What is wrong in them is corrected beside them, never over them."
    ),
    "meeting_not_held": _l("The meeting is on %(held_on)s. This can be recorded from that day on."),
    "after_the_meeting": _l("The meeting was on %(held_on)s. A reply after it does not count."),
    "already_on_agenda": _l("This is already on the agenda."),
    "already_confirmed": _l("This item is already confirmed."),
    "item_minuted": _l("This item already has a minute, so it stays on the agenda."),
    "unknown_item": _l("This is not on the agenda."),
    "nobody_invited": _l("Nobody is invited yet."),
    "already_invited": _l("They are already invited."),
    "not_invited": _l("They were not invited to this meeting."),
    "own_word_stands": _l("They answered for themselves already, and their own word stands."),
    "already_marked": _l("They are already marked. Correct the mark instead."),
    "not_marked": _l("They have no mark yet."),
    "apology_was_given": _l("They sent apologies, so they were not absent without one."),
    "was_not_there": _l("Somebody who was not there has no time of arriving or leaving."),
    "left_before_arriving": _l("They cannot have left before they arrived. Check both times."),
    "not_a_substitute": _l("Say for whom only when somebody came as a substitute."),
    "not_after_this_meeting": _l("The next meeting must be after this one, on %(held_on)s."),
    "not_complete": _l("The meeting cannot be finalised yet. What is missing is listed on the page."),
    "not_finalised": _l("The meeting is not finalised yet."),
    "already_approved": _l("These minutes are already approved."),
    "already_minuted": _l("This already has a minute."),
    "unknown_minute": _l("This minute is not on the record."),
    "service_not_present": _l("A service named here was not marked as present."),
    "already_agreed": _l("This action is already agreed."),
    "action_ended": _l("This action is already done or cancelled."),
    "action_incomplete": _l("This action still needs an owner and a due date."),
    "not_ended": _l("This action is still open."),
    "before_agreed": _l("This is before the action was agreed, on %(agreed_on)s."),
    "due_before_agreed": _l("The due date is before the action was agreed, on %(agreed_on)s."),
    "unknown_owner": _l("Choose an owner who is in the directory."),
    "not_yours_to_give": _l("You can pass this on only within your own organisation."),
    "not_yours_to_cancel": _l("Only the school can cancel this action."),
    "nothing_changes": _l("This changes nothing."),
}
