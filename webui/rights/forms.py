"""Forms of the rights desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from webui.forms import ChoiceField, DateField, FormSchema, LongTextField, TextField, WholeNumberField
from webui.rights.words import ASKED_BY, GROUNDS, KINDS

REASON = _l("Reason")


class ProposeErasureSchema(FormSchema):
    ground = ChoiceField(_l("Why is the record to be erased?"), choices=tuple(GROUNDS.items()))
    why = LongTextField(REASON, rows=3, longest=1000, says={"missing": _l("Enter the reason")})


class DecideErasureSchema(FormSchema):
    decision = ChoiceField(
        _l("Your decision"),
        choices=(("approve", _l("Approve")), ("decline", _l("Decline"))),
        inline=True,
    )
    why = LongTextField(REASON, hint=_l("Needed if you decline."), rows=3, longest=1000, required=False)


class LegalHoldSchema(FormSchema):
    review_on = DateField(
        _l("When will somebody check that it is still needed?"), hint=_l("For example 27 3 2030")
    )
    why = LongTextField(
        REASON,
        hint=_l("For example a claim, an inquiry or a court case."),
        rows=3,
        longest=1000,
        says={"missing": _l("Enter the reason")},
    )


class LiftHoldSchema(FormSchema):
    why = LongTextField(REASON, rows=3, longest=1000, says={"missing": _l("Enter the reason")})


class RetentionRuleSchema(FormSchema):
    code = ChoiceField(_l("Which rule?"), widget="select")
    years = WholeNumberField(_l("Years"), least=1, most=150, width="3")
    effective_from = DateField(_l("From when?"), hint=_l("For example 27 3 2030"))
    source = TextField(
        _l("Source"),
        hint=_l("The law, code or schedule that says so."),
        longest=300,
        says={"missing": _l("Enter the source")},
    )


class ReceiveRequestSchema(FormSchema):
    kind = ChoiceField(_l("What was asked for?"), choices=tuple(KINDS.items()))
    asked_by = ChoiceField(_l("Who asked?"), choices=tuple(ASKED_BY.items()))
    occurred_on = DateField(_l("When was it received?"), hint=_l("For example 27 3 2030"))
    details = LongTextField(_l("What exactly was asked?"), rows=3, longest=2000, required=False)


class DayOnlySchema(FormSchema):
    occurred_on = DateField(_l("On which day?"), hint=_l("For example 27 3 2030"))


class StopClockSchema(DayOnlySchema):
    reason = ChoiceField(
        _l("What do you need to know first?"),
        choices=(("identity", _l("Who is asking")), ("scope", _l("What they want"))),
    )


class WeighSchema(DayOnlySchema):
    competent = ChoiceField(
        _l("Is the child competent to decide about this?"),
        choices=(("yes", lazy_pgettext("is it?", "Yes")), ("no", lazy_pgettext("is it?", "No"))),
        inline=True,
    )
    agrees = ChoiceField(
        _l("Does the child agree?"),
        hint=_l("Only of a competent child."),
        choices=(("yes", lazy_pgettext("does it?", "Yes")), ("no", lazy_pgettext("does it?", "No"))),
        inline=True,
        required=False,
    )
    why = LongTextField(
        _l("How do you know?"), rows=3, longest=1000, says={"missing": _l("Enter how you know")}
    )


class OpinionSchema(DayOnlySchema):
    professional = TextField(
        _l("Name and post of the health professional"), says={"missing": _l("Enter who gave the opinion")}
    )
    serious_harm = ChoiceField(
        _l("Would giving it be likely to cause serious harm to anybody’s health?"),
        choices=(("yes", lazy_pgettext("would it?", "Yes")), ("no", lazy_pgettext("would it?", "No"))),
        inline=True,
    )
    why = LongTextField(_l("What must be left out"), rows=3, longest=1000, required=False)


class RequestAnswerSchema(DayOnlySchema):
    outcome = ChoiceField(_l("What was the answer?"))
    withheld = TextField(
        _l("Entries left out"), hint=_l("Their numbers in the copy, separated by commas."), required=False
    )
    corrected_by = TextField(
        _l("Entries that correct the record"),
        hint=_l("Their numbers in the copy, separated by commas."),
        required=False,
    )
    why = LongTextField(
        REASON,
        hint=_l("Needed for a refusal and for what is left out."),
        rows=3,
        longest=1000,
        required=False,
    )
