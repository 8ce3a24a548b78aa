"""Pupils, their contacts and what was agreed about sharing."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "already_registered": _l("This pupil is already registered at this school."),
    "not_on_roll": _l("This pupil is not on the roll of the school that you named."),
    "year_out_of_range": _l("The school year must be between nursery and year 14."),
    "upn_of_another_pupil": _l("This unique pupil number belongs to another pupil."),
    "unknown_contact": _l("This contact is not on the pupil’s record."),
    "already_asked": _l("This was asked already."),
    "ends_before_it_begins": _l("It would end before it begins. Check the last day."),
    "nothing_to_withdraw": _l("There is no agreement in force to withdraw."),
    "before_it_was_given": _l("This is before the agreement was given, on %(given)s."),
    "disclosure_without_basis": _l(
        "Nothing on the record allows sharing with this agency. Record an agreement first, or another "
        "basis with its reason."
    ),
    "override_needs_reason": _l("Say why this is shared without an agreement."),
    "no_authority": _l(
        "This person does not have the authority to agree. Check who gave the agreement, and in what "
        "capacity."
    ),
}
