"""Forms for objections, court orders, competence and a review of an agreement."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, LongTextField, YesNoField
from webui.pupil.forms.profile import WHICH_DAY


class ObjectionSchema(FormSchema):
    """One parent's objection."""

    who = ChoiceField(_l("Who objects?"))
    service = ChoiceField(_l("To sharing with which service?"), widget="select")
    purpose = ChoiceField(_l("For what?"), widget="select")
    words = LongTextField(_l("In their own words"), hint=_l("As said or written."), required=False, rows=4)
    route = ChoiceField(_l("How did they say so?"), inline=True)
    language = ChoiceField(_l("In which language?"), inline=True)
    occurred_on = DateField(_l("When?"), hint=WHICH_DAY)


class ObjectionDecisionSchema(FormSchema):
    """The decision about an objection."""

    outcome = ChoiceField(
        _l("What have you decided?"),
        hint=_l("If it stops, services receive nothing new. They keep what they wrote and had received."),
        choices=[("continues", _l("Sharing goes on")), ("stops", _l("Sharing stops"))],
    )
    why = LongTextField(_l("Why?"), hint=_l("Say what is best for the child, and who was asked."), rows=4)
    occurred_on = DateField(_l("When was it decided?"), hint=WHICH_DAY)


class CourtOrderSchema(FormSchema):
    """A court order about sharing."""

    effect = ChoiceField(
        _l("What does the order do?"),
        choices=[("prevents", _l("It prevents sharing")), ("permits", _l("It permits sharing"))],
    )
    court = LongTextField(
        _l("Which order?"), hint=_l("The court, the date and the number of the case."), rows=2, longest=1000
    )
    service = ChoiceField(
        _l("About which service?"), hint=_l("Leave empty for every service."), widget="select", required=False
    )
    purpose = ChoiceField(
        _l("For what?"), hint=_l("Leave empty for every purpose."), widget="select", required=False
    )
    occurred_on = DateField(_l("From which day does it apply?"), hint=WHICH_DAY)
    until = DateField(_l("What is its last day?"), hint=_l("Leave empty if it has none."), required=False)


class CourtOrderEndSchema(FormSchema):
    """A court order that no longer applies."""

    why = LongTextField(_l("Why does it no longer apply?"), rows=2, longest=1000)
    occurred_on = DateField(_l("From which day does it no longer apply?"), hint=WHICH_DAY)


class CompetenceSchema(FormSchema):
    """An assessment of the child's competence to decide."""

    competent = YesNoField(_l("Is the child competent to decide about sharing?"), kind="is it?", inline=True)
    purpose = ChoiceField(
        _l("For what?"), hint=_l("Leave empty for every purpose."), widget="select", required=False
    )
    assessed_by = ChoiceField(_l("Who assessed it?"), widget="select")
    assessment = LongTextField(
        _l("How was it assessed?"),
        hint=_l(
            "What the child understood of what is shared, with whom, why, and what follows if it is not."
        ),
        rows=4,
    )
    occurred_on = DateField(_l("When?"), hint=WHICH_DAY)


class AgreementReviewSchema(FormSchema):
    """An agreement that goes on as it is."""

    why = LongTextField(
        _l("Why does the agreement go on as it is?"),
        hint=_l("For example who was asked and what they said."),
        rows=3,
    )
    occurred_on = DateField(_l("When?"), hint=WHICH_DAY)
