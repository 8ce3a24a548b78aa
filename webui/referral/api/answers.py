"""The response schemas for referrals."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from coordination import clocks
from coordination.clocks import Wait
from coordination.directory.state import Standard
from coordination.pupil.referral.milestones import MILESTONES, PHASES
from coordination.pupil.referral.phase import DatedMilestone, in_order
from coordination.sensitivity import Opened
from projections.case_file.queries import ReferralSummary, TimelineEntry
from webui.api.derived import fields_of
from webui.pupil.answers import ContactOut, ViewsOut, contact_out, views_out
from webui.pupil.identity import open_identity
from webui.referral.clocks import clocks_of
from webui.referral.next_steps import is_answerable, is_correctable, possible_today
from webui.referral.reading import OpenedReferral, offers
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.words.naming import directory


class ReferralSchema(Schema):
    """A referral today. Names are null if they were not shared or are erased. `version` is the version in the
    ETag."""

    class Meta(Schema.Meta):
        include = fields_of(
            ReferralSummary,
            *("referral", "pupil", "school", "service", "agency", "since", "ended", "in_error", "opened_on"),
            *("received_on", "priority", "immediate_risk", "legal_route", "basis", "year", "due", "due_on"),
            *("days_left", "waited", "whose_move", "move_since", "unconfirmed", "contested", "missing"),
        )

    surname = fields.String(required=True, allow_none=True)
    forename = fields.String(required=True, allow_none=True)
    date_of_birth = fields.Date(required=True, allow_none=True)
    phase = fields.String(required=True, validate=OneOf(PHASES))
    version = fields.Integer(required=True)


class EntrySchema(Schema):
    """An entry. Use `entry` to correct, strike out, confirm or contest it."""

    class Meta(Schema.Meta):
        include = fields_of(
            TimelineEntry,
            *("occurred_on", "recorded_at", "organisation", "on_behalf_of", "source", "service"),
            *("supersedes", "superseded_by", "standing"),
        )

    entry = fields.Integer(required=True)
    what = fields.String(required=True)
    details = fields.Dict(required=True)
    may = fields.List(fields.String(), required=True)


class ClockSchema(Schema):
    """The clock of a standard: calendar days from its start, and whose days they were. `limit` is in `unit`."""

    class Meta(Schema.Meta):
        include = fields_of(Wait, "start_on", "due_on")

    stop_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)

    standard = fields.String(required=True)
    limit = fields.Integer(required=True)
    unit = fields.String(required=True)
    days = fields.Integer(required=True)
    days_of = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class OfferSchema(Schema):
    """An appointment offered, with its times."""

    appointment = fields.UUID(required=True)
    offered_on = fields.Date(required=True)
    times = fields.List(fields.AwareDateTime(), required=True)


class ReferralFileSchema(ReferralSchema):
    """A referral with everything on its page. `possible`: the milestones that can be recorded for today."""

    entries = fields.List(fields.Nested(EntrySchema), required=True)
    clocks = fields.List(fields.Nested(ClockSchema), required=True)
    offers = fields.List(fields.Nested(OfferSchema), required=True)
    possible = fields.List(fields.String(validate=OneOf(list(MILESTONES))), required=True)
    contacts = fields.List(fields.Nested(ContactOut), required=True)
    views = fields.List(fields.Nested(ViewsOut), required=True)


KEPT = (
    *("referral", "pupil", "school", "service", "agency", "phase", "since", "ended", "in_error", "opened_on"),
    *("received_on", "priority", "immediate_risk", "legal_route", "basis", "year", "due", "due_on"),
    *("days_left", "waited", "whose_move", "move_since", "unconfirmed", "contested", "missing"),
)


def line_out(referral: ReferralSummary, identity: Opened) -> dict[str, Any]:
    """A referral as a ReferralSchema dict; `identity` is its opened sealed fields."""
    who = open_identity(referral.pupil, identity)
    return {name: getattr(referral, name) for name in KEPT} | {
        "surname": who.surname or None,
        "forename": who.forename or None,
        "date_of_birth": who.born,
        "version": referral.last_version,
    }


def file_out(opened: OpenedReferral) -> dict[str, Any]:
    """A referral as a ReferralFileSchema dict."""
    acts = viewer().role in (*SCHOOL_DESK, *AGENCY_DESK)
    steps = {step.version: step for step in opened.held.steps}
    file = opened.file
    return line_out(file.referral, opened.identity) | {
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


def _entry(opened: OpenedReferral, entry: TimelineEntry, step: DatedMilestone | None) -> dict[str, Any]:
    said = entry.clear | {n: v for n, v in opened.sealed_of(entry.version).items() if v not in (None, "", [])}
    shared = opened.file.shared
    if shared is not None and "needs" not in shared:
        said.pop("needs", None)
    counts = step is not None and entry.superseded_by is None
    may = []
    if counts and step is not None and is_correctable(opened, step):
        may = ["correct", "strike"]
    if counts and step is not None and is_answerable(opened, step):
        may = [*may, "confirm", "contest"]
    kept = ("occurred_on", "recorded_at", "organisation", "on_behalf_of", "source", "service")
    more = ("supersedes", "superseded_by", "standing")
    return {name: getattr(entry, name) for name in (*kept, *more)} | {
        "entry": entry.version,
        "what": entry.topic.partition(".")[2],
        "details": {name: value for name, value in said.items() if name not in ("referral", "supersedes")},
        "may": may,
    }


def _running(opened: OpenedReferral) -> list[tuple[Standard, clocks.Wait]]:
    return clocks_of(opened.held, directory(), opened.off_roll)


def _clock(opened: OpenedReferral, standard: Standard, clock: clocks.Wait) -> dict[str, Any]:
    held = opened.held
    end = clock.stop_on or clock.ended_on or max(viewer().today, clock.start_on)
    whose = clocks.party_periods(
        in_order(held.counting()), clock.start_on, end, held.unavailable, off_roll=opened.off_roll
    )
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
