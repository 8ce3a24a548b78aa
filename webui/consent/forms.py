"""Agreement to share: asked, answered, withdrawn; the lawful basis beside it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import Choice, Choices, Day, LongText
from webui.pupil.forms.profile import WHICH_DAY

CHILD = "child"
"""In place of a contact: the pupil themselves."""


class WhatSchema(FormSchema):
    """With whom, for what, and which kinds of data."""

    agency = Choice(_l("Share with which agency?"), widget="select")
    purpose = Choice(_l("For what?"), widget="select")
    data_classes = Choices(
        _l("What may be shared?"),
        hint=_l("Only what the purpose needs."),
        says={"missing": _l("Choose what may be shared")},
    )


class AskSchema(WhatSchema):
    who = Choice(_l("Who is asked?"))
    route = Choice(_l("How?"), inline=True)
    language = Choice(_l("In which language?"), inline=True)
    occurred_on = Day(_l("When?"), hint=WHICH_DAY)


class AnswerSchema(FormSchema):
    """An answer to a question that was asked."""

    answer = Choice(
        _l("What is the answer?"),
        choices=[("given", _l("Agrees that it is shared")), ("refused", _l("Does not agree"))],
    )
    who = Choice(_l("Who gave it?"))
    authority = Choice(
        _l("With what authority?"),
        hint=_l("Competence and the end of compulsory school age decide who agrees, not a birthday."),
    )
    competence_judged_by = Choice(
        _l("Who judged that the child is competent to decide this?"), widget="select", required=False
    )
    evidence = LongText(_l("Which order, of which court and day?"), required=False, rows=2, longest=1000)
    words = LongText(_l("In their own words"), hint=_l("As it was said or written."), required=False, rows=4)
    route = Choice(_l("How was it given?"), inline=True)
    language = Choice(_l("In which language?"), inline=True)
    occurred_on = Day(_l("When?"), hint=WHICH_DAY)
    expires_on = Day(_l("Until which day?"), hint=_l("Leave it empty when no end was said."), required=False)


class FreshAnswerSchema(AnswerSchema, WhatSchema):
    """An answer without a question on the record: what it is about comes first."""


class WithdrawSchema(FormSchema):
    who = Choice(_l("Who withdraws?"))
    words = LongText(_l("In their own words"), hint=_l("As it was said or written."), required=False, rows=4)
    occurred_on = Day(_l("When?"), hint=WHICH_DAY)


class BasisSchema(FormSchema):
    agency = Choice(_l("Share with which agency?"), widget="select")
    basis = Choice(_l("On which lawful basis?"))
    reason = LongText(_l("Why?"), required=False, rows=3, longest=1000)
