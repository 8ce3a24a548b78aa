"""The navigation menu: its items in order, with the roles that see each. Add the item of a new page here."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from coordination.authority import ADOPTION_OFFICER, DATA_PROTECTION_OFFICER
from webui.shell.authentication import current
from webui.shell.roles import (
    ADVICE_DESK,
    AGENCY_DESK,
    ANALYSTS,
    CASEWORKER_DESK,
    CHALLENGE_ROLES,
    PLACE_DESK,
    PLANNING_DESK,
    REPORT_ROLES,
    RIGHTS_DESK,
    SCHOOL_DESK,
    TEACHER_DESK,
)
from webui.words.text import Words


class MenuItem(msgspec.Struct, frozen=True):
    """A line of the navigation: the endpoint it leads to, its words, and the roles that see it (none: all).

    It is shown as current on every page of the same blueprint, and of those named `within`.
    """

    endpoint: str
    label: Words
    roles: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()

    @property
    def blueprints(self) -> frozenset[str]:
        """The blueprints for which it is shown as current."""
        return self.within | {self.endpoint.split(".")[0]}


# The first item that a role sees is its home: the page after signing in.
ENTRIES: list[MenuItem] = [
    MenuItem(
        "today.page",
        _l("Today"),
        frozenset(SCHOOL_DESK),
        within=frozenset({"answering", "records", "transfers"}),
    ),
    MenuItem(
        "pupils.page",
        _l("Pupils"),
        frozenset(SCHOOL_DESK),
        within=frozenset(
            {
                "actions",
                "asked",
                "case_file",
                "classes",
                "consents",
                "doubts",
                "joining",
                "emergency",
                "emergency_file",
                "restriction",
                "readings",
                "link_making",
                "milestones",
                "objections",
                "profile",
                "pupil_files",
                "refer",
                "referrals",
                "registering",
            }
        ),
    ),
    MenuItem("teaching.page", _l("My classes"), frozenset(TEACHER_DESK)),
    MenuItem(
        "school_support.page",
        _l("Support"),
        frozenset(SCHOOL_DESK),
        within=frozenset({"support", "one_page_profile", "programmes", "governors", "worse", "transition"}),
    ),
    MenuItem("told_concerns.page", _l("Concerns"), frozenset(TEACHER_DESK)),
    MenuItem(
        "inbox.page",
        _l("Inbox"),
        frozenset(AGENCY_DESK),
        within=frozenset(
            {
                "actions",
                "allocation",
                "milestones",
                "referrals",
                "emergency_file",
                "restriction",
                "readings",
            }
        ),
    ),
    MenuItem(
        "caseworker.page",
        _l("Children"),
        frozenset(CASEWORKER_DESK),
        within=frozenset(
            {
                "answering",
                "case_file",
                "consents",
                "doubts",
                "emergency",
                "emergency_file",
                "restriction",
                "readings",
                "joining",
                "milestones",
                "profile",
                "referrals",
                "taking_on",
            }
        ),
    ),
    MenuItem(
        "meetings.list",
        _l("Meetings"),
        frozenset(SCHOOL_DESK + AGENCY_DESK),
        within=frozenset({"series"}),
    ),
    MenuItem("series.listed", _l("Meetings"), frozenset(PLANNING_DESK)),
    MenuItem("advice.page", _l("Advice"), frozenset(ADVICE_DESK)),
    MenuItem("administration.page", _l("Administration"), frozenset({"administrator"})),
    MenuItem("places.page", _l("Places"), frozenset(PLACE_DESK), within=frozenset({"place_reviews"})),
    MenuItem("waiting_times.page", _l("Waiting times"), frozenset(REPORT_ROLES)),
    MenuItem("attendance.page", _l("Attendance"), frozenset(REPORT_ROLES)),
    MenuItem("school_support.page", _l("Support"), frozenset(CASEWORKER_DESK)),
    MenuItem("school_support.report", _l("Support"), frozenset({"auditor", "early_years_aln_lead"})),
    MenuItem("challenges.page", _l("Challenges"), frozenset(CHALLENGE_ROLES)),
    MenuItem("published.page", _l("Published figures"), frozenset(ANALYSTS)),
    MenuItem("adoption.page", _l("Adoption"), frozenset({ADOPTION_OFFICER})),
    MenuItem("readings.page", _l("Readings"), frozenset({DATA_PROTECTION_OFFICER})),
    MenuItem("programmes.page", _l("Programmes of support"), frozenset({"administrator"})),
    MenuItem(
        "rights.page",
        _l("Rights"),
        frozenset(RIGHTS_DESK),
        within=frozenset({"registers", "rights_records", "rights_requests"}),
    ),
]


def menu_items() -> list[dict[str, Any]]:
    """The navigation of this request, as the component takes it; empty when no one is signed in."""
    blueprint = request.blueprint
    return [
        {"href": url_for(e.endpoint), "text": e.label, "active": blueprint in e.blueprints} for e in _mine()
    ]


def home_address() -> str:
    """The address of the signed-in user's start page."""
    session = current()
    return home_of(session.account.role) if session is not None else url_for("account.page")


def home_of(role: str) -> str:
    """The address of the start page of a role."""
    mine = _items_of(role)
    return url_for(mine[0].endpoint) if mine else url_for("account.page")


def _mine() -> list[MenuItem]:
    session = current()
    return _items_of(session.account.role) if session is not None else []


def _items_of(role: str) -> list[MenuItem]:
    here = current_app.view_functions
    return [e for e in ENTRIES if (not e.roles or role in e.roles) and e.endpoint in here]
