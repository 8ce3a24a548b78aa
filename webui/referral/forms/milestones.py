"""What is asked about each step of a referral: one schema a step, made of the fields that its event has."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from webui.forms.base import FormSchema
from webui.forms.fields import Choice, Choices, Day, LongText, Text, YesNo

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")
Fields = dict[str, Any]

# How many times one offer may name.
OFFERED = (1, 2, 3)


class ClockTime(Text):
    """A time of day by the clock in Wales (9:30, 14.05), loaded as a time. Its error code: no_such_time."""

    def __init__(self, label: Any, **options: Any) -> None:
        says = {"no_such_time": _l("%(label)s: enter a time, for example 14:30")} | options.pop("says", {})
        super().__init__(label, longest=20, says=says, width="5", inputmode="text", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = _TIME.fullmatch(super()._deserialize(value, attr, data, **kwargs).strip())
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError("no_such_time")
        return time(int(found[1]), int(found[2]))


# What somebody does who records the step in their own name.
ACTIONS: dict[str, Any] = {
    "decided": _l("Record the decision to refer"),
    "submitted": _l("Send the referral"),
    "received": _l("Record the receipt"),
    "acknowledged": _l("Acknowledge"),
    "triaged": _l("Triage"),
    "information_requested": _l("Ask for information"),
    "information_supplied": _l("Supply information"),
    "redirected": _l("Pass on to another service"),
    "opt_in_asked": _l("Ask the family to opt in"),
    "opt_in_answered": _l("The family opted in"),
    "opt_in_unanswered": _l("The family did not answer"),
    "accepted": _l("Accept"),
    "declined": _l("Decline"),
    "advice_given": _l("Give advice instead"),
    "appointment_offered": _l("Offer an appointment"),
    "appointment_answered": _l("The family’s answer to the offer"),
    "was_not_brought": _l("Was not brought"),
    "did_not_attend": _l("Did not attend"),
    "could_not_attend": _l("Could not attend"),
    "cancelled_by_service": _l("Cancel the appointment"),
    "first_contact": _l("Seen: first contact"),
    "assessed": _l("Assessed"),
    "treatment_started": _l("Treatment started"),
    "report_issued": _l("Report issued"),
    "s21_answer": _l("Answer under section 21"),
    "discharged": _l("Discharge"),
    "withdrawn": _l("Withdraw the referral"),
    "reopened": _l("Reopen"),
    "recorded_in_error": _l("Recorded in error"),
}

# What is not common knowledge, said above the form.
EXPLAINED: dict[str, Any] = {
    "received": _l(
        "The first receipt starts the clock of most standards. It is kept when the referral is passed on."
    ),
    "information_requested": _l("Until it comes, the days count as those of whom you ask."),
    "redirected": _l(
        "The first day of receipt is kept. Another agency may only be told when somebody with authority has agreed "
        "to that; the school records the agreement."
    ),
    "opt_in_unanswered": _l("This never ends a referral by itself."),
    "was_not_brought": _l(
        "For a child, who does not choose for themselves. It never discharges by itself: the school is told today, "
        "so that somebody asks how the child is."
    ),
    "did_not_attend": _l("For a young person who chooses for themselves. A child was not brought."),
    "could_not_attend": _l("Notice was given, at any time before the appointment."),
    "appointment_offered": _l(
        "An offer counts as reasonable when it names two days or more, each with ten days’ notice or more. Only "
        "after a reasonable offer do the days of a missed appointment count as the family’s. (NHSScotland waiting "
        "times guidance, 2023.)"
    ),
    "s21_answer": _l(
        "Additional Learning Needs and Education Tribunal (Wales) Act 2018, section 21: only this answer stops the "
        "clock of a referral under section 20. It is due within six weeks (SI 2021/401, regulation 11)."
    ),
    "withdrawn": _l(
        "The school or the family takes the referral back. The agency sees that it ended, and why."
    ),
    "recorded_in_error": _l(
        "For a referral that should never have been on the record. It stays visible, and counts nowhere."
    ),
}

_WHEN: dict[str, Any] = {
    "appointment_offered": _l("On which day was the offer sent?"),
    "was_not_brought": _l("Day of the appointment"),
    "did_not_attend": _l("Day of the appointment"),
    "could_not_attend": _l("On which day was notice given?"),
    "cancelled_by_service": _l("On which day was it cancelled?"),
    "opt_in_unanswered": _l("By which day was there no answer?"),
    "discharged": _l("Day of the discharge"),
    "recorded_in_error": _l("On which day was the error seen?"),
}

_EARLY = _l("The day on which it happened, even when that was some time ago.")


def _requirements(label: Any) -> Callable[[], Fields]:
    return lambda: {"requirements": Choices(label, required=False)}


def _reason(label: Any, *, required: bool = False) -> Callable[[], Fields]:
    return lambda: {"reason": Choice(label, required=required)}


def _offer() -> Fields:
    fields: Fields = {}
    for number in OFFERED:
        fields |= {
            f"offered_{number}": Day(_OFFERED_DAY[number], required=number == 1),
            f"offered_{number}_at": ClockTime(_OFFERED_TIME[number], required=number == 1),
        }
    return fields | {
        "place": Text(_l("Where"), required=False),
        "language": Choice(
            _l("In which language?"),
            choices=[("cy", _l("Welsh")), ("en", _l("English"))],
            required=False,
            inline=True,
        ),
    }


_OFFERED_DAY = {
    1: _l("Day of the appointment"),
    2: _l("Another day offered"),
    3: _l("A third day offered"),
}
_OFFERED_TIME = {1: _l("Time"), 2: _l("Time of the other day"), 3: _l("Time of the third day")}


def _appointment() -> Fields:
    return {"appointment": Choice(_l("Which appointment?"), required=False)}


def _answer() -> Fields:
    return {
        "answer": Choice(
            _l("What did the family say?"),
            choices=[
                ("accepted", _l("Yes, they will come")),
                ("another_time_asked", _l("They ask for another time")),
                ("declined", _l("No, they do not want it")),
            ],
        ),
        "chosen": Choice(_l("Which of the times?"), required=False),
    }


def _s21() -> Fields:
    return {
        "identified": YesNo(
            _l("Is there a treatment or service that is likely to be of benefit?"), inline=True
        ),
        "what": LongText(_l("Which treatment or service"), required=False, rows=3),
        "in_welsh": YesNo(_l("Should it be provided in Welsh?"), required=False, inline=True),
        "told": Choices(
            _l("Who has been told?"),
            choices=[
                ("told_referrer", _l("Whoever referred")),
                ("told_plan_holder", _l("Who maintains the plan")),
            ],
            required=False,
        ),
    }


# The fields that a step has of its own, beside the day and the note.
_OWN: dict[str, Callable[[], Fields]] = {
    "triaged": lambda: {"priority": Choice(_l("How urgent is it?"), required=False)},
    "information_requested": lambda: {
        "asked_of": Choice(
            _l("Whom do you ask?"),
            choices=[("school", _l("The school")), ("family", _l("The family"))],
            inline=True,
        ),
        "requirements": Choices(_l("What is missing?"), required=False),
    },
    "information_supplied": _requirements(_l("What was supplied?")),
    "redirected": lambda: {"to_service": Choice(_l("To which service?"), widget="select")},
    "opt_in_asked": lambda: {"answer_by": Day(_l("By which day should they answer?"), required=False)},
    "declined": lambda: {
        "reason": Choice(_l("Why is it declined?")),
        "signposting": LongText(
            _l("Where can the family and the school turn instead?"),
            hint=_l("A name, a number or a page. The school reads it as you write it."),
            required=False,
            rows=3,
        ),
    },
    "advice_given": lambda: {"advice": LongText(_l("The advice"), required=False)},
    "appointment_offered": _offer,
    "appointment_answered": _answer,
    "s21_answer": _s21,
    **dict.fromkeys(
        ("was_not_brought", "did_not_attend", "could_not_attend"),
        _reason(_l("Why, as far as anybody knows?")),
    ),
    "discharged": _reason(_l("Why is it ending?")),
    "withdrawn": _reason(_l("Why is it withdrawn?")),
    "reopened": _reason(_l("Why is it reopened?")),
}
# Those that concern one of the appointments offered.
OF_APPOINTMENT = frozenset(
    {
        "was_not_brought",
        "did_not_attend",
        "could_not_attend",
        "cancelled_by_service",
        "first_contact",
        "assessed",
        "appointment_answered",
    }
)


@cache
def schema_of(
    milestone: str, *, reported: bool = False, correcting: bool = False, offers: bool = False
) -> type[FormSchema]:
    """The schema of a step: as one's own word or as `reported` by the school, as new or `correcting` an entry, and
    with the choice between appointments where there are `offers`."""
    fields: Fields = {}
    if correcting:
        fields["why"] = LongText(_l("What was wrong with the entry?"), rows=2)
    fields["occurred_on"] = Day(_WHEN.get(milestone, _l("On which day?")), hint=_EARLY)
    if offers and milestone in OF_APPOINTMENT:
        fields |= _appointment()
    fields |= _OWN.get(milestone, dict)()
    if milestone == "appointment_answered" and not offers:
        del fields["chosen"]
    if reported:
        _loosen(milestone, fields)
        fields |= _told()
    needed = milestone == "recorded_in_error"
    fields["note"] = LongText(
        _l("Why should it not be on the record?") if needed else _l("Note"), required=needed, rows=3
    )
    return FormSchema.from_dict(fields, name=f"{milestone}_step")  # type: ignore[return-value]


def _loosen(milestone: str, fields: Fields) -> None:
    """What only the agency knows may stay open when the school reports it."""
    if milestone == "declined":
        fields["reason"] = Choice(_l("Why was it declined?"), required=False)
    if milestone == "appointment_offered":
        fields["offered_1"] = Day(_OFFERED_DAY[1], required=False)
        fields["offered_1_at"] = ClockTime(_OFFERED_TIME[1], required=False)


def _told() -> Fields:
    return {
        "reported_by": Text(
            _l("Who told you?"),
            hint=_l("A name or a post, for example the service’s secretary. It is kept sealed."),
        ),
        "reported_how": Choice(_l("How?"), widget="select"),
        "reported_on": Day(_l("On which day were you told?")),
    }


class ContestSchema(FormSchema):
    """The agency says that what was reported in its name is not right."""

    why = LongText(_l("What is not right?"), rows=3, hint=_l("The school reads it as you write it."))
    says_on = Day(_l("On which day was it, as you have it?"), required=False)


class StrikeSchema(FormSchema):
    """An entry was made in error."""

    why = LongText(_l("Why does this entry not count?"), rows=3)


class UnavailableSchema(FormSchema):
    """The family asks for no appointment for some time."""

    from_on = Day(_l("From"))
    until = Day(_l("Up to and including"))
    reason = Choice(_l("Why?"), required=False)


class NothingSchema(FormSchema):
    """A form that asks nothing: a button."""
