"""The form that decides a doubt."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, LongTextField


class DoubtSchema(FormSchema):
    """The answer (which ones are offered depends on the doubt) and its reason."""

    answer = ChoiceField(_l("What is right?"))
    why = LongTextField(
        _l("How do you know?"),
        hint=_l("For example whom you asked. The reason is kept with the pupil’s record."),
        rows=2,
        longest=500,
        says={"missing": _l("Enter how you know")},
    )
