"""The forms for the steps of a referral: one schema for each step, made of the fields of its event."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from functools import cache
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from coordination.pupil.referral.milestones import MILESTONES, MISSED
from projections.sentences.milestones import milestone_words
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField, TextField, YesNoField
from webui.words.languages import language
from webui.words.text import Words

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")
Fields = dict[str, Any]

# The number of times that one offer may name.
OFFERED = (1, 2, 3)


class ClockTimeField(TextField):
    """A time of day by the clock in Wales (9:30, 14.05), loaded as a time. Its error code: no_such_time."""

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, longest=20, width="5", inputmode="text", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = _TIME.fullmatch(super()._deserialize(value, attr, data, **kwargs).strip())
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError("no_such_time")
        return time(int(found[1]), int(found[2]))


_EARLY = _l("The day on which it happened, even when that was some time ago.")


def _requirements(label: Words) -> Callable[[], Fields]:
    return lambda: {"requirements": ChoicesField(label, required=False)}


def _offer() -> Fields:
    fields: Fields = {}
    for number in OFFERED:
        fields |= {
            f"offered_{number}": DateField(_OFFERED_DAY[number], required=number == 1),
            f"offered_{number}_at": ClockTimeField(_OFFERED_TIME[number], required=number == 1),
        }
    return fields | {
        "place": TextField(_l("Where"), required=False),
        "language": ChoiceField(
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


# The choice of an outcome or answer whose appointment is not on record.
NOT_ON_RECORD = "none"


def _appointment() -> Fields:
    return {"appointment": ChoiceField(_l("Which appointment?"), required=False)}


def _answer() -> Fields:
    return {
        "answer": ChoiceField(
            _l("What did the family say?"),
            choices=[
                ("accepted", _l("Yes, they will come")),
                ("another_time_asked", _l("They ask for another time")),
                ("declined", _l("No, they do not want it")),
            ],
        ),
        "chosen": ChoiceField(_l("Which of the times?"), required=False),
    }


def _ended(label: Words, *, required: bool = False) -> Callable[[], Fields]:
    """Why it ended, and whether for one of the two reasons that figures show apart."""
    return lambda: {
        "reason": ChoiceField(label, required=required),
        "ending": ChoiceField(
            _l("Did the pupil move away or pass the age limit?"),
            choices=[
                ("moved_away", _l("The pupil has moved away")),
                ("aged_out", _l("The pupil is past the service’s age limit")),
            ],
            required=False,
        ),
    }


def _s21() -> Fields:
    return {
        "identified": YesNoField(
            _l("Is there a treatment or service that is likely to be of benefit?"),
            kind="is there?",
            inline=True,
        ),
        "what": LongTextField(_l("Which treatment or service"), required=False, rows=3),
        "in_welsh": YesNoField(
            _l("Should it be provided in Welsh?"), kind="should it?", required=False, inline=True
        ),
        "told": ChoicesField(
            _l("Who has been told?"),
            choices=[
                ("told_referrer", _l("The referrer")),
                ("told_plan_holder", _l("The body that maintains the plan")),
            ],
            required=False,
        ),
    }


def _panel() -> Fields:
    return {
        "decision": ChoiceField(
            _l("What did the panel decide?"),
            choices=[
                ("place", _l("A place")),
                ("wait", _l("To wait for a place")),
                ("no_place", _l("No place")),
            ],
        ),
        "meeting": ChoiceField(
            _l("At which meeting, if it is on the record?"), widget="select", required=False
        ),
    }


def _beyond() -> Fields:
    return {
        "beyond_reason": LongTextField(
            _l("If all places are taken: why does it go beyond the number of places?"), required=False, rows=2
        )
    }


def _place_offered() -> Fields:
    return {"starts_on": DateField(_l("First day of the place"), required=False), **_beyond()}


def _placed() -> Fields:
    exit_due = DateField(
        _l("By which day is it considered whether the exit criteria are met?"), required=False
    )
    return {"exit_due_on": exit_due, **_beyond()}


# The fields of each step in addition to the date and the note.
_OWN: dict[str, Callable[[], Fields]] = {
    "triaged": lambda: {"priority": ChoiceField(_l("How urgent is it?"), required=False)},
    "information_requested": lambda: {
        "asked_of": ChoiceField(
            _l("Who are you asking?"),
            choices=[("school", _l("The school")), ("family", _l("The family"))],
            inline=True,
        ),
        "requirements": ChoicesField(_l("What is missing?"), required=False),
    },
    "information_supplied": _requirements(_l("What was supplied?")),
    "redirected": lambda: {"to_service": ChoiceField(_l("To which service?"), widget="select")},
    "opt_in_asked": lambda: {"answer_by": DateField(_l("By which day should they answer?"), required=False)},
    "declined": lambda: {
        **_ended(_l("Why is it declined?"), required=True)(),
        "signposting": LongTextField(
            _l("Where can the family and the school turn instead?"),
            hint=_l("A name, a number or a page. The school reads it as you write it."),
            required=False,
            rows=3,
        ),
    },
    "advice_given": lambda: {"advice": LongTextField(_l("The advice"), required=False)},
    "appointment_offered": _offer,
    "appointment_answered": _answer,
    "s21_answer": _s21,
    "panel_decided": _panel,
    "place_offered": _place_offered,
    "placed": _placed,
    "place_ended": lambda: {"reason": ChoiceField(_l("Why did the place end?"))},
    **dict.fromkeys(MISSED, lambda: {"reason": ChoiceField(_l("Reason, if known"), required=False)}),
    "discharged": _ended(_l("Why is it ending?")),
    "withdrawn": _ended(_l("Why is it withdrawn?")),
    "reopened": lambda: {
        "reason": ChoiceField(_l("Why is it reopened?"), required=False),
        "new_episode": YesNoField(
            _l("Is it a new episode?"),
            kind="is it?",
            hint=_l("Yes: the waiting time starts again. No: it goes on from where it was."),
            required=False,
            inline=True,
        ),
    },
}


def step_name(milestone: str, *, reported: bool) -> str:
    """The name of a step on a button and above its form: the user's own step, or a step that was reported to them."""
    words = milestone_words(milestone, language())
    return words.name if reported else words.action


def of_appointment(milestone: str) -> bool:
    """Whether a milestone concerns one of the appointments offered."""
    of = MILESTONES[milestone]
    return "appointment" in of.__struct_fields__ and of.rules.appointment != "offered"


def _date_question(milestone: str) -> Any:
    def question() -> str:
        return milestone_words(milestone, language()).date_question or _("On which day?")

    return LazyString(question)


@cache
def schema_of(
    milestone: str,
    *,
    reported: bool = False,
    correcting: bool = False,
    offers: bool = False,
    of_a_service: bool = True,
) -> type[FormSchema]:
    """The schema of a step: the user's own or `reported` by the school, new or `correcting` an entry, and with the
    choice between the times offered if there are `offers`. `of_a_service`: a service chooses who reads its note."""
    fields: Fields = {}
    if correcting:
        fields["why"] = LongTextField(_l("What was wrong with the entry?"), rows=2)
    fields["occurred_on"] = DateField(_date_question(milestone), hint=_EARLY)
    if of_appointment(milestone):
        fields |= _appointment()
    fields |= _OWN.get(milestone, dict)()
    if milestone == "appointment_answered" and not offers:
        del fields["chosen"]
    if reported:
        _loosen(milestone, fields)
        fields |= _told()
    needed = MILESTONES[milestone].rules.effect == "voids"
    fields["note"] = LongTextField(
        _l("Why should it not have been recorded?") if needed else _l("Note"),
        required=needed,
        rows=3,
        hint=_note_hint(milestone, of_a_service=of_a_service),
    )
    if of_a_service and not needed:
        fields["note_for"] = ChoiceField(_l("Who may read the note?"), choices=_READERS, required=False)
    return FormSchema.from_dict(fields, name=f"{milestone}_step")  # type: ignore[return-value]


_READERS = [
    ("shared", _l("The school, and any service that takes the referral on, as far as the family agreed")),
    ("service", _l("Only our service. The school and other services cannot read it.")),
]


def _note_hint(milestone: str, *, of_a_service: bool) -> Words | None:
    if milestone == "declined":
        return _l("If the reason is another one, give it here in words.")
    if of_a_service:
        return None
    return _l(
        "The service reads it, and any service that takes the referral on, as far as the family agreed."
    )


def _loosen(milestone: str, fields: Fields) -> None:
    """Make the fields optional that only the agency knows, for a report by the school."""
    if milestone == "declined":
        fields["reason"] = ChoiceField(_l("Why was it declined?"), required=False)
    if milestone == "appointment_offered":
        fields["offered_1"] = DateField(_OFFERED_DAY[1], required=False)
        fields["offered_1_at"] = ClockTimeField(_OFFERED_TIME[1], required=False)


def _told() -> Fields:
    return {
        "reported_by": TextField(
            _l("Who told you?"),
            hint=_l("A name or a post, for example the service’s secretary. It is stored securely."),
        ),
        "reported_how": ChoiceField(_l("How?"), widget="select"),
        "reported_on": DateField(_l("On which day were you told?")),
    }


class ContestSchema(FormSchema):
    """The form to contest what was reported in the agency's name."""

    why = LongTextField(_l("What is not right?"), rows=3, hint=_l("The school reads it as you write it."))
    says_on = DateField(_l("Which day do your records show?"), required=False)


class StrikeSchema(FormSchema):
    """The form to strike out an entry made in error."""

    why = LongTextField(_l("Why does this entry not count?"), rows=3)


class UnavailableSchema(FormSchema):
    """The form to record that the family asked to wait."""

    from_on = DateField(_l("From"))
    until = DateField(_l("Up to and including"))
    reason = ChoiceField(_l("Why?"), required=False)
