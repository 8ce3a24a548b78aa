"""Refusals that any decision may give."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "not_found": N_("Not found, or you do not have access to it."),
    "overtaken": N_("This has changed. Check what is new, then send yours again."),
    "not_permitted": N_("Your role does not allow this."),
    "on_behalf_of_missing": N_("Choose the organisation that you are recording this for."),
    "in_the_future": N_("[%(on)s is in the future. ]Enter today’s date or an earlier date."),
    "date_out_of_range": N_("This date is too early or too late. Enter a date nearer to today."),
    "end_before_start": N_("The end date is before the start date. Check both dates."),
    "ends_before_it_begins": N_("The end date is before the start date. Enter a later end date."),
    "cannot_be_empty": N_("This cannot be left empty. Enter an answer."),
    "out_of_range": N_("Enter a number in the range allowed[: %(at_least)s or more]."),
    "repeated": N_("The same item is listed twice. Remove one of them."),
    "command_id_reused": N_(
        "Different answers were already sent from this page. Open the page again and send yours from there."
    ),
    "too_busy": N_("Many people are recording here at the same time. Nothing was changed. Try again."),
    "database_lost": N_(
        "The connection to the database was lost before this was recorded. Do the same again: nothing"
        " is recorded twice."
    ),
    "username_taken": N_("This username is already in use. Choose another."),
    "password_too_short": N_("The password must have %(least)s characters or more."),
    "password_too_long": N_("The password must have %(most)s characters or fewer."),
    "password_is_username": N_("The password must not be your username. Choose another."),
    "password_common": N_(
        "This password is among the first that somebody who guesses would try. Choose another, for example three"
        " unrelated words."
    ),
    "provider_linked_elsewhere": N_(
        "That sign-in is linked to another account already. Ask your organisation’s administrator."
    ),
    "username_closed": N_(
        "This username is that of a closed account. If it is the same person, appoint them as a person who signs in"
        " already; otherwise choose another."
    ),
    "unknown_person": N_("This person is not in the directory. Check the name."),
    "unknown_organisation": N_("This organisation is not in the directory. Check its code."),
    "unknown_school": N_("This school is not in the directory. Check its number."),
    "nothing_to_sample": N_("There is no wait to draw: none ended in these days, and nobody was waiting."),
    "too_many_saved_reports": N_("You can keep %(limit)s reports. Delete one first."),
    "no_such_group": N_("There is no such group of waits."),
    "unknown_agency": N_("This agency is not in the directory. Check its code."),
    "unknown_service": N_("This service is not in the directory. Check its code."),
    "service_closed": N_("This service is not open on that date. Choose another service or another date."),
    "unknown_code": N_("Choose a code from the list[ for entry %(position)s][: %(words)s]."),
    "school_terms_unknown": N_(
        "The school terms for these dates are not known. Ask the local authority’s administrator to add them."
    ),
    "position_not_reached": N_("The record has no such position, or the reports have not come to it yet."),
    "not_a_whole_month": N_(
        "Published figures are for one whole month that is over. Choose its first and last day."
    ),
    "not_published_so": N_(
        "Figures by this grouping are not published, because one wait can be in several groups."
    ),
    "stamp_broken": N_(
        "This stamp is not whole: letters are missing or were changed. Copy it again from the report, all of it."
    ),
    "stamp_of_another_program": N_(
        "This stamp is of a form that this program does not know. Use the version of the program that made it, or a "
        "later one."
    ),
    "stamp_of_another_log": N_(
        "This stamp is of another record. Ask it where the report was made, or of a copy of that data."
    ),
    "stamps_of_two_kinds": N_("These stamps are of two kinds of reports. Compare two of one kind."),
    "unknown_metric": N_(
        "This program does not have that version of the metric rules. It has: %(versions)s."
    ),
    "known_at_without_zone": N_("Give the time zone of this time, for example 2026-03-02T14:00:00+00:00."),
}
