"""What changed between two stamps: what they ask, what was recorded between them, and which figures differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.reader import Reader
from projections.stamps.asking import moment_of, read_stamp, report_at, view_of
from projections.stamps.changes import ReportChange
from projections.stamps.kinds import KINDS
from projections.stamps.stamp import Stamp, code_version

DIRECTORY_CHANGES = {
    "standard.set": "standards_set",
    "standard.ended": "standards_ended",
    "school_term.set": "terms_set",
}
"""What of the directory's changes has a sentence of its own; the others are counted together."""

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# what a report says of itself, and no figure of it
NO_FIGURES = frozenset({"stamp", "log_position", "metric_version"})


class FigureChange(msgspec.Struct, frozen=True):
    """A figure that is not the same in both reports: its name (`groups CAMHS completed count`), and its values; None:
    the report has no such figure."""

    name: str
    first: Any
    second: Any


class StampDifference(msgspec.Struct, frozen=True):
    """Something that the two stamps say differently: `question` (its `field`), `view`, `metric`, `code`."""

    what: str
    field: str
    first: str
    second: str


class StampComparison(msgspec.Struct, frozen=True):
    """Two stamps beside each other. `changes` is what was recorded between their positions, `differences` what they
    say differently, `figures` the differing figures of the two reports, both made by this program's rules; `code` is
    the version of those."""

    first: Stamp
    second: Stamp
    changes: tuple[ReportChange, ...]
    differences: tuple[StampDifference, ...]
    figures: tuple[FigureChange, ...]
    code: str


def compare(
    coordination: Coordination, reader: Reader, viewer: Viewer, first: str, second: str
) -> StampComparison:
    """What changed from the first stamp to the second, as the viewer may see it: the operator as the view of each
    stamp, everybody else as themselves.

    Raises Refusal as `replay` does, and `stamps_of_two_kinds`.
    """
    return compare_read(
        coordination,
        reader,
        viewer,
        read_stamp(coordination, reader, viewer, first),
        read_stamp(coordination, reader, viewer, second),
    )


def compare_read(
    coordination: Coordination,
    reader: Reader,
    viewer: Viewer,
    first: tuple[Stamp, Any],
    second: tuple[Stamp, Any],
) -> StampComparison:
    """As `compare`, of stamps that were read, each with its question. Raises Refusal as the kind does, and
    `stamps_of_two_kinds`."""
    (one, ask_one), (two, _) = first, second
    if one.kind != two.kind:
        raise Refusal("stamps_of_two_kinds", "second")
    kind = KINDS[one.kind]
    reports, moments = [], []
    for stamp, ask in (first, second):
        seen_by = view_of(stamp, viewer)
        moments.append(moment_of(coordination, reader, seen_by, kind, ask))
        reports.append(report_at(coordination, reader, seen_by, kind, ask, moments[-1]))
    moment = max(moments, key=lambda found: found.position)
    after, until = sorted((one.position, two.position))
    with reader.viewing(view_of(one, viewer)) as cursor:
        recorded = kind.changes(cursor, moment.directory, ask_one, after, until)
    return StampComparison(
        first=one,
        second=two,
        changes=(*recorded, *_of_directory(coordination, after, until)),
        differences=tuple(differences(one, two)),
        figures=tuple(_figures(reports[0], reports[1], moment.directory)),
        code=code_version(),
    )


def differences(one: Stamp, two: Stamp) -> Iterator[StampDifference]:
    """What two stamps of one kind say differently, but for the position and what follows from it."""
    for field in sorted({*one.question, *two.question}):
        pair = one.question.get(field), two.question.get(field)
        if pair[0] != pair[1]:
            yield StampDifference("question", field, *map(_plain, pair))
    if (one.organisation, one.role) != (two.organisation, two.role):
        yield StampDifference("view", "", one.role, two.role)
    if one.metric != two.metric:
        yield StampDifference("metric", "", one.metric, two.metric)
    if one.code != two.code:
        yield StampDifference("code", "", one.code, two.code)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, list) else str(value)


def _of_directory(coordination: Coordination, after: int, until: int) -> list[ReportChange]:
    found: dict[str, ReportChange] = {}
    for counted in coordination.record.organisation_topics(after, until):
        code = DIRECTORY_CHANGES.get(counted.topic, "directory_changed")
        held = found.get(code)
        found[code] = ReportChange(
            code,
            counted.count + (held.count if held else 0),
            min(counted.first, held.first if held else counted.first),
            max(counted.last, held.last if held else counted.last),
        )
    order = [*DIRECTORY_CHANGES.values(), "directory_changed"]
    return [found[code] for code in order if code in found]


def _figures(first: msgspec.Struct, second: msgspec.Struct, directory: Directory) -> Iterator[FigureChange]:
    one, two = (dict(figures_of(msgspec.to_builtins(report))) for report in (first, second))
    for name in dict.fromkeys([*one, *two]):
        if one.get(name) != two.get(name):
            known = ID.sub(lambda found: _code(directory, UUID(found[0])), name)
            yield FigureChange(known, one.get(name), two.get(name))


def _code(directory: Directory, id: UUID) -> str:
    """The code of a service or an organisation, as in the other reports."""
    found = directory.service(id) or directory.organisation(id)
    return found.code if found else str(id)


def figures_of(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The figures of a report by name. The entries of a list are told apart by their key, their bounds or their
    place."""
    match value:
        case Mapping():
            for key, inner in value.items():
                if key not in NO_FIGURES:
                    yield from figures_of(inner, f"{name} {key}".strip())
        case list() | tuple():
            for place, inner in enumerate(value, 1):
                yield from figures_of(inner, f"{name} {_entry(inner, place)}")
        case bool() | int() | float():
            yield name, value
        case _:
            pass


def _entry(entry: Any, place: int) -> str:
    if isinstance(entry, Mapping):
        if "service" in entry and "standard" in entry:  # a line of the services side by side
            standard = entry["standard"]
            return " ".join(
                str(part) for part in (entry["service"], standard["code"], standard["version"]) if part
            )
        if "school" in entry:
            return str(entry["school"])
        if "key" in entry:
            return " ".join(str(entry[part]) for part in ("key", "version") if entry.get(part))
        if "up_to" in entry:
            return f"{entry.get('over') or 0}-{entry['up_to'] or ''}"
    return str(place)
