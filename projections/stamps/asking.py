"""Asking a report with its stamp, and asking it again from the stamp."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.service import Coordination
from coordination.struct_types import prepared
from coordination.viewer import Viewer
from projections.catalogue import definition
from projections.reader import Reader, desk, position_known_at, reader_definition
from projections.stamps.kinds import KINDS, ReportKind
from projections.stamps.stamp import Stamp, code_version, decode, encode, question_of


class ReportMoment(msgspec.Struct, frozen=True):
    """The position of the log at which a report is made, the directory that it is read with, and the position of that
    directory's last change: after `position` only where the question names what was not in the directory yet.
    `made_by` is the definition by which the read models were made."""

    position: int
    directory: Directory
    changed: int
    made_by: str


class ReplayedReport(msgspec.Struct, frozen=True):
    """A report made again from its stamp. `code` is the version of this program's rules; `same_view` whether it was
    made for the viewer that the stamp names."""

    stamp: Stamp
    report: Any
    code: str
    same_view: bool


def moment_of(
    coordination: Coordination, reader: Reader, viewer: Viewer, kind: ReportKind, ask: Any
) -> ReportMoment:
    """The moment that a question is about. Where the directory at its position has not yet what the question names (a
    service, a standard), the first one that has: whenever it is asked again, it is the same.

    Raises Refusal `known_at_without_zone`, `position_not_reached`, and as the kind does where no directory has it.
    """
    with reader.viewing(viewer) as cursor:
        position = position_known_at(cursor, ask.known_at, ask.at)
        made_by = reader_definition(cursor)
    directory, changed = coordination.directory_at(position)
    if not _possible(kind, directory, ask):
        kind.check(coordination.directory(), ask)
        later = coordination.record.organisation_positions(position)
        first = bisect_left(
            later, True, key=lambda at: _possible(kind, coordination.directory_at(at)[0], ask)
        )
        directory, changed = coordination.directory_at(later[first])
    return ReportMoment(position, directory, changed, made_by)


def _possible(kind: ReportKind, directory: Directory, ask: Any) -> bool:
    try:
        kind.check(directory, ask)
    except Refusal:
        return False
    return True


def stamped_report(
    coordination: Coordination,
    reader: Reader,
    viewer: Viewer,
    kind: ReportKind,
    ask: Any,
    moment: ReportMoment | None = None,
) -> Any:
    """The report with its stamp, read with the directory as at its position (`moment`, where it is known already).
    Raises Refusal as `moment_of` does."""
    moment = moment or moment_of(coordination, reader, viewer, kind, ask)
    fixed = msgspec.structs.replace(ask, at=moment.position)
    found = report_at(coordination, reader, viewer, kind, fixed, moment)
    return msgspec.structs.replace(found, stamp=stamp_text(coordination, viewer, kind, fixed, moment))


def report_at(
    coordination: Coordination,
    reader: Reader,
    viewer: Viewer,
    kind: ReportKind,
    ask: Any,
    moment: ReportMoment,
) -> Any:
    """The report of a question at its position `at`, without a stamp. Raises Refusal as the kind does."""
    under = kind.under(coordination.record, reader, moment.directory, ask, moment.position)
    return kind.ask(under, viewer, moment.directory, ask)


def stamp_text(
    coordination: Coordination, viewer: Viewer, kind: ReportKind, ask: Any, moment: ReportMoment
) -> str | None:
    """The stamp of a question at a moment as text; None while the read models are those of another version of the
    program: they are being made anew, and a stamp would promise figures of rules that did not make them."""
    if moment.made_by != definition():
        return None
    return encode(stamp_of(coordination, viewer, kind, ask, moment))


def stamp_of(
    coordination: Coordination, viewer: Viewer, kind: ReportKind, ask: Any, moment: ReportMoment
) -> Stamp:
    """The stamp of a question at a moment."""
    return Stamp(
        kind=kind.name,
        question=question_of(ask),
        position=moment.position,
        store=coordination.record.store_id(),
        chain=coordination.record.chain_at(moment.position)[:16],
        directory=moment.changed,
        standards=kind.standards(moment.directory, ask),
        metric=kind.metric_of(ask),
        code=code_version(),
        organisation=viewer.organisation,
        role=viewer.role,
        services=_services(viewer),
    )


def _services(viewer: Viewer) -> tuple[UUID, ...] | None:
    """The services for which the viewer looks; None for a whole organisation."""
    return viewer.services if desk(viewer) == "agency" and not viewer.whole_agency else None


def read_stamp(coordination: Coordination, reader: Reader, viewer: Viewer, text: str) -> tuple[Stamp, Any]:
    """A stamp of this log, and the question in it at its position.

    Raises Refusal `stamp_broken`, `stamp_of_another_program`, `stamp_of_another_log`, and `position_not_reached` where
    the read models have not come to its position.
    """
    stamp = decode(text)
    kind = KINDS.get(stamp.kind)
    if kind is None:
        raise Refusal("stamp_of_another_program", "stamp")
    try:
        given = {**stamp.question, "at": stamp.position}
        if "metric" in kind.criteria.__struct_fields__:
            given["metric"] = stamp.metric
        ask = msgspec.convert(given, prepared(kind.criteria))
    except msgspec.ValidationError:
        raise Refusal("stamp_of_another_program", "stamp") from None
    if set(stamp.question) - {field.name for field in msgspec.structs.fields(kind.criteria)}:
        raise Refusal("stamp_of_another_program", "stamp")
    if stamp.store != coordination.record.store_id():
        raise Refusal("stamp_of_another_log", "stamp")
    with reader.viewing(viewer) as cursor:
        position_known_at(cursor, None, stamp.position)
    # the same store, but not the same log up to there: it was set back and went on differently
    if coordination.record.chain_at(stamp.position)[:16] != stamp.chain:
        raise Refusal("stamp_of_another_log", "stamp")
    return stamp, ask


def view_of(stamp: Stamp, viewer: Viewer) -> Viewer:
    """As whom a viewer sees the report of a stamp: the operator, who may see every view, as the one that the stamp
    names; everybody else as themselves."""
    if not viewer.operator or stamp.role == viewer.role:
        return viewer
    return msgspec.structs.replace(
        viewer,
        organisation=stamp.organisation,
        role=stamp.role,
        services=stamp.services or (),
        whole_agency=stamp.services is None,
        operator=False,
    )


def same_view(stamp: Stamp, viewer: Viewer) -> bool:
    """Whether a stamp was made for what the viewer sees: for the same organisation, role and services."""
    seen = (viewer.organisation, viewer.role, _services(viewer))
    return seen == (stamp.organisation, stamp.role, stamp.services)


def replay(coordination: Coordination, reader: Reader, viewer: Viewer, text: str) -> ReplayedReport:
    """The report of a stamp, made again. Raises Refusal as `read_stamp` and the kind do."""
    stamp, ask = read_stamp(coordination, reader, viewer, text)
    seen_by = view_of(stamp, viewer)
    found = stamped_report(coordination, reader, seen_by, KINDS[stamp.kind], ask)
    return ReplayedReport(
        stamp=stamp,
        report=found,
        code=code_version(),
        same_view=same_view(stamp, seen_by),
    )
