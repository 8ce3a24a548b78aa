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
    "encoding_recognised": N_(
        "The file does not give its encoding. It was read as %(encoding)s. Check names with accents."
    ),
    "header_missing": N_("Some columns are missing from the header: %(columns)s. Add them."),
    "mapping_does_not_fit": N_("The mapping does not fit this file. These columns are missing: %(columns)s."),
    "mapping_unknown_field": N_("The mapping uses names of columns that do not exist: %(columns)s."),
    "mapping_two_columns": N_(
        "Only one column can be used for “%(column)s”, but the file has several: %(columns)s. Choose one of "
        "them in a mapping."
    ),
    "mapping_malformed": N_("The mapping cannot be read. Save it again."),
    "mapping_unknown": N_("There is no mapping with this name. These exist: %(names)s."),
    "mapping_not_headers": N_(
        "The row chosen as the header has a pupil’s number in it. Choose the row that names the columns."
    ),
    "too_many_mappings": N_("A school can keep %(limit)s mappings. Remove one first."),
    "mapping_guessed": N_(
        "The header does not say which column is the date of birth. Choose it in a mapping; it may be: "
        "%(columns)s."
    ),
    "several_sheets": N_("More than one sheet has pupils: %(sheets)s. Choose one in a mapping."),
    "sheet_unknown": N_("There is no visible sheet with this name. The file has: %(sheets)s."),
    "header_row_unknown": N_("There is nothing in the row given as the header. Choose another row."),
    "header_rows_disagree": N_(
        "The two header rows say different things about some columns: %(columns)s. Choose in a mapping."
    ),
    "dates_month_first": N_(
        "Some dates of birth can only be read with the month first. Choose the order of day and month in a "
        "mapping."
    ),
    "row_passed_over": N_("This row has no pupil’s number or date of birth and was left out."),
    "duplicate_column": N_("A column appears twice in the header: %(column)s. Remove one of them."),
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
