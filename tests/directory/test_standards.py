from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from coordination.directory.codes import standard_templates, templates_for
from coordination.directory.decide import EndStandard, SetStandard
from coordination.directory.decisions.standards import decide_end_standard, decide_set_standard
from coordination.directory.events import StandardEnded, StandardSet
from tests.directory.county import BOARD, CAMHS, TODAY, TYWYN, county, first_appointment
from tests.given import header


def recorded(command: SetStandard, effective_to: date | None = None) -> StandardSet:
    return StandardSet(
        header=header(),
        code=command.code,
        service=command.service,
        start=command.start,
        stop=command.stop,
        limit=command.limit,
        unit=command.unit,
        target_percent=command.target_percent,
        bands=command.bands,
        legal_route=command.legal_route,
        effective_from=command.effective_from,
        effective_to=effective_to,
        source=command.source,
        on_transfer=command.on_transfer,
    )


def ended(effective_from: date, effective_to: date) -> StandardEnded:
    return StandardEnded(
        header=header(),
        code="first_appointment",
        service=CAMHS,
        effective_from=effective_from,
        effective_to=effective_to,
    )


def test_a_standard_is_set_and_set_again_is_nothing_new() -> None:
    here = county()
    here.given(BOARD).when(decide_set_standard, first_appointment(), here.world).then(
        [recorded(first_appointment())]
    )
    here.does(first_appointment())
    here.given(BOARD).when(decide_set_standard, first_appointment(), here.world).then([])


def test_a_later_version_ends_the_earlier_one_the_day_before() -> None:
    here = county(first_appointment())
    later = first_appointment(limit=42, bands=(42,), effective_from=date(2024, 4, 1))
    here.given(BOARD).when(decide_set_standard, later, here.world).then(
        [ended(date(2018, 1, 1), date(2024, 3, 31)), recorded(later)]
    )
    here.does(later)
    found = [
        here.directory.standard(CAMHS, "first_appointment", day)
        for day in (date(2017, 12, 31), date(2024, 3, 31), date(2024, 4, 1))
    ]
    assert [s and s.limit for s in found] == [None, 28, 42]


def test_a_file_with_both_versions_changes_nothing_the_second_time() -> None:
    file = [first_appointment(), first_appointment(limit=42, effective_from=date(2024, 4, 1))]
    here = county(*file)
    assert [here.does(command) for command in file] == [[], []]


def test_an_earlier_version_recorded_late_ends_where_the_later_begins() -> None:
    here = county(first_appointment())
    earlier = first_appointment(limit=56, bands=(56,), effective_from=date(2014, 1, 1))
    here.given(BOARD).when(decide_set_standard, earlier, here.world).then(
        [recorded(earlier, effective_to=date(2017, 12, 31))]
    )


def test_the_same_first_day_puts_a_version_right() -> None:
    here = county(first_appointment())
    right = first_appointment(limit=27)
    here.given(BOARD).when(decide_set_standard, right, here.world).then([recorded(right)])
    here.does(right)
    assert [s.limit for s in here.directory.standards_of(CAMHS)] == [27]


def test_without_a_code_the_services_first_standard_in_force_is_meant() -> None:
    second = first_appointment(code="treatment", start="assessed", stop="treatment_started")
    here = county(first_appointment(effective_to=date(2024, 12, 31)), second)
    on = [here.directory.standard(CAMHS, None, day) for day in (date(2020, 1, 1), date(2025, 1, 1))]
    assert [s and s.code for s in on] == ["first_appointment", "treatment"]
    assert here.directory.standard(UUID(int=404), None, TODAY) is None


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": ""}, "cannot_be_empty", "code"),
        ({"source": " "}, "cannot_be_empty", "source"),
        ({"start": "arrived"}, "unknown_milestone", "start"),
        ({"stop": "cured"}, "unknown_milestone", "stop"),
        ({"stop": "received"}, "start_is_stop", "stop"),
        ({"unit": "fortnights"}, "unknown_unit", "unit"),
        ({"on_transfer": "stops"}, "unknown_transfer", "on_transfer"),
        ({"limit": 0}, "limit_not_positive", "limit"),
        ({"target_percent": 101}, "percent_out_of_range", "target_percent"),
        ({"target_percent": 0}, "percent_out_of_range", "target_percent"),
        ({"bands": (56, 28)}, "bands_not_ascending", "bands"),
        ({"bands": (28, 28)}, "bands_not_ascending", "bands"),
        ({"bands": (0, 28)}, "bands_not_ascending", "bands"),
        ({"legal_route": "s99"}, "unknown_code", "legal_route"),
        ({"effective_to": date(2017, 12, 31)}, "end_before_start", "effective_to"),
        ({"service": UUID(int=404)}, "unknown_service", "service"),
    ],
)
def test_what_is_not_a_standard(changes: dict[str, object], code: str, field: str) -> None:
    here = county()
    command = first_appointment(**changes)
    here.given(BOARD).when(decide_set_standard, command, here.world).refused(code, field)


def test_only_an_agency_has_standards() -> None:
    here = county()
    command = first_appointment(organisation=TYWYN)
    here.given(TYWYN).when(decide_set_standard, command, here.world).refused("wrong_kind")


def end(on: date, code: str = "first_appointment") -> EndStandard:
    return EndStandard(occurred_on=TODAY, organisation=BOARD, service=CAMHS, code=code, effective_to=on)


def test_a_standard_ends() -> None:
    here = county(first_appointment())
    here.given(BOARD).when(decide_end_standard, end(TODAY), here.world).then([ended(date(2018, 1, 1), TODAY)])
    here.does(end(TODAY))
    here.given(BOARD).when(decide_end_standard, end(TODAY), here.world).then([])
    assert here.directory.standard(CAMHS, "first_appointment", date(2026, 3, 3)) is None


@pytest.mark.parametrize(
    "command", [end(date(2017, 12, 31)), end(TODAY, code="treatment")], ids=["before it began", "another"]
)
def test_what_is_not_in_force_does_not_end(command: EndStandard) -> None:
    here = county(first_appointment())
    here.given(BOARD).when(decide_end_standard, command, here.world).refused("not_in_force", "effective_to")


@pytest.mark.parametrize("template", standard_templates(), ids=lambda t: t.code)
def test_every_template_can_be_adopted_as_it_stands(template: object) -> None:
    here = county()
    adopt = template.adopted(BOARD, CAMHS, TODAY)  # type: ignore[attr-defined]
    (event,) = here.given(BOARD).when(decide_set_standard, adopt, here.world).happened(StandardSet)
    kept = msgspec.structs.asdict(event)
    assert {name: kept[name] for name in ("limit", "unit", "source")} == {
        name: getattr(template, name) for name in ("limit", "unit", "source")
    }
    for profession in template.professions:  # type: ignore[attr-defined]
        assert here.directory.knows("profession", profession)


def test_camhs_comes_with_its_first_appointment_standard_first() -> None:
    first = templates_for("camhs")[0]
    assert (first.start, first.stop, first.limit, first.target_percent) == (
        "received",
        "first_contact",
        28,
        80,
    )


def test_the_neurodevelopmental_clock_is_the_services_own_and_stops_at_the_first_contact() -> None:
    """NHS Wales Data Dictionary: from its own receipt to the first attendance; bands of 84, 126, 182, 252, 364 days."""
    [template] = [t for t in standard_templates() if t.code == "neurodevelopment_assessment"]
    said = (template.start, template.stop, template.on_transfer, template.unit, template.bands)
    assert said == ("received", "first_contact", "restarts", "weeks", (12, 18, 26, 36, 52))
    assert {t.on_transfer for t in standard_templates() if t is not template} == {"continues"}


def test_what_becomes_of_a_clock_on_a_transfer_is_a_dated_setting() -> None:
    here = county(first_appointment())
    later = first_appointment(on_transfer="restarts", effective_from=date(2024, 4, 1))
    here.given(BOARD).when(decide_set_standard, later, here.world).then(
        [ended(date(2018, 1, 1), date(2024, 3, 31)), recorded(later)]
    )
    here.does(later)
    found = [
        here.directory.standard(CAMHS, "first_appointment", on)
        for on in (date(2024, 3, 31), date(2024, 4, 1))
    ]
    assert [one.on_transfer for one in found if one is not None] == ["continues", "restarts"]
