"""Fields of forms and of requests. `label` is the question or the field's name, if it is known."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "missing": N_("This is missing. Fill it in."),
    "too_long": N_("This is too long[. Use %(limit)s characters or fewer]."),
    "not_offered": N_("[%(label)s: ]choose one of the answers offered"),
    "not_text": N_("[%(label)s: ]enter text"),
    "not_a_number": N_("[%(label)s: ]enter a whole number"),
    "too_small": N_("[%(label)s: ]enter %(least)s or more"),
    "day_incomplete": N_("[%(label)s: ]enter a day, a month and a year"),
    "no_such_day": N_("[%(label)s: ]enter a real date"),
    "no_such_time": N_("[%(label)s: ]enter a time, for example 14:30"),
    "not_a_telephone": N_("Enter a telephone number, like 01654 700 000"),
    "not_an_address": N_("Enter an email address, like name@example.org"),
    "unknown_field": N_("This field is not known."),
    "wrong_type": N_("[%(label)s: ]send the JSON type that the document of this API describes"),
    "not_reported": N_("[%(label)s: ]leave this out, because this is your own entry"),
    "not_an_id": N_("[%(label)s: ]send an id (a UUID)"),
}

# The codes that have a different sentence for a question or field with a label.
LABELLED: dict[str, str] = {
    "missing": N_("Answer this question[: %(label)s]"),
    "too_long": N_("[%(label)s: ]use %(limit)s characters or fewer"),
    "too_large": N_("[%(label)s: ]enter %(most)s or less"),
    "repeated": N_("[%(label)s: ]send this once only"),
}
