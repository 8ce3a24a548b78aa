"""Files that come in."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "file_empty": _l("The file is empty."),
    "file_too_large": _l("The file is too large."),
    "encoding_unknown": _l("The letters in this file could not be read. Save it as UTF-8."),
    "csv_malformed": _l("Line %(line)s of the file could not be read."),
    "header_missing": _l("Some columns are missing from the first line: %(columns)s."),
    "duplicate_column": _l("A column stands twice in the first line: %(column)s."),
    "too_many_columns": _l("The file has more than %(limit)s columns."),
    "too_many_rows": _l("The file has more than %(limit)s rows. Split it."),
    "too_many_cells": _l("The sheet has too many cells."),
    "not_a_spreadsheet": _l("This is not a spreadsheet or a CSV file."),
    "spreadsheet_encrypted": _l("The spreadsheet has a password. Save it without one."),
    "spreadsheet_old_format": _l("The spreadsheet is in an old format. Save it as XLSX."),
    "spreadsheet_has_macros": _l("The spreadsheet contains macros. Save it without them."),
    "spreadsheet_has_embedded_files": _l("The spreadsheet contains other files. Save it without them."),
    "spreadsheet_unreadable": _l("The spreadsheet could not be read."),
    "zip_bomb": _l("The file unpacks to far more than a spreadsheet would."),
    "xml_entities": _l("The file contains declarations that are not accepted, for safety."),
    "xml_malformed": _l("Line %(line)s of the file is not XML."),
    "xml_too_deep": _l("The file is nested too deeply."),
    "xml_too_many_elements": _l("The file has too many elements."),
    "not_a_ctf": _l("This is not a Common Transfer File."),
    "json_malformed": _l("Line %(line)s of the file is not JSON."),
    "json_duplicate_key": _l("A key stands twice in the file: %(key)s."),
    "not_an_object": _l("The file must hold one JSON object."),
    "not_this_agencys": _l("This service is another agency’s; a file of an agency speaks only for itself."),
    "unknown_upn": _l("No pupil with this unique pupil number is registered."),
    "reference_of_another_pupil": _l("This reference belongs to another pupil."),
    "reference_of_another_service": _l("This reference belongs to a referral to another service."),
    "pupil_not_at_school": _l("The pupil is not registered at this school."),
    "record_erased": _l("This pupil’s record was erased."),
    "registered_at_several_schools": _l("The pupil is registered at several schools. Say at which."),
}
