"""What the free column `detail` of a history file can say besides a note.

A code of the milestone's own, alone or before a colon and a note (`below_threshold: see their letter`); for an
appointment that was offered, the hours offered; for a redirection, the code of the service. Anything else is a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, get_args, get_type_hints

from marshmallow import ValidationError

from coordination.calendars import LONDON
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.intake.cells import parse_date
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.milestone import Milestone

Details = dict[str, Any]
Said = tuple[Details, str | None]
Reading = Callable[[str, Directory, date], Details | None]


def details_of(event: str, detail: str | None, directory: Directory, on: date) -> Said:
    """The milestone's own fields that a row's `detail` gives, and what is left of it as a note.

    Raises Refusal `unknown_service` when a redirection names a service that is not in the directory.
    """
    if detail is None:
        return {}, None
    of = MILESTONES.get(event)
    field = of.rules.detail_field if of is not None else None
    if of is None or field is None:
        return {}, detail
    reading = _reading(of, field)
    whole = reading(detail, directory, on)
    if whole is not None:
        return whole, None
    head, colon, rest = detail.partition(":")
    found = reading(head, directory, on) if colon else None
    if found is not None:
        return found, rest.strip() or None
    if field == "to_service":
        raise Refusal("unknown_service", "to_service")
    return {}, detail


@cache
def _reading(of: type[Milestone], field: str) -> Reading:
    """How the words for a field of a milestone are read."""
    if field in of.rules.codes:
        return _coded(field, of.rules.codes[field])
    if field in _READINGS:
        return _READINGS[field]
    return _one_of(field, *get_args(get_type_hints(of)[field]))


def _coded(field: str, table: str) -> Reading:
    def read(text: str, directory: Directory, on: date) -> Details | None:
        code = _word(text)
        return {field: code} if directory.code(table, code, on) != "unknown" else None

    return read


def _one_of(field: str, *words: str) -> Reading:
    def read(text: str, _directory: Directory, _on: date) -> Details | None:
        word = _word(text)
        return {field: word} if word in words else None

    return read


def _word(text: str) -> str:
    return re.sub(r"[\s\-]+", "_", text.strip().casefold())


def _service(text: str, directory: Directory, _on: date) -> Details | None:
    found = directory.service_by_code(text.strip())
    return {"to_service": found.id, "to_agency": found.agency} if found else None


def _answer_by(text: str, _directory: Directory, _on: date) -> Details | None:
    try:
        return {"answer_by": parse_date(text)}
    except ValidationError:
        return None


_HOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?")


def _hours(text: str, _directory: Directory, _on: date) -> Details | None:
    """Hours offered, `;` between them; one without an offset is on the clocks of Wales."""
    found: list[datetime] = []
    for part in text.split(";"):
        if not _HOUR.fullmatch(part.strip()):
            return None
        try:
            hour = datetime.fromisoformat(part.strip())
        except ValueError:
            return None
        found.append((hour if hour.tzinfo else hour.replace(tzinfo=LONDON)).astimezone(UTC))
    return {"for_when": tuple(found)}


# By field. A field with a code table is read as a code, any other as one of the words of its type.
_READINGS: dict[str, Reading] = {"for_when": _hours, "answer_by": _answer_by, "to_service": _service}
