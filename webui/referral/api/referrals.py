"""Referrals: what waits, one with its milestones and clocks, referring, and answering."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from coordination import clocks
from coordination.directory.state import Standard
from coordination.errors import NotFound, Refused
from coordination.event import Command
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    RaiseImmediateRisk,
    RecordMilestone,
    RecordUnavailability,
    StrikeEntry,
)
from coordination.pupil.referral.milestones import MILESTONES, MISSED, PHASES
from coordination.pupil.referral.phase import Step, in_order
from coordination.sensitivity import Opened
from projections.case_file import queries
from projections.case_file.queries import Entry, Referral, ReferralsAsk
from webui.api.paging import Page
from webui.api.reading import Closed, Id, wrong_field
from webui.api.resource import Asked, Made, Noted, Resource, Rows, Shown
from webui.forms.fields import Choice
from webui.pupil.api import ContactOut, ViewsOut, contact_out, views_out
from webui.pupil.file import opened as opened_file
from webui.pupil.identity import child
from webui.referral import commands, disclosure
from webui.referral.api import bodies as forms
from webui.referral.clocks import clocks_of
from webui.referral.pages import milestones as page
from webui.referral.reading import (
    OpenReferral,
    answerable,
    correctable,
    offers,
    open_referral,
    possible_today,
    reports,
)
from webui.shell import casework
from webui.shell.roles import AGENCY_STAFF, SCHOOL_STAFF
from webui.shell.signed_in import viewer
from webui.words.naming import directory

referrals = Resource(
    "referrals",
    "Referrals to services, their milestones, and whose days they waited. An answer is a milestone.",
)

STATES = ("open", "ended", "all")
DUE = ("overdue", "due_this_week")
PARTIES = ("school", "agency", "family", "exempt")


def _choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, code) for code in codes]


class ReferralsQuery(Closed):
    """What the list is narrowed to."""

    service = Id("The service that holds it", required=False)
    agency = Id("The agency that holds it", required=False)
    state = Choice("Open (usual), ended, or all", choices=_choices(STATES), required=False)
    phase = Choice("Its last telling milestone", required=False)
    due = Choice("How it stands against its standard", choices=_choices(DUE), required=False)
    whose_move = Choice("Whose move it is today", choices=_choices(PARTIES), required=False)


class ReferralSchema(Schema):
    """A referral as it stands. Names are null where they were not disclosed, or are erased. `version` is that of the
    ETag."""

    referral = fields.UUID(required=True)
    pupil = fields.UUID(required=True)
    surname = fields.String(required=True, allow_none=True)
    forename = fields.String(required=True, allow_none=True)
    date_of_birth = fields.Date(required=True, allow_none=True)
    school = fields.UUID(required=True)
    service = fields.UUID(required=True)
    agency = fields.UUID(required=True)
    phase = fields.String(required=True, validate=OneOf(PHASES))
    since = fields.Date(required=True, allow_none=True)
    ended = fields.Boolean(required=True)
    in_error = fields.Boolean(required=True)
    opened_on = fields.Date(required=True)
    received_on = fields.Date(required=True, allow_none=True)
    priority = fields.String(required=True)
    immediate_risk = fields.Boolean(required=True)
    legal_route = fields.String(required=True)
    basis = fields.String(required=True)
    year = fields.Integer(required=True, allow_none=True)
    due = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)
    waited = fields.Integer(required=True, allow_none=True)
    whose_move = fields.String(required=True, allow_none=True)
    move_since = fields.Date(required=True, allow_none=True)
    unconfirmed = fields.Integer(required=True)
    contested = fields.Integer(required=True)
    missing = fields.List(fields.String(), required=True)
    version = fields.Integer(required=True)


class EntrySchema(Schema):
    """What somebody recorded. `entry` is what correcting, striking, confirming and contesting name."""

    entry = fields.Integer(required=True)
    what = fields.String(required=True)
    occurred_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    organisation = fields.UUID(required=True)
    on_behalf_of = fields.UUID(required=True, allow_none=True)
    source = fields.String(required=True)
    service = fields.UUID(required=True, allow_none=True)
    details = fields.Dict(required=True)
    supersedes = fields.Integer(required=True, allow_none=True)
    superseded_by = fields.Integer(required=True, allow_none=True)
    standing = fields.String(required=True)
    may = fields.List(fields.String(), required=True)


class ClockSchema(Schema):
    """A standard's clock: calendar days from its start, and whose they were. `limit` is in `unit`."""

    standard = fields.String(required=True)
    limit = fields.Integer(required=True)
    unit = fields.String(required=True)
    start_on = fields.Date(required=True)
    stop_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    days = fields.Integer(required=True)
    days_of = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class OfferSchema(Schema):
    """An appointment offered, with its times."""

    appointment = fields.UUID(required=True)
    offered_on = fields.Date(required=True)
    times = fields.List(fields.AwareDateTime(), required=True)


class ReferralFileSchema(ReferralSchema):
    """A referral with everything that its page has. `possible` are the milestones that could be recorded for today."""

    entries = fields.List(fields.Nested(EntrySchema), required=True)
    clocks = fields.List(fields.Nested(ClockSchema), required=True)
    offers = fields.List(fields.Nested(OfferSchema), required=True)
    possible = fields.List(fields.String(validate=OneOf(list(MILESTONES))), required=True)
    contacts = fields.List(fields.Nested(ContactOut), required=True)
    views = fields.List(fields.Nested(ViewsOut), required=True)


# Reading


@referrals.lists("/referrals", scope="referrals:read", query=ReferralsQuery, answers=ReferralSchema)
def listed(query: dict[str, Any], wanted: Page) -> Rows:
    """A school's own pupils' referrals, or those that an agency holds: danger first, then by the day they are due."""
    ask = ReferralsAsk(
        service=_id(query.get("service")),
        agency=_id(query.get("agency")),
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
    rows = [_line(line.referral, identity) for line, identity in zip(found.rows, sealed, strict=True)]
    return Rows(rows, total, Noted("referral_list", [row["pupil"] for row in rows], _purpose()))


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _state(text: str | None) -> Literal["open", "ended", "all"]:
    match text:
        case "ended" | "all":
            return text
        case _:
            return "open"


@referrals.shows("/referrals/<uuid:referral>", scope="referrals:read", answers=ReferralFileSchema)
def one(referral: UUID) -> Shown:
    """One referral with its milestones, its clocks, and what can be said of it today."""
    opened = _open(referral)
    version = opened.file.referral.last_version
    return Shown(_file(opened), version, Noted("referral", [opened.pupil], _purpose()))


def _open(referral: UUID) -> OpenReferral:
    """The referral as far as the token's organisation may see it. Raises NotFound."""
    found = queries.referral(casework.reader(), viewer(), referral)
    return open_referral(found.referral.pupil, referral, note=False)


def _purpose() -> str:
    return (
        "own_pupil"
        if viewer().role in SCHOOL_STAFF
        else "disclosed"
        if viewer().role in AGENCY_STAFF
        else "audit"
    )


_KEPT = (
    *("referral", "pupil", "school", "service", "agency", "phase", "since", "ended", "in_error", "opened_on"),
    *("received_on", "priority", "immediate_risk", "legal_route", "basis", "year", "due", "due_on"),
    *("days_left", "waited", "whose_move", "move_since", "unconfirmed", "contested", "missing"),
)


def _line(referral: Referral, identity: Opened) -> dict[str, Any]:
    who = child(referral.pupil, identity)
    return {name: getattr(referral, name) for name in _KEPT} | {
        "surname": who.surname or None,
        "forename": who.forename or None,
        "date_of_birth": who.born,
        "version": referral.last_version,
    }


def _file(opened: OpenReferral) -> dict[str, Any]:
    acts = viewer().role in (*SCHOOL_STAFF, *AGENCY_STAFF)
    steps = {step.version: step for step in opened.held.steps}
    file = opened.file
    return _line(file.referral, opened.identity) | {
        "entries": [
            _entry(opened, entry, steps.get(entry.version) if acts else None) for entry in file.entries
        ],
        "clocks": [_clock(opened, standard, clock) for standard, clock in _running(opened)],
        "offers": [
            {"appointment": step.appointment, "offered_on": step.on, "times": step.for_when}
            for step in offers(opened.held)
        ],
        "possible": possible_today(opened) if acts else [],
        "contacts": [contact_out(c, said) for c, said in zip(file.contacts, opened.contacts, strict=True)],
        "views": [views_out(v, said) for v, said in zip(file.views, opened.views, strict=True)],
    }


def _entry(opened: OpenReferral, entry: Entry, step: Step | None) -> dict[str, Any]:
    said = entry.clear | {n: v for n, v in opened.sealed_of(entry.version).items() if v not in (None, "", [])}
    shared = opened.file.shared
    if shared is not None and "needs" not in shared:
        said.pop("needs", None)
    counts = step is not None and entry.superseded_by is None
    may = []
    if counts and step is not None and correctable(opened, step):
        may = ["correct", "strike"]
    if counts and step is not None and answerable(opened, step):
        may = [*may, "confirm", "contest"]
    kept = ("occurred_on", "recorded_at", "organisation", "on_behalf_of", "source", "service")
    more = ("supersedes", "superseded_by", "standing")
    return {name: getattr(entry, name) for name in (*kept, *more)} | {
        "entry": entry.version,
        "what": entry.topic.partition(".")[2],
        "details": {name: value for name, value in said.items() if name not in ("referral", "supersedes")},
        "may": may,
    }


def _running(opened: OpenReferral) -> list[tuple[Standard, clocks.Clock]]:
    held = opened.held
    return clocks_of(held, in_order(held.counting()), directory())


def _clock(opened: OpenReferral, standard: Standard, clock: clocks.Clock) -> dict[str, Any]:
    held = opened.held
    end = clock.stop_on or clock.ended_on or max(viewer().today, clock.start_on)
    whose = clocks.stretches(in_order(held.counting()), clock.start_on, end, held.unavailable)
    return {
        "standard": standard.code,
        "limit": standard.limit,
        "unit": standard.unit,
        "start_on": clock.start_on,
        "stop_on": clock.stop_on,
        "ended_on": clock.ended_on,
        "due_on": clock.due_on,
        "days": (end - clock.start_on).days,
        "days_of": clocks.days_by_party(whose),
    }


# Referring


@referrals.records("/referrals", scope="referrals:write", takes=forms.ReferBody, makes=("pupil", "referral"))
def begin(typed: dict[str, Any], asked: Asked) -> Made:
    """Refer a pupil: the danger, the agreement, the decision and the sending as one, or none of it.

    With `agreement` ask, it is kept until somebody has agreed, and sent by `/referrals/<id>/send`.
    """
    _at_school()
    pupil, schema = UUID(typed["pupil"]), forms.ReferBody()
    shown = opened_file(queries.pupil(casework.reader(), viewer(), pupil))
    service = directory().service(UUID(typed["service"]))
    if service is None or not service.is_open(viewer().today):
        raise wrong_field(schema, "service", "not_offered")
    risk = [(code, code) for code in directory().codes("told", viewer().today)]
    forms.check_offered(schema, typed, {**disclosure.choices(shown, service), "told": risk})
    if disclosure.agreement_with(shown.file, service.agency) is None and typed["agreement"] is None:
        raise wrong_field(schema, "agreement", "missing")
    copied = _id(typed["copied_from"])
    if copied is not None and all(r.referral != copied for r in shown.file.referrals):
        raise wrong_field(schema, "copied_from", "not_offered")
    _as_asked(asked, commands.referring(shown, service, typed, typed, asked.command_id, copied))
    return _made(pupil, asked.new_id("referral"))


@referrals.records(
    "/referrals/<uuid:referral>/send",
    scope="referrals:write",
    takes=forms.SendBody,
    makes=("pupil", "referral"),
    thing=one,
)
def send(typed: dict[str, Any], asked: Asked, referral: UUID) -> Made:
    """Send a referral that was kept until somebody agreed: the disclosure."""
    _at_school()
    kept, schema = _open(referral), forms.SendBody()
    service = directory().service(kept.held.service)
    if service is None:
        raise NotFound
    shown = opened_file(queries.pupil(casework.reader(), viewer(), kept.pupil))
    forms.check_offered(schema, typed, disclosure.choices(shown, service))
    if disclosure.agreement_with(shown.file, service.agency) is None and typed["agreement"] is None:
        raise wrong_field(schema, "agreement", "missing")
    given = (shown, service, kept.held.steps, referral, typed, asked.command_id, asked.seen)
    _as_asked(asked, commands.sending(*given))
    return _made(kept.pupil, referral)


def _at_school() -> None:
    if viewer().role not in SCHOOL_STAFF:
        raise NotFound


def _as_asked(asked: Asked, all_of_it: Sequence[Command]) -> None:
    """The fields of a refusal by the names that the body has for them."""
    try:
        asked.perform_all(all_of_it)
    except Refused as refused:
        refused.field = commands.FIELDS.get(refused.field or "", refused.field)
        raise


# Answering


@referrals.records(
    "/referrals/<uuid:referral>/milestones",
    scope="referrals:write",
    takes=forms.Steps,
    described_body=forms.described(),
    makes=("pupil", "referral", "entry"),
    thing=one,
)
def record(typed: dict[str, Any], asked: Asked, referral: UUID) -> Made:
    """Record a milestone: an agency what it did, a school what it did or (with `reported_by`) what it was told.

    Times of day are those of the clock in Wales.
    """
    opened = _acting(referral)
    return _recorded(opened, asked, _command(opened, asked, typed, forms.Steps()))


@referrals.records(
    "/referrals/<uuid:referral>/entries/<int:entry>/correct",
    scope="referrals:write",
    takes=lambda: forms.Steps(correcting=True),
    described_body=forms.described(correcting=True),
    makes=("pupil", "referral", "entry"),
    thing=lambda referral, **_path: one(referral),
)
def correct(typed: dict[str, Any], asked: Asked, referral: UUID, entry: int) -> Made:
    """What an entry should have said; both stay visible. The milestone is the entry's own, or another kind of missed
    appointment."""
    opened = _acting(referral)
    wrong = _entry_of(opened, entry, correctable)
    schema = forms.Steps(correcting=True)
    if typed["milestone"] != wrong.name and not {typed["milestone"], wrong.name} <= MISSED:
        raise wrong_field(schema, "milestone", "not_offered")
    return _recorded(opened, asked, _command(opened, asked, typed, schema, supersedes=entry))


@referrals.records(
    "/referrals/<uuid:referral>/entries/<int:entry>/strike",
    scope="referrals:write",
    takes=forms.StrikeBody,
    makes=("pupil", "referral", "entry"),
    thing=lambda referral, **_path: one(referral),
)
def strike(typed: dict[str, Any], asked: Asked, referral: UUID, entry: int) -> Made:
    """An entry was made in error: it stays visible and no longer counts."""
    opened = _acting(referral)
    _entry_of(opened, entry, correctable)
    command = StrikeEntry(occurred_on=viewer().today, seen=asked.seen, **_where(opened), entry=entry, **typed)
    return _recorded(opened, asked, command)


@referrals.records(
    "/referrals/<uuid:referral>/entries/<int:entry>/confirm",
    scope="referrals:write",
    takes=forms.ConfirmBody,
    makes=("pupil", "referral", "entry"),
    thing=lambda referral, **_path: one(referral),
)
def confirm(typed: dict[str, Any], asked: Asked, referral: UUID, entry: int) -> Made:  # noqa: ARG001
    """The agency says that what a school reported in its name is right."""
    opened = _acting(referral)
    _entry_of(opened, entry, answerable)
    command = ConfirmMilestone(occurred_on=viewer().today, seen=asked.seen, **_where(opened), milestone=entry)
    return _recorded(opened, asked, command)


@referrals.records(
    "/referrals/<uuid:referral>/entries/<int:entry>/contest",
    scope="referrals:write",
    takes=forms.ContestBody,
    makes=("pupil", "referral", "entry"),
    thing=lambda referral, **_path: one(referral),
)
def contest(typed: dict[str, Any], asked: Asked, referral: UUID, entry: int) -> Made:
    """The agency says that it is not right, and what was."""
    opened = _acting(referral)
    _entry_of(opened, entry, answerable)
    command = ContestMilestone(
        occurred_on=viewer().today, seen=asked.seen, **_where(opened), milestone=entry, **typed
    )
    return _recorded(opened, asked, command)


@referrals.records(
    "/referrals/<uuid:referral>/unavailable",
    scope="referrals:write",
    takes=forms.UnavailableBody,
    makes=("pupil", "referral", "entry"),
    thing=one,
)
def unavailable(typed: dict[str, Any], asked: Asked, referral: UUID) -> Made:
    """The family asks for no appointment for a while; deducted from the adjusted figure only."""
    opened = _acting(referral)
    command = RecordUnavailability(occurred_on=viewer().today, seen=asked.seen, **_where(opened), **typed)
    return _recorded(opened, asked, command)


@referrals.records(
    "/referrals/<uuid:referral>/immediate-risk",
    scope="referrals:write",
    takes=forms.RiskBody,
    makes=("pupil", "referral", "entry"),
)
def risk(typed: dict[str, Any], asked: Asked, referral: UUID) -> Made:
    """Danger became known: who was told, and when. Recorded whatever else came in between, so without If-Match."""
    opened = _acting(referral)
    command = RaiseImmediateRisk(
        occurred_on=viewer().today,
        **_where(opened),
        told=tuple(typed["told"]),
        told_at=commands.told_instant(typed),
        concern=typed["concern"],
    )
    return _recorded(opened, asked, command)


def _acting(referral: UUID) -> OpenReferral:
    """The referral, for who may record something of it. Raises NotFound."""
    if viewer().role not in (*SCHOOL_STAFF, *AGENCY_STAFF):
        raise NotFound
    return _open(referral)


def _command(
    opened: OpenReferral, asked: Asked, typed: dict[str, Any], schema: Any, supersedes: int | None = None
) -> RecordMilestone:
    milestone = typed["milestone"]
    forms.check_reported(schema, typed, reported=reports(opened, milestone))
    choices = page.choices_of(opened, milestone)
    if "chosen" in typed:
        typed["chosen"] = forms.same_instant(typed["chosen"], choices["chosen"])
    forms.check_offered(schema, typed, choices)
    return page.command_of(opened, asked, milestone, typed, supersedes=supersedes)


def _entry_of(opened: OpenReferral, version: int, may: Callable[[OpenReferral, Step], bool]) -> Step:
    """An entry to which the token's organisation may do this. Raises NotFound, Refused `entry_superseded`."""
    step = next((s for s in opened.held.steps if s.version == version), None)
    entry = next((e for e in opened.file.entries if e.version == version), None)
    if step is None or entry is None or not may(opened, step):
        raise NotFound
    if entry.superseded_by is not None:
        raise Refused("entry_superseded")
    return step


def _where(opened: OpenReferral) -> dict[str, Any]:
    return {"pupil": opened.pupil, "referral": opened.referral}


def _recorded(opened: OpenReferral, asked: Asked, command: Any) -> Made:
    version = asked.perform(command).version
    return _made(opened.pupil, opened.referral, version)


def _made(pupil: UUID, referral: UUID, entry: int | None = None) -> Made:
    ids: dict[str, UUID | int] = {"pupil": pupil, "referral": referral}
    return Made(ids | ({"entry": entry} if entry is not None else {}), f"/referrals/{referral}")
