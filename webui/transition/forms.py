"""Forms: a transition, its visits and pack, destinations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from coordination.pupil.one_page_profile.decide import LONGEST_PART
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField, TextField, YesNoField
from webui.support.words import HEADINGS
from webui.transition.words import TRANSITIONS, VISITS

WORDS = {"longest": 2000, "rows": 3}
PROFILE = {"longest": LONGEST_PART, "rows": 3, "required": False}


class PlanTransitionSchema(FormSchema):
    """A transition that is prepared."""

    kind = ChoiceField(_l("Which transition?"), choices=tuple(TRANSITIONS.items()))
    moves_on = DateField(_l("On which day does the pupil move?"))
    to_school = ChoiceField(_l("Next school"), widget="select", required=False)
    enhanced = YesNoField(
        _l("Is more needed than for other pupils?"),
        kind="is it?",
        hint=_l("An enhanced transition: more visits, a person the pupil knows, time in smaller groups."),
        inline=True,
    )
    why_enhanced = LongTextField(_l("What is needed, and why?"), required=False, **WORDS)


class TransitionVisitSchema(FormSchema):
    """A visit."""

    occurred_on = DateField(_l("On which day?"))
    visit = ChoiceField(_l("What took place?"), choices=tuple(VISITS.items()))
    words = LongTextField(_l("Note"), required=False, **WORDS)


class TransitionPackSchema(FormSchema):
    """The pack as it is sent."""

    pupil_name = TextField(_l("Name"), longest=200)
    language = ChoiceField(_l("Language of the words"), widget="select")
    needs = ChoicesField(_l("Needs"), required=False)
    moving_school = LongTextField(
        _l("Moving school, in the child’s own words"),
        hint=_l("What they look forward to, what worries them, what they want to know."),
        **WORDS,
    )
    important = LongTextField(HEADINGS["important"], **PROFILE)
    admired = LongTextField(HEADINGS["admired"], **PROFILE)
    support = LongTextField(HEADINGS["support"], **PROFILE)
    key_contacts = LongTextField(
        _l("Key contacts"), hint=_l("A line each: name, job or relationship, how to reach them."), **WORDS
    )


class DestinationSchema(FormSchema):
    """Where a young person went."""

    at_age = ChoiceField(_l("At which age?"), choices=(("16", "16"), ("18", "18")), inline=True)
    destination = ChoiceField(_l("Where did they go?"), widget="select")
    at_risk = YesNoField(
        _l("Is there a risk of not being in education, employment or training?"),
        kind="is there?",
        inline=True,
    )
    follow_up_on = DateField(_l("When does the school look again?"), required=False)


class FollowUpSchema(FormSchema):
    """The school looked again."""

    occurred_on = DateField(_l("On which day?"))
    destination = ChoiceField(_l("Where are they now?"), widget="select")
    words = LongTextField(_l("Note"), required=False, **WORDS)
    follow_up_on = DateField(_l("When does the school look again?"), required=False)
