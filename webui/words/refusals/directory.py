"""Organisations, services, people, terms, standards and codes."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "wrong_kind": _l("This is not possible for an organisation of this kind."),
    "unknown_kind": _l("This kind of organisation is not known."),
    "not_of_this_kind": _l("An organisation of this kind does not have this."),
    "code_fixed": _l("A code never changes. Register a new one instead."),
    "code_format": _l("Use letters, digits and underscores only."),
    "code_taken": _l("This code is already in use."),
    "unknown_table": _l("This table of codes is not known."),
    "unknown_authority": _l("This local authority is not in the directory."),
    "already_appointed": _l("This person already has the role, since %(since)s."),
    "closed_day_outside_term": _l("A closed day must be within the term."),
    "overlaps_two_terms": _l("This term would overlap two others."),
    "term_ends_before_it_starts": _l("The term would end before it starts."),
    "terms_overlap": _l("Two school terms overlap."),
    "terms_missing": _l("A school term is missing between %(after)s and %(before)s."),
    "service_elsewhere": _l("This service is registered with another agency."),
    "start_is_stop": _l("A standard cannot start and stop at the same step."),
    "unknown_unit": _l("Count in calendar days, weeks, working days or school days."),
    "limit_not_positive": _l("The limit must be 1 or more."),
    "percent_out_of_range": _l("The target must be between 1 and 100 per cent."),
    "bands_not_ascending": _l("The bands must rise, each above the one before."),
    "not_in_force": _l("This was not in force on that day."),
    "terms_differ": _l("These terms are already recorded with other contents."),
    "school_closed": _l("This school is closed on that day."),
    "notice_negative": _l("The notice cannot be less than 0 working days."),
    "unknown_scope": _l("This is not something that a token can be allowed."),
    "rebuild_under_way": _l("A rebuild is under way already. Only one goes on at a time."),
    "label_too_long": _l("Name the system in %(most)s printable characters or fewer."),
}
