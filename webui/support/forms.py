"""Forms: support, its reviews and end, one-page profiles, programmes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from coordination.pupil.one_page_profile.decide import LONGEST_PART
from webui.forms.base import FormSchema
from webui.forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    LongTextField,
    TextField,
    WholeNumberField,
    YesNoField,
)
from webui.support.words import HEADINGS, LEVEL_CHOICES, NEXT_STEPS, OCCASIONS

WORDS = {"longest": 2000, "rows": 3}


class StartSupportSchema(FormSchema):
    """Support that begins."""

    occurred_on = DateField(_l("When does it start?"))
    level = ChoiceField(_l("At which level?"), choices=LEVEL_CHOICES)
    need = ChoiceField(_l("For which need?"), widget="select", required=False)
    programme = ChoiceField(
        _l("In which programme?"), hint=_l("Leave empty if it is in none."), widget="select", required=False
    )
    activity = LongTextField(_l("What is done, how often and by whom?"), **WORDS)
    aim = LongTextField(
        _l("What is the aim?"),
        hint=_l("What the child will be able to do. For example: “Reads 60 words a minute, from 42.”"),
        **WORDS,
    )
    measure = TextField(
        _l("How is it measured?"),
        hint=_l("For example “words read in a minute”. Leave the next three empty if it cannot be measured."),
        required=False,
    )
    unit = TextField(_l("In which unit?"), longest=60, required=False)
    starting_point = TextField(
        _l("Where does the child start?"),
        hint=_l("A number"),
        longest=20,
        inputmode="decimal",
        required=False,
    )
    ends_by = DateField(_l("Last day of this phase"), hint=_l("Then it is decided anew."))
    review_on = DateField(
        _l("When is it reviewed first?"), hint=_l("Leave empty for six weeks from the start."), required=False
    )
    referral = ChoiceField(_l("Since which referral?"), widget="select", required=False)
    advised_by = ChoiceField(
        _l("Which service advised it?"),
        hint=_l("A class teacher does not see this."),
        widget="select",
        required=False,
    )


class ReviewSupportSchema(FormSchema):
    """A review in up to three voices."""

    occurred_on = DateField(_l("When was it reviewed?"))
    outcome = ChoiceField(_l("How does it stand?"))
    value = TextField(
        _l("Measured now"), hint=_l("A number"), longest=20, inputmode="decimal", required=False
    )
    child_words = LongTextField(_l("What the child says"), required=False, **WORDS)
    child_outcome = ChoiceField(_l("How the child sees it"), widget="select", required=False)
    child_language = ChoiceField(_l("The child’s language"), inline=True, required=False)
    teacher_words = LongTextField(_l("What the teacher says"), required=False, **WORDS)
    teacher_outcome = ChoiceField(_l("How the teacher sees it"), widget="select", required=False)
    teacher_language = ChoiceField(_l("The teacher’s language"), inline=True, required=False)
    parent_words = LongTextField(_l("What a parent says"), required=False, **WORDS)
    parent_outcome = ChoiceField(_l("How the parent sees it"), widget="select", required=False)
    parent_language = ChoiceField(_l("The parent’s language"), inline=True, required=False)
    next_step = ChoiceField(_l("What happens next?"), choices=tuple(NEXT_STEPS.items()))
    review_on = DateField(
        _l("When is it reviewed next?"), hint=_l("Leave empty for six weeks from now."), required=False
    )
    ends_by = DateField(
        _l("New last day of the phase"), hint=_l("Leave empty if it stays as it is."), required=False
    )


class EndSupportSchema(FormSchema):
    """The last day of support, and why."""

    occurred_on = DateField(_l("Last day"))
    reason = ChoiceField(_l("Why does it end?"))
    words = LongTextField(_l("In words"), required=False, **WORDS)


class StrikeOutSupportSchema(FormSchema):
    """Support that was recorded in error."""

    why = LongTextField(_l("Reason"), longest=500, rows=3, says={"missing": _l("Give a reason")})


class OnePageProfileSchema(FormSchema):
    """A profile under its three headings."""

    occasion = ChoiceField(_l("What is it for?"), choices=tuple(OCCASIONS.items()))
    language = ChoiceField(_l("In which language?"), inline=True)
    with_child = YesNoField(_l("Did the child take part?"), kind="did it?")
    important = LongTextField(HEADINGS["important"], longest=LONGEST_PART, rows=4)
    admired = LongTextField(HEADINGS["admired"], longest=LONGEST_PART, rows=4)
    support = LongTextField(HEADINGS["support"], longest=LONGEST_PART, rows=4)


class ProgrammeSchema(FormSchema):
    """A dated version of a programme."""

    code = TextField(_l("Code"), hint=_l("Short, for example TALK. It never changes."), longest=40)
    name = TextField(_l("Name in English"), longest=120)
    name_cy = TextField(_l("Name in Welsh"), longest=120, required=False)
    level = ChoiceField(_l("At which level?"), choices=LEVEL_CHOICES)
    needs = ChoicesField(_l("For which needs?"), required=False)
    entry_criteria = LongTextField(_l("Who takes part?"), hint=_l("The entry criteria"), **WORDS)
    exit_criteria = LongTextField(_l("When is it finished?"), hint=_l("The exit criteria"), **WORDS)
    usual_weeks = WholeNumberField(_l("How many weeks does it usually take?"), least=1, most=156)
    effective_from = DateField(_l("First day"))
    effective_to = DateField(
        _l("Last day"),
        hint=_l("Leave empty if no end is known. No pupil may still be in it."),
        required=False,
    )

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        """The last day is not before the first."""
        if data.get("effective_to") and data["effective_to"] < data["effective_from"]:
            raise ValidationError({"effective_to": ["no_such_day"]})


class TellConcernSchema(FormSchema):
    """What a teacher tells the ALNCo. Immediate danger is asked first, and nothing is kept of the answer."""

    danger = YesNoField(
        _l("Is the child in danger now, or has the child told you of harm?"),
        kind="is it?",
        hint=_l("If so, nothing is recorded here. You are shown whom to ring."),
    )
    worse = YesNoField(
        _l("Has something got worse that the school knows of already?"), kind="is it?", required=False
    )
    words = LongTextField(
        _l("What worries you?"),
        hint=_l(
            "What you see in class, and what you have tried. Do not write what a child has told you of harm."
        ),
        longest=2000,
        rows=4,
        required=False,
    )

    @validates_schema(skip_on_field_errors=True)
    def words_of_a_concern(self, data: dict[str, Any], **_: Any) -> None:
        """Words are needed, unless there is danger."""
        if not data.get("danger") and not data.get("words"):
            raise ValidationError({"words": ["missing"]})
