"""Import of pupils from a file: first a preview of each row, then the import of the same file. Nothing is stored in
between: the page carries the file."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from coordination.intake.limits import FileLimits
from coordination.intake.problems import RowProblem
from coordination.intake.pupil_sheets import PupilDefaults, read_pupils
from coordination.intake.pupils import ParsedPupilFile
from coordination.intake.recording.outcomes import ImportResult, RowOutcome
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.transfer import read_transfer
from coordination.intake.xml_text import is_xml
from webui.forms import Form
from webui.pupil.forms.pupil_files import PupilUploadSchema
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_STAFF
from webui.shell.runtime import runtime
from webui.shell.upload_limits import accepts_files
from webui.words.naming import directory
from webui.words.refusals.translated import sentence

blueprint = Blueprint("pupil_files", __name__)

SHOWN = 300
"""Rows that a report lists one by one, those with something to say first."""
ROWS = 5_000

WOULD = {
    "new": _l("would be registered"),
    "changed": _l("would be changed"),
    "returned": _l("would come back to your school"),
    "asked": _l("is another school’s pupil: the file would be asked for"),
    "doubtful": _l("would wait until somebody decides whose details these are"),
    "unchanged": _l("is already recorded, with no changes"),
    "refused": _l("cannot be imported"),
}
DID = {
    "new": _l("is registered"),
    "changed": _l("is changed"),
    "returned": _l("has come back to your school"),
    "asked": _l("is another school’s pupil: the file was asked for"),
    "doubtful": _l("waits until somebody decides whose details these are"),
    "unchanged": _l("was already recorded, with no changes"),
    "refused": _l("was not imported"),
}
COLUMNS = {
    "upn": _l("Unique pupil number"),
    "surname": _l("Surname"),
    "forename": _l("First name"),
    "date_of_birth": _l("Date of birth"),
    "sex": _l("Sex"),
    "school_number": _l("School number"),
    "language": _l("Language"),
    "provision": _l("Provision"),
    "needs": _l("Needs"),
    "year": _l("Year"),
    "looked_after": _l("Looked after"),
    "contact": _l("Contact"),
    "contact_name": _l("Contact"),
    "contact_relationship": _l("Contact"),
    "contact_parental_responsibility": _l("Contact"),
}


class ImportProblem(msgspec.Struct, frozen=True):
    """A problem in words: its column, and whether it prevents the import of the row."""

    column: str
    words: str
    error: bool


class ImportRow(msgspec.Struct, frozen=True):
    """A row of the report. `name` is from the file, empty if the row could not be read."""

    number: int | str
    name: str
    becomes: str
    what: str
    said: tuple[ImportProblem, ...]
    refused: bool


class ImportReport(msgspec.Struct, frozen=True):
    """What a file would do or did: totals in words, the rows to check first, and the number of other rows."""

    sums: tuple[tuple[int, str], ...]
    of_the_file: tuple[ImportProblem, ...]
    rows: tuple[ImportRow, ...]
    more: int
    refused: int
    taken: int
    doubtful: int


@blueprint.route("/pupils/import", methods=["GET", "POST"])
@accepts_files
@signed_in(*SCHOOL_STAFF)
def page() -> ResponseReturnValue:
    """Show the form for a file; the response is its preview."""
    form = Form(PupilUploadSchema)
    if request.method == "POST" and form.take(request.form) is not None:
        data = _sent()
        if not data:
            form.errors["file"] = _("Choose a file")
        else:
            try:
                result, file = _taken(data, preview=True)
            except Refusal as refused:
                form.errors["file"] = sentence(refused)
            else:
                return render_template(
                    "pupil/files/preview.html",
                    report=_report(result, file, WOULD),
                    kept=base64.b64encode(zlib.compress(data)).decode(),
                )
    return form.page("pupil/files/choose.html", megabytes=runtime().settings.largest_file // 2**20)


@blueprint.post("/pupils/import/take")
@accepts_files
@signed_in(*SCHOOL_STAFF)
def take() -> ResponseReturnValue:
    """Import the file that was previewed. If it is sent twice, nothing more changes."""
    data = _opened(request.form.get("kept", ""))
    if data is None:
        abort(400)
    result, file = _taken(data, preview=False)
    casework.wait_until_readable(runtime().coordination.record.last_position())
    return render_template("pupil/files/taken.html", report=_report(result, file, DID))


def _taken(data: bytes, *, preview: bool) -> tuple[ImportResult, ParsedPupilFile]:
    """Read and record a file as the signed-in user. Raises Refusal for a file that cannot be read at all."""
    transfer = is_xml(data)
    file = _transfer(data) if transfer else _sheet(data)
    result = record_pupils(
        runtime().coordination,
        file,
        now=runtime().now(),
        whole=not transfer,
        preview=preview,
        by=viewer(),
    )
    casework.note_shown(
        "pupil_file", [o.pupil for o in result.outcomes if o.pupil is not None], "registration"
    )
    return result, file


def _sheet(data: bytes) -> ParsedPupilFile:
    defaults = PupilDefaults(_own_number())
    return read_pupils(data, directory().code, runtime().today(), _limits(), defaults=defaults)


def _own_number() -> str:
    own = directory().organisation(viewer().organisation)
    return own.code if own else ""


def _transfer(data: bytes) -> ParsedPupilFile:
    """A transfer file, as of its destination when that is the user's school, otherwise as of its sender."""
    known = directory().code
    return read_transfer(data, known, runtime().today(), own=_own_number(), limits=_limits())


def _limits() -> FileLimits:
    largest = runtime().settings.largest_file
    return FileLimits(file_bytes=largest, rows=ROWS, unzipped_bytes=largest * 8)


def _sent() -> bytes:
    """The bytes of the file sent with the form."""
    sent = request.files.get("file")
    return sent.read() if sent else b""


def _opened(kept: str) -> bytes | None:
    """The file as carried by the preview page; None if it is incomplete, or larger than permitted when
    decompressed."""
    largest = runtime().settings.largest_file
    try:
        unfolding = zlib.decompressobj()
        data = unfolding.decompress(base64.b64decode(kept, validate=True), largest + 1)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return data if unfolding.eof and 0 < len(data) <= largest else None


def _report(result: ImportResult, file: ParsedPupilFile, words: Mapping[str, Any]) -> ImportReport:
    names = {row.row: f"{row.surname}, {row.forename}" for row in file.rows}
    counts: Counter[str] = Counter(outcome.word for outcome in result.outcomes)
    rows = sorted(result.outcomes, key=_weight)
    refused = counts["refused"]
    return ImportReport(
        sums=tuple((counts[word], str(said)) for word, said in words.items() if counts[word]),
        of_the_file=tuple(_said(problem) for problem in result.of_the_file),
        rows=tuple(_row(one, names, words) for one in rows[:SHOWN]),
        more=max(0, len(rows) - SHOWN),
        refused=refused,
        taken=len(rows) - refused - counts["unchanged"],
        doubtful=counts["doubtful"],
    )


def _weight(outcome: RowOutcome) -> tuple[int, int]:
    """The order of rows: refused and doubtful ones, those with a warning, those that change something, then the rest;
    each in file order."""
    if outcome.word in ("refused", "doubtful"):
        rank = 0
    elif outcome.problems:
        rank = 1
    else:
        rank = 3 if outcome.word == "unchanged" else 2
    return rank, outcome.place if isinstance(outcome.place, int) else 0


def _row(outcome: RowOutcome, names: Mapping[int, str], words: Mapping[str, Any]) -> ImportRow:
    number = outcome.place if isinstance(outcome.place, int) else 0
    return ImportRow(
        number=outcome.place,
        name=names.get(number, ""),
        becomes=str(words.get(outcome.word, outcome.word)),
        what=", ".join(dict.fromkeys(_column(name) for name in outcome.what)),
        said=tuple(_said(problem) for problem in outcome.problems),
        refused=outcome.word == "refused",
    )


def _said(problem: RowProblem) -> ImportProblem:
    facts = {name: fact for name, fact in problem.facts.items() if name not in ("code", "field")}
    return ImportProblem(
        column=_column(problem.field) if problem.field else "",
        words=sentence(Refusal(problem.code, problem.field, **facts)),
        error=problem.severity == "error",
    )


def _column(name: str) -> str:
    return str(COLUMNS.get(name, name.replace("_", " ")))
