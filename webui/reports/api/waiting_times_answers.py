"""The response schemas for waiting times."""

from __future__ import annotations

from marshmallow import Schema, fields

from webui.reports.api.question import FootingSchema


class StandardOut(Schema):
    """The standard for a wait; `limit` and bands are in `unit`."""

    code = fields.String(required=True)
    start = fields.String(required=True)
    stop = fields.String(required=True)
    limit = fields.Integer(required=True)
    unit = fields.String(required=True)
    target_percent = fields.Integer(required=True, allow_none=True)


class BandOut(Schema):
    """The number of waits that ended after more than `over` and up to `up_to` days."""

    over = fields.Integer(required=True, allow_none=True)
    up_to = fields.Integer(required=True, allow_none=True)
    count = fields.Integer(required=True)


class CompletedOut(Schema):
    """Waits that ended in the period. Days are unadjusted, in the unit of the standard."""

    count = fields.Integer(required=True)
    within_standard = fields.Integer(required=True)
    percent_within_standard = fields.Float(required=True, allow_none=True)
    median_days = fields.Float(required=True, allow_none=True)
    p95_days = fields.Float(required=True, allow_none=True)
    bands = fields.List(fields.Nested(BandOut), required=True)


class WaitingOut(Schema):
    """Open waits on the date."""

    count = fields.Integer(required=True)
    over_standard = fields.Integer(required=True)
    median_days = fields.Float(required=True, allow_none=True)
    longest_days = fields.Integer(required=True, allow_none=True)


class ServiceLineOut(Schema):
    """A service, compared with its first standard."""

    service = fields.UUID(required=True)
    standard = fields.Nested(StandardOut, required=True)
    completed = fields.Nested(CompletedOut, required=True)
    waiting = fields.Nested(WaitingOut, required=True)


class SchoolLineOut(Schema):
    """A school, for all services."""

    school = fields.UUID(required=True)
    completed = fields.Integer(required=True)
    within_standard = fields.Integer(required=True)
    percent_within_standard = fields.Float(required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    over_standard = fields.Integer(required=True)
    longest_days = fields.Integer(required=True, allow_none=True)


class OverviewSchema(FootingSchema):
    """All services and all schools. `unconfirmed`: the number of counted milestones that were reported and not
    confirmed."""

    services = fields.List(fields.Nested(ServiceLineOut), required=True)
    schools = fields.List(fields.Nested(SchoolLineOut), required=True)
    unconfirmed = fields.Integer(required=True)


class PartiesOut(Schema):
    """Calendar days, by whose days they were. `authority`: those that would be the school's while the child was on no
    school's roll."""

    agency = fields.Integer(required=True)
    school = fields.Integer(required=True)
    family = fields.Integer(required=True)
    authority = fields.Integer(required=True)
    exempt = fields.Integer(required=True)


class WhoseDaysOut(Schema):
    """Whose days the ended and the open waits had."""

    completed = fields.Nested(PartiesOut, required=True)
    waiting = fields.Nested(PartiesOut, required=True)


class GroupOut(Schema):
    """One group; `key` is its code (a school's number)."""

    key = fields.String(required=True)
    completed = fields.Nested(CompletedOut, required=True)
    waiting = fields.Nested(WaitingOut, required=True)
    whose_days = fields.Nested(WhoseDaysOut, required=True)


class WaitingTimesSchema(FootingSchema):
    """A service, compared with a standard. `unconfirmed`: the number of counted milestones reported and not
    confirmed."""

    service = fields.UUID(required=True)
    standard = fields.Nested(StandardOut, required=True)
    by = fields.String(required=True)
    groups = fields.List(fields.Nested(GroupOut), required=True)
    unconfirmed = fields.Integer(required=True)


class MonthOut(Schema):
    """A month: waits that ended in it, and open waits on its last day (`until`)."""

    first = fields.Date(required=True)
    until = fields.Date(required=True)
    completed = fields.Nested(CompletedOut, required=True)
    waiting = fields.Integer(required=True)
    over_standard = fields.Integer(required=True)


class MonthsSchema(FootingSchema):
    """A service by month."""

    service = fields.UUID(required=True)
    standard = fields.Nested(StandardOut, required=True)
    months = fields.List(fields.Nested(MonthOut), required=True)
    unconfirmed = fields.Integer(required=True)


class StretchOut(Schema):
    """Days of one party, from one date up to but not including another (null: still running)."""

    party = fields.String(required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)


class WaitOut(Schema):
    """One wait, without a name. `elapsed`: unadjusted, in the unit of the standard. `days_over`: calendar days after
    the last day within the limit. `unconfirmed`: how many of its two milestones were reported and not confirmed."""

    referral = fields.UUID(required=True)
    school = fields.UUID(required=True)
    service = fields.UUID(required=True)
    start_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    stop_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    elapsed = fields.Integer(required=True)
    late = fields.Boolean(required=True)
    days_over = fields.Integer(required=True)
    unconfirmed = fields.Integer(required=True)
    stretches = fields.List(fields.Nested(StretchOut), required=True)


class WaitLineSchema(WaitOut, FootingSchema):
    """A wait with the entries it is based on, as in a row of the file."""

    standard = fields.String(required=True)


class ClockOut(Schema):
    """One clock of a referral. `line` null: it had not started by then. `versions`: how many versions of it were
    known."""

    standard = fields.Nested(StandardOut, required=True)
    line = fields.Nested(WaitOut, required=True, allow_none=True)
    versions = fields.Integer(required=True)


class SaidOut(Schema):
    """What happened to an entry: corrected, struck out, confirmed or contested."""

    what = fields.String(required=True)
    organisation = fields.UUID(required=True)
    occurred_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    says_on = fields.Date(required=True, allow_none=True)


class WaitEntryOut(Schema):
    """An entry that the clocks are based on. `word`: by the agency itself, or reported by the school."""

    entry = fields.Integer(required=True, attribute="version")
    kind = fields.String(required=True)
    occurred_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    organisation = fields.UUID(required=True)
    word = fields.String(required=True, allow_none=True)
    says_on = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    said = fields.List(fields.Nested(SaidOut), required=True)


class WaitSchema(Schema):
    """A referral's clocks on a date, with the entries they are based on. `entries` appear only if you can see
    them."""

    referral = fields.UUID(required=True)
    school = fields.UUID(required=True)
    service = fields.UUID(required=True)
    clocks = fields.List(fields.Nested(ClockOut), required=True)
    entries = fields.List(fields.Nested(WaitEntryOut), required=True)
    as_of = fields.Date(required=True)
    known_at = fields.AwareDateTime(required=True, allow_none=True)
    metric_version = fields.String(required=True)
    warning = fields.String(required=True, allow_none=True)
    log_position = fields.Integer(required=True)
    parked = fields.Integer(required=True)
