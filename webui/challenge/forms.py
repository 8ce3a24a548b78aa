"""The forms for each step of a challenge. None may contain text about a pupil; the pages say so."""

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

NO_PUPILS = _l("Do not include anything about a pupil.")
_WAYS = list(WAYS.items())


class RaiseAttendanceSchema(FormSchema):
    """The evidence is read again on the server; `shown` only tells whether it is what the user saw."""

    shown = TextField("", required=False, longest=64)


class RaiseDelaySchema(FormSchema):
    """The waits over the standard to include in the challenge."""

    waits = ChoicesField(_l("Waits to ask about"), says={"missing": _l("Choose at least one wait")})


class WhySchema(FormSchema):
    """A reason."""

    why = LongTextField(_l("Reason"), hint=NO_PUPILS, says={"missing": _l("Give a reason")})


class SendSchema(FormSchema):
    """How and when the letter was sent, and how long the agency has to reply."""

    way = ChoiceField(_l("How was the letter sent?"), choices=_WAYS)
    sent_on = DateField(_l("On which day?"), hint=_l("For example 27 3 2026"))
    reply_working_days = WholeNumberField(_l("Working days for the reply"), least=1, most=60, width="3")


class WordLetterSchema(FormSchema):
    """The school's own sentences in the letter."""

    text = LongTextField(
        _l("Your own sentences in the letter"),
        required=False,
        rows=6,
        hint=_l("They stand before the table. Do not name pupils. Empty: the letter has none."),
    )


class ReplySchema(FormSchema):
    """The agency's reply."""

    text = LongTextField(_l("Your reply"), rows=8, hint=NO_PUPILS, says={"missing": _l("Enter your reply")})


class ReportReplySchema(FormSchema):
    """A reply that did not come through the service."""

    way = ChoiceField(_l("How did the reply arrive?"), choices=_WAYS)
    replied_on = DateField(_l("On which day?"), hint=_l("For example 27 3 2026"))
    text = LongTextField(
        _l("What the reply says"), rows=8, hint=NO_PUPILS, says={"missing": _l("Enter what the reply says")}
    )


class PromiseSchema(FormSchema):
    """What the agency promises, and by when."""

    text = LongTextField(
        _l("What is promised?"), hint=NO_PUPILS, says={"missing": _l("Enter what is promised")}
    )
    promised_by = DateField(_l("By which day?"), hint=_l("For example 27 3 2026"))


class BrokenSchema(FormSchema):
    """What happened instead of what was promised."""

    why = LongTextField(_l("What happened instead?"), required=False, hint=NO_PUPILS)


class PutAsideSchema(FormSchema):
    """Why a suggestion is put aside."""

    why = LongTextField(
        _l("Why is it put aside?"),
        longest=500,
        hint=NO_PUPILS,
        says={"missing": _l("Say why it is put aside")},
    )


class DisputeSchema(FormSchema):
    """The mark that the agency claims is correct."""

    claims = ChoiceField(_l("What should the mark be?"))
    why = LongTextField(
        _l("Why the mark is wrong"), hint=NO_PUPILS, says={"missing": _l("Say why the mark is wrong")}
    )


class NameRulerSchema(FormSchema):
    """The independent person who will make a ruling."""

    ruler = ChoiceField(
        _l("Who is asked?"),
        hint=_l(
            "From then on this person can see the challenge, and nothing else from the school or the agency."
        ),
        says={"missing": _l("Choose who to ask")},
    )


class RuleSchema(FormSchema):
    """A ruling with its reasons."""

    ruling = ChoiceField(_l("Your ruling"), choices=list(RULINGS.items()))
    reads = ChoiceField(_l("Correct mark"), required=False, widget="select")
    reasons = LongTextField(_l("Reasons"), hint=NO_PUPILS, says={"missing": _l("Give your reasons")})


class EscalateSchema(FormSchema):
    """Escalation to the next level."""

    why = LongTextField(_l("Message to that level"), required=False, hint=NO_PUPILS)
    reply_working_days = WholeNumberField(_l("Working days for the reply"), least=1, most=60, width="3")


class BypassSchema(FormSchema):
    """Escalation that skips levels because a child is at risk."""

    level = ChoiceField(_l("To which level?"))
    why = LongTextField(
        _l("Evidence of risk"), hint=NO_PUPILS, says={"missing": _l("Describe the evidence of risk")}
    )
    reply_working_days = WholeNumberField(_l("Working days for the reply"), least=1, most=60, width="3")


class ResolveSchema(FormSchema):
    """The outcome of the challenge."""

    outcome = ChoiceField(_l("How did it end?"))
    note = LongTextField(_l("Note"), required=False, hint=NO_PUPILS)
