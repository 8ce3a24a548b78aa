"""The figures of the wait-borders case by the command: at the borders between services, episodes, versions and terms
(from an independent recount, 29 November 2026)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.conftest import Cydlynu

CASES = Path(__file__).parent.parent / "cases"
ON = "2026-11-30"


@pytest.fixture
def audit(cydlynu: Cydlynu) -> Cydlynu:
    """The case's own directory, pupils and referrals, put in by the command."""
    cydlynu.now = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert cydlynu("import", "directory", CASES / "directory/wait-directory.json").status == 0
    cydlynu("import", "pupils", CASES / "pupils/wait-pupils.csv")
    cydlynu("import", "referrals", CASES / "referrals/wait-borders.csv")
    return cydlynu


def figures(audit: Cydlynu, service: str, *more: object) -> dict[str, Any]:
    said = audit("report", "waiting-times", "--service", service, "--format", "json", "--as-of", ON, *more)
    assert said.status == 0, said.err
    found: dict[str, Any] = said.json
    for group in found["groups"]:
        total = group["completed"]["count"] + group["waiting"]["count"] + group["uncountable"]
        assert group["started"] == total + sum(group["ended_otherwise"].values())
    return found


def test_wait_borders_by_the_command(audit: Cydlynu) -> None:
    _versions(figures(audit, "CHG"))
    _weekend(figures(audit, "WD", "--standard", "wd"))
    _terms(figures(audit, "SD"), figures(audit, "SD", "--by", "school"))
    _episodes(audit)
    _passed_on(audit)
    for which in ("none", "not_received", "not_sent"):
        built_in = figures(audit, "CAL", "--standard", which)
        assert [version["limit"] for version in built_in["versions"]] == [None]


def _versions(found: dict[str, Any]) -> None:
    """A standard that changed its limit and its unit: two versions apart, each in its own unit."""
    by_version = {group["version"]: group for group in found["groups"]}
    assert sorted(by_version) == ["2023-01-01", "2024-07-01"]
    old, new = by_version["2023-01-01"], by_version["2024-07-01"]
    assert (old["completed"]["count"], old["completed"]["median_days"]) == (1, 35.0)
    assert (old["waiting"]["count"], old["waiting"]["longest_days"]) == (1, 1057), "from 8 January 2024"
    assert [band["up_to"] for band in old["completed"]["bands"]] == [28, 56, None]
    assert (new["waiting"]["count"], new["completed"]["count"]) == (1, 0)
    assert 430 < new["waiting"]["longest_days"] < 460, "working days from 3 March 2025"
    assert {version["version"]: version["unit"] for version in found["versions"]} == {
        "2023-01-01": "calendar_days",
        "2024-07-01": "working_days",
    }


def _weekend(found: dict[str, Any]) -> None:
    """Friday to the Saturday of the next week: 6 working days, over 5 in days, band and within alike."""
    [group] = found["groups"]
    done = group["completed"]
    assert (done["count"], done["within_standard"], done["median_days"]) == (1, 0, 6.0)
    assert [band["count"] for band in done["bands"]] == [0, 0, 1, 0]


def _terms(found: dict[str, Any], by_school: dict[str, Any]) -> None:
    """A hole elsewhere in the terms costs nothing; a due day after the last term does not hide the wait."""
    groups = {group["key"]: group for group in by_school["groups"]}
    done = groups["6974001"]["completed"]
    assert (done["count"], done["median_days"], done["within_standard"]) == (1, 10.0, 1)
    assert groups["6984001"]["waiting"]["count"] == 2
    assert groups["6984001"]["waiting"]["over_standard"] == 1, "since September; not the one since November"
    assert found["uncountable"] == 0


def _episodes(audit: Cydlynu) -> None:
    """Withdrawn and reopened is one wait; nobody waits in between; stopped and received again is another."""
    between = {
        on: figures(audit, "CAL", "--as-of", on, "--from", "2026-01-01")
        for on in ("2026-02-01", "2026-02-02", "2026-05-31", "2026-06-01")
    }
    withdrawn = {on: found["ended_otherwise"]["withdrawn"] for on, found in between.items()}
    assert withdrawn["2026-02-01"] == 0
    assert withdrawn["2026-02-02"] == withdrawn["2026-05-31"] == withdrawn["2026-06-01"] + 3
    waiting = {on: found["groups"][0]["waiting"]["count"] for on, found in between.items()}
    assert waiting["2026-02-02"] < waiting["2026-02-01"]
    now = figures(audit, "CAL")["groups"][0]
    assert now["ended_otherwise"]["discharged"] == 1
    assert now["waiting"]["longest_days"] == 329, "from 5 January 2026; none is counted twice"


def _passed_on(audit: Cydlynu) -> None:
    """The service that passed a referral on keeps its days, and the next has them as inherited."""
    week = figures(audit, "WEEK")
    assert week["ended_otherwise"]["passed_on"] == 1
    before = figures(audit, "WEEK", "--as-of", "2026-05-03")
    assert before["ended_otherwise"]["passed_on"] == 0
    assert before["groups"][0]["waiting"]["count"] == week["groups"][0]["waiting"]["count"] + 1


def test_nothing_of_tomorrow_is_counted_and_a_future_day_is_marked(audit: Cydlynu) -> None:
    early = figures(audit, "CAL", "--as-of", "2026-01-04", "--to", "2026-11-30", "--from", "2026-01-01")
    assert (early["started"], early["groups"][0]["completed"]["count"]) == (0, 0)
    said = audit("report", "waiting-times", "--service", "CAL", "--as-of", "2027-03-01", "--format", "json")
    assert said.status == 0
    assert "2027-03-01 is in the future" in said.err
    terms = figures(audit, "SD", "--as-of", "2027-03-01")
    assert (terms["uncountable"], terms["groups"][0]["waiting"]["count"]) == (2, 0), "after the last term"


def test_a_standard_that_ended_can_still_be_asked_for(audit: Cydlynu) -> None:
    said = audit("report", "waiting-times", "--service", "ENDED", "--format", "json", "--as-of", ON)
    assert said.json["standard"] == "ended"


def test_a_filter_that_matches_nothing_one_and_four(audit: Cydlynu) -> None:
    for first, last, stopped in (
        ("2026-07-01", "2026-07-31", 0),
        ("2025-01-01", "2025-01-31", 1),
        ("2026-01-01", "2026-06-30", 4),
    ):
        said = audit(
            "report", "waiting-times", "--service", "CAL", "--format", "json", "--as-of", ON,
            "--from", first, "--to", last,
        )  # fmt: skip
        [group] = said.json["groups"]
        done = group["completed"]
        assert (done["count"], sum(band["count"] for band in done["bands"])) == (stopped, stopped)
        assert (done["median_days"] is None) == (stopped == 0)
    nothing = audit(
        "report", "waiting-times", "--service", "MULTI", "--standard", "m3", "--format", "json",
        "--as-of", "2026-04-30",
    ).json  # fmt: skip
    assert [
        (g["started"], g["waiting"]["count"], g["completed"]["median_days"]) for g in nothing["groups"]
    ] == [(0, 0, None)]


def test_wait_directory_changed(audit: Cydlynu) -> None:
    """A standard corrected between two runs: other figures under another stamp, and the first stamp gives the first
    bytes again."""
    asked = ("report", "waiting-times", "--service", "CAL", "--format", "json", "--as-of", ON)
    before = audit(*asked)
    changed = audit("import", "directory", CASES / "directory/wait-directory-changed.json")
    assert changed.status == 0, changed.err
    after = audit(*asked)
    assert [report.json["versions"][0]["limit"] for report in (before, after)] == [28, 14]
    assert before.json["groups"] != after.json["groups"]
    assert before.json["stamp"] != after.json["stamp"]
    for report in (before, after):
        again = audit("report", "replay", report.json["stamp"], "--format", "json")
        assert (again.status, again.out) == (0, report.out)
