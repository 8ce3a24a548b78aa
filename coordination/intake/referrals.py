"""The history of referrals: a CSV with one milestone a row, `referral_ref` saying which rows belong together.

A row is known by its content (referral, event, date, and how many like it come before), never by its place or
its file: importing the same file again, or a longer one that contains it, repeats nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec
from marshmallow import ValidationError

from coordination.intake.cells import (
    CodeCell,
    DateCell,
    RowSchema,
    SchoolNumberCell,
    TextCell,
    UpnCell,
    YesNoCell,
)
from coordination.intake.encodings import Encoding
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import RowProblem, error, fault, faults
from coordination.intake.sheets import SheetColumns, read_sheet
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.milestone import ENDINGS_OF_REASONS, Ending

COLUMNS = SheetColumns(
    required=("referral_ref", "upn", "school_number", "service_code", "event", "occurred_on"),
    optional=("detail", "new_episode", "ending", "legal_route"),
    aliases={
        "milestone": "event",
        "date": "occurred_on",
        "service": "service_code",
        "reference": "referral_ref",
    },
)
LONGEST_DETAIL = 4_000
LONGEST_REFERENCE = 64


class ImportedMilestone(msgspec.Struct, frozen=True):
    """One step of a referral. `ordinal` is 1 for the first of that event on that date, 2 for a second ..."""

    row: int
    event: str
    occurred_on: date
    ordinal: int
    detail: str | None
    new_episode: bool | None = None
    ending: Ending | None = None

    def __repr__(self) -> str:
        return f"ImportedMilestone({self.row})"


class ImportedReferral(msgspec.Struct, frozen=True):
    """A referral with its milestones in order of date, then of the milestones' rank, then of the rows."""

    referral_ref: str
    upn: str
    school_number: str
    service_code: str
    milestones: tuple[ImportedMilestone, ...]
    legal_route: str | None = None

    def identity(self, milestone: ImportedMilestone) -> tuple[str, str, str, int]:
        """The key by which the row is recognised in another file: referral, event, date (ISO), ordinal."""
        return self.referral_ref, milestone.event, milestone.occurred_on.isoformat(), milestone.ordinal

    def __repr__(self) -> str:
        return f"ImportedReferral(rows={[milestone.row for milestone in self.milestones]})"


class ParsedReferralFile(msgspec.Struct, frozen=True):
    """What a file gave: `read` rows, the referrals that can be taken whole, and the problems by row.

    A referral is taken whole or not at all: the sound rows of a referral with a faulty one carry the error
    `group_refused` with the `other_row` at fault.
    """

    read: int
    groups: tuple[ImportedReferral, ...]
    problems: tuple[RowProblem, ...]

    @property
    def refused(self) -> frozenset[int]:
        """The numbers of the rows that cannot be taken."""
        return frozenset(problem.row for problem in self.problems if problem.severity == "error")


class MilestoneCell(CodeCell):
    """The name of a milestone. Fault: `unknown_milestone`."""

    def __init__(self, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__("lower", **kwargs)
        self.names = frozenset(names)

    def read(self, text: str) -> str:
        try:
            name = super().read(text)
        except ValidationError:
            raise fault("unknown_milestone") from None
        if name not in self.names:
            raise fault("unknown_milestone")
        return name


class EndingCell(CodeCell):
    """Whether the child moved away or passed the age limit. Fault: `unknown_ending`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("lower", **kwargs)

    def read(self, text: str) -> str:
        try:
            ending = super().read(text)
        except ValidationError:
            raise fault("unknown_ending") from None
        if ending not in ENDINGS_OF_REASONS:
            raise fault("unknown_ending")
        return ending


class MilestoneRowSchema(RowSchema):
    """A row of the file, but for `event`, whose names are an argument."""

    referral_ref = TextCell(LONGEST_REFERENCE, required=True)
    upn = UpnCell(required=True)
    school_number = SchoolNumberCell(required=True)
    service_code = CodeCell("kept", required=True)
    occurred_on = DateCell(required=True)
    detail = TextCell(LONGEST_DETAIL, load_default=None)
    new_episode = YesNoCell(load_default=None)
    ending = EndingCell(load_default=None)
    legal_route = CodeCell("lower", load_default=None)


class _MilestoneRow(msgspec.Struct, frozen=True):
    number: int
    ref: str
    values: dict[str, Any] | None


def read_referrals(
    data: bytes,
    ranks: Mapping[str, int],
    on: date | None = None,
    limits: FileLimits = LIMITS,
    encoding: Encoding | None = None,
) -> ParsedReferralFile:
    """Read a history of referrals (CSV or XLSX).

    `ranks` names every milestone there is, with its natural place among those of one day. `on`, where given,
    makes a later date an error. A file that cannot be read at all raises Refusal with the codes of `read_sheet`.
    Errors of rows: `missing`, `too_many_cells`, the codes of UPN, school number and date, `code_format`,
    `unknown_milestone`, `unknown_ending`, `yes_no_expected`, `not_for_this_event`, `in_the_future`, `too_long`,
    `text_characters`; of a referral's later rows `group_differs` (field upn, school_number, service_code or
    legal_route; with the `other_row` it differs from); and `group_refused` on sound rows beside a faulty one.
    """
    sheet = read_sheet(data, COLUMNS, limits, encoding)
    schema = MilestoneRowSchema.from_dict({"event": MilestoneCell(ranks, required=True)})()
    problems = list(sheet.problems())
    rows: list[_MilestoneRow] = []
    for row in sheet.rows:
        ref = _reference(row.cells["referral_ref"])
        values = None
        try:
            values = dict(schema.load(row.cells))
        except ValidationError as refused:
            found = faults(refused.messages)
            problems += [error(row.number, field, one.code, **one.facts) for field, one in found]
        if values and on and values["occurred_on"] > on:
            problems.append(error(row.number, "occurred_on", "in_the_future"))
        problems += _of_other_events(row.number, values)
        rows.append(_MilestoneRow(row.number, ref, values))
    return _gather(rows, problems, ranks)


# The columns that only some events have, with these.
_OF_EVENTS = {
    field: frozenset(name for name, of in MILESTONES.items() if field in of.__struct_fields__)
    for field in ("new_episode", "ending")
}


def _of_other_events(number: int, values: dict[str, Any] | None) -> Iterator[RowProblem]:
    """The columns filled in that the row's event does not have."""
    for field, events in _OF_EVENTS.items() if values else ():
        if values and values[field] is not None and values["event"] not in events:
            yield error(number, field, "not_for_this_event")


_REFERENCE = TextCell(LONGEST_REFERENCE)


def _reference(text: str) -> str:
    """The reference that assigns even a faulty row to its referral; "" where there is none."""
    try:
        return str(_REFERENCE.read(text))
    except ValidationError:
        return ""


def _gather(
    rows: list[_MilestoneRow], problems: list[RowProblem], ranks: Mapping[str, int]
) -> ParsedReferralFile:
    """Put rows together by reference, and take each referral whole or not at all."""
    by_ref: dict[str, list[_MilestoneRow]] = {}
    for row in rows:
        if row.ref:
            by_ref.setdefault(row.ref, []).append(row)
    problems = problems + [found for group in by_ref.values() for found in _differences(group)]
    faulty = {problem.row for problem in problems if problem.severity == "error"}
    groups: list[ImportedReferral] = []
    for ref, group in by_ref.items():
        wrong = next((row.number for row in group if row.number in faulty), None)
        if wrong is None:
            groups.append(_group(ref, group, ranks))
        else:
            sound = (row.number for row in group if row.number not in faulty)
            problems += [error(number, None, "group_refused", other_row=wrong) for number in sound]
    ordered = tuple(sorted(problems, key=lambda problem: (problem.row, problem.severity)))
    return ParsedReferralFile(len(rows), tuple(groups), ordered)


def _differences(group: list[_MilestoneRow]) -> Iterator[RowProblem]:
    """Rows of a referral that name another pupil, school or service than its first sound row, or another legal route
    than the first that names one."""
    sound = [(row.number, row.values) for row in group if row.values]
    for number, values in sound[1:]:
        first, expected = sound[0]
        for field in ("upn", "school_number", "service_code"):
            if values[field] != expected[field]:
                yield error(number, field, "group_differs", other_row=first)
    routes = [(number, values["legal_route"]) for number, values in sound if values["legal_route"]]
    for number, route in routes[1:]:
        if route != routes[0][1]:
            yield error(number, "legal_route", "group_differs", other_row=routes[0][0])


def _group(ref: str, rows: list[_MilestoneRow], ranks: Mapping[str, int]) -> ImportedReferral:
    sound = [(row.number, row.values) for row in rows if row.values]
    ordered = sorted(sound, key=lambda one: (one[1]["occurred_on"], ranks[one[1]["event"]], one[0]))
    seen: Counter[tuple[str, date]] = Counter()
    milestones: list[ImportedMilestone] = []
    for number, values in ordered:
        event, day = values["event"], values["occurred_on"]
        seen[event, day] += 1
        own = {field: values[field] for field in ("detail", "new_episode", "ending")}
        milestones.append(ImportedMilestone(number, event, day, seen[event, day], **own))
    first = sound[0][1]
    route = next((values["legal_route"] for _, values in sound if values["legal_route"]), None)
    return ImportedReferral(
        ref, first["upn"], first["school_number"], first["service_code"], tuple(milestones), route
    )
