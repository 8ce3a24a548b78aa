"""The directory as a file (JSON): authorities, schools, agencies, services, standards, code tables, terms.

Every list may be left out. What an object refers to (a school's authority, a service's agency) may be in the
file or in the record, so the reader does not check that it exists.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec
from marshmallow import Schema, ValidationError

from coordination.errors import Refusal
from coordination.intake.directory_items import (
    ImportedAgency,
    ImportedAuthority,
    ImportedCode,
    ImportedMailbox,
    ImportedPerson,
    ImportedProgramme,
    ImportedRequirements,
    ImportedSchool,
    ImportedSchoolTerm,
    ImportedService,
    ImportedStandard,
    ImportedStatutoryStandard,
    ImportedTermsOfReference,
    ImportedTriages,
    ParsedDirectoryFile,
)
from coordination.intake.directory_objects import (
    AgencyObject,
    AuthorityObject,
    CodeObject,
    MailboxObject,
    PersonObject,
    ProgrammeObject,
    RequirementsObject,
    SchoolObject,
    ServiceObject,
    StandardObject,
    StatutoryStandardObject,
    TermObject,
    TermsOfReferenceObject,
    TriagesObject,
)
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import CellFault, Known, RowProblem, error, fault, faults, warning


class _ListReader(NamedTuple):
    """How one list of the file is read: what an object becomes, and what makes it a duplicate."""

    schema: type[Schema]
    struct: type[msgspec.Struct]
    key: tuple[str, ...]
    ends: tuple[str, str] | None
    coded: Mapping[str, str]
    """Field -> code table."""


LISTS: dict[str, _ListReader] = {
    "authorities": _ListReader(AuthorityObject, ImportedAuthority, ("code",), None, {}),
    "schools": _ListReader(
        SchoolObject, ImportedSchool, ("number",), None, {"phase": "phase", "language": "school_language"}
    ),
    "agencies": _ListReader(AgencyObject, ImportedAgency, ("code",), None, {"kind": "agency_kind"}),
    "services": _ListReader(
        ServiceObject, ImportedService, ("code",), ("open_from", "open_to"), {"profession": "profession"}
    ),
    "standards": _ListReader(
        StandardObject,
        ImportedStandard,
        ("service", "code", "effective_from"),
        ("effective_from", "effective_to"),
        {"legal_route": "legal_route"},
    ),
    "statutory_standards": _ListReader(
        StatutoryStandardObject,
        ImportedStatutoryStandard,
        ("code", "effective_from"),
        ("effective_from", "effective_to"),
        {},
    ),
    "code_tables": _ListReader(
        CodeObject, ImportedCode, ("table", "code", "effective_from"), ("effective_from", "effective_to"), {}
    ),
    "terms": _ListReader(
        TermObject, ImportedSchoolTerm, ("authority", "school", "first_day"), ("first_day", "last_day"), {}
    ),
    "requirements": _ListReader(
        RequirementsObject,
        ImportedRequirements,
        ("service", "effective_from"),
        None,
        {"requirements": "requirement"},
    ),
    "mailboxes": _ListReader(MailboxObject, ImportedMailbox, ("service", "school", "authority"), None, {}),
    "single_points_of_access": _ListReader(
        TriagesObject,
        ImportedTriages,
        ("service", "effective_from"),
        ("effective_from", "effective_to"),
        {},
    ),
    "terms_of_reference": _ListReader(
        TermsOfReferenceObject,
        ImportedTermsOfReference,
        ("service", "school", "meetings", "effective_from"),
        ("effective_from", "effective_to"),
        {"meetings": "meeting_kind"},
    ),
    "programmes": _ListReader(
        ProgrammeObject,
        ImportedProgramme,
        ("authority", "school", "code", "effective_from"),
        ("effective_from", "effective_to"),
        {},
    ),
    "people": _ListReader(
        PersonObject,
        ImportedPerson,
        ("name", "role", "school", "agency", "authority", "service"),
        None,
        {"role": "role", "language": "language"},
    ),
}


def read_directory(
    data: bytes,
    known: Known,
    on: date,
    milestones: Collection[str] | None = None,
    limits: FileLimits = LIMITS,
) -> ParsedDirectoryFile:
    """Read a directory file as on a date. `milestones`, where given: the names a clock may start and stop at.

    A code counts as known when the record knows it or the file's own `code_tables` bring it.
    Raises Refusal: `file_empty`, `file_too_large`, `encoding_unknown` (JSON is UTF-8), `json_malformed` (with the
    `line`), `json_duplicate_key` (with the `key`), `not_an_object`. Errors by path: `unknown_key`,
    `list_expected`, `not_an_object`, `missing`, `text_expected`, `too_long`, `text_characters`,
    `code_format`, `unknown_code`, `school_number_format`, `date_format`, `date_impossible`,
    `end_before_start`, `whole_number_expected`, `limit_not_positive`, `percent_out_of_range`,
    `bands_not_ascending`, `true_or_false_expected`, `unknown_unit`, `unknown_transfer`, `unknown_milestone`,
    `start_is_stop`, `terms_overlap`, `closed_day_outside_term`, `duplicate_in_file` (with the path that came
    `first`). Warning: `code_ended`.
    """
    whole = _parse(data, limits)
    problems: list[RowProblem] = [error(0, _shown(key), "unknown_key") for key in whole if key not in LISTS]
    objects: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for name, how in LISTS.items():
        objects[name], found = _load(name, how, whole.get(name))
        problems += found
    brought = {(one["table"], one["code"]) for _, one in objects["code_tables"]}
    for name, how in LISTS.items():
        for path, values in objects[name]:
            problems += _judge(path, values, how, known, on, brought)
            if name == "standards":
                problems += _judge_standard(path, values, milestones)
        problems += _duplicates(objects[name], how.key)
    problems += _judge_terms(objects["terms"])
    return _gather(whole, objects, problems)


def _parse(data: bytes, limits: FileLimits) -> dict[str, Any]:
    """The JSON object, strictly: no duplicate keys, no NaN, no depth that overflows the interpreter's stack."""
    if len(data) > limits.file_bytes:
        raise Refusal("file_too_large", limit=limits.file_bytes)
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Refusal("file_empty")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("encoding_unknown") from None
    try:
        whole = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as wrong:
        raise Refusal("json_malformed", line=wrong.lineno) from None
    except (ValueError, RecursionError):  # digits without end, brackets without end
        raise Refusal("json_malformed") from None
    if not isinstance(whole, dict):
        raise Refusal("not_an_object")
    return whole


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refusal("json_duplicate_key", key=_shown(key))
        found[key] = value
    return found


def _shown(key: str) -> str:
    """A key of the file's own, short, and such that it can be printed (JSON can hold half a letter)."""
    return key.encode("utf-8", "replace").decode()[:60]


def _no_constant(_: str) -> None:
    raise ValueError


def _load(
    name: str, how: _ListReader, items: Any
) -> tuple[list[tuple[str, dict[str, Any]]], list[RowProblem]]:
    """The objects of a list whose shape is valid, by path, and what is wrong with the others."""
    objects: list[tuple[str, dict[str, Any]]] = []
    problems: list[RowProblem] = []
    if items is None:
        return objects, problems
    if not isinstance(items, list):
        return objects, [error(0, name, "list_expected")]
    schema = how.schema()
    for place, item in enumerate(items):
        path = f"{name}[{place}]"
        try:
            if not isinstance(item, dict):
                raise fault("not_an_object")
            objects.append((path, dict(schema.load(item))))
        except ValidationError as refused:
            problems += [_problem(path, field, one) for field, one in faults(refused.messages)]
    return objects, problems


def _problem(path: str, field: str, one: CellFault) -> RowProblem:
    return error(0, f"{path}.{_shown(field)}" if field else path, one.code, **one.facts)


def _judge(
    path: str,
    values: Mapping[str, Any],
    how: _ListReader,
    known: Known,
    on: date,
    brought: Collection[tuple[str, str]],
) -> Iterator[RowProblem]:
    """Checks codes against their tables, and that ends follow beginnings."""
    for field, table in how.coded.items():
        said = values[field]
        for code in said if isinstance(said, tuple) else (said,):
            if code is None or (table, code) in brought:
                continue
            standing = known(table, code, on)
            if standing == "unknown":
                yield error(0, f"{path}.{field}", "unknown_code", table=table)
            elif standing == "ended":
                yield warning(0, f"{path}.{field}", "code_ended", table=table)
    if how.ends:
        first, last = (values[field] for field in how.ends)
        if first and last and last < first:
            yield error(0, f"{path}.{how.ends[1]}", "end_before_start", start=first, end=last)


def _judge_standard(
    path: str, values: Mapping[str, Any], milestones: Collection[str] | None
) -> Iterator[RowProblem]:
    for field in ("start", "stop"):
        if milestones is not None and values[field] not in milestones:
            yield error(0, f"{path}.{field}", "unknown_milestone")
    if values["start"] == values["stop"]:
        yield error(0, f"{path}.stop", "start_is_stop")


def _judge_terms(terms: list[tuple[str, dict[str, Any]]]) -> Iterator[RowProblem]:
    """Checks that terms of one authority do not overlap, and that closed days lie within their term."""
    latest: dict[str, tuple[str, date]] = {}
    for path, values in sorted(terms, key=lambda term: (_whose(term[1]), term[1]["first_day"])):
        for place, day in enumerate(values["closed"]):
            if not values["first_day"] <= day <= values["last_day"]:
                yield error(0, f"{path}.closed[{place}]", "closed_day_outside_term")
        before = latest.get(_whose(values))
        if before and values["first_day"] <= before[1]:
            yield error(0, f"{path}.first_day", "terms_overlap", first=before[0])
        if before is None or values["last_day"] > before[1]:
            latest[_whose(values)] = path, values["last_day"]


def _whose(values: Mapping[str, Any]) -> str:
    """The authority or school whose term it is."""
    return str(values["authority"] or values["school"])


def _duplicates(objects: list[tuple[str, dict[str, Any]]], key: tuple[str, ...]) -> Iterator[RowProblem]:
    first: dict[tuple[Any, ...], str] = {}
    for path, values in objects:
        earlier = first.setdefault(tuple(values[field] for field in key), path)
        if earlier != path:
            yield error(0, f"{path}.{key[0]}", "duplicate_in_file", first=earlier)


def _gather(
    whole: Mapping[str, Any],
    objects: Mapping[str, list[tuple[str, dict[str, Any]]]],
    problems: list[RowProblem],
) -> ParsedDirectoryFile:
    refused = {
        problem.field.partition(".")[0]
        for problem in problems
        if problem.severity == "error" and problem.field
    }
    kept: dict[str, Any] = {
        name: tuple(how.struct(**values) for path, values in objects[name] if path not in refused)
        for name, how in LISTS.items()
    }
    read = sum(len(items) for name in LISTS if isinstance(items := whole.get(name), list))
    return ParsedDirectoryFile(read=read, **kept, problems=tuple(problems))
