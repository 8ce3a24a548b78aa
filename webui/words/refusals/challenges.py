"""Challenges and enquiries."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "already_raised": N_("This has already been raised."),
    "already_open": N_("There is already an open challenge about this service."),
    "evidence_changed": N_(
        "The register has changed since you looked at the evidence. Check the evidence again."
    ),
    "rule_not_met": N_("The evidence does not meet the rule: %(counted)s counted, %(threshold)s needed."),
    "rule_no_longer_met": N_("After the rulings, the evidence no longer meets the rule."),
    "mark_counted_twice": N_("The same meeting is counted twice. Remove one of them."),
    "already_suggested": N_("This was suggested already."),
    "suggestion_decided": N_("Somebody has already decided about this suggestion."),
    "already_promised": N_("This promise is already recorded."),
    "promised_before": N_("The day of the promise has already passed."),
    "promise_ended": N_("It is already recorded whether this promise was kept."),
    "promise_not_due": N_("The promise can still be kept until %(due_on)s."),
    "unknown_terms": N_("The service has not agreed to terms of reference that apply here."),
    "what_if_in_calendar_days": N_(
        "This can only be worked out for a standard in calendar days or weeks, and not under section 20 or 65. Choose "
        "another standard."
    ),
    "unknown_standard": N_(
        "The service has no such standard[ in force on %(on)s]. Choose one of its standards."
    ),
    "within_standard": N_("This wait is within the standard until %(due_on)s."),
    "head_teacher_only": N_("Only the school’s head teacher can approve this."),
    "agency_only": N_("Only the agency can answer this."),
    "school_only": N_("Only the school can do this."),
    "enquiry_has_no_ladder": N_("An enquiry cannot be escalated: no terms or standard apply."),
    "no_dispute_open": N_("There is no dispute waiting for a ruling."),
    "may_not_rule": N_("This person cannot make rulings. Choose a DECLO of another health board."),
    "already_named": N_("This person has already been asked."),
    "dispute_open": N_("A mark is still disputed. It must be ruled on first."),
    "reply_not_due": N_("The agency still has time to reply[: until %(due_on)s]."),
    "top_of_the_ladder": N_("This is already at the highest level."),
    "not_the_next_level": N_("Escalate one level at a time."),
    "unknown_level": N_("This is not one of the levels of escalation. Choose one of them."),
    "not_an_outcome": N_("Withdrawing is a separate step. Withdraw it and give the reason."),
    "mark_not_in_evidence": N_("This mark is not part of the evidence."),
    "already_disputed": N_("This mark is already disputed."),
    "already_ruled": N_("This dispute already has a ruling."),
    "mark_stands": N_(
        "If the dispute is not upheld, the mark does not change. Leave the correct mark empty."
    ),
    "ruling_by_a_party": N_("Choose a person from neither organisation."),
    "challenge_closed": N_("This is closed."),
    "out_of_order": N_("This step does not come next."),
    "before_previous_step": N_("Enter a date on or after %(since)s."),
}
