"""`cydlynu report data-quality` and `due-soon`: what to trust, and what is late next, with boundaries on the day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.intake.recorded import history
from tests.intake.samples import pupil, sheet, upn
from tests.scripts.conftest import Cydlynu
from tests.scripts.test_report_command import directory

TODAY = date(2026, 3, 2)
"""The day of the command's clock."""


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def filled(cydlynu: Cydlynu, rows: list[tuple[str, ...]]) -> Cydlynu:
    """A county with these rows of history, each referral of a pupil of its own."""
    cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(directory())))
    pupils = sheet([pupil(upn=upn(n), forename=f"Ann{n}") for n in range(len({row[0] for row in rows}))])
    assert cydlynu("import", "pupils", cydlynu.file("p.csv", pupils)).status == 0
    assert cydlynu("import", "referrals", cydlynu.file("r.csv", history(rows))).status == 0
    return cydlynu


def groups(cydlynu: Cydlynu, *arguments: object) -> list[dict[str, Any]]:
    said = cydlynu("report", *arguments, "--format", "json")
    assert said.status == 0, said.err
    found: list[dict[str, Any]] = said.json["groups"]
    return found


def checked(found: list[dict[str, Any]], check: str) -> tuple[int, int]:
    """How many of how many."""
    [group] = [one for one in found if one["check"] == check]
    return group["count"], group["of"]


@pytest.fixture
def waiting(cydlynu: Cydlynu) -> Cydlynu:
    """Six referrals that wait for a first contact within 28 days, received so many days ago."""
    days = (29, 28, 22, 21, 1, 0)
    return filled(cydlynu, [(f"W{n}", upn(n), "received", ago(days[n])) for n in range(len(days))])


def test_the_waits_that_will_be_late(waiting: Cydlynu) -> None:
    [ack, first] = groups(waiting, "due-soon")
    assert (ack["standard"], first["standard"]) == ("camhs-ack", "camhs-first")
    # one is late today, one tomorrow and one after seven days; then after eight, after 28, and after 29 days
    assert {name: first[name] for name in ("key", "version", "waiting", "over", "no_last_day")} == {
        "key": "CAMHS",
        "version": "2017-12-13",
        "waiting": 6,
        "over": 1,
        "no_last_day": 0,
    }
    assert [first[name] for name in ("within_7", "within_14", "within_28", "later")] == [2, 3, 4, 1]
    assert [ack[name] for name in ("over", "within_7", "within_28", "later")] == [4, 2, 2, 0]


def test_a_day_earlier_none_is_late(waiting: Cydlynu) -> None:
    [first] = [g for g in groups(waiting, "due-soon", "--as-of", ago(1)) if g["standard"] == "camhs-first"]
    assert (first["waiting"], first["over"], first["within_7"]) == (5, 0, 2)


def test_by_school(waiting: Cydlynu) -> None:
    assert {g["key"] for g in groups(waiting, "due-soon", "--by", "school")} == {"6994001"}


def test_quiet_late_and_without_a_receipt(cydlynu: Cydlynu) -> None:
    rows = [
        ("Q0", upn(0), "received", ago(60)),
        ("Q1", upn(1), "received", ago(59)),
        ("Q2", upn(2), "received", ago(8)),
        ("Q3", upn(3), "received", ago(7)),
        ("Q4", upn(4), "first_contact", ago(3)),
    ]
    found = groups(filled(cydlynu, rows), "data-quality")
    assert checked(found, "quiet") == (1, 4)
    assert checked(found, "no_receipt") == (1, 1)
    assert checked(found, "late_entries") == (3, 5)
    [late] = [one for one in found if one["check"] == "late_entries"]
    assert (late["key"], late["percent"], late["median_days"], late["longest_days"]) == (
        "6994001",
        60.0,
        8.0,
        60,
    )
    # the limits are the question's
    assert checked(groups(cydlynu, "data-quality", "--quiet-days", "59"), "quiet") == (2, 4)
    assert checked(groups(cydlynu, "data-quality", "--late-days", "8"), "late_entries") == (2, 5)


def test_an_appointment_without_an_outcome(cydlynu: Cydlynu) -> None:
    rows = [
        (ref, upn(n), event, ago(days), detail)
        for n, ref in enumerate(("A0", "A1", "A2"))
        for event, days, detail in (
            ("received", 40, ""),
            ("appointment_offered", 30, f"{ago((10, 10, 0)[n])}T10:00"),
        )
    ]
    rows.append(("A1", upn(1), "was_not_brought", ago(10), ""))
    # the day of the third is today: its outcome is not missing yet
    assert checked(groups(filled(cydlynu, rows), "data-quality"), "missing_outcomes") == (1, 2)


@pytest.mark.parametrize(("missed_on", "missing"), [(25, 0), (None, 1)])
def test_the_outcome_of_the_next_appointment_is_not_that_of_the_first(
    cydlynu: Cydlynu, missed_on: int | None, missing: int
) -> None:
    rows = [
        ("A0", upn(0), "received", ago(60)),
        ("A0", upn(0), "appointment_offered", ago(40), f"{ago(25)}T10:00"),
        *([("A0", upn(0), "was_not_brought", ago(missed_on))] if missed_on else []),
        ("A0", upn(0), "appointment_offered", ago(20), f"{ago(10)}T10:00"),
        ("A0", upn(0), "first_contact", ago(10)),
    ]
    assert checked(groups(filled(cydlynu, rows), "data-quality"), "missing_outcomes") == (missing, 2)


def test_the_same_again_from_its_stamp(waiting: Cydlynu) -> None:
    for kind, *more in (("due-soon",), ("data-quality",), ("what-if", "--service", "CAMHS")):
        before = waiting("report", kind, *more, "--format", "json")
        again = waiting("report", "replay", before.json["stamp"], "--format", "json")
        assert again.out == before.out


def changed(cydlynu: Cydlynu, *arguments: object) -> list[tuple[Any, ...]]:
    """Of those seen: how many, how many within, their median; of those waiting: how many are over; real and changed."""
    [group] = groups(cydlynu, "what-if", "--service", "CAMHS", *arguments)
    return [
        (
            *(group[which]["completed"][name] for name in ("count", "within_standard", "median_days")),
            group[which]["waiting"]["over_standard"],
        )
        for which in ("real", "changed")
    ]


@pytest.fixture
def seen(cydlynu: Cydlynu) -> Cydlynu:
    """Three seen after 20, 28 and 29 days, the last after ten days with the school; one waits for 28 days."""
    rows = [
        (f"W{number}", upn(number), event, ago(100 - after))
        for number, days in enumerate((20, 28, 29))
        for event, after in (("received", 0), ("first_contact", days))
    ]
    rows.insert(5, ("W2", upn(2), "information_requested", ago(95), "school"))
    rows.insert(6, ("W2", upn(2), "information_supplied", ago(85)))
    return filled(cydlynu, [*rows, ("W3", upn(3), "received", ago(28))])


def test_what_if_the_limit_were_another(seen: Cydlynu) -> None:
    assert changed(seen) == [(3, 2, 28.0, 0), (3, 2, 28.0, 0)]
    assert changed(seen, "--limit", 27) == [(3, 2, 28.0, 0), (3, 1, 28.0, 1)]
    assert changed(seen, "--limit", 29) == [(3, 2, 28.0, 0), (3, 3, 28.0, 0)]


def test_what_if_the_days_of_one_party_did_not_count(seen: Cydlynu) -> None:
    assert changed(seen, "--without", "school") == [(3, 2, 28.0, 0), (3, 3, 20.0, 0)]


def test_what_if_the_clock_started_anew_at_each_holder(cydlynu: Cydlynu) -> None:
    with_another = directory()
    with_another["services"].append({"code": "NEXT", "agency": "BOARD", "profession": "camhs"})
    with_another["standards"].append(
        {**with_another["standards"][0], "code": "next-first", "service": "NEXT"}
    )
    cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(with_another)))
    cydlynu("import", "pupils", cydlynu.file("p.csv", sheet([pupil(upn=upn(0))])))
    rows = [
        ("W0", upn(0), "received", ago(100)),
        ("W0", upn(0), "redirected", ago(40), "NEXT"),
        ("W0", upn(0), "first_contact", ago(20)),
    ]
    assert cydlynu("import", "referrals", cydlynu.file("r.csv", history(rows))).status == 0
    [group] = groups(cydlynu, "what-if", "--service", "NEXT", "--own-days")
    assert [group[which]["completed"]["median_days"] for which in ("real", "changed")] == [80.0, 20.0]
    assert [group[which]["completed"]["within_standard"] for which in ("real", "changed")] == [0, 1]


def test_what_if_in_working_days_is_refused(cydlynu: Cydlynu) -> None:
    in_working_days = directory()
    in_working_days["standards"][0]["unit"] = "working_days"
    cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(in_working_days)))
    said = cydlynu("report", "what-if", "--service", "CAMHS", "--limit", 5)
    assert (said.status, said.err.partition(":")[0]) == (1, "what_if_in_calendar_days")
