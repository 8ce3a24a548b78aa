"""The criteria of the reports: which figures, for which dates, as known when. They are in the address, so that a
report can be bookmarked and shared; none is about a pupil."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from coordination.desk.audit_samples import LARGEST
from projections.stamps.stamp import LONGEST
from projections.waiting_times.queries.sample import LARGEST_SEED
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, LongTextField, TextField, WholeNumberField


class ReportDateField(DateField):
    """A date that a report can be asked about, from three boxes or from ISO text in an address. A date earlier or later
    than a clock or calendar can count with is `no_such_day`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= found.year <= 2199:
            raise ValidationError("no_such_day")
        return found


class PeriodSchema(FormSchema):
    """The period of a report. Empty: the default of the page."""

    from_on = ReportDateField(_l("From"), required=False)
    to_on = ReportDateField(_l("To"), required=False)
    as_of = ReportDateField(_l("As of"), required=False)
    known_at = ReportDateField(_l("As known on"), required=False)
    at = WholeNumberField(_l("At position in the record"), most=2**62, required=False)


class WaitingTimesCriteriaSchema(PeriodSchema):
    """One service against one standard, or all services compared."""

    service = ChoiceField(_l("Service"), widget="select", required=False)
    standard = ChoiceField(_l("Standard"), widget="select", required=False)
    by = ChoiceField(_l("Compare by"), widget="select", required=False)
    sort = ChoiceField(_l("Sort by"), widget="select", required=False)
    school = ChoiceField(_l("School"), widget="select", required=False)

    class Meta(FormSchema.Meta):
        fields = (
            "service",
            "standard",
            "by",
            "from_on",
            "to_on",
            "as_of",
            "known_at",
            "at",
            "sort",
            "school",
        )


class SurvivalCriteriaSchema(PeriodSchema):
    """One service against one standard: the waits that began in a period, by month or year."""

    service = ChoiceField(_l("Service"), widget="select", required=False)
    standard = ChoiceField(_l("Standard"), widget="select", required=False)
    by_entry = ChoiceField(_l("Compare by"), widget="select", required=False)

    class Meta(FormSchema.Meta):
        fields = ("service", "standard", "by_entry", "from_on", "to_on", "as_of", "known_at", "at")


class ControlChartCriteriaSchema(PeriodSchema):
    """One service against one standard, month by month."""

    service = ChoiceField(_l("Service"), widget="select", required=False)
    standard = ChoiceField(_l("Standard"), widget="select", required=False)

    class Meta(FormSchema.Meta):
        fields = ("service", "standard", "from_on", "to_on", "as_of", "known_at", "at")


class WhatIfCriteriaSchema(PeriodSchema):
    """One service against one standard, and what is changed."""

    service = ChoiceField(_l("Service"), widget="select", required=False)
    standard = ChoiceField(_l("Standard"), widget="select", required=False)
    limit = WholeNumberField(_l("Another limit"), most=10_000, required=False)
    without = ChoiceField(_l("Without the days of"), widget="select", required=False)
    rule = ChoiceField(_l("When a referral is passed on"), widget="select", required=False)

    class Meta(FormSchema.Meta):
        fields = (
            *("service", "standard", "limit", "without", "rule"),
            *("from_on", "to_on", "as_of", "known_at", "at"),
        )


class TwoPeriodsSchema(PeriodSchema):
    """One service against one standard in two periods; without the second, the same a year earlier."""

    service = ChoiceField(_l("Service"), widget="select", required=False)
    standard = ChoiceField(_l("Standard"), widget="select", required=False)
    second_from_on = ReportDateField(_l("Second period: from"), required=False)
    second_to_on = ReportDateField(_l("Second period: to"), required=False)
    second_as_of = ReportDateField(_l("Second period: as of"), required=False)

    class Meta(FormSchema.Meta):
        fields = (
            *("service", "standard", "from_on", "to_on", "as_of", "second_from_on", "second_to_on"),
            *("second_as_of", "known_at", "at"),
        )


class AuditSampleSchema(FormSchema):
    """A sample to draw. Without a seed, one is drawn."""

    service = ChoiceField(_l("Service"), widget="select", required=False)
    from_on = ReportDateField(_l("Ended from"), required=False)
    to_on = ReportDateField(_l("Ended to"), required=False)
    as_of = ReportDateField(_l("Or still waiting on"), required=False)
    size = WholeNumberField(_l("How many waits"), least=1, most=LARGEST)
    seed = WholeNumberField(
        _l("Seed"),
        hint=_l("Leave empty to have one drawn. It is recorded, and the same seed draws the same waits."),
        most=LARGEST_SEED,
        required=False,
    )


class AuditFindingSchema(FormSchema):
    """What was found about one wait of a sample."""

    verdict = ChoiceField(_l("What you found"))
    words = LongTextField(
        _l("In your words"),
        hint=_l("Do not name the pupil. What you write is sealed."),
        rows=3,
        required=False,
    )


class SavedReportSchema(FormSchema):
    """A report to keep."""

    name = TextField(_l("Name"), hint=_l("Do not name a pupil."), longest=80)
    days = ChoiceField(
        _l("Days"),
        choices=[("kept", _l("These days")), ("current", _l("The usual days whenever it is opened"))],
    )


class PublishedCriteriaSchema(FormSchema):
    """One service in one whole month: `from_on` is its first day."""

    service = ChoiceField(_l("Service"), widget="select", required=False)
    standard = ChoiceField(_l("Standard"), widget="select", required=False)
    from_on = ChoiceField(_l("Month"), widget="select", required=False)
    by = ChoiceField(_l("Compare by"), widget="select", required=False)
    at = WholeNumberField(_l("At position in the record"), most=2**62, required=False)

    class Meta(FormSchema.Meta):
        fields = ("service", "standard", "from_on", "by", "at")


class DueSoonCriteriaSchema(PeriodSchema):
    """The open waits that will be late, by service or by school."""

    by = ChoiceField(_l("Compare by"), widget="select", required=False)

    class Meta(FormSchema.Meta):
        fields = ("by", "as_of", "known_at", "at")


class DataQualityCriteriaSchema(PeriodSchema):
    """Whether the record can be trusted on a day."""

    class Meta(FormSchema.Meta):
        fields = ("as_of", "known_at", "at")


class ChallengesAsOfSchema(FormSchema):
    """Challenges on a date, as known on another date; neither: as they are now."""

    as_of = ReportDateField(_l("As of"), required=False)
    known_at = ReportDateField(_l("As known on"), required=False)

    class Meta(FormSchema.Meta):
        fields = ("as_of", "known_at")


class WaitCriteriaSchema(PeriodSchema):
    """One referral on a date, as known on another date or at a position."""

    class Meta(FormSchema.Meta):
        fields = ("as_of", "known_at", "at")


class AttendanceCriteriaSchema(PeriodSchema):
    """Meetings of a school, of an agency or of one of its services."""

    school = ChoiceField(_l("School"), widget="select", required=False)
    agency = ChoiceField(_l("Agency"), widget="select", required=False)
    service = ChoiceField(_l("Service"), widget="select", required=False)
    by = ChoiceField(_l("Compare by"), widget="select", required=False)

    class Meta(FormSchema.Meta):
        fields = ("school", "agency", "service", "by", "from_on", "to_on", "as_of", "known_at", "at")


class StampSchema(FormSchema):
    """A stamp, and another one to compare it with (empty: the same question now)."""

    stamp = TextField(_l("Stamp"), longest=LONGEST, required=False)
    second = TextField(_l("Compare with another stamp"), longest=LONGEST, required=False)

    class Meta(FormSchema.Meta):
        fields = ("stamp", "second")
