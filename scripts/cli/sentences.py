"""What a code means, in an English sentence for the operator's terminal.

`{fact}` stands for a fact of the problem; what is in square brackets is left out where its facts are not known. No fact
holds what a cell said about a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FACT = re.compile(r"\{(\w+)\}")

SENTENCES: dict[str, str] = {
    # a file as a whole
    "file_empty": "There is nothing in the file.",
    "file_too_large": "The file is larger than can be taken[ ({limit} bytes)].",
    "encoding_unknown": "The file's encoding cannot be read; save it as UTF-8.",
    "not_a_spreadsheet": "This is neither a CSV file nor an XLSX workbook.",
    "header_missing": "The first row must name the columns; these are missing: {columns}.",
    "duplicate_column": "Two columns have the same name[: {column}].",
    "column_ignored": "A column that is not known was passed over[: {header}].",
    "csv_malformed": "The CSV is broken[ at line {line}]: a quotation mark is left open or misplaced.",
    "too_many_rows": "The file has more rows than can be taken[ ({limit})].",
    "too_many_columns": "The file has more columns than can be taken[ ({limit})].",
    "encoding_lacks_welsh_letters": "The file's encoding[ ({encoding})] has no ŵ and no ŷ: check names with them.",
    "spreadsheet_encrypted": "The workbook has a password.",
    "spreadsheet_old_format": "This is an old .xls workbook: save it as .xlsx or CSV.",
    "spreadsheet_has_macros": "The workbook has macros; save it without them.",
    "spreadsheet_has_embedded_files": "The workbook has other files inside it.",
    "spreadsheet_unreadable": "The workbook cannot be read.",
    "zip_bomb": "The workbook unfolds to more than can be taken.",
    "xml_entities": "The file declares a document type or entities, which are never taken.",
    "xml_malformed": "The XML is broken[ at line {line}].",
    "xml_too_deep": "The XML is nested too deeply.",
    "xml_too_many_elements": "A pupil's record in the XML has too many elements.",
    "not_a_ctf": "This XML is not a Common Transfer File.",
    "json_malformed": "The JSON is broken[ at line {line}].",
    "json_duplicate_key": "A key stands twice in one JSON object[: {key}].",
    "not_an_object": "A JSON object was expected here.",
    "list_expected": "A list was expected here.",
    "unknown_key": "This key is not known.",
    "no_rows": "There are no rows in the file.",
    "no_directory": "There is no directory on the record yet: run `cydlynu import directory FILE` first.",
    "database_lost": "The database was lost before this was recorded: run the same command again, it finishes it.",
    "too_busy": "Others were writing at the same time, again and again: run the same command again.",
    # cells
    "missing": "This must be filled in.",
    "text_expected": "A text was expected here.",
    "too_long": "This is too long[ (at most {limit} characters)].",
    "text_characters": "This has characters that cannot be shown.",
    "too_many_cells": "The row has more cells than the header has columns.",
    "upn_missing": "The UPN is missing.",
    "upn_length": "A UPN has 13 characters.",
    "upn_characters": "A UPN has a letter, then 12 digits; a temporary one ends in a letter.",
    "upn_check_letter": "The UPN's first letter does not fit the rest: check the number.",
    "upn_temporary": "This UPN is temporary.",
    "school_number_missing": "The school's number is missing.",
    "school_number_format": "A school's number has 7 digits: authority (3) and establishment (4).",
    "formula_in_name": "A name may not begin with = + - or @: a spreadsheet would run it.",
    "name_characters": "The name has characters that cannot be shown.",
    "name_letters_doubtful": "The name may have lost its Welsh letters on the way here.",
    "name_letters_kept": "The record has this name with its accents; the record's was kept.",
    "date_format": "Write dates as 2026-03-02 or 02/03/2026.",
    "date_two_digit_year": "Write the year with four digits.",
    "date_impossible": "There is no such day.",
    "date_is_a_number": "This is a spreadsheet's day number: format the column as dates.",
    "date_out_of_range": "The day is out of range.",
    "in_the_future": "This day has not come yet.",
    "age_doubtful": "The pupil would be older than {oldest}.",
    "year_unknown": "The year group was not understood and is left out.",
    "year_out_of_range": "A year group is a number from -2 (nursery) to 14.",
    "yes_no_expected": "Yes or no was expected.",
    "code_format": "This cannot be a code[ (entry {position})].",
    "unknown_code": "This code is not in its table[: {table}][, entry {position}].",
    "code_ended": "This code is past its end[: {table}]; it was taken as it is.",
    "duplicate_in_file": "The same stands earlier in the file[, in row {first_row}][, at {first}].",
    "contact_without_name": "A contact needs a name; the contact is left out.",
    "contact_not_read": "A contact could not be read and is left out.",
    "contact_ended_before": "The school has recorded that a contact no longer speaks for the pupil: left so.",
    "relationship_not_mapped": "The relationship has no code and is left out.",
    "sex_missing": "The file does not say the sex.",
    "former_upn_not_read": "The former UPN could not be read.",
    "need_not_mapped": "A need has no code here and is left out[: {given}].",
    "provision_not_mapped": "A provision has no code here and is left out[: {given}].",
    "provision_date_not_read": "The day of a provision could not be read.",
    # pupils
    "already_registered": "The pupil is on this school's roll already.",
    "upn_of_another_pupil": "This UPN is another pupil's: names and birth all differ from those on the record.",
    "differs_from_row": "This differs from row {other_row}, whose word was taken.",
    "registered_at_several_schools": "The pupil is on several schools' rolls, so which one was left is not known.",
    "not_your_school": "This row is of another school: a school takes in its own pupils only.",
    "not_on_roll": "The pupil is not on that school's roll.",
    "record_erased": "This pupil's record was erased.",
    # referrals
    "unknown_upn": "No pupil with this UPN is on the record.",
    "pupil_not_at_school": "The pupil is not on this school's roll.",
    "unknown_milestone": "There is no milestone of this name.",
    "group_differs": "This differs from row {other_row} of the same referral.",
    "group_refused": "The referral is taken whole or not at all: see row {other_row}.",
    "impossible_order": "{step} on {on} cannot stand beside {other} on {other_on}.",
    "reference_of_another_pupil": "This reference is on the record for another pupil of the school.",
    "reference_of_another_service": "This reference is on the record for another service.",
    "reference_taken": "This reference is in use at the school.",
    "referral_exists": "This referral is on the record already.",
    "not_this_agencys": "This service is not one of the agency whose word the file is.",
    "not_the_holder": "The referral was not with this agency then.",
    "only_the_school_says": "Only the school can say this.",
    "service_closed": "The service was closed on that day.",
    "service_not_of_agency": "The service is not one of that agency.",
    "submit_discloses": "This referral is sent from the service itself, not by a history file.",
    "reported_before_it_happened": "This was reported before it happened.",
    "reported_by_whom": "Only the agency can say this: say who reported it.",
    "nothing_reported": "This was not a report, so there is nothing to confirm.",
    "disclosure_without_basis": "Nothing on the record permits this disclosure.",
    "detail_differs": "This step is on the record with another detail; it was left as it is.",
    "detail_not_valid": "The detail does not fit this milestone.",
    "unknown_detail": "The detail does not fit this milestone.",
    "contested_before": "The agency contested this step before; it was left so.",
    # the directory
    "unknown_school": "No school with this number is in the directory.",
    "unknown_authority": "No authority with this code is in the directory.",
    "unknown_agency": "No agency with this code is in the directory.",
    "unknown_service": "No service with this code is in the directory.",
    "unknown_table": "There is no code table of this name.",
    "unknown_unit": "The unit is calendar_days, weeks, working_days or school_days.",
    "unknown_kind": "There is no such kind of organisation.",
    "unknown_person": "Nobody of this name is appointed here.",
    "code_taken": "This code is another's.",
    "code_fixed": "A code does not change.",
    "service_elsewhere": "The service is another agency's.",
    "school_closed": "The school was closed on that day.",
    "end_before_start": "The end lies before the beginning.",
    "ends_before_it_begins": "The end lies before the beginning.",
    "whole_number_expected": "A whole number was expected.",
    "limit_not_positive": "The limit must be 1 or more.",
    "percent_out_of_range": "A percentage is from 1 to 100.",
    "bands_not_ascending": "Bands are whole numbers, each greater than the one before.",
    "start_is_stop": "A clock cannot start and stop with the same milestone.",
    "closed_day_outside_term": "A closed day lies outside the term.",
    "terms_overlap": "Two terms of an authority overlap.",
    "overlaps_two_terms": "The term overlaps two terms on the record.",
    "not_of_this_kind": "This particular does not belong to such an organisation.",
    "not_in_force": "The standard was not in force on that day.",
    "wrong_kind": "This is another kind of organisation.",
    "repeated": "The same stands twice.",
    "not_permitted": "This is not permitted.",
    # anything
    "cannot_be_empty": "This must be filled in.",
    "command_id_reused": "The same command was given before with another content.",
    "not_found": "There is no such thing.",
    "overtaken": "Somebody recorded something on it meanwhile.",
    # reports
    "no_standard": "This service has no standard in the directory.",
    "unknown_standard": "This service has no standard of this code.",
    "known_at_without_zone": "An instant needs its time zone.",
    "school_terms_unknown": "The school's term dates are not known for those days.",
    # people
    "username_taken": "This user name is in use.",
    "unknown_username": "There is no open account of this user name.",
    "password_too_short": "A password has {least} characters or more.",
    "password_too_long": "A password has at most {most} characters.",
    "already_appointed": "The person has this role already[, since {since}].",
    "role_elsewhere": "Somebody in this role belongs to another kind of organisation[: {kinds}].",
    "unknown_organisation": "No authority, school or agency has this code.",
    "out_of_range": "This number is outside what is allowed.",
    "unknown_scope": "This is not something that a token can be allowed.",
    "label_too_long": "The label is too long[ (at most {most} characters)], or has characters that cannot be shown.",
    "one_organisation": "Name one organisation: --school, --agency or --authority.",
    # this machine
    "keys_missing": "The keys of this database are not where they should be[: {place}]. Set CYDLYNU_KEYS.",
    "keys_of_another_database": "These keys are not those of this database[: {place}]. Set CYDLYNU_KEYS.",
    "rebuild_under_way": "Another rebuild is under way.",
    "read_models_behind": "The worker has not caught up with the record yet; try again.",
}
UNKNOWN = "This could not be recorded."


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a code with its facts in place; of one that nobody wrote a sentence for, a general one."""
    template = SENTENCES.get(code, UNKNOWN)
    known = {name: _shown(fact) for name, fact in facts.items()}

    def kept(part: re.Match[str]) -> str:
        return part[1] if all(name in known for name in _FACT.findall(part[1])) else ""

    return _FACT.sub(lambda fact: known.get(fact[1], "?"), _OPTIONAL.sub(kept, template))


def _shown(fact: Any) -> str:
    if isinstance(fact, date):
        return fact.isoformat()
    if isinstance(fact, list | tuple | set | frozenset):
        return ", ".join(map(str, fact))
    return str(fact)
