"""The filters of the inbox from its address, what they offer, and its lines as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _l

from coordination.outbox.message import case_reference, reference_range
from projections.case_file.queries import ReferralRow
from projections.inbox import queries
from projections.inbox.queries import InboxCriteria, InboxSort, Who
from webui.pupil.identity import PupilSearch, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.naming import directory, organisation_name, service_name
from webui.words.text import Words

PAGE_SIZE = 50
MOST_LINES = 10_000
"""The most lines of a file."""
WHOSE: dict[Who, Any] = {"all": _l("All"), "mine": _l("Mine"), "nobody": _l("Not allocated")}
SORT_WORDS: dict[InboxSort, Any] = {
    "turn": _l("In turn"),
    "waited": _l("Longest wait first"),
    "newest": _l("Newest first"),
    "school": _l("By school"),
}


class OfferedFilters(msgspec.Struct, frozen=True):
    """The choices of each filter, by code in words."""

    schools: list[tuple[str, str]]
    phases: list[tuple[str, Words]]
    sorts: Mapping[InboxSort, Any]


def criteria_of(
    given: Mapping[str, str], service: UUID | None, school: UUID | None, typed: str, page: int
) -> InboxCriteria:
    """The criteria in an address, with what was typed to find a referral: a reference, or the beginning of names that
    the viewer may see."""
    ask = InboxCriteria(
        service=service,
        who=next((one for one in WHOSE if one == given.get("who")), "all"),
        new=given.get("new") == "yes",
        school=school,
        phase=code_given(given.get("phase")),
        over=given.get("over") == "yes",
        sort=next((one for one in SORT_WORDS if one == given.get("sort")), "turn"),
        schools=_schools_by_name() if given.get("sort") == "school" else (),
        page=page,
        size=PAGE_SIZE,
    )
    wanted = PupilSearch(typed)
    if not wanted:
        return ask
    by_reference = reference_range(typed)
    if by_reference is not None:
        exact = msgspec.structs.replace(ask, ids=by_reference)
        if queries.inbox_names(casework.reader(), viewer(), exact):
            return exact
    names = queries.inbox_names(casework.reader(), viewer(), ask)
    opened = casework.open_sealed([one.identity for one in names])
    found = [
        one.referral
        for one, identity in zip(names, opened, strict=True)
        if wanted.finds(open_identity(one.pupil, identity))
    ]
    return msgspec.structs.replace(ask, referrals=tuple(found))


def code_given(typed: str | None) -> str | None:
    """A code of the address; None for what cannot be one."""
    return typed if typed and typed.isascii() and typed.isidentifier() else None


def is_narrowed(ask: InboxCriteria) -> bool:
    """Whether a filter besides service and person leaves something out."""
    return bool(ask.new or ask.school or ask.phase or ask.over or ask.ids or ask.referrals is not None)


def _schools_by_name() -> tuple[UUID, ...]:
    schools = sorted(directory().of_kind("school"), key=lambda one: organisation_name(one).casefold())
    return tuple(one.id for one in schools)


def export_row(line: ReferralRow) -> dict[str, Any]:
    """A line as a row of a file: no name, which the page finds by the reference."""
    referral = line.referral
    return {
        "reference": case_reference(referral.referral),
        "service": service_name(referral.service),
        "school": organisation_name(referral.school),
        "phase": referral.phase,
        "priority": referral.priority,
        "immediate_risk": referral.immediate_risk,
        "opened_on": referral.opened_on,
        "received_on": referral.received_on,
        "due_on": referral.due_on,
        "days_left": referral.days_left,
        "waited": referral.waited,
        "unconfirmed": referral.unconfirmed,
        "missing": len(referral.missing),
        "allocated": line.allocated is not None,
    }
