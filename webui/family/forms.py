"""The forms of a family's answers, by link and on paper, and of what the school decides about sending."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField, TextField

LANGUAGES = [("cy", "Cymraeg"), ("en", "English")]
NO_ANSWER = "none"
OWN_WORDS = {
    "own_words": LongTextField(
        _l("Your own words"),
        hint=_l("What should the people who help know? Write it as you would say it, in any language."),
        required=False,
        rows=4,
    ),
    "words_language": ChoiceField(
        _l("In which language are these words?"), choices=LANGUAGES, required=False, inline=True
    ),
}
ITEMS = {
    "times_not_possible": LongTextField(
        _l("When can you not come to an appointment?"),
        hint=_l("For example: Tuesday mornings, the school holidays."),
        required=False,
        rows=2,
        longest=500,
    ),
    "interpreter": TextField(
        _l("Do you need an interpreter?"),
        hint=_l("Say which language, or British Sign Language. Leave this empty if you do not."),
        longest=200,
        required=False,
    ),
    "statement": LongTextField(
        _l("What do you see at home?"),
        hint=_l("What goes well, what is hard, since when, and what helps."),
        required=False,
        rows=6,
    ),
    "nhs_number": TextField(
        _l("What is the NHS number?"),
        hint=_l(
            "10 digits, on letters from the doctor or the hospital. Leave this empty if you do not know it."
        ),
        longest=20,
        required=False,
        inputmode="numeric",
    ),
    "gp": TextField(_l("At which doctor’s practice (GP)?"), longest=200, required=False),
}


class FamilyAnswerSchema(FormSchema):
    """The answer of a parent or young person to one question."""

    answer = ChoiceField(
        _l("What do you say?"),
        choices=[("given", _l("I agree")), ("refused", _l("I do not agree"))],
        says={"missing": _l("Choose whether you agree")},
    )
    struck_out = ChoicesField(
        _l("Is there a service that should not be told?"),
        hint=_l("The service may pass the referral on to these, except to those that you select."),
        required=False,
    )
    words = LongTextField(_l("Do you want to add anything?"), required=False, rows=3)


class FamilyWithdrawalSchema(FormSchema):
    """A parent or young person takes an agreement back."""

    meaning = ChoiceField(
        _l("What do you want?"),
        choices=[
            ("stop_sharing", _l("Stop sharing: the service is told nothing new, and the referral goes on")),
            ("end_referral", _l("Stop sharing, and end the referral too")),
        ],
        says={"missing": _l("Choose what you want")},
    )
    words = LongTextField(_l("Do you want to add anything?"), required=False, rows=3)


FamilyMoreSchema: type[FormSchema] = FormSchema.from_dict({**OWN_WORDS, **ITEMS}, name="FamilyMoreSchema")  # type: ignore[assignment]
"""A family's own words, and what they supply for a referral."""


def paper_schema(asked: int, agreed: int) -> type[FormSchema]:
    """The form on which a paper reply is typed in: the day, an answer to each of the questions asked, what is said of
    each agreement, and the rest of the paper."""
    fields: dict[str, Any] = {
        "occurred_on": DateField(
            _l("Which day is on the form?"), hint=_l("If it has none: the day it came.")
        ),
    }
    for number in range(1, asked + 1):
        fields[f"answer_{number}"] = ChoiceField(
            _l("What is ticked?"),
            choices=[
                ("given", _l("Agrees")),
                ("refused", _l("Does not agree")),
                (NO_ANSWER, _l("Nothing, or it cannot be read")),
            ],
        )
        fields[f"words_{number}"] = LongTextField(_l("What is written there?"), required=False, rows=2)
    for number in range(asked + 1, asked + agreed + 1):
        fields[f"answer_{number}"] = ChoiceField(
            _l("What is ticked?"),
            choices=[
                ("stop_sharing", _l("Stop sharing")),
                ("end_referral", _l("Stop sharing and end the referral")),
                (NO_ANSWER, _l("Nothing, or it cannot be read")),
            ],
        )
        fields[f"words_{number}"] = LongTextField(_l("What is written there?"), required=False, rows=2)
    return FormSchema.from_dict({**fields, **OWN_WORDS, **ITEMS}, name="PaperReplySchema")  # type: ignore[return-value]


class PaperCodeSchema(FormSchema):
    """The code on a form that came back."""

    code = TextField(
        _l("Code on the form"),
        hint=_l("8 letters and digits, at the top right of each page."),
        longest=20,
        width="10",
        spellcheck="false",
        says={"missing": _l("Enter the code")},
    )


class UnmatchedReplySchema(FormSchema):
    """A reply whose code cannot be read or is of no form of the school."""

    received_on = DateField(_l("When did it come?"))
    code_as_read = TextField(_l("Code, as far as it can be read"), longest=40, required=False)
    names = TextField(
        _l("Which names are on it?"), longest=200, says={"missing": _l("Enter the names, or “none”")}
    )
    words = LongTextField(_l("What does it say?"), rows=4)


class MatchSchema(FormSchema):
    """The pupil to whose family an unmatched reply belongs."""

    upn = TextField(
        _l("Unique pupil number"),
        longest=20,
        width="20",
        spellcheck="false",
        says={"missing": _l("Enter the pupil’s number")},
    )
    who = ChoiceField(_l("Who wrote it?"), required=False)


class HoldSchema(FormSchema):
    """Nothing is to be sent to somebody."""

    who = ChoiceField(_l("To whom is nothing sent?"))
    because = ChoiceField(
        _l("Why?"),
        choices=[
            ("court_order", _l("A court order restricts what they may receive")),
            ("safeguarding", _l("To keep the child safe")),
            ("bereavement", _l("There was a death in the family")),
            ("asked_not_to", _l("They asked for that")),
        ],
    )
    why = LongTextField(_l("What is known?"), rows=3, longest=1000)
    occurred_on = DateField(_l("From which day?"))
    until = DateField(_l("Until which day?"), hint=_l("Leave empty until somebody lifts it."), required=False)


class LiftFamilyHoldSchema(FormSchema):
    """The hold ends."""

    why = LongTextField(_l("Why can they receive links and forms again?"), rows=3, longest=1000)
    occurred_on = DateField(_l("From which day?"))


class RecipientsSchema(FormSchema):
    """Whom the social worker of a looked-after child named."""

    contacts = ChoicesField(_l("Who receives links and forms?"), required=False)
    social_worker = TextField(
        _l("Which social worker decided this, of which authority?"),
        longest=200,
        says={"missing": _l("Enter who decided")},
    )
    why = LongTextField(_l("What did they say?"), required=False, rows=3, longest=1000)
    occurred_on = DateField(_l("When did they decide?"))
