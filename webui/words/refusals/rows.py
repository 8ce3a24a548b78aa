"""Rows of imported files: errors, and warnings about rows that are imported."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "true_or_false_expected": N_("Write true or false."),
    "not_your_school": N_("This row is for another school. A school can only import its own pupils."),
    "too_many_cells": N_("This row has more cells than the first row has columns."),
    "text_expected": N_("Enter text here."),
    "text_characters": N_("This has characters that cannot be shown. Remove them."),
    "whole_number_expected": N_("Enter a whole number."),
    "yes_no_expected": N_("Enter yes or no."),
    "upn_missing": N_("Enter the unique pupil number."),
    "upn_length": N_("A unique pupil number has 13 characters. Check the number."),
    "upn_characters": N_(
        "A unique pupil number has a letter, then 12 digits; a temporary one ends in a letter. Check "
        "the number."
    ),
    "nhs_number_digits": N_("An NHS number has 10 digits."),
    "nhs_number_check_digit": N_("Check the NHS number: its last digit does not fit the others."),
    "upn_check_letter": N_(
        "The first letter of the unique pupil number does not fit the rest. Check the number."
    ),
    "upn_scientific": N_(
        "A spreadsheet has turned this unique pupil number into a rounded number and lost its digits. Format "
        "the column as text and export it again."
    ),
    "name_order_unknown": N_(
        "The name does not say which part is the surname. Write it as “Surname, First name”, or in two columns."
    ),
    "upn_temporary": N_("This unique pupil number is temporary."),
    "former_upn_not_read": N_("The former unique pupil number could not be read and was left out."),
    "school_number_missing": N_("Enter the school’s number."),
    "school_number_format": N_("Enter the school’s number as 7 digits."),
    "formula_in_name": N_("A name may not begin with = + - or @: a spreadsheet would run it."),
    "name_characters": N_("The name has characters that cannot be shown. Remove them."),
    "name_letters_doubtful": N_("The name may have lost its Welsh letters. Check it."),
    "name_letters_kept": N_("This name is already recorded with its accents. The recorded name was kept."),
    "date_format": N_("Enter the date as 2026-03-02 or 02/03/2026."),
    "date_two_digit_year": N_("Enter the year with four digits."),
    "date_impossible": N_("Enter a real date."),
    "date_is_a_number": N_("This is a spreadsheet’s number for a date. Format the column as dates."),
    "age_doubtful": N_("The pupil would be older than %(oldest)s. Check the date of birth."),
    "year_unknown": N_("The year group is not known and was left out."),
    "year_contradicts_birth": N_(
        "The year does not fit the date of birth. It was not recorded. If it is right, record it on the pupil’s page."
    ),
    "code_ended": N_("This code is no longer in use. It was imported as it is."),
    "duplicate_in_file": N_(
        "The same entry appears earlier in the file[, in row %(first_row)s][, at %(first)s]."
    ),
    "another_number": N_(
        "A pupil on your roll has these names and this date of birth under another number. Nothing is recorded until "
        "you decide whether it is the same child."
    ),
    "birth_date_changed": N_(
        "The pupil with this number has another date of birth. Nothing is recorded until you decide which is right."
    ),
    "contact_missing": N_(
        "A contact from an earlier file is no longer in this one. Decide whether the contact has ended."
    ),
    "contact_renamed": N_(
        "The file has another name for a recorded contact. Decide whether it is the same person."
    ),
    "exchanged_numbers": N_(
        "The number belongs to one pupil on your roll, and the names to another. Nothing is recorded until you decide "
        "whose details these are."
    ),
    "kept_as_recorded": N_("It was decided earlier that the recorded details are right. They were kept."),
    "names_changed": N_(
        "The pupil with this number has other names. Nothing is recorded until you decide which are right."
    ),
    "number_of_another": N_(
        "This number belongs to a pupil on your roll with other names and another date of birth. Nothing is recorded "
        "until you decide."
    ),
    "own_part_only": N_(
        "Another school leads for this pupil. From this file only the pupil’s place on your own roll was taken."
    ),
    "two_files": N_(
        "The number and the former number belong to two pupils on your roll. Nothing is recorded until you decide."
    ),
    "contact_without_name": N_("A contact needs a name. The contact was left out."),
    "contact_not_read": N_("A contact could not be read and was left out."),
    "contact_left_out": N_("A contact without parental responsibility was left out."),
    "telephone_not_read": N_("The contact’s telephone number could not be read and was left out."),
    "email_not_read": N_("The contact’s email address could not be read and was left out."),
    "contact_ended_before": N_(
        "The school has recorded that this contact no longer represents the pupil. This was not changed."
    ),
    "relationship_not_mapped": N_("The relationship has no matching code and was left out."),
    "sex_missing": N_("The file does not give the pupil’s sex."),
    "need_not_mapped": N_("A need has no matching code and was left out: %(given)s."),
    "provision_not_mapped": N_("A provision has no matching code and was left out: %(given)s."),
    "plan_taken_as_school": N_(
        "The file does not say who maintains the individual development plan. It was taken as the school’s."
    ),
    "provision_date_not_read": N_("The date of a provision could not be read."),
    "not_for_this_event": N_("This column is for other events. Leave it empty in this row."),
    "unknown_ending": N_("Enter moved_away or aged_out, or leave this empty."),
    "legal_route_differs": N_(
        "The referral is already recorded with another legal route. That route was kept."
    ),
    "another_referral_open": N_(
        "The service has another open referral for this pupil. Check that both are right."
    ),
    "group_differs": N_("This differs from row %(other_row)s of the same referral. Make them the same."),
    "group_refused": N_("The whole referral was left out because of row %(other_row)s. Correct that row."),
    "detail_differs": N_(
        "This step is already recorded with different details. The recorded details were kept."
    ),
    "contested_before": N_("The agency has already contested this step. It was not changed."),
}
