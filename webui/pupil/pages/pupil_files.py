"""Import of pupils from a file: the columns where they are not ours, a preview of each row, then the import of the same
file. Nothing is stored in between: the page carries the file. A mapping of columns is kept where it gets a name."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.column_mappings import drop_mapping, keep_mapping
from coordination.errors import Refusal
from coordination.intake.column_mapping import (
    LONGEST_NAME,
    ColumnMapping,
    column_letter,
    mapping_json,
    parse_mapping,
)
from coordination.intake.pupil_guess import SheetGuess
from coordination.intake.starting_mappings import STARTING, mapping_named
from coordination.intake.xml_text import is_xml
from webui.forms import Form
from webui.pupil import file_reading
from webui.pupil.column_choices import chosen_fields, decision_words, mapping_page
from webui.pupil.forms.pupil_files import PupilUploadSchema
from webui.pupil.import_report import DID, WOULD, import_report
from webui.pupil.leavers import leavers
from webui.pupil.refused_rows import refused_rows
from webui.pupil.template_file import TEMPLATE_TYPES, template_file
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.shell.upload_limits import accepts_files
from webui.words.languages import language
from webui.words.refusals.translated import sentence

blueprint = Blueprint("pupil_files", __name__)

LANGUAGES = ("en", "cy")
UNNAMED = "-"
"""The name of a mapping that is used for one file and not kept."""


@blueprint.route("/pupils/import", methods=["GET", "POST"])
@accepts_files
@signed_in(*SCHOOL_DESK)
def page() -> ResponseReturnValue:
    """Show the form for a file; the response is its preview, or its columns where somebody should look at them."""
    form = Form(PupilUploadSchema)
    if request.method == "POST" and form.take(request.form) is not None:
        files = [data for sent in request.files.getlist("file") if (data := sent.read())]
        if not files:
            form.errors["file"] = _("Choose a file")
        elif len(files) > 1 and not all(map(is_xml, files)):
            form.errors["file"] = _("Send one file at a time, or several Common Transfer Files")
        else:
            try:
                return _first_look(files)
            except Refusal as refused:
                form.errors["file"] = sentence(refused)
    return form.page(
        "pupil/files/choose.html",
        megabytes=runtime().settings.largest_file // 2**20,
        mappings=[mapping.name for mapping in file_reading.own_mappings()],
    )


@blueprint.post("/pupils/import/forget")
@signed_in(*SCHOOL_DESK)
def forget() -> ResponseReturnValue:
    """Remove a mapping that the school has kept."""
    with runtime().desk() as connection:
        drop_mapping(connection, viewer().organisation, request.form.get("name", "")[:LONGEST_NAME])
    return redirect(url_for("pupil_files.page"), 303)


@blueprint.post("/pupils/import/columns")
@accepts_files
@signed_in(*SCHOOL_DESK)
def columns() -> ResponseReturnValue:
    """Show the columns of the file, read it again as the user says, or preview it with the columns as chosen."""
    (data,) = _carried(one=True)
    form = request.form
    action = form.get("action", "show")
    sheet, row = form.get("sheet") or None, _row_number(form.get("header_row", ""))
    errors: dict[str, str] = {}
    mapping = _mapping(form.get("mapping", "")) if action == "show" else None
    try:
        if action == "use":
            mapping = mapping_named(form.get("start", ""), file_reading.own_mappings())
        layout = file_reading.opened(data, mapping, sheet=sheet, header_row=row).layout
    except Refusal as refused:
        errors["header_row" if refused.code == "header_row_unknown" else "start"] = sentence(refused)
        layout = file_reading.opened(data, None).layout
    if action != "preview" or errors:
        kept_as = mapping.name if mapping and mapping.name != UNNAMED else ""
        told = (mapping.language if mapping else None) or ""
        return _columns_page(data, layout, errors, name=kept_as, told_language=told)
    try:
        chosen = _as_chosen(layout)
        result = _preview([data], chosen)
        if chosen.name != UNNAMED:
            with runtime().desk() as connection:
                keep_mapping(
                    connection, viewer().organisation, chosen, person=viewer().person, now=runtime().now()
                )
    except Refusal as refused:
        return _columns_page(data, layout, _errors_of(refused, layout), name=_typed_name(), typed=True)
    return result


@blueprint.post("/pupils/import/take")
@accepts_files
@signed_in(*SCHOOL_DESK)
def take() -> ResponseReturnValue:
    """Import the file that was previewed. If it is sent twice, nothing more changes."""
    files, mapping = _carried(), _mapping(request.form.get("mapping", ""))
    file, result = _read(files, mapping, preview=False)
    casework.wait_until_readable(runtime().coordination.record.last_position())
    return render_template(
        "pupil/files/taken.html",
        report=import_report(result, file, DID),
        left=leavers(file, result),
        carried=_carrying(files, mapping),
    )


@blueprint.post("/pupils/import/refused")
@accepts_files
@signed_in(*SCHOOL_DESK)
def refused() -> ResponseReturnValue:
    """Download the rows that cannot be imported, the reason beside each."""
    file, result = _read(_carried(), _mapping(request.form.get("mapping", "")), preview=True)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(refused_rows(file, result))
    return _download(("\ufeff" + text.getvalue()).encode(), "text/csv", "refused-rows.csv")


@blueprint.get("/pupils/import/template.<any(csv, xlsx):kind>")
@signed_in(*SCHOOL_DESK)
def template(kind: str) -> ResponseReturnValue:
    """Download an empty file with our columns, named in the language of the page."""
    return _download(template_file(kind, language(), runtime().now()), TEMPLATE_TYPES[kind], f"pupils.{kind}")


def _download(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _first_look(files: list[bytes]) -> ResponseReturnValue:
    """The preview of a file whose columns are ours or are mapped already; the columns of any other."""
    if is_xml(files[0]):
        return _preview(files, None)
    reader = file_reading.opened(files[0], None)
    if reader.mapping is not None:
        return _preview(files, reader.mapping)
    known = all(
        c.field and c.reason == "header" for c in reader.layout.columns if c.header != column_letter(c.place)
    )
    if known and not reader.layout.doubts:
        return _preview(files, None)
    if not any(column.field for column in reader.layout.columns):
        reader.layout.require_certainty()
    return _columns_page(files[0], reader.layout, {}, name="")


def _read(files: list[bytes], mapping: ColumnMapping | None, *, preview: bool) -> Any:
    read = []
    for data in files:
        file = file_reading.parsed(data, mapping)
        read.append((file, file_reading.recorded(file, transfer=is_xml(data), preview=preview)))
    return file_reading.in_one(read)


def _preview(files: list[bytes], mapping: ColumnMapping | None) -> ResponseReturnValue:
    file, result = _read(files, mapping, preview=True)
    return render_template(
        "pupil/files/preview.html",
        report=import_report(result, file, WOULD),
        left=leavers(file, result),
        carried=_carrying(files, mapping),
        mapping_name=mapping.name if mapping and mapping.name != UNNAMED else "",
        has_columns=bool(file.headers),
    )


def _columns_page(
    data: bytes,
    layout: SheetGuess,
    errors: dict[str, str],
    *,
    name: str,
    typed: bool = False,
    told_language: str = "",
) -> ResponseReturnValue:
    """The columns, as guessed or as typed, with what needs a decision."""
    form = request.form
    order = form.get("date_order") if typed else layout.date_order
    shown = mapping_page(
        layout,
        chosen=chosen_fields(form, len(layout.columns)) if typed else {},
        date_order="month_first" if order == "month_first" else "day_first",
        language=form.get("language", "") if typed else told_language,
        name=name,
        offered=(*file_reading.own_mappings(), *STARTING),
        errors=errors,
    )
    doubts = [decision_words(doubt.code, doubt.facts) for doubt in layout.doubts if not typed]
    html = render_template(
        "pupil/files/columns.html", page=shown, doubts=doubts, carried=_carrying([data], None)
    )
    return make_response(html, 422 if errors else 200)


def _as_chosen(layout: SheetGuess) -> ColumnMapping:
    """The mapping as chosen on the page. Raises Refusal: `mapping_malformed` for a name that is too long."""
    fields = chosen_fields(request.form, len(layout.columns))
    name = _typed_name()
    if len(name) > LONGEST_NAME:
        raise Refusal("mapping_malformed", "name")
    return ColumnMapping(
        name=name or UNNAMED,
        columns={column.key: fields.get(column.place, "") for column in layout.columns},
        sheet=layout.table.name if len(layout.sheets) > 1 else None,
        date_order="month_first" if request.form.get("date_order") == "month_first" else "day_first",
        language=request.form.get("language") if request.form.get("language") in LANGUAGES else None,
    )


def _typed_name() -> str:
    return " ".join(request.form.get("name", "").split())


def _errors_of(refused: Refusal, layout: SheetGuess) -> dict[str, str]:
    """A refusal beside the first input that can be changed."""
    words = decision_words(refused.code, refused.facts)
    if refused.code == "mapping_two_columns":
        fields = chosen_fields(request.form, len(layout.columns))
        places = [place for place, field in fields.items() if field == refused.facts["column"]]
        return {f"c{place}": words for place in places}
    return {"name" if refused.field == "name" else "c0": words}


def _row_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _mapping(text: str) -> ColumnMapping | None:
    """The mapping that the page carries; 400 if it is not one."""
    if not text:
        return None
    try:
        return parse_mapping(text.encode())
    except Refusal:
        abort(400)


def _carried(*, one: bool = False) -> list[bytes]:
    """The files that the page carries; 400 if one is missing or incomplete."""
    files = [file_reading.unpacked(kept) for kept in request.form.getlist("kept")]
    found = [data for data in files if data is not None]
    if not found or len(found) != len(files) or (one and (len(found) > 1 or is_xml(found[0]))):
        abort(400)
    return found


def _carrying(files: list[bytes], mapping: ColumnMapping | None) -> list[tuple[str, str]]:
    """The hidden inputs with which a page carries files and mapping."""
    kept = [("kept", file_reading.packed(data)) for data in files]
    return [*kept, ("mapping", mapping_json(mapping).decode())] if mapping else kept
