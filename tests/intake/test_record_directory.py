"""Directory files recorded through the real decisions on a real database."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from coordination.directory.codes import initial
from coordination.errors import Refusal
from coordination.intake.recording.directory import record_directory
from coordination.intake.recording.outcomes import ImportResult
from coordination.service import Coordination
from tests.intake.recorded import NOW, ON, told, words
from tests.intake.samples import FILES

LATER = NOW + timedelta(days=30)


def whole(**changes: Any) -> dict[str, Any]:
    """The sample file with other lists."""
    file: dict[str, Any] = json.loads((FILES / "directory.json").read_text())
    return file | changes


def take(service: Coordination, file: dict[str, Any] | None = None, **how: Any) -> ImportResult:
    data = json.dumps(whole() if file is None else file).encode()
    return record_directory(service, data, now=how.pop("now", NOW), **how)


def test_a_first_directory_brings_the_code_tables_with_it(service: Coordination) -> None:
    result = take(service)
    # the statutory time limits are there from the start: the file changes one
    assert (sorted(words(result), reverse=True), result.status) == (["new"] * 16 + ["changed"], 0)
    directory = service.directory()
    assert all(directory.knows(code.table, code.code) for code in initial())
    assert directory.code("provision", "statement", ON) == "ended"
    assert directory.code("need", "FASD", ON) == "current"
    authority = directory.by_code("authority", "699")
    assert authority is not None
    assert [one.needs for one in authority.programmes["read-5"]] == [("FASD",)]
    school = directory.by_code("school", "6992002")
    assert school is not None
    assert (school.name, school.phase, school.language) == ("Bryn Awel Primary School", "primary", "english")
    service_ = directory.service_by_code("camhs-7A1")
    assert service_ is not None
    standard = directory.standard(service_.id, "camhs-first", ON)
    assert standard is not None
    assert (standard.start, standard.stop, standard.limit, standard.bands) == (
        "received",
        "first_contact",
        28,
        (28, 56),
    )


def test_what_services_ask_for_terms_and_people_come_with_it(service: Coordination) -> None:
    take(service)
    directory = service.directory()
    camhs, school = directory.service_by_code("camhs-7A1"), directory.by_code("school", "6994001")
    assert camhs is not None
    assert school is not None
    assert camhs.asks_for(ON) == ("parents_view", "childs_view")
    agency = directory.organisation(camhs.agency)
    assert agency is not None
    assert [(t.school, t.meetings, t.notice_working_days) for t in agency.terms.values()] == [
        (school.id, "hwb", 10)
    ]
    assert {a.role for held in school.people.values() for a in held} == {"alnco"}
    assert {(a.role, a.service) for held in agency.people.values() for a in held} == {("clinician", camhs.id)}


def test_a_school_may_keep_a_term_of_its_own(service: Coordination) -> None:
    own = {"school": "6994001", "first_day": "2025-09-08", "last_day": "2025-10-24"}
    file = whole()
    take(service, file | {"terms": [*file["terms"], own]})
    directory = service.directory()
    school, other = directory.by_code("school", "6994001"), directory.by_code("school", "6992002")
    assert school is not None
    assert other is not None
    assert date(2025, 9, 8) in {t.first_day for t in directory.school_terms(school.id)}
    assert date(2025, 9, 8) not in {t.first_day for t in directory.school_terms(other.id)}


def test_a_hole_in_the_terms_is_a_warning_whenever_the_file_is_read(service: Coordination) -> None:
    authority = whole()["terms"][0]["authority"]
    terms = [
        {"authority": authority, "first_day": first, "last_day": last}
        for first, last in (
            ("2031-09-01", "2031-10-24"),
            ("2032-01-05", "2032-03-26"),
            ("2032-04-12", "2032-07-20"),
        )
    ]
    for _ in range(2):
        result = take(service, whole(terms=terms))
        (hole,) = [
            (outcome.place, problem.field, problem.severity, problem.facts)
            for outcome in result.outcomes
            for problem in outcome.problems
            if problem.code == "terms_have_hole"
        ]
        assert hole == (
            "terms[0]",
            "terms[0].last_day",
            "warning",
            {"after": date(2031, 10, 24), "before": date(2032, 1, 5)},
        )
        assert result.status == 0


@pytest.mark.parametrize(
    ("name", "item", "code"),
    [
        ("requirements", {"service": "none", "requirements": []}, "unknown_service"),
        (
            "terms_of_reference",
            {
                "service": "camhs-7A1",
                "school": "6999999",
                "notice_working_days": 5,
                "effective_from": "2026-01-01",
            },
            "unknown_school",
        ),
        ("people", {"name": "Neb", "role": "head", "school": "6999999"}, "unknown_school"),
        (
            "people",
            {"name": "Neb", "role": "clinician", "agency": "ffrind", "service": "camhs-7A1"},
            "unknown_service",
        ),
    ],
)
def test_what_refers_to_nothing_is_refused_alone(
    service: Coordination, name: str, item: dict[str, Any], code: str
) -> None:
    file = whole()
    result = take(service, file | {name: [*file.get(name, []), item]})
    assert [p.code for o in result.outcomes for p in o.problems if p.severity == "error"] == [code]
    assert result.status == 2


def test_a_preview_writes_nothing_and_says_the_same(service: Coordination) -> None:
    preview = take(service, preview=True)
    assert service.record.last_position() == 0
    assert preview == take(service)


def test_the_same_again_appends_nothing(service: Coordination) -> None:
    take(service)
    before = service.record.last_position()
    assert set(words(take(service, now=LATER))) == {"unchanged"}
    assert service.record.last_position() == before


def test_changes_are_dated_from_the_day_of_the_import(service: Coordination) -> None:
    take(service)
    file = whole()
    file["schools"][1]["name"] = "Ysgol Bryn Awel"
    file["services"][0]["open_to"] = "2026-08-31"
    file["standards"][0]["limit"] = 35
    result = take(service, file, now=LATER)
    changed = {o.place: o.what for o in result.outcomes if o.word == "changed"}
    assert changed == {
        "schools[1]": ("name",),
        "services[0]": ("open_to",),
        "standards[0]": ("standard",),
    }
    school = service.directory().by_code("school", "6992002")
    assert school is not None
    assert school.on(ON).name == "Bryn Awel Primary School"
    assert school.on(date(2026, 4, 1)).name == "Ysgol Bryn Awel"
    assert set(words(take(service, file, now=LATER))) == {"unchanged"}


def test_a_name_may_come_back(service: Coordination) -> None:
    for days, name in enumerate(("A", "B", "A", "B")):
        file = whole()
        file["schools"][1]["name"] = name
        take(service, file, now=NOW + timedelta(days=days))
        school = service.directory().by_code("school", "6992002")
        assert school is not None
        assert school.name == name


def test_a_later_version_of_a_standard_ends_the_earlier(service: Coordination) -> None:
    take(service)
    later = whole()["standards"][0] | {"limit": 21, "effective_from": "2026-04-01"}
    assert words(take(service, {"standards": [later]})) == ["changed"]
    directory = service.directory()
    found = directory.service_by_code("camhs-7A1")
    assert found is not None
    versions = [(v.limit, v.effective_to) for v in directory.standards_of(found.id)]
    assert versions == [(28, date(2026, 3, 31)), (21, None)]
    assert set(words(take(service, whole(standards=[*whole()["standards"], later])))) == {"unchanged"}


def test_what_the_file_has_no_key_for_stays(county: Coordination) -> None:
    """The small county's education service belongs to its authority, of which a file says nothing."""
    agency = {"code": "EDUCATION", "name": "Dyffryn Education", "kind": "la_education"}
    assert words(take(county, {"agencies": [agency]})) == ["unchanged"]
    service_ = {"code": "EPS", "agency": "EDUCATION", "profession": "educational_psychology"}
    assert words(take(county, {"services": [service_]})) == ["unchanged"]


def test_a_service_without_a_first_day_was_always_open(service: Coordination) -> None:
    file = whole()
    file["services"][0]["open_from"] = None
    take(service, file)
    found = service.directory().service_by_code("camhs-7A1")
    assert found is not None
    assert found.is_open(date(2003, 1, 1))


def test_an_object_is_refused_by_itself_with_all_that_hangs_on_it(service: Coordination) -> None:
    file = whole()
    file["agencies"][0]["kind"] = "wizards"
    result = take(service, file)
    assert result.status == 2
    assert told(result) == [
        ("agencies[0]", "agencies[0].kind", "unknown_code"),
        ("services[0]", "services[0].agency", "unknown_agency"),
        ("standards[0]", "standards[0].service", "unknown_service"),
        ("requirements[0]", "requirements[0].service", "unknown_service"),
        ("mailboxes[0]", "mailboxes[0].service", "unknown_service"),
        ("terms_of_reference[0]", "terms_of_reference[0].service", "unknown_service"),
        ("people[1]", "people[1].agency", "unknown_agency"),
    ]
    assert service.directory().by_code("agency", "ffrind") is not None


def test_paths_count_refused_objects_too(service: Coordination) -> None:
    file = whole()
    bad = {**file["schools"][0], "phase": "castle"}
    orphan = {**file["schools"][1], "authority": "123"}
    result = take(service, whole(schools=[bad, file["schools"][1], 7, orphan, file["schools"][0]]))
    of_schools = {o.place: o.word for o in result.outcomes if str(o.place).startswith("schools")}
    assert of_schools == {
        "schools[0]": "refused",
        "schools[1]": "new",
        "schools[2]": "refused",
        "schools[3]": "refused",
        "schools[4]": "refused",  # the same number as the first, at fault or not
    }


def test_a_key_that_is_not_known_is_said(service: Coordination) -> None:
    result = take(service, whole(school=[]))
    assert told(result) == [("school", "school", "unknown_key")]
    assert result.status == 2


def test_where_every_object_is_refused_nothing_is_written(service: Coordination) -> None:
    result = take(service, {"schools": [{"number": "1"}]})
    assert result.status == 1
    assert service.record.last_position() == 0


def test_a_file_that_is_no_json_is_refused_whole(service: Coordination) -> None:
    with pytest.raises(Refusal) as refusal:
        record_directory(service, b"{", now=NOW)
    assert refusal.value.code == "json_malformed"
    assert service.record.last_position() == 0
