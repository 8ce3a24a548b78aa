"""Challenges and enquiries."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "already_raised": _l("This is already raised."),
    "rule_not_met": _l("The evidence does not meet the rule: %(counted)s counted, %(threshold)s needed."),
    "rule_no_longer_met": _l("After the rulings the evidence no longer meets the rule."),
    "mark_counted_twice": _l("The same meeting is counted twice."),
    "unknown_terms": _l(
        "The service had not accepted terms for this meeting, so it did not owe attendance there."
    ),
    "unknown_standard": _l("No such standard was in force on %(on)s."),
    "within_standard": _l("This wait is within the standard until %(due_on)s."),
    "head_teacher_only": _l("Only the school’s head teacher can approve this."),
    "agency_only": _l("Only the agency can answer this."),
    "school_only": _l("Only the school can do this."),
    "enquiry_has_no_ladder": _l("An enquiry is not escalated: there are no terms or duty to rest on."),
    "no_dispute_open": _l("Nothing is disputed that waits for a ruling."),
    "may_not_rule": _l("This person has no office in which to rule. Choose a DECLO of another health board."),
    "already_named": _l("This person was asked already."),
    "dispute_open": _l("A mark is still disputed. It must be ruled on first."),
    "reply_not_due": _l("The reply is not due yet. It is due on %(due_on)s."),
    "top_of_the_ladder": _l("This is already at the highest level."),
    "not_the_next_level": _l("Escalate one level at a time."),
    "unknown_level": _l("This level is not part of the ladder."),
    "not_an_outcome": _l("Withdrawing is a step of its own, with its reason."),
    "mark_not_in_evidence": _l("This mark is not part of the evidence."),
    "already_disputed": _l("This mark is already disputed."),
    "already_ruled": _l("This dispute already has its ruling."),
    "mark_stands": _l("When the dispute is not upheld, the mark stays as it was."),
    "ruling_by_a_party": _l("Whoever rules must belong to neither party."),
    "challenge_closed": _l("This is closed."),
    "out_of_order": _l("This step does not come next."),
    "before_previous_step": _l("This is before the last step, on %(since)s."),
}
