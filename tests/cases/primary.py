"""The primary school of the cases: its files imported as the command does it, and the doubts that wait."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from coordination.desk.doubts import WaitingDoubt, doubts_of
from coordination.directory.commands import RegisterOrganisation
from coordination.intake.ctf import read_ctf
from coordination.intake.file_requests import carry_out_requests
from coordination.intake.pupil_sheets import read_pupils
from coordination.intake.recording.outcomes import ImportResult
from coordination.intake.recording.pupils import record_pupils
from coordination.service import Coordination
from tests.county import ADMINISTRATOR, AUTHORITY, order
from tests.intake import samples
from tests.intake.recorded import stream

CASES = Path(__file__).parent
NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
ON = date(2026, 11, 29)
PRIMARY = UUID(int=0x55)
MALI, NEL = "F699200120801", "V699200120802"


def open_primary(county: Coordination) -> Coordination:
    """The county with the primary school of the cases."""
    school = RegisterOrganisation(
        occurred_on=date(2025, 1, 1),
        organisation=PRIMARY,
        kind="school",
        code="6992001",
        name="Ysgol y Nant",
        phase="primary",
        language="welsh",
        authority=AUTHORITY,
    )
    county.perform(school, order(ADMINISTRATOR, ON, source="command_line"))
    return county


def take(service: Coordination, data: bytes | str, *, now: datetime = NOW, **how: Any) -> ImportResult:
    """Imports a file of pupils on behalf of the primary school, as the command does."""
    content = (CASES / "pupils" / data).read_bytes() if isinstance(data, str) else data
    known = service.directory().code
    transfer = content.lstrip().startswith(b"<")
    file = read_ctf(content, known, ON) if transfer else read_pupils(content, known, ON)
    result = record_pupils(service, file, now=now, whole=not transfer, school=PRIMARY, **how)
    carry_out_requests(service, now=now)
    return result


def child(serial: int, forename: str, born: str = "2016-05-04", **more: str) -> dict[str, str]:
    number = samples.upn(serial, school="6992001", year="20")
    given = {"upn": number, "surname": "Gefell", "forename": forename, "date_of_birth": born}
    return samples.pupil(school_number="6992001", **(given | more))


def sheet(*rows: dict[str, str]) -> bytes:
    return samples.sheet(rows, tuple(dict.fromkeys(name for row in rows for name in row)))


def waiting(service: Coordination, organisation: UUID = PRIMARY) -> list[WaitingDoubt]:
    with service.record.desk() as connection:
        return doubts_of(connection, organisation)


def kinds(service: Coordination) -> list[str]:
    return [doubt.kind for doubt in waiting(service)]


def name(service: Coordination, number: str) -> tuple[str, str]:
    held = service.record.latest(stream(service, number), ("pupil.registered", "pupil.identity_changed"))
    return held["forename"], held["surname"]
