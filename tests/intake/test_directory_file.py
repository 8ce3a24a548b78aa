from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.intake.directory import LISTS, read_directory
from coordination.intake.directory_items import (
    ImportedAgency,
    ImportedSchool,
    ImportedSchoolTerm,
    ImportedStandard,
    ParsedDirectoryFile,
)
from coordination.intake.limits import FileLimits
from tests.intake.samples import FILES, ON, known

WHOLE: dict[str, list[dict[str, Any]]] = json.loads((FILES / "directory.json").read_bytes())
WHOLE["single_points_of_access"] = [
    {"service": "camhs-7A1", "services": ["salt-7A1"], "effective_from": "2020-04-01", "effective_to": None}
]
MILESTONES = {"received", "first_contact", "assessed"}


def read(**lists: Any) -> ParsedDirectoryFile:
    return read_directory(json.dumps(lists).encode(), known, ON, MILESTONES)


def changed(name: str, /, **changes: Any) -> dict[str, Any]:
    """The example's first object of a list, changed; a change to ... leaves the key out."""
    values = WHOLE[name][0] | changes
    return {key: value for key, value in values.items() if value is not ...}


def wrong(**lists: Any) -> list[tuple[str | None, str]]:
    return [(p.field, p.code) for p in read(**lists).problems]


def test_the_example() -> None:
    found = read_directory((FILES / "directory.json").read_bytes(), known, ON, MILESTONES)
    assert (found.read, found.problems) == (17, ())
    assert found.schools[1] == ImportedSchool(
        "6992002", "Bryn Awel Primary School", "primary", "english", "699"
    )
    assert found.agencies[1] == ImportedAgency("ffrind", "Ffrind", None, "third_sector", None)
    assert found.standards == (
        ImportedStandard(
            code="camhs-first",
            service="camhs-7A1",
            start="received",
            stop="first_contact",
            limit=28,
            unit="calendar_days",
            target_percent=80,
            bands=(28, 56),
            legal_route=None,
            effective_from=date(2017, 12, 13),
            effective_to=None,
            source="Senedd, 13 December 2017",
        ),
    )
    assert found.terms[0] == ImportedSchoolTerm(
        "699", date(2025, 9, 1), date(2025, 10, 24), (date(2025, 9, 1),)
    )


def test_a_standard_says_what_becomes_of_its_clock_on_a_transfer() -> None:
    whole = json.loads((FILES / "directory.json").read_bytes())
    whole["standards"][0]["on_transfer"] = "restarts"
    found = read_directory(json.dumps(whole).encode(), known, ON, MILESTONES)
    assert (found.problems, [one.on_transfer for one in found.standards]) == ((), ["restarts"])


def test_every_list_may_be_left_out() -> None:
    found = read()
    assert (found.read, found.problems, found.schools) == (0, (), ())
    assert read(schools=None).problems == ()


@pytest.mark.parametrize(
    ("name", "changes", "field", "code"),
    [
        ("authorities", {"name": ...}, "name", "missing"),
        ("requirements", {"requirements": ["nothing_known"]}, "requirements", "unknown_code"),
        ("single_points_of_access", {"services": "camhs"}, "services", "list_expected"),
        ("single_points_of_access", {"effective_to": "2020-03-31"}, "effective_to", "end_before_start"),
        ("terms_of_reference", {"notice_working_days": -1}, "notice_working_days", "notice_negative"),
        ("people", {"role": "poet"}, "role", "unknown_code"),
        ("people", {"agency": "7A1"}, "school", "one_organisation_expected"),
        ("people", {"school": None}, "school", "one_organisation_expected"),
        ("terms", {"authority": None}, "authority", "one_organisation_expected"),
        ("authorities", {"name": " "}, "name", "missing"),
        ("authorities", {"name": None}, "name", "missing"),
        ("authorities", {"name": ["x"]}, "name", "text_expected"),
        ("authorities", {"name": True}, "name", "text_expected"),
        ("authorities", {"name": "x" * 201}, "name", "too_long"),
        ("authorities", {"name": "half \ud83d"}, "name", "text_characters"),
        ("authorities", {"gss": "W06000099"}, "gss", "unknown_key"),
        ("authorities", {"code": "6 9 9"}, "code", "code_format"),
        ("schools", {"number": "12"}, "number", "school_number_format"),
        ("schools", {"phase": "tertiary"}, "phase", "unknown_code"),
        ("schools", {"language": "cy"}, "language", "unknown_code"),
        ("agencies", {"kind": "bank"}, "kind", "unknown_code"),
        ("services", {"profession": "astrology"}, "profession", "unknown_code"),
        ("services", {"open_from": "1/4/2010"}, "open_from", "date_format"),
        ("services", {"open_from": "2010-02-30"}, "open_from", "date_impossible"),
        ("services", {"open_to": "2010-03-31"}, "open_to", "end_before_start"),
        ("standards", {"start": "born"}, "start", "unknown_milestone"),
        ("standards", {"stop": "received"}, "stop", "start_is_stop"),
        ("standards", {"limit": 0}, "limit", "limit_not_positive"),
        ("standards", {"limit": 27.5}, "limit", "whole_number_expected"),
        ("standards", {"limit": "28"}, "limit", "whole_number_expected"),
        ("standards", {"limit": True}, "limit", "whole_number_expected"),
        ("standards", {"limit": 10**400}, "limit", "limit_not_positive"),
        ("standards", {"unit": "days"}, "unit", "unknown_unit"),
        ("standards", {"target_percent": 101}, "target_percent", "percent_out_of_range"),
        ("standards", {"bands": [56, 28]}, "bands", "bands_not_ascending"),
        ("standards", {"bands": [28, 28]}, "bands", "bands_not_ascending"),
        ("standards", {"bands": [28, "x"]}, "bands[1]", "whole_number_expected"),
        ("standards", {"bands": 28}, "bands", "list_expected"),
        ("standards", {"on_transfer": "stops"}, "on_transfer", "unknown_transfer"),
        ("standards", {"legal_route": "s999"}, "legal_route", "unknown_code"),
        ("standards", {"effective_to": "2017-12-12"}, "effective_to", "end_before_start"),
        ("standards", {"source": ...}, "source", "missing"),
        ("code_tables", {"label": ...}, "label", "missing"),
        ("terms", {"last_day": "2025-08-31", "closed": []}, "last_day", "end_before_start"),
        ("terms", {"closed": ["2025-09-01", "soon"]}, "closed[1]", "date_format"),
        ("terms", {"closed": ["2025-12-25"]}, "closed[0]", "closed_day_outside_term"),
    ],
)
def test_what_keeps_an_object_out(name: str, changes: dict[str, Any], field: str, code: str) -> None:
    found = read(**{name: [changed(name, **changes)]})
    assert [(p.field, p.code) for p in found.problems] == [(f"{name}[0].{field}", code)]
    assert getattr(found, name) == ()


def test_the_sound_objects_of_a_list_are_kept() -> None:
    found = read(schools=[changed("schools", phase="x y"), WHOLE["schools"][1], 5])
    assert [school.number for school in found.schools] == ["6992002"]
    assert [(p.field, p.code) for p in found.problems] == [
        ("schools[2]", "not_an_object"),
        ("schools[0].phase", "unknown_code"),
    ]


def test_keys_nobody_knows() -> None:
    assert wrong(schoools=[]) == [("schoools", "unknown_key")]
    assert wrong(persons=[{"name": "A"}]) == [("persons", "unknown_key")]
    assert wrong(schools={}) == [("schools", "list_expected")]


def test_a_code_past_its_end_warns_and_one_the_file_brings_is_known() -> None:
    assert [
        (p.code, p.severity) for p in read(services=[changed("services", profession="trac")]).problems
    ] == [("code_ended", "warning")]
    brought = changed("code_tables", table="profession", code="astrology")
    service = changed("services", profession="astrology")
    assert len(read(code_tables=[brought], services=[service]).services) == 1


def test_duplicates_in_the_file() -> None:
    found = read(**{name: [WHOLE[name][0], WHOLE[name][0]] for name in LISTS if name != "terms"})
    assert [(p.field, p.facts["first"]) for p in found.problems] == [
        ("authorities[1].code", "authorities[0]"),
        ("schools[1].number", "schools[0]"),
        ("agencies[1].code", "agencies[0]"),
        ("services[1].code", "services[0]"),
        ("standards[1].service", "standards[0]"),
        ("statutory_standards[1].code", "statutory_standards[0]"),
        ("code_tables[1].table", "code_tables[0]"),
        ("requirements[1].service", "requirements[0]"),
        ("mailboxes[1].service", "mailboxes[0]"),
        ("single_points_of_access[1].service", "single_points_of_access[0]"),
        ("terms_of_reference[1].service", "terms_of_reference[0]"),
        ("programmes[1].authority", "programmes[0]"),
        ("people[1].name", "people[0]"),
    ]
    assert len(found.schools) == 1


def test_two_versions_of_a_standard_are_not_duplicates() -> None:
    versions = [
        changed("standards", effective_to="2020-03-31"),
        changed("standards", effective_from="2020-04-01"),
    ]
    assert read(standards=versions).problems == ()


def test_terms_of_one_authority_do_not_overlap() -> None:
    later = {"authority": "699", "first_day": "2025-10-24", "last_day": "2025-11-02"}
    assert wrong(terms=[WHOLE["terms"][0], later]) == [("terms[1].first_day", "terms_overlap")]
    assert wrong(terms=[WHOLE["terms"][0], later | {"authority": "698"}]) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"{", "json_malformed"),
        (b"[]", "not_an_object"),
        (b'{"schools": [], "schools": []}', "json_duplicate_key"),
        (b'{"standards": [{"limit": NaN}]}', "json_malformed"),
        (b"[" * 200_000, "json_malformed"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "json_malformed"),
        ('{"schools": "é"}'.encode("latin-1"), "encoding_unknown"),
        (b'{"a": "' + b"x" * 2_000 + b'"}', "file_too_large"),
    ],
)
def test_files_that_are_not_read(data: bytes, code: str) -> None:
    limits = FileLimits(file_bytes=1_000) if code == "file_too_large" else FileLimits()
    with pytest.raises(Refusal, match=code):
        read_directory(data, known, ON, limits=limits)


def test_a_byte_order_mark_is_no_matter() -> None:
    data = b"\xef\xbb\xbf" + (FILES / "directory.json").read_bytes()
    assert read_directory(data, known, ON).problems == ()


keys = sorted({key for objects in WHOLE.values() for one in objects for key in one})
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(max_size=8)
    | st.sampled_from(["2025-01-01", "699", "weeks", "received"]),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.sampled_from(keys), deeper, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(LISTS)) | st.text(max_size=3), values))
def test_no_json_crashes_it(whole: dict[str, Any]) -> None:
    found = read(**whole)
    for problem in found.problems:
        (problem.field or "").encode()
        assert problem.code.islower()


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_it(data: bytes) -> None:
    try:
        read_directory(data, known, ON)
    except Refusal as refusal:
        assert refusal.code.islower()


@settings(deadline=None)
@given(st.data())
def test_an_object_with_one_value_changed_is_taken_or_refused_by_path(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(LISTS)))
    key = data.draw(st.sampled_from(sorted(WHOLE[name][0])))
    found = read(**{name: [changed(name, **{key: data.draw(values)})]})
    errors = [p for p in found.problems if p.severity == "error"]
    assert bool(errors) is not bool(getattr(found, name))
    assert all((p.field or "").startswith(f"{name}[0].") for p in errors)
