"""What each step of a challenge asks. No text about a pupil belongs in any of them: the pages say so."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.challenge.words import RULINGS, WAYS
from webui.forms.base import FormSchema
from webui.forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    LongTextField,
    TextField,
    WholeNumberField,
)

NO_PUPILS = _l("Write nothing about a pupil here.")
_WAYS = list(WAYS.items())


class RaiseAttendanceSchema(FormSchema):
    """The evidence is read again on the server; `shown` only tells whether it is still what was looked at."""

    shown = TextField("", required=False, longest=64)


class RaiseDelaySchema(FormSchema):
    """Which of the waits over the standard are complained of."""

    waits = ChoicesField(_l("Waits to ask about"), says={"missing": _l("Choose at least one wait")})


class WhySchema(FormSchema):
    """A reason."""

    why = LongTextField(_l("Why"), hint=NO_PUPILS, says={"missing": _l("Say why")})


class SendSchema(FormSchema):
    """How the letter went, on which day, and how long the agency has."""

    way = ChoiceField(_l("How does the letter go?"), choices=_WAYS)
    sent_on = DateField(_l("On which day?"), hint=_l("For example 27 3 2026"))
    reply_working_days = WholeNumberField(_l("Working days for the reply"), least=1, most=60, width="3")


class ReplySchema(FormSchema):
    """The agency's reply."""

    text = LongTextField(_l("Your reply"), rows=8, hint=NO_PUPILS, says={"missing": _l("Write your reply")})


class ReportReplySchema(FormSchema):
    """A reply that did not come through the service."""

    way = ChoiceField(_l("How did the reply come?"), choices=_WAYS)
    replied_on = DateField(_l("On which day?"), hint=_l("For example 27 3 2026"))
    text = LongTextField(
        _l("What it says"), rows=8, hint=NO_PUPILS, says={"missing": _l("Write what it says")}
    )


class DisputeSchema(FormSchema):
    """What a line of the register should read."""

    claims = ChoiceField(_l("What should the line read?"))
    why = LongTextField(
        _l("Why it is wrong"), hint=NO_PUPILS, says={"missing": _l("Say why the line is wrong")}
    )


class NameRulerSchema(FormSchema):
    """Who is asked to rule: somebody of neither party."""

    ruler = ChoiceField(
        _l("Who is asked?"),
        hint=_l("They see this challenge from then on, and nothing else of the school or the agency."),
        says={"missing": _l("Choose who is asked")},
    )


class RuleSchema(FormSchema):
    """A ruling with its reasons."""

    ruling = ChoiceField(_l("Your ruling"), choices=list(RULINGS.items()))
    reads = ChoiceField(_l("What the line is to be read as"), required=False, widget="select")
    reasons = LongTextField(_l("Reasons"), hint=NO_PUPILS, says={"missing": _l("Give your reasons")})


class EscalateSchema(FormSchema):
    """One level up, in its turn."""

    why = LongTextField(_l("A word to that level"), required=False, hint=NO_PUPILS)
    reply_working_days = WholeNumberField(_l("Working days for the reply"), least=1, most=60, width="3")


class BypassSchema(FormSchema):
    """Out of turn, because a child is at risk."""

    level = ChoiceField(_l("To which level?"))
    why = LongTextField(
        _l("What the risk rests on"), hint=NO_PUPILS, says={"missing": _l("Say what the risk rests on")}
    )
    reply_working_days = WholeNumberField(_l("Working days for the reply"), least=1, most=60, width="3")


class ResolveSchema(FormSchema):
    """How it ended."""

    outcome = ChoiceField(_l("How did it end?"))
    note = LongTextField(_l("Note"), required=False, hint=NO_PUPILS)
