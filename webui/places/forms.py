"""Forms: what is arranged for a base, reviews of a place, short notice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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

WORDS = {"longest": 2000, "rows": 3}


def _source() -> TextField:
    return TextField(_l("Source"), hint=_l("The decision or document that says so."), longest=300)


class PlacesSchema(FormSchema):
    """The number of places."""

    number = WholeNumberField(_l("Number of places"), least=0, most=500)
    effective_from = DateField(_l("From"))
    source = _source()
    reason = LongTextField(
        _l("Reason, if there are fewer places than pupils who have one"), required=False, **WORDS
    )


class PlaceCriteriaSchema(FormSchema):
    """Admission and exit criteria."""

    admission = LongTextField(_l("Who is admitted?"), **WORDS)
    exit = LongTextField(_l("What is a pupil expected to achieve to return to a mainstream class?"), **WORDS)
    effective_from = DateField(_l("From"))
    source = _source()


class HostAgreementSchema(FormSchema):
    """The agreement with the host school."""

    school = ChoiceField(_l("Host school"), widget="select")
    terms = LongTextField(_l("What is the school expected to provide?"), **WORDS)
    effective_from = DateField(_l("From"))
    effective_to = DateField(_l("Last day"), required=False)
    source = _source()


class BaseFunctionSchema(FormSchema):
    """A review of the base's function."""

    occurred_on = DateField(_l("When was it reviewed?"))
    function = LongTextField(_l("What is the base for, and what changes?"), **WORDS)
    needs = ChoicesField(_l("For which needs?"), required=False)
    next_review_on = DateField(_l("When is it reviewed next?"))
    source = _source()


class StaffTrainingSchema(FormSchema):
    """Training of the base's staff."""

    occurred_on = DateField(_l("On which day?"))
    subject = TextField(_l("In what were they trained?"), longest=300)
    people = WholeNumberField(_l("How many people?"), least=1, most=500)
    source = _source()


class PlaceReviewSchema(FormSchema):
    """A review of a place."""

    occurred_on = DateField(_l("When was it reviewed?"))
    outcome = ChoiceField(
        _l("What comes next?"),
        choices=[
            ("stays", _l("The place goes on")),
            ("exit_planned", _l("An exit is being prepared")),
            ("other_provision", _l("Other provision is needed")),
        ],
    )
    exit_due_on = DateField(
        _l("By which day is it considered whether the exit criteria are met?"), required=False
    )
    next_review_on = DateField(_l("When is it reviewed next?"))
    words = LongTextField(
        _l("What was said"),
        hint=_l("The school, the base’s authority and the authority that placed the pupil read it."),
        required=False,
        **WORDS,
    )


class ShortNoticeSchema(FormSchema):
    """Whether the family agreed to short notice."""

    agreed = YesNoField(
        _l("Is the family willing to be offered an appointment at short notice?"),
        kind="is it?",
        inline=True,
    )


FORMS: dict[str, type[FormSchema]] = {
    "places": PlacesSchema,
    "criteria": PlaceCriteriaSchema,
    "agreement": HostAgreementSchema,
    "function": BaseFunctionSchema,
    "training": StaffTrainingSchema,
}
"""By the kind of what is arranged."""
