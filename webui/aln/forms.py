"""Forms to record a concern, what followed it, and a correction."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, LongTextField


class RaiseConcernSchema(FormSchema):
    """A concern that a pupil may have additional learning needs."""

    occurred_on = DateField(
        _l("When were you first told?"),
        hint=_l("The time limit starts on this date, not on the date when somebody looked at it."),
    )
    raised_by = ChoiceField(_l("Who told you?"))
    words = LongTextField(
        _l("In their own words"), hint=_l("Leave empty if they were not recorded."), required=False, rows=4
    )
    dual_body = ChoiceField(
        _l("Who decides?"),
        hint=_l("The pupil is on the roll of two schools (ALN Act, section 30)."),
        choices=(("school", _l("This school")), ("authority", _l("The local authority"))),
        required=False,
    )


class AnswerConcernSchema(FormSchema):
    """The answer to what a teacher told."""

    occurred_on = DateField(_l("When is it answered?"))
    outcome = ChoiceField(
        _l("What happens?"),
        hint=_l(
            "If the school has to decide about additional learning needs, its 35 school days started when the teacher"
            " told you."
        ),
    )
    words = LongTextField(
        _l("Your answer to the teacher"),
        hint=_l("The teacher reads it. Name no service and no referral."),
        longest=2000,
        rows=3,
        required=False,
    )


class PassOnSchema(FormSchema):
    """The school tells the authority."""

    occurred_on = DateField(
        _l("When was the local authority told?"), hint=_l("Its 12 weeks start on the next day.")
    )
    ground = ChoiceField(_l("Why does the local authority decide?"))


class AlnConsentSchema(FormSchema):
    """A young person's consent to the decision."""

    occurred_on = DateField(_l("When did the young person consent?"))


class DecideAlnSchema(FormSchema):
    """A decision."""

    occurred_on = DateField(_l("When was notice of the decision given?"))
    outcome = ChoiceField(_l("What was decided?"))


class IssuePlanSchema(FormSchema):
    """A plan was given."""

    occurred_on = DateField(
        _l("When was a copy of the plan first given?"), hint=_l("The text of the plan is not kept here.")
    )


class ReviewPlanSchema(FormSchema):
    """A plan was reviewed."""

    occurred_on = DateField(_l("When was the revised plan or the notice first given?"))
    outcome = ChoiceField(_l("What is the result of the review?"))


class AskReconsiderationSchema(FormSchema):
    """The authority is asked to reconsider."""

    occurred_on = DateField(_l("When was the local authority asked?"))
    asked_by = ChoiceField(_l("Who asked?"))


class AnswerReconsiderationSchema(FormSchema):
    """The authority answers."""

    occurred_on = DateField(_l("When was notice of the answer given?"))
    outcome = ChoiceField(_l("What was decided?"))


class CorrectAlnSchema(FormSchema):
    """A correction of an entry."""

    entry = ChoiceField(_l("Which entry is wrong?"))
    right = ChoiceField(
        _l("What is right?"),
        choices=(("other_day", _l("It happened on another date")), ("not", _l("It did not happen"))),
    )
    happened_on = DateField(
        _l("The right date"), required=False, says={"missing": _l("Enter the right date")}
    )
    why = LongTextField(_l("Reason"), longest=500, rows=3, says={"missing": _l("Give a reason")})

    @validates_schema(skip_on_field_errors=False)
    def complete(self, data: dict[str, Any], **_: Any) -> None:
        """Another date has to be given."""
        if data.get("right") == "other_day" and data.get("happened_on") is None:
            raise ValidationError({"happened_on": ["missing"]})
