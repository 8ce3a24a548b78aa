"""Referrals: the list, a referral with its milestones and clocks, and referring a pupil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.clocks import PARTIES
from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.referral.milestones import PHASES
from projections.case_file import queries
from projections.case_file.queries import ReferralCriteria
from projections.sight_ends.queries import sight_ends
from webui.api.narrowing import ids_in
from webui.api.paging import PageRequest
from webui.api.problems import Problem
from webui.api.reading import ClosedSchema, IdField, field_problem
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.forms.fields import ChoiceField
from webui.pupil.file import open_pupil_file as opened_file
from webui.referral import commands, disclosure
from webui.referral.api import bodies as forms
from webui.referral.api.answers import ReferralFileSchema, ReferralSchema, file_out, line_out
from webui.referral.reading import OpenedReferral, cited_disclosures, open_referral_page
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.words.naming import directory

referrals = Resource(
    "referrals",
    "Referrals to services, with their milestones and whose days the waits were. An answer is a milestone.",
)

STATES = ("open", "ended", "all")
DUE = ("overdue", "due_this_week")


def _choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, code) for code in codes]


class ReferralsQuery(ClosedSchema):
    """Filters for the list."""

    service = IdField("The service that has the referral", required=False)
    agency = IdField("The agency that has the referral", required=False)
    state = ChoiceField("Open (default), ended or all", choices=_choices(STATES), required=False)
    phase = ChoiceField("Phase of the referral", choices=_choices(PHASES), required=False)
    due = ChoiceField("Whether it is within the limit", choices=_choices(DUE), required=False)
    whose_move = ChoiceField("Who the next step is with today", choices=_choices(PARTIES), required=False)


# Reading


@referrals.lists("/referrals", scope="referrals:read", query=ReferralsQuery, answers=ReferralSchema)
def listed(query: dict[str, Any], wanted: PageRequest) -> ResourceRows:
    """List the referrals of a school's pupils, or those that an agency has: immediate risk first, then by due
    date."""
    ask = ReferralCriteria(
        **ids_in(ReferralsQuery, query, "service", "agency"),
        state=_state(query.get("state")),
        due=query.get("due"),
        phase=query.get("phase"),
        whose_move=query.get("whose_move"),
        page=wanted.number,
        size=wanted.size,
    )
    found = queries.referrals(casework.reader(), viewer(), ask)
    total = found.total
    if not found.rows and wanted.number > 1:
        first = msgspec.structs.replace(ask, page=1, size=1)
        total = queries.referrals(casework.reader(), viewer(), first).total
    sealed = casework.open_sealed([line.identity for line in found.rows])
    rows = [line_out(line.referral, identity) for line, identity in zip(found.rows, sealed, strict=True)]
    return ResourceRows(rows, total, ReadLogNote("referral_list", [row["pupil"] for row in rows], _purpose()))


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _state(text: str | None) -> Literal["open", "ended", "all"]:
    match text:
        case "ended" | "all":
            return text
        case _:
            return "open"


@referrals.shows("/referrals/<uuid:referral>", scope="referrals:read", answers=ReferralFileSchema)
def one(referral: UUID) -> ResourceView:
    """Get a referral with its milestones, its clocks and the milestones that can be recorded today."""
    opened = find_referral(referral)
    version = opened.file.referral.last_version
    cites = cited_disclosures(opened.file)
    return ResourceView(file_out(opened), version, ReadLogNote("referral", [opened.pupil], _purpose(), cites))


def find_referral(referral: UUID) -> OpenedReferral:
    """The referral as far as the token's organisation may see it. Raises NotFound; ends with the problem `sight_ended`
    for who had it before."""
    try:
        found = queries.referral(casework.reader(), viewer(), referral)
    except NotFound:
        for end in sight_ends(casework.reader(), viewer(), referral=referral).rows:
            raise Problem("sight_ended", since=end.since.isoformat(), because=end.because) from None
        raise
    return open_referral_page(found.referral.pupil, referral, note=False)


def _purpose() -> str:
    return (
        "own_pupil"
        if viewer().role in SCHOOL_DESK
        else "disclosed"
        if viewer().role in AGENCY_DESK
        else "audit"
    )


# Referring


@referrals.records("/referrals", scope="referrals:write", takes=forms.ReferBody, makes=("pupil", "referral"))
def begin(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Refer a pupil: immediate risk, agreement, decision and sending in one request, all or nothing.

    If `agreement` is "ask", the referral is saved; send it with `/referrals/<id>/send` after a person has agreed.
    """
    _at_school()
    pupil, schema = UUID(typed["pupil"]), forms.ReferBody()
    shown = opened_file(queries.pupil(casework.reader(), viewer(), pupil)).on_file(pupil)
    service = directory().service(UUID(typed["service"]))
    if service is None or not service.is_open(viewer().today):
        raise field_problem(schema, "service", "not_offered")
    risk = [(code, code) for code in directory().codes("told", viewer().today)]
    forms.check_offered(schema, typed, {**disclosure.choices(shown, service), "told": risk})
    if disclosure.agreement_with(shown.file, service) is None and typed["agreement"] is None:
        raise field_problem(schema, "agreement", "missing")
    copied = _id(typed["copied_from"])
    if copied is not None and all(r.referral != copied for r in shown.file.referrals):
        raise field_problem(schema, "copied_from", "not_offered")
    _as_asked(asked, commands.refer_commands(shown, service, typed, typed, asked.command_id, copied))
    return recording_result(pupil, asked.new_id("referral"))


@referrals.records(
    "/referrals/<uuid:referral>/send",
    scope="referrals:write",
    takes=forms.SendBody,
    makes=("pupil", "referral"),
    thing=one,
)
def send(typed: dict[str, Any], asked: RecordRequest, referral: UUID) -> RecordingResult:
    """Send a saved referral after a person has agreed. This shares it with the agency."""
    _at_school()
    kept, schema = find_referral(referral), forms.SendBody()
    service = directory().service(kept.held.service)
    if service is None:
        raise NotFound
    shown = opened_file(queries.pupil(casework.reader(), viewer(), kept.pupil)).on_file(kept.pupil)
    forms.check_offered(schema, typed, disclosure.choices(shown, service))
    if disclosure.agreement_with(shown.file, service) is None and typed["agreement"] is None:
        raise field_problem(schema, "agreement", "missing")
    given = (shown, service, kept.held.steps, referral, typed, asked.command_id, asked.seen)
    _as_asked(asked, commands.send_commands(*given))
    return recording_result(kept.pupil, referral)


def _at_school() -> None:
    if viewer().role not in SCHOOL_DESK:
        raise NotFound


def _as_asked(asked: RecordRequest, all_of_it: Sequence[Command]) -> None:
    """The fields of a refusal by their names in the body."""
    try:
        asked.perform_all(all_of_it)
    except Refusal as refused:
        refused.field = commands.FIELDS.get(refused.field or "", refused.field)
        raise


def recording_result(pupil: UUID, referral: UUID, entry: int | None = None) -> RecordingResult:
    """The response with the ids of what was recorded, and its address."""
    ids: dict[str, UUID | int] = {"pupil": pupil, "referral": referral}
    return RecordingResult(ids | ({"entry": entry} if entry is not None else {}), f"/referrals/{referral}")
