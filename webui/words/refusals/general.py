"""What any decision may say."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "not_found": _l("This is not here, or it is not yours to see."),
    "overtaken": _l(
        "Somebody recorded something here after you opened this page. Look at what is new, then send "
        "yours again."
    ),
    "not_permitted": _l("Your role does not allow this."),
    "on_behalf_of_missing": _l("Say for which organisation you are recording this."),
    "in_the_future": _l("%(on)s has not come yet. Record what has happened, on the day it happened."),
    "date_out_of_range": _l("This date is too far away to count with."),
    "end_before_start": _l("The last day is before the first. Check both dates."),
    "cannot_be_empty": _l("This cannot be left empty."),
    "out_of_range": _l("This number is outside what is allowed."),
    "repeated": _l("The same thing is listed twice."),
    "command_id_reused": _l(
        "Something else was already sent under the same number. Open the page again and send yours "
        "from there."
    ),
    "too_busy": _l("Many people are recording here at the same moment. Nothing was changed; send it again."),
    "database_lost": _l("The connection to the record was lost. Send it again; nothing is recorded twice."),
    "username_taken": _l("This username is already in use. Choose another."),
    "password_too_short": _l("The password must have %(least)s characters or more."),
    "password_too_long": _l("The password must have %(most)s characters or fewer."),
    "unknown_person": _l("This person is not in the directory."),
    "unknown_organisation": _l("This organisation is not in the directory."),
    "unknown_school": _l("This school is not in the directory."),
    "unknown_agency": _l("This agency is not in the directory."),
    "unknown_service": _l("This service is not in the directory."),
    "service_closed": _l("This service is not open on that day."),
    "unknown_code": _l("Choose one of the words on the list."),
    "school_terms_unknown": _l(
        "The school terms for this time are not known. Ask the local authority’s administrator to add them."
    ),
}
