"""Files of pupils as the signed-in user sends them: opened with the school's own mappings, read, and tried or recorded.

Nothing is stored between the pages of an import: each page carries the file, packed as text.
"""

from __future__ import annotations

import base64
import binascii
import zlib

import msgspec

from coordination.desk.column_mappings import kept_mappings
from coordination.intake.column_mapping import ColumnMapping
from coordination.intake.limits import FileLimits
from coordination.intake.pupil_sheets import (
    PupilDefaults,
    PupilFileReader,
    open_pupils,
    parse_pupils,
    with_kept_mapping,
)
from coordination.intake.pupils import ParsedPupilFile
from coordination.intake.recording.outcomes import ImportResult
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.transfer import read_transfer
from coordination.intake.xml_text import is_xml
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

ROWS = 5_000


def limits() -> FileLimits:
    """How large a file may be that is sent from a page."""
    largest = runtime().settings.largest_file
    return FileLimits(file_bytes=largest, rows=ROWS, unzipped_bytes=largest * 8)


def packed(data: bytes) -> str:
    """A file as text that a page can carry."""
    return base64.b64encode(zlib.compress(data)).decode()


def unpacked(kept: str) -> bytes | None:
    """The file as carried by a page; None if it is incomplete, or larger than permitted when decompressed."""
    largest = runtime().settings.largest_file
    try:
        unfolding = zlib.decompressobj()
        data = unfolding.decompress(base64.b64decode(kept, validate=True), largest + 1)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return data if unfolding.eof and 0 < len(data) <= largest else None


def own_mappings() -> tuple[ColumnMapping, ...]:
    """The mappings that the user's school has kept."""
    with runtime().desk() as connection:
        return kept_mappings(connection, viewer().organisation)


def opened(
    data: bytes, mapping: ColumnMapping | None, *, sheet: str | None = None, header_row: int | None = None
) -> PupilFileReader:
    """A sheet opened by a mapping, or by the kept one that fits, or by a guess. Raises Refusal, see `open_pupils`."""
    today = runtime().today()
    reader = open_pupils(data, today, limits(), mapping=mapping, sheet=sheet, header_row=header_row)
    told = mapping is not None or sheet is not None or header_row is not None
    return reader if told else with_kept_mapping(reader, own_mappings())


def parsed(data: bytes, mapping: ColumnMapping | None) -> ParsedPupilFile:
    """The pupils of a sheet or transfer file. Raises Refusal for one that cannot be read at all."""
    if is_xml(data):
        return _transfer(data)
    reader = opened(data, mapping)
    reader.layout.require_certainty()
    return parse_pupils(reader, directory().code, runtime().today(), PupilDefaults(_own_number()))


def recorded(file: ParsedPupilFile, *, transfer: bool, preview: bool) -> ImportResult:
    """Record a file as the signed-in user, or say what that would do; what was shown goes into the read log."""
    result = record_pupils(
        runtime().coordination,
        file,
        now=runtime().now(),
        whole=not transfer,
        preview=preview,
        by=viewer(),
    )
    shown = [outcome.pupil for outcome in result.outcomes if outcome.pupil is not None]
    casework.note_shown("pupil_file", shown, "registration")
    return result


def in_one(read: list[tuple[ParsedPupilFile, ImportResult]]) -> tuple[ParsedPupilFile, ImportResult]:
    """Several transfer files as one; a pupil's place is then that of the file and that in the file (`2/1`)."""
    if len(read) == 1:
        return read[0]
    names: dict[int | str, str] = {}
    outcomes = []
    for number, (file, result) in enumerate(read, 1):
        for outcome in result.outcomes:
            place = f"{number}/{outcome.place}"
            outcomes.append(msgspec.structs.replace(outcome, place=place))
            names[place] = file.names.get(outcome.place, "")
    of_the_file = tuple(problem for _, result in read for problem in result.of_the_file)
    rows = sum(file.read for file, _ in read)
    return ParsedPupilFile(rows, (), (), names), ImportResult(tuple(outcomes), of_the_file)


def _own_number() -> str:
    own = directory().organisation(viewer().organisation)
    return own.code if own else ""


def _transfer(data: bytes) -> ParsedPupilFile:
    known = directory().code
    return read_transfer(data, known, runtime().today(), own=_own_number(), limits=limits())
