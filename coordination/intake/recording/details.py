"""What the free column `detail` of a history file can say besides a note.

A code of the milestone's own, alone or before a colon and a note (`below_threshold: see their letter`); for an
appointment that was offered, the hours offered; for a redirection, the code of the service. Anything else is a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError

from coordination.calendars import LONDON
from coordination.directory.state import Directory
from coordination.errors import Refused
from coordination.intake.cells import parse_date

Details = dict[str, Any]
Said = tuple[Details, str | None]
Reading = Callable[[str, Directory, date], Details | None]


def details_of(event: str, detail: str | None, directory: Directory, on: date) -> Said:
    """The milestone's own fields that a row's `detail` gives, and what is left of it as a note.

    Raises Refused `unknown_service` when a redirection names a service that is not in the directory.
    """
    if detail is None:
        return {}, None
    reading = _READINGS.get(event)
    if reading is None:
        return {}, detail
    whole = reading(detail, directory, on)
    if whole is not None:
        return whole, None
    head, colon, rest = detail.partition(":")
    found = reading(head, directory, on) if colon else None
    if found is not None:
        return found, rest.strip() or None
    if event == "redirected":
        raise Refused("unknown_service", "to_service")
    return {}, detail


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


_READINGS: dict[str, Reading] = {
    "declined": _coded("reason", "decline_reason"),
    "discharged": _coded("reason", "discharge_reason"),
    "withdrawn": _coded("reason", "withdrawal_reason"),
    "reopened": _coded("reason", "reopened_reason"),
    "triaged": _coded("priority", "priority"),
    "information_requested": _one_of("asked_of", "school", "family"),
    "appointment_answered": _one_of("answer", "accepted", "another_time_asked", "declined"),
    "appointment_offered": _hours,
    "opt_in_asked": _answer_by,
    "redirected": _service,
}
