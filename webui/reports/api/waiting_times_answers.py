"""The response schemas for waiting times."""

from __future__ import annotations

from marshmallow import Schema, fields

from coordination.clocks import ENDINGS
from projections.waiting_times.queries import (
    CompletedWaits,
    EntryReview,
    OpenWaits,
    SchoolRow,
    StandardVersion,
    WaitBand,
    WaitEntry,
    WaitHistory,
    WaitingTimesMonth,
    WaitPeriod,
    WaitRow,
)
from webui.api.derived import fields_of
from webui.reports.api.question import FootingSchema


class StandardOut(Schema):
    """The version of the standard that the waits began under: `version` is its first day; `limit` and bands are in
    `unit`. The clocks `none` (a service without a standard: from receipt), `not_received` (from sending to the
    service's first step) and `not_sent` (from the decision to sending) have no version, milestones or limit."""

    class Meta(Schema.Meta):
        include = fields_of(
            StandardVersion, "code", "version", "start", "stop", "limit", "unit", "target_percent"
        )

    bands = fields.List(fields.Integer(), required=True)


class BandOut(Schema):
    """The number of waits of more than `over` and up to `up_to`, in the unit of the standard (null: no bound)."""

    class Meta(Schema.Meta):
        include = fields_of(WaitBand, "over", "up_to", "count")


class CompletedOut(Schema):
    """Waits whose clock stopped in the period. Days are unadjusted, in the unit of the standard. Without a limit
    nothing is within it (null). `few_waits`: so few that the figures are not reliable."""

    class Meta(Schema.Meta):
        include = fields_of(
            CompletedWaits,
            *("count", "within_standard", "percent_within_standard", "median_days", "p95_days", "few_waits"),
        )

    bands = fields.List(fields.Nested(BandOut), required=True)


class WaitingOut(Schema):
    """Open waits on the date, cut off there."""

    class Meta(Schema.Meta):
        include = fields_of(
            OpenWaits,
            *("count", "within_standard", "percent_within_standard", "over_standard", "median_days"),
            *("p92_days", "p95_days", "longest_days", "few_waits"),
        )

    bands = fields.List(fields.Nested(BandOut), required=True)


EndedOtherwiseOut = Schema.from_dict(
    {ending: fields.Integer(required=True) for ending in ENDINGS}, name="EndedOtherwiseOut"
)
EndedOtherwiseOut.__doc__ = (
    """Waits that ended in the period without their clock stopping, by how they ended."""
)


class AccountOut(Schema):
    """Waits that began in the period (`started`), that ended in it otherwise than by a stop, and that cannot be counted
    because the school's term dates are not known. From the beginning of the record, started = completed + ended
    otherwise + waiting + uncountable."""

    started = fields.Integer(required=True)
    ended_otherwise = fields.Nested(EndedOtherwiseOut, required=True)
    uncountable = fields.Integer(required=True)


class ServiceLineOut(AccountOut):
    """A service by one version of one of its standards, or by a clock that is built in."""

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
    school's roll. `other_service`: those of a service that had the referral before."""

    agency = fields.Integer(required=True)
    school = fields.Integer(required=True)
    family = fields.Integer(required=True)
    authority = fields.Integer(required=True)
    exempt = fields.Integer(required=True)
    other_service = fields.Integer(required=True)


class WhoseDaysOut(Schema):
    """Whose days the ended and the open waits had."""

    completed = fields.Nested(PartiesOut, required=True)
    waiting = fields.Nested(PartiesOut, required=True)


class GroupOut(AccountOut):
    """One group and one version of the standard (`version`: its first day); nothing is added over versions. `key` is
    the group's code (a school's number). `whose_days` is of all versions of the group."""

    key = fields.String(required=True)
    version = fields.Date(required=True, allow_none=True)
    completed = fields.Nested(CompletedOut, required=True)
    waiting = fields.Nested(WaitingOut, required=True)
    whose_days = fields.Nested(WhoseDaysOut, required=True)


class WaitingTimesSchema(FootingSchema, AccountOut):
    """A service, compared with a standard. `standard` is its version in force on the date, `versions` are those that
    the groups have. `unconfirmed`: the number of counted milestones reported and not confirmed."""

    service = fields.UUID(required=True)
    standard = fields.Nested(StandardOut, required=True)
    versions = fields.List(fields.Nested(StandardOut), required=True)
    by = fields.String(required=True)
    groups = fields.List(fields.Nested(GroupOut), required=True)
    unconfirmed = fields.Integer(required=True)


class MonthOut(Schema):
    """A month and one version of the standard: waits that started and ended in it, and open waits on its last day
    (`until`)."""

    class Meta(Schema.Meta):
        include = fields_of(
            WaitingTimesMonth,
            *("first", "until", "started", "ended_otherwise", "waiting", "over_standard", "uncountable"),
        )

    version = fields.Nested(StandardOut, required=True)
    completed = fields.Nested(CompletedOut, required=True)


class MonthsSchema(FootingSchema):
    """A service by month."""

    service = fields.UUID(required=True)
    standard = fields.Nested(StandardOut, required=True)
    months = fields.List(fields.Nested(MonthOut), required=True)
    unconfirmed = fields.Integer(required=True)


class StretchOut(Schema):
    """Days of one party, from one date up to but not including another (null: still running); the agency's are of one
    of its services. `cause`: the entry that began them, 0 where none did."""

    class Meta(Schema.Meta):
        include = fields_of(WaitPeriod, "party", "service", "since", "until", "cause")


class WaitOut(Schema):
    """One wait, without a name: the `number`th of its standard in the referral, which the service has from
    `begins_on`, with `inherited_days` before. `elapsed`: unadjusted, in the unit of the standard; null if a day cannot
    be counted. `ending`: stopped, or how it ended otherwise; null: it runs. `days_over`: calendar days after the last
    day within the limit. `unconfirmed`: how many of its two milestones were reported and not confirmed."""

    class Meta(Schema.Meta):
        include = fields_of(
            WaitRow,
            *("referral", "number", "school", "service", "start_on", "begins_on", "due_on", "stop_on"),
            *("ended_on", "ending", "elapsed", "late", "inherited_days", "inherited_from", "unconfirmed"),
        )

    days_over = fields.Integer(required=True)
    stretches = fields.List(fields.Nested(StretchOut), required=True)


class WaitLineSchema(WaitOut, FootingSchema):
    """A wait with the entries it is based on, as in a row of the file."""

    standard = fields.String(required=True)
    version = fields.Date(required=True, allow_none=True)


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
