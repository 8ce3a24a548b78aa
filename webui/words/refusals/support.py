"""Support, programmes, one-page profiles and what a teacher tells the ALNCo."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "support_already_recorded": N_("This support is already recorded. Open the page again."),
    "unknown_support_level": N_("The level must be 1, 2 or 3."),
    "phase_ends_before_start": N_("The last day of the phase is before this day. Check the dates."),
    "review_outside_phase": N_("The next review must be within the phase. Choose a date up to its last day."),
    "unit_without_measure": N_("Enter what is measured, or leave the unit and the starting point empty."),
    "measure_without_unit": N_("Enter the unit of the measure, for example “words a minute”."),
    "measure_without_starting_point": N_("Enter where the child starts, as a number."),
    "measure_not_a_number": N_("Enter a number, for example 12 or 7.5."),
    "unknown_programme": N_(
        "Neither the school nor its local authority has this programme on that date. Check the code."
    ),
    "unknown_referral": N_("This referral is not recorded for the pupil."),
    "unknown_grouping": N_("The figures are not grouped by %(value)s."),
    "unknown_support": N_("This support is not recorded for the pupil."),
    "review_before_start": N_("The support started on %(on)s. A review cannot be earlier."),
    "support_has_ended": N_("The support ended on %(on)s."),
    "no_voice": N_("Record the words of at least one person: the teacher, the child or a parent."),
    "voice_twice": N_("Each person speaks once in a review."),
    "unknown_voice": N_("Only the teacher, the child and a parent speak in a review."),
    "unknown_next_step": N_("Choose what happens next: go on, change, end or refer."),
    "value_without_measure": N_("This support has no measure. Leave the value empty."),
    "ends_before_last_entry": N_("Something was recorded on %(on)s. The support cannot end before."),
    "programme_code_too_long": N_("The code has at most %(most)s letters."),
    "weeks_out_of_range": N_("Enter a number of weeks from 1 to %(most)s."),
    "programme_has_pupils": N_(
        "Pupils are in this programme after that day. End or change their support first, or choose a later day."
    ),
    "profile_already_written": N_("This profile is already recorded. Open the page again."),
    "unknown_occasion": N_("Choose what the profile is for: every day, a move, a trip or a referral."),
    "profile_too_long": N_(
        "Write at most %(most)s letters under each heading, so that it stays on one page."
    ),
    "register_line_not_valid": N_(
        "Line %(line)s of the register cannot be read. Check its year, setting, status and number."
    ),
    "worse_already_told": N_("This is already recorded. Open the page again."),
    "not_waiting": N_("Nobody waits for this: the referral was not sent, or it has ended."),
    "worse_before_referral": N_("The referral was opened on %(on)s. Enter a day from then on."),
    "unknown_worse_outcome": N_(
        "Choose what came of it: urgent help, seen sooner, other help meanwhile, or the same place."
    ),
    "answer_before_worse": N_("It was said on %(on)s. The answer cannot be earlier."),
    "concern_already_told": N_("This concern is already recorded. Open the page again."),
    "no_concern_to_answer": N_("This concern is answered, and the decision about it has begun."),
    "answer_before_concern": N_("The concern was raised on %(on)s. The answer cannot be earlier."),
    "concern_not_answered": N_("A teacher raised this concern. Answer it first."),
}
