"""The forms of advice conversations; the API takes the same."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from projections.advice.counting import DAYS
from webui.advice.words import ANSWERS, CHANNELS
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, LongTextField, WholeNumberField
from webui.reports.forms import ReportDateField


class AdviceAnswerFields(FormSchema):
    """What the service advised."""

    answer = ChoiceField(_l("What did the service advise?"), choices=tuple(ANSWERS.items()))
    other_service = ChoiceField(_l("Which other service?"), widget="select", required=False)
    words = LongTextField(
        _l("The advice in a few words"),
        hint=_l("Leave names out."),
        longest=2000,
        rows=2,
        required=False,
    )

    @validates_schema(skip_on_field_errors=False)
    def other_only_with_its_answer(self, data: dict[str, Any], **_: Any) -> None:
        """Check that another service is named only where that is the answer."""
        if data.get("other_service") and data.get("answer") != "another_service":
            raise ValidationError({"other_service": ["not_offered"]})


class AnswerAdviceSchema(AdviceAnswerFields):
    """The service's answer."""

    occurred_on = DateField(_l("When was it answered?"))

    class Meta(FormSchema.Meta):
        fields = ("answer", "other_service", "words", "occurred_on")


class AskAdviceSchema(AdviceAnswerFields):
    """A conversation, with its answer if there is one already."""

    school = ChoiceField(
        _l("School"), widget="select", required=False, says={"missing": _l("Choose a school")}
    )
    service = ChoiceField(_l("Service"), widget="select", says={"missing": _l("Choose a service")})
    channel = ChoiceField(_l("How did you speak?"), choices=tuple(CHANNELS.items()), inline=True)
    question = LongTextField(
        _l("What was asked?"),
        hint=_l("Leave names out."),
        longest=2000,
        rows=2,
        required=False,
    )
    answer = ChoiceField(
        _l("What did the service advise?"),
        hint=_l("Leave empty if there is no answer yet."),
        choices=tuple(ANSWERS.items()),
        required=False,
    )
    occurred_on = DateField(_l("When was it?"))

    class Meta(FormSchema.Meta):
        fields = (
            "school",
            "service",
            "channel",
            "question",
            "answer",
            "other_service",
            "words",
            "occurred_on",
        )


class StrikeAdviceSchema(FormSchema):
    """The conversation was recorded in error."""

    why = LongTextField(
        _l("Why was it recorded in error?"), longest=500, rows=2, says={"missing": _l("Enter why")}
    )


class AdviceCriteriaSchema(FormSchema):
    """Which conversations are counted, as on which day. In the address; none of it is about a pupil."""

    service = ChoiceField(_l("Service"), widget="select", required=False)
    by = ChoiceField(_l("Compare by"), widget="select", required=False)
    from_on = ReportDateField(_l("From"), required=False)
    to_on = ReportDateField(_l("To"), required=False)
    as_of = ReportDateField(_l("As of"), required=False)
    days = WholeNumberField(
        _l("Days in which a referral counts"), least=1, most=730, load_default=DAYS, required=False
    )
