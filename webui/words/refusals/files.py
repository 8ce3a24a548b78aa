"""Files that are imported, as a whole."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "file_empty": N_("The file is empty. Choose another file."),
    "file_too_large": N_("The file is too large. It may have %(limit)s bytes."),
    "encoding_unknown": N_("The characters in this file cannot be read. Save it as UTF-8."),
    "encoding_lacks_welsh_letters": N_(
        "The file’s encoding (%(encoding)s) has no ŵ and no ŷ. Check names with these letters."
    ),
    "csv_malformed": N_("Line %(line)s of the file cannot be read. Check its quotation marks."),
    "header_missing": N_("Some columns are missing from the first row: %(columns)s. Add them."),
    "duplicate_column": N_("A column appears twice in the first row: %(column)s. Remove one of them."),
    "column_ignored": N_("This column is not known and was ignored: %(header)s."),
    "too_many_columns": N_("The file has more than %(limit)s columns. Remove some."),
    "too_many_rows": N_("The file has more than %(limit)s rows. Split it."),
    "no_rows": N_("The file has no rows."),
    "not_a_spreadsheet": N_("This is not a spreadsheet (XLSX) or a CSV file."),
    "spreadsheet_encrypted": N_("The spreadsheet has a password. Save it without one."),
    "spreadsheet_old_format": N_("The spreadsheet is in an old format. Save it as XLSX or CSV."),
    "spreadsheet_has_macros": N_("The spreadsheet contains macros. Save it without them."),
    "spreadsheet_has_embedded_files": N_("The spreadsheet contains other files. Save it without them."),
    "spreadsheet_unreadable": N_("The spreadsheet cannot be read. Save it again as XLSX or CSV."),
    "zip_bomb": N_("The spreadsheet unpacks to more than is allowed. Save it again as XLSX or CSV."),
    "xml_entities": N_(
        "The file declares a document type or entities, which are not accepted for safety. Save it "
        "without them."
    ),
    "xml_malformed": N_("The file is not valid XML: see line %(line)s."),
    "xml_too_deep": N_("The XML in the file is nested too deeply."),
    "xml_too_many_elements": N_("A pupil’s record in the file has too many elements."),
    "not_a_ctf": N_("This is not a Common Transfer File."),
    "json_malformed": N_("The file is not valid JSON[: see line %(line)s]."),
    "json_duplicate_key": N_("A key appears twice in one JSON object: %(key)s. Remove one of them."),
    "not_an_object": N_("A JSON object is required here."),
    "list_expected": N_("A JSON list is required here."),
    "unknown_key": N_("This key is not known. Check its spelling."),
    "not_this_agencys": N_(
        "This service belongs to another agency. An agency’s file can only contain its own services."
    ),
}
