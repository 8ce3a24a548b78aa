"""From a list of waits to one of them, and back to the list with the same filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from projections.waiting_times.queries import ClockHistory, WaitHistory
from webui.reports.pages.question import address_of
from webui.words.naming import directory

OF_THE_LIST = (
    *(
        "service",
        "from_on",
        "to_on",
        "at",
        "by",
        "sort",
        "which",
        "school",
        "version",
        "key",
        "ending",
        "band",
    ),
    "page",
)
"""What the address of one wait keeps of the list that led to it. The days of the list have names of their own: the
page of a wait asks about days itself."""
DAYS = {"as_of": "list_as_of", "known_at": "list_known_at"}
OF_THE_REPORT = {"from_on": "of_from_on", "to_on": "of_to_on", "as_of": "of_as_of"}
"""The days of the report, in the address of a list of one of its months."""


def wait_address(referral: UUID, standard: str, asked: Mapping[str, Any], listed: Mapping[str, Any]) -> str:
    """The address of one wait of a list, at the day and as known as the list has it."""
    kept = (*OF_THE_LIST, *OF_THE_REPORT.values())
    list_of = {name: value for name, value in {**asked, **listed}.items() if name in kept}
    days = {there: asked[here] for here, there in DAYS.items()}
    same = {name: asked[name] for name in ("as_of", "known_at", "at")} | {"standard": standard}
    return address_of("waiting_times.wait", {**same, **list_of, **days}, referral=referral)


def days_of_report(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The days of a report, for the address of a list that has others."""
    return {there: asked[here] or "" for here, there in OF_THE_REPORT.items()}


def back_to_report(asked: Mapping[str, Any], given: Mapping[str, str]) -> str:
    """The address of the report that led to a list, with its days."""
    days = {here: given[there] for here, there in OF_THE_REPORT.items() if there in given}
    return address_of("waiting_times.page", {**asked, **days})


def kept_of_list(given: Mapping[str, str]) -> dict[str, str]:
    """What an address keeps of the list that led to a wait, as it is written there: it only leads back to the
    list, which checks it."""
    return {
        name: given[name]
        for name in (*OF_THE_LIST, *DAYS.values(), *OF_THE_REPORT.values())
        if name in given and name != "at"
    }


def back_to_list(
    found: WaitHistory, asked: Mapping[str, Any], clock: ClockHistory, kept: Mapping[str, str]
) -> str:
    """The address of the list that led to a wait; without one, of a list that includes it."""
    if "which" in kept:
        days = {here: kept.get(there) for here, there in DAYS.items()}
        same = {name: value for name, value in kept.items() if name not in DAYS.values()}
        return address_of(
            "waiting_times.waits", {**same, **days, "standard": clock.standard.code, "at": asked["at"]}
        )
    service = directory().service(found.service)
    of = {"service": service.code if service else "", "standard": clock.standard.code}
    kept_days = {"as_of": asked["as_of"], "known_at": asked["known_at"]}
    return address_of("waiting_times.waits", {**of, **kept_days, "which": _which(clock)})


def _which(clock: ClockHistory) -> str:
    line = clock.line
    if line is None or line.ending is None:
        return "waiting"
    return "ended" if line.ending == "stopped" else "ended_otherwise"
