"""`cydlynu report survival`: the curves of waits that went in through the real command, as lifelines draws them.

Each small data set of lifelines is the waits of a service of its own; its subjects are pupils. Who was observed to the
event is seen on that day, who was censored is withdrawn or still waits. Times with fractions are taken as whole days of
a finer unit, on both sides.
"""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest

from tests.intake.recorded import history
from tests.intake.samples import pupil, sheet, upn
from tests.scripts.conftest import Cydlynu

pytestmark = pytest.mark.slow

DAY0 = date(2017, 1, 2)
COMES = date(2020, 6, 1)
EXACT = 1e-9


class Subjects(NamedTuple):
    """A data set: the whole days of each subject, and whether the event was observed."""

    name: str
    days: list[int]
    observed: list[bool]


SETS: dict[str, tuple[str, str, float]] = {
    "load_g3": ("time", "event", 1),
    "load_holly_molly_polly": ("Stop(days)", "Status", 1),
    "load_larynx": ("time", "death", 10),
    "load_leukemia": ("t", "status", 1),
    "load_lung": ("time", "status", 1),
    "load_lymphoma": ("Time", "Censor", 1),
    "load_psychiatric_patients": ("T", "C", 1),
    "load_regression_dataset": ("T", "E", 10),
    "load_rossi": ("week", "arrest", 1),
    "load_static_test": ("t", "E", 1),
    "load_waltons": ("T", "E", 1),
}
"""The loaders of the small data sets (up to 500 subjects): the columns of time and event, and the days of a unit."""

LEFT_OUT = {
    # more than 500 subjects; test_against_lifelines has a thousand data sets of every size
    *(
        "load_canadian_senators",
        "load_dd",
        "load_gbsg2",
        "load_kidney_transplant",
        "load_lymph_node",
        "load_recur",
    ),
    # no time from an entry to an event: bounds of intervals, left-censored measurements, several rows for a subject
    *("load_c_botulinum_lag_phase", "load_diabetes", "load_mice", "load_lcd", "load_nh4"),
    *("load_dfcv", "load_panel_test", "load_stanford_heart_transplants"),
    # dates of months only
    "load_lupus",
}


@cache
def subjects() -> tuple[Subjects, ...]:
    from lifelines import datasets

    loaders = {name for name in dir(datasets) if name.startswith("load_")} - {"load_dataset"}
    taken_over = {"load_multicenter_aids_cohort_study"}
    assert loaders - LEFT_OUT - taken_over - set(SETS) == set(), "a data set is neither compared nor left out"
    found = []
    for name, (time, event, unit) in SETS.items():
        table = getattr(datasets, name)()
        days = [max(0, round(float(each) * unit)) for each in table[time]]
        found.append(Subjects(name.removeprefix("load_"), days, [bool(each) for each in table[event]]))
    return tuple(found)


@cache
def taken_over() -> list[tuple[int, int, bool]]:
    """A left-truncated data set: since when each subject was observed, until when, and whether to the event."""
    from lifelines.datasets import load_multicenter_aids_cohort_study

    table = load_multicenter_aids_cohort_study()
    return [
        (round(w * 100), round(t * 100), bool(d))
        for w, t, d in zip(table["W"], table["T"], table["D"], strict=True)
    ]


def directory(codes: list[str]) -> dict[str, Any]:
    standard = {
        "code": "first", "start": "received", "stop": "first_contact", "limit": 28, "unit": "calendar_days",
        "target_percent": 80, "bands": [28, 56], "effective_from": "2000-01-01", "source": "test",
    }  # fmt: skip
    return {
        "authorities": [{"code": "699", "name": "Dyffryn"}],
        "schools": [
            {
                "number": "6994001",
                "name": "School",
                "phase": "secondary",
                "language": "welsh",
                "authority": "699",
            }
        ],
        "agencies": [{"code": "BOARD", "name": "Board", "kind": "local_health_board", "ods_code": "7X9"}],
        "services": [{"code": code, "agency": "BOARD", "profession": "camhs"} for code in codes],
        "standards": [standard | {"service": code} for code in codes],
    }


def code_of(number: int) -> str:
    return f"SET{number}"


def said(ref: str, number: int, event: str, day: int, code: str, since: date = DAY0) -> tuple[str, ...]:
    return (ref, upn(number), event, (since + timedelta(days=day)).isoformat(), "", code)


def rows() -> Iterator[tuple[str, ...]]:
    """The subjects, and those taken over: they wait at one service until they come to the other on one day."""
    for number, each in enumerate(subjects()):
        for subject, (days, observed) in enumerate(zip(each.days, each.observed, strict=True)):
            ref = f"{code_of(number)}/{subject}"
            yield said(ref, subject, "received", 0, code_of(number))
            yield said(ref, subject, "first_contact" if observed else "withdrawn", days, code_of(number))
    for subject, (entered, days, observed) in enumerate(taken_over()):
        ref, began = f"TO/{subject}", COMES - timedelta(days=entered)
        yield said(ref, subject, "received", 0, "FROM", began)
        yield (*said(ref, subject, "redirected", entered, "FROM", began)[:4], "TO", "FROM")
        yield said(ref, subject, "first_contact" if observed else "withdrawn", days, "FROM", began)


@pytest.fixture
def filled(cydlynu: Cydlynu) -> Cydlynu:
    """The subjects of all data sets on the record."""
    codes = [*(code_of(number) for number in range(len(subjects()))), "FROM", "TO"]
    cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(directory(codes))))
    most = max(len(each.days) for each in subjects())
    pupils = [pupil(upn=upn(number)) for number in range(most)]
    assert cydlynu("import", "pupils", cydlynu.file("p.csv", sheet(pupils))).status == 0
    taken = cydlynu("import", "referrals", cydlynu.file("r.csv", history(rows())), "--quiet")
    assert (taken.status, taken.err) == (0, "")
    return cydlynu


def survival(cydlynu: Cydlynu, code: str, *arguments: object) -> Any:
    printed = cydlynu("report", "survival", "--service", code, "--format", "json", *arguments)
    assert printed.status == 0, printed.err
    return printed.json


def assert_drawn_as_by_lifelines(
    group: Any, days: list[int], observed: list[bool], entry: list[float] | None = None
) -> None:
    from lifelines import KaplanMeierFitter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter().fit(days, observed, entry=entry)
    bands = theirs.confidence_interval_
    expected = {
        day: (share, bands.iloc[row, 0], bands.iloc[row, 1])
        for row, (day, share) in enumerate(theirs.survival_function_.iloc[:, 0].items())
        if day >= 0 and day == int(day)
    }
    assert {point[0] for point in group["curve"]} - {0} == set(expected) - {0}
    for day, *ours in group["curve"]:
        if day in expected:
            assert ours == pytest.approx(expected[day], abs=EXACT, rel=0), day
    median = theirs.median_survival_time_
    assert group["median_days"] == (None if median == float("inf") else median)


def test_every_small_data_set_gives_the_curve_that_lifelines_gives(filled: Cydlynu) -> None:
    for number, each in enumerate(subjects()):
        [group] = survival(filled, code_of(number), "--by-entry", "year")["groups"]
        assert (group["key"], group["n"]) == ("2017", len(each.days)), each.name
        assert_drawn_as_by_lifelines(group, each.days, each.observed)
        assert group["ended"]["stopped"] == sum(each.observed)
        assert group["ended"]["withdrawn"] == len(each.days) - sum(each.observed)
        assert group["waiting"] == group["uncountable"] == 0
    # those taken over: lifelines takes nobody as at risk on the day of entry, here they are
    [group] = survival(filled, "TO", "--by-entry", "month")["groups"]
    assert (group["key"], group["n"]) == ("2020-06", len(taken_over()))
    entered, days, observed = zip(*taken_over(), strict=True)
    assert_drawn_as_by_lifelines(group, list(days), list(observed), [each - 0.5 for each in entered])
    # where they came from, each is passed on; none is seen
    left = survival(filled, "FROM", "--by-entry", "year")["groups"]
    assert sum(each["ended"]["passed_on"] for each in left) == len(taken_over())
    assert {each["median_days"] for each in left} == {None}


@pytest.fixture
def changed(cydlynu: Cydlynu) -> Cydlynu:
    """Three enter in March 2025 under the first version of the standard, one on its last day; one under the next."""
    whole = directory(["CAMHS"])
    [first] = whole["standards"]
    changed = {"limit": 14, "unit": "weeks", "bands": [14], "effective_from": "2025-03-20"}
    whole["standards"] = [first | {"effective_to": "2025-03-19"}, first | changed]
    cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(whole)))
    cydlynu("import", "pupils", cydlynu.file("p.csv", sheet([pupil(upn=upn(number)) for number in range(6)])))
    told = [
        ("A", 0, (("received", "2025-03-03"), ("first_contact", "2025-03-13"))),
        ("B", 1, (("received", "2025-03-03"), ("first_contact", "2025-03-23"))),
        ("C", 2, (("received", "2025-03-19"), ("withdrawn", "2025-03-24"))),
        ("D", 3, (("received", "2025-03-20"),)),
        ("E", 4, (("received", "2025-04-01"), ("declined", "2025-04-08"))),
    ]
    lines = [(ref, upn(number), event, on) for ref, number, events in told for event, on in events]
    taken = cydlynu("import", "referrals", cydlynu.file("r.csv", history(lines)), "--quiet")
    assert (taken.status, taken.err) == (0, "")
    return cydlynu


def test_the_groups_of_a_report(changed: Cydlynu) -> None:
    found = survival(changed, "CAMHS")
    march, changed_in_march, april = found["groups"]
    assert [(group["key"], group["version"], group["unit"]) for group in found["groups"]] == [
        ("2025-03", "2000-01-01", "calendar_days"),
        ("2025-03", "2025-03-20", "weeks"),
        ("2025-04", "2025-03-20", "weeks"),
    ]
    assert march["curve"][0] == [0, 1.0, 1.0, 1.0]
    assert [(day, round(share, 9)) for day, share, *_ in march["curve"]] == [
        (0, 1),
        (5, 1),
        (10, 0.5),
        (20, 0),
    ]
    assert (march["n"], march["median_days"], march["at_risk"]) == (3, 10, [3, 3, 2, 1])
    assert march["ended"] == {
        "stopped": 2, "passed_on": 0, "declined": 0, "advice_given": 0, "withdrawn": 1, "discharged": 0,
        "place_ended": 0, "moved_away": 0, "aged_out": 0,
    }  # fmt: skip
    # of all endings competing a third each: the withdrawn one cannot be seen any more
    assert march["incidence"]["withdrawn"] == [[5, pytest.approx(1 / 3)]]
    assert march["incidence"]["stopped"] == [[10, pytest.approx(1 / 3)], [20, pytest.approx(2 / 3)]]
    assert (changed_in_march["n"], changed_in_march["waiting"], changed_in_march["median_days"]) == (
        1,
        1,
        None,
    )
    assert april["ended"]["declined"] == 1
    assert found["confidence"] == 0.95


def test_the_days_and_the_forms_of_a_report(changed: Cydlynu) -> None:
    on_day_15 = survival(changed, "CAMHS", "--as-of", "2025-03-18", "--by-entry", "year")["groups"]
    assert [
        (group["key"], group["n"], group["ended"]["stopped"], group["waiting"]) for group in on_day_15
    ] == [("2025", 2, 1, 1)]
    assert on_day_15[0]["curve"][-1][:2] == [15, 0.5]
    later = survival(changed, "CAMHS", "--from", "2025-03-20", "--to", "2025-03-31")["groups"]
    assert [(group["key"], group["n"]) for group in later] == [("2025-03", 1)]
    assert survival(changed, "CAMHS", "--from", "2025-05-01")["groups"] == []
    assert survival(changed, "CAMHS", "--at", "1")["groups"] == []

    table = changed("report", "survival", "--service", "CAMHS")
    assert table.status == 0
    assert "2025-03  2000-01-01" in table.out
    listed = list(
        csv.DictReader(
            io.StringIO(changed("report", "survival", "--service", "CAMHS", "--format", "csv").out)
        )
    )
    assert [(line["entry"], line["n"], line["median_days"], line["stopped"]) for line in listed] == [
        ("2025-03", "3", "10", "2"), ("2025-03", "1", "", "0"), ("2025-04", "1", "", "0")
    ]  # fmt: skip
    found = survival(changed, "CAMHS")
    assert changed("report", "replay", found["stamp"]).json == found
    assert changed("report", "survival", "--service", "NOBODY").status != 0


def test_waits_that_pause_or_cannot_be_counted(cydlynu: Cydlynu) -> None:
    """A wait that was withdrawn and goes on; one in school days without terms; one that was never received."""
    whole = directory(["CAMHS", "SCHOOL"])
    whole["standards"][1] |= {"unit": "school_days", "start": "submitted"}
    cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(whole)))
    cydlynu("import", "pupils", cydlynu.file("p.csv", sheet([pupil(upn=upn(number)) for number in range(4)])))
    told = [
        ("A", 0, "CAMHS", (("received", "2025-01-06"), ("withdrawn", "2025-01-16"), ("reopened", "2025-02-05"),
                           ("first_contact", "2025-02-15"))),
        ("B", 1, "SCHOOL", (("submitted", "2025-01-06"), ("first_contact", "2025-01-20"))),
        ("C", 2, "CAMHS", (("submitted", "2025-01-06"),)),
    ]  # fmt: skip
    lines = [
        (ref, upn(number), event, on, "", code) for ref, number, code, events in told for event, on in events
    ]
    taken = cydlynu("import", "referrals", cydlynu.file("r.csv", history(lines)), "--quiet")
    assert (taken.status, taken.err) == (0, "")

    def of(code: str, *arguments: object) -> Any:
        [group] = survival(cydlynu, code, *arguments)["groups"]
        return group

    # the days between stay in the unadjusted days; on a day between, it has ended
    assert [(day, share) for day, share, *_ in of("CAMHS")["curve"]] == [(0, 1), (40, 0)]
    between = of("CAMHS", "--as-of", "2025-01-20")
    assert (between["ended"]["withdrawn"], between["waiting"], between["curve"][-1][0]) == (1, 0, 10)
    again = of("CAMHS", "--as-of", "2025-02-10")
    assert (again["ended"]["withdrawn"], again["waiting"], again["curve"][-1][0]) == (0, 1, 35)
    assert (of("SCHOOL")["n"], of("SCHOOL")["uncountable"], of("SCHOOL")["curve"]) == (0, 1, [[0, 1, 1, 1]])
    unreceived = of("CAMHS", "--standard", "not_received", "--as-of", "2025-01-31")
    assert (unreceived["version"], unreceived["n"], unreceived["waiting"], unreceived["median_days"]) == (
        None, 1, 1, None
    )  # fmt: skip
    tomorrow = cydlynu("report", "survival", "--service", "CAMHS", "--as-of", "2026-03-03")
    assert "is in the future" in tomorrow.err
    backwards = cydlynu(
        *("report", "survival", "--service", "CAMHS", "--from", "2025-02-01", "--to", "2025-01-01")
    )
    assert backwards.status != 0


def test_control_charts_by_command(changed: Cydlynu) -> None:
    """One month with two waits under the first version, of 10 and 20 days; the median is 15, both within 28 days."""
    asked = ("report", "control-charts", "--service", "CAMHS", "--from", "2025-03-01")
    printed = changed(*asked, "--format", "json")
    assert printed.status == 0, printed.err
    [chart] = printed.json["charts"]
    assert (chart["version"]["version"], chart["counts"]) == ("2000-01-01", [2])
    [point] = chart["median"]["points"]
    assert (point["on"], point["value"], point["lower"], point["signals"]) == ("2025-03-01", 15, None, [])
    assert chart["within"]["points"][0]["value"] == 100
    assert changed("report", "replay", printed.json["stamp"]).json == printed.json
    assert "percent_within_standard  2000-01-01  2025-03" in changed(*asked).out
