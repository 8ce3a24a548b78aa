"""What a reader or a recorder of files says of one row, beside the refusals that the decisions themselves have."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "not_your_school": _l("This row is of another school. A school takes in its own pupils only."),
    "missing": _l("This must be filled in."),
    "upn_missing": _l("The unique pupil number is missing."),
    "upn_length": _l("A unique pupil number has 13 characters."),
    "upn_characters": _l(
        "A unique pupil number has a letter, then 12 digits; a temporary one ends in a letter."
    ),
    "upn_check_letter": _l("The first letter of the unique pupil number does not fit the rest."),
    "upn_temporary": _l("This unique pupil number is temporary."),
    "former_upn_not_read": _l("The former unique pupil number could not be read."),
    "school_number_missing": _l("The school’s number is missing."),
    "school_number_format": _l("A school’s number has 7 digits."),
    "formula_in_name": _l("A name may not begin with = + - or @: a spreadsheet would run it."),
    "name_characters": _l("The name has characters that cannot be shown."),
    "name_letters_doubtful": _l("The name may have lost its Welsh letters on the way here. Check it."),
    "name_letters_kept": _l("The record has this name with its accents; the record’s was kept."),
    "text_characters": _l("This has characters that cannot be shown."),
    "too_long": _l("This is too long."),
    "date_format": _l("Write dates as 2026-03-02 or 02/03/2026."),
    "date_two_digit_year": _l("Write the year with four digits."),
    "date_impossible": _l("There is no such day."),
    "date_is_a_number": _l("This is a spreadsheet’s day number. Format the column as dates."),
    "age_doubtful": _l("The pupil would be older than %(oldest)s."),
    "year_unknown": _l("The year was not understood and is left out."),
    "yes_no_expected": _l("Yes or no was expected."),
    "code_ended": _l("This code is past its end. It was taken as it is."),
    "duplicate_in_file": _l("The same pupil stands in row %(first_row)s already."),
    "contact_without_name": _l("A contact needs a name. The contact is left out."),
    "contact_not_read": _l("A contact could not be read and is left out."),
    "contact_ended_before": _l(
        "The record says that this contact no longer speaks for the pupil. It was left so."
    ),
    "relationship_not_mapped": _l("The relationship has no code here and is left out."),
    "sex_missing": _l("The file does not say the sex."),
    "need_not_mapped": _l("A need has no code here and is left out: %(given)s."),
    "provision_not_mapped": _l("A provision has no code here and is left out: %(given)s."),
    "provision_date_not_read": _l("The day of a provision could not be read."),
    "differs_from_row": _l("This differs from row %(other_row)s, whose word was taken."),
    "column_ignored": _l("A column that is not known was passed over."),
    "encoding_lacks_welsh_letters": _l(
        "The file is written in a way that has no ŵ and no ŷ. Check names with them."
    ),
}
