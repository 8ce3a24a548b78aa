"""An agency's own attendance record, shown with the figures: each meeting, the agency's answer, the school's mark, how
it counts, and where it can be disputed. It is about services, never about named employees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from flask import request, url_for
from flask_babel import gettext as _

from coordination.challenge.state import WITH_THE_AGENCY
from coordination.sensitivity import Opened
from projections.attendance.queries import OwnAttendanceCriteria, OwnAttendanceRow, own_record
from projections.reader import desk
from webui.parts.paging import Paging, page_number
from webui.pupil.identity import text_of
from webui.reports.attendance_words import ANSWERS, UNEXPECTED, mark_words
from webui.reports.days import known_by
from webui.reports.pages.question import address_of
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

PAGE_SIZE = 25


class OwnAttendanceItem(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with its words: `because` why the service was not expected, `counts` how reports count the mark if that
    differs from it, `why` the school's note on the entry; `address` leads to disputing it (`disputable`), or to the
    challenge based on it."""

    line: OwnAttendanceRow
    because: str
    answer: str
    mark: str
    counts: str
    why: str
    address: str | None
    disputable: bool


class OwnAttendanceView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the record; `address(number)` leads to another."""

    lines: tuple[OwnAttendanceItem, ...]
    pages: Paging
    address: Any


def own_attendance_view(asked: Mapping[str, Any]) -> OwnAttendanceView | None:
    """The record for the criteria of the report; None at desks without one. Two statements, and one look-up of
    keys."""
    if desk(viewer()) != "agency":
        return None
    known = directory()
    school = known.by_code("school", asked["school"]) if asked.get("school") else None
    service = known.service_by_code(asked["service"]) if asked.get("service") else None
    as_of = asked["as_of"] or runtime().today()
    ask = OwnAttendanceCriteria(
        from_on=asked["from_on"] or OwnAttendanceCriteria(to_on=as_of).from_on,
        to_on=min(asked["to_on"] or as_of, as_of),
        service=service.id if service else None,
        school=school.id if school else None,
        known_at=known_by(asked["known_at"], runtime().today()),
        at=asked["at"],
        page=page_number(request.args.get("page")),
        size=PAGE_SIZE,
    )
    found = own_record(casework.reader(), viewer(), ask)
    if not found.rows and ask.page > 1:
        ask = msgspec.structs.replace(ask, page=1)
        found = own_record(casework.reader(), viewer(), ask)
    whys = casework.open_sealed([line.why for line in found.rows])
    return OwnAttendanceView(
        lines=tuple(_own(line, why) for line, why in zip(found.rows, whys, strict=True)),
        pages=Paging.of(found.total, ask.page, PAGE_SIZE),
        address=lambda n: address_of("attendance.page", asked, page=n if n > 1 else None) + "#own",
    )


def _own(line: OwnAttendanceRow, why: Opened) -> OwnAttendanceItem:
    disputable = line.challenge_phase in WITH_THE_AGENCY and not line.answered_there
    address = None
    if line.challenge is not None and disputable:
        address = url_for("challenges.dispute", challenge=line.challenge, meeting=line.meeting)
    elif line.challenge is not None:
        address = url_for("challenges.one", challenge=line.challenge)
    because = "" if line.expected else str(UNEXPECTED.get(line.because or "", _("not invited")))
    return OwnAttendanceItem(
        line=line,
        because=because,
        answer=str(ANSWERS.get(line.answer or "", "")),
        mark=mark_words(line.mark) if line.mark else _("Not marked yet"),
        counts=_counts(line),
        why=str(text_of(why, "why") or ""),
        address=address,
        disputable=disputable,
    )


def _counts(line: OwnAttendanceRow) -> str:
    """How reports count the mark; empty if they count it as recorded."""
    if line.ruled:
        return _("ruling: %(mark)s", mark=mark_words(line.reads))
    return _("Disputed") if line.contested else ""
