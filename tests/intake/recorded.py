"""What the tests of recording share: files made in place, read and recorded on the small county."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from coordination.intake.file_requests import carry_out_requests
from coordination.intake.pupil_sheets import read_pupils
from coordination.intake.recording.outcomes import ImportResult
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.referrals import read_referrals
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.moves.commands import AnswerFileRequest
from coordination.pupil.referral.milestones import MILESTONES, natural_rank
from coordination.pupil.referral.state import Referral
from coordination.sensitivity import Coordinates
from coordination.service import Coordination
from tests.county import ALNCO, order
from tests.intake import samples
from tests.intake.samples import pupil, upn

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ON = date(2026, 3, 2)
RANKS = {name: natural_rank(name) for name in MILESTONES}
COLUMNS = ("referral_ref", "upn", "school_number", "service_code", "event", "occurred_on", "detail")


def import_pupils(service: Coordination, *rows: dict[str, str], **how: Any) -> ImportResult:
    """Record rows of pupils (see `samples.pupil`), and carry out what they ask for, as the command does."""
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    file = read_pupils(samples.sheet(rows, header), service.directory().code, ON)
    now = how.pop("now", NOW)
    result = record_pupils(service, file, now=now, **how)
    carry_out_requests(service, now=now)
    return result


def import_referrals(service: Coordination, *rows: tuple[str, ...], **how: Any) -> ImportResult:
    """Record rows `(referral_ref, upn, event, occurred_on[, detail[, service[, school]]])`; to CAMHS unless told."""
    file = read_referrals(history(rows), RANKS, ON)
    return record_referrals(service, file, now=how.pop("now", NOW), **how)


def answer_request(service: Coordination, number: str, said: Any, asking: str = "6994002") -> None:
    """The school that has the pupil answers another school's request for the file: `released`, `kept_on_both`, ..."""
    held = case(service, number)
    school = service.directory().by_code("school", asking)
    assert school is not None
    request = held.moves.open_request_of(school.id)
    assert request is not None
    answer = AnswerFileRequest(
        occurred_on=ON, pupil=stream(service, number), request=request.request, answer=said
    )
    service.perform(answer, order(ALNCO, ON))


def history(rows: Iterable[tuple[str, ...]]) -> bytes:
    """The CSV of such rows."""
    return samples.sheet((_row(*row) for row in rows), COLUMNS)


def _row(
    ref: str,
    upn: str,
    event: str,
    on: str,
    detail: str = "",
    service: str = "CAMHS",
    school: str = "6994001",
) -> dict[str, str]:
    return dict(zip(COLUMNS, (ref, upn, school, service, event, on, detail), strict=True))


def words(result: ImportResult) -> list[str]:
    """What became of each row."""
    return [outcome.word for outcome in result.outcomes]


def told(result: ImportResult) -> list[tuple[int | str, str | None, str]]:
    """Row, field and code of every problem."""
    return [(o.place, p.field, p.code) for o in result.outcomes for p in o.problems]


def stream(service: Coordination, number: str) -> UUID:
    """The stream of the pupil with a UPN."""
    return service.record.pupils_by_upn([number])[number]


def case(service: Coordination, number: str) -> CaseFile:
    """The case file of the pupil with a UPN."""
    found: CaseFile = service.batch().state(PUPIL_STREAM, stream(service, number))
    return found


def referral(service: Coordination, ref: str, number: str) -> Referral:
    """A pupil's referral by its reference at the first school."""
    school = service.directory().by_code("school", "6994001")
    assert school is not None
    _, id = service.record.referrals_by_reference([(school.id, ref)])[school.id, ref]
    return case(service, number).referrals[id]


def sealed(service: Coordination, number: str, topic: str) -> list[dict[str, Any]]:
    """The opened fields of every event of a topic on a pupil's stream, in order."""
    events = service.record.load([stream(service, number)])[stream(service, number)]
    wanted = [r for r in events if r.event.topic == topic]
    found = service.record.open([Coordinates(r.stream, r.version, topic, r.event.sealed) for r in wanted])
    assert all(isinstance(fields, dict) for fields in found)
    return found  # type: ignore[return-value]


def registered_name(service: Coordination, number: str) -> tuple[str, str]:
    """Surname and forename of the pupil with a UPN, as last recorded."""
    held = service.record.latest(stream(service, number), ("pupil.registered", "pupil.identity_changed"))
    return held["surname"], held["forename"]


__all__ = [
    "NOW",
    "ON",
    "answer_request",
    "case",
    "history",
    "import_pupils",
    "import_referrals",
    "pupil",
    "referral",
    "registered_name",
    "sealed",
    "stream",
    "told",
    "upn",
    "words",
]
