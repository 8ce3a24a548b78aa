"""Organisations, services, people, terms, standards and codes."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "unknown_place": N_(
        "Nothing can be filled in for “%(place)s”. In braces use service, agency, school or reply_by."
    ),
    "both_languages": N_("Enter this text in both languages: a letter is sent in either."),
    "triages_for_itself": N_("A single point of access is not on its own list. Choose other services."),
    "wrong_kind": N_("This is not possible for this kind of organisation."),
    "unknown_kind": N_("This kind of organisation is not known. Choose one from the list."),
    "not_of_this_kind": N_("This kind of organisation does not have this detail."),
    "code_fixed": N_("A code cannot be changed. Register a new one instead."),
    "code_format": N_(
        "This is not a valid code[ (entry %(position)s)]. Use letters, digits and underscores only[, or one "
        "of these words: %(words)s]."
    ),
    "code_taken": N_("This code is already in use. Enter a different one."),
    "unknown_table": N_("This table of codes is not known. Check its name."),
    "unknown_authority": N_("This local authority is not in the directory. Check its code."),
    "one_organisation_expected": N_("Name exactly one organisation here. Check the object."),
    "same_name_and_role": N_(
        "Somebody of this name already has this role here. Appoint them by hand if they are two people."
    ),
    "too_many_days": N_("These are too many days for one term. Check the years."),
    "already_appointed": N_("This person has had this role since %(since)s."),
    "closed_day_outside_term": N_("A closed day is outside the term. Enter closed days within the term."),
    "overlaps_two_terms": N_("This term overlaps two other terms. Check its dates."),
    "term_ends_before_it_starts": N_("The term ends before it starts. Check both dates."),
    "terms_overlap": N_("Two school terms overlap. Check their dates."),
    "terms_missing": N_("Add the school term between %(after)s and %(before)s."),
    "service_elsewhere": N_("This service is registered with another agency."),
    "start_is_stop": N_("A standard cannot start and stop at the same step. Choose two different steps."),
    "unknown_transfer": N_("Say whether the clock continues or restarts: continues, restarts."),
    "unknown_unit": N_("Choose a unit: calendar_days, weeks, working_days or school_days."),
    "limit_not_positive": N_("Enter a limit of 1 or more."),
    "days_out_of_range": N_("Enter a number of days from %(least)s to %(most)s."),
    "percent_out_of_range": N_("Enter a percentage from 1 to 100."),
    "bands_not_ascending": N_("Enter bands as whole numbers, each greater than the one before."),
    "not_in_force": N_("This standard was not in force on that date."),
    "terms_differ": N_("These terms of reference are already recorded with different contents."),
    "school_closed": N_("This school is closed on that date."),
    "merges_into_closed_school": N_("Choose another school that is open after the last day of this one."),
    "agency_closed": N_("This agency is closed on that date."),
    "inherits_in_a_circle": N_("Choose another service. This one would pass the referrals back."),
    "pupils_go_to_school": N_(
        "From the day after %(on)s its pupils are on the roll of %(school)s. Meetings planned after %(on)s are"
        " cancelled."
    ),
    "pupils_go_to_authority": N_(
        "From the day after %(on)s its pupils are on no roll: the local authority holds them. Meetings planned after"
        " %(on)s are cancelled."
    ),
    "terms_have_hole": N_(
        "There is no term between %(after)s and %(before)s. School days cannot be counted across these days."
    ),
    "terms_end_early": N_(
        "The terms end on %(after)s. A limit in school days that begins today goes on after that."
    ),
    "referrals_go_with_service": N_(
        "The service’s open referrals go to %(agency)s, with the agreement to share. The former agency no longer sees"
        " them."
    ),
    "nobody_takes_on_referrals": N_(
        "The service’s open referrals go on waiting after %(on)s, and no service takes them on. Name one that does."
    ),
    "referrals_are_inherited": N_(
        "The service’s open referrals go to the service %(service)s after %(on)s. One to another agency goes only with"
        " agreement to share with that agency."
    ),
    "notice_negative": N_("Enter 0 or more working days of notice."),
    "unknown_scope": N_("Choose what the token may do from the list."),
    "nothing_to_co_sign": N_("Nothing of this waits for a co-signature."),
    "telephone_first": N_("Enter the day on which you telephoned the organisation."),
    "class_name_too_long": N_("Name the class in %(most)s printable characters or fewer."),
    "webhook_address_wrong": N_("Enter the whole address of your system, beginning with https://."),
    "webhook_address_unknown": N_("There is no server of this name. Check the address."),
    "webhook_address_not_public": N_(
        "This address is not on the public internet. Enter one that is, or ask the operator of this service to name it."
    ),
    "webhook_known": N_("Your organisation has a webhook with this address."),
    "too_many_webhooks": N_("An organisation can have %(most)s webhooks. Remove one first."),
    "label_too_long": N_("Name the system in %(most)s printable characters or fewer."),
}
