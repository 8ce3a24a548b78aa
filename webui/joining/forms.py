"""Forms for joining two files of a child and separating them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, LongTextField
from webui.pupil.forms.profile import UpnField


class OtherFileSchema(FormSchema):
    upn = UpnField(
        _l("Unique pupil number of the other file"),
        hint=_l("A pupil on your school’s roll. A temporary number counts."),
        width="20",
    )


class JoinSchema(FormSchema):
    leads = ChoiceField(
        _l("Which file’s name, number and details are right today?"),
        hint=_l("These are shown from now on. The other file’s number still finds the child."),
        says={"missing": _l("Choose the file whose details are right")},
    )
    why = LongTextField(
        _l("How do you know that both files are of the same child?"),
        rows=3,
        longest=500,
        says={"missing": _l("Enter the reason")},
    )


class SeparateSchema(FormSchema):
    why = LongTextField(
        _l("Why are the files separated?"),
        rows=3,
        longest=500,
        says={"missing": _l("Enter the reason")},
    )
