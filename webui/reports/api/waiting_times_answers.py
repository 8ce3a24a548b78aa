"""The response schemas for waiting times."""

from __future__ import annotations

from marshmallow import Schema, fields

from coordination.directory.state import Standard
from projections.waiting_times.queries.months import WaitingTimesMonth
from projections.waiting_times.queries.overview import SchoolRow
from projections.waiting_times.queries.report import CompletedWaits, OpenWaits, WaitBand
from projections.waiting_times.queries.waits import EntryReview, WaitEntry, WaitHistory, WaitPeriod, WaitRow
from webui.api.derived import fields_of
from webui.reports.api.question import FootingSchema


class StandardOut(Schema):
    """The standard for a wait; `limit` and bands are in `unit`."""

    class Meta(Schema.Meta):
        include = fields_of(Standard, "code", "start", "stop", "limit", "unit", "target_percent")


class BandOut(Schema):
    """The number of waits that ended after more than `over` and up to `up_to` days."""

    class Meta(Schema.Meta):
        include = fields_of(WaitBand, "over", "up_to", "count")


class CompletedOut(Schema):
    """Waits that ended in the period. Days are unadjusted, in the unit of the standard."""

    class Meta(Schema.Meta):
        include = fields_of(
            CompletedWaits, "count", "within_standard", "percent_within_standard", "median_days", "p95_days"
        )

    bands = fields.List(fields.Nested(BandOut), required=True)


class WaitingOut(Schema):
    """Open waits on the date."""

    class Meta(Schema.Meta):
        include = fields_of(OpenWaits, "count", "over_standard", "median_days", "longest_days")


class ServiceLineOut(Schema):
    """A service, compared with its first standard."""

    service = fields.UUID(required=True)
    standard = fields.Nested(StandardOut, required=True)
    completed = fields.Nested(CompletedOut, required=True)
    waiting = fields.Nested(WaitingOut, required=True)


class SchoolLineOut(Schema):
    """A school, for all services."""

    class Meta(Schema.Meta):
        include = fields_of(
            SchoolRow,
            *("school", "completed", "within_standard", "percent_within_standard", "waiting"),
            *("over_standard", "longest_days"),
        )


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

    class Meta(Schema.Meta):
        include = fields_of(WaitingTimesMonth, "first", "until", "waiting", "over_standard")

    completed = fields.Nested(CompletedOut, required=True)


class MonthsSchema(FootingSchema):
    """A service by month."""

    service = fields.UUID(required=True)
    standard = fields.Nested(StandardOut, required=True)
    months = fields.List(fields.Nested(MonthOut), required=True)
    unconfirmed = fields.Integer(required=True)


class StretchOut(Schema):
    """Days of one party, from one date up to but not including another (null: still running)."""

    class Meta(Schema.Meta):
        include = fields_of(WaitPeriod, "party", "since", "until")


class WaitOut(Schema):
    """One wait, without a name. `elapsed`: unadjusted, in the unit of the standard. `days_over`: calendar days after
    the last day within the limit. `unconfirmed`: how many of its two milestones were reported and not confirmed."""

    class Meta(Schema.Meta):
        include = fields_of(
            WaitRow,
            *("referral", "school", "service", "start_on", "due_on", "stop_on", "ended_on", "elapsed"),
            *("late", "unconfirmed"),
        )

    days_over = fields.Integer(required=True)
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

    class Meta(Schema.Meta):
        include = fields_of(EntryReview, "what", "organisation", "occurred_on", "recorded_at", "says_on")


class WaitEntryOut(Schema):
    """An entry that the clocks are based on. `word`: by the agency itself, or reported by the school."""

    class Meta(Schema.Meta):
        include = fields_of(
            WaitEntry,
            *("kind", "occurred_on", "recorded_at", "organisation", "word", "says_on", "until"),
            entry="version",
        )

    said = fields.List(fields.Nested(SaidOut), required=True)


class WaitSchema(Schema):
    """A referral's clocks on a date, with the entries they are based on. `entries` appear only if you can see
    them."""

    class Meta(Schema.Meta):
        include = fields_of(
            WaitHistory, "referral", "school", "service", "as_of", "metric_version", "log_position", "parked"
        )

    clocks = fields.List(fields.Nested(ClockOut), required=True)
    entries = fields.List(fields.Nested(WaitEntryOut), required=True)
    known_at = fields.AwareDateTime(required=True, allow_none=True)
    warning = fields.String(required=True, allow_none=True)
