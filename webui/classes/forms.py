"""Forms about classes: the class of a pupil, the teacher of a class."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from coordination.classes import LONGEST_CLASS
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, TextField


class PupilClassSchema(FormSchema):
    """The class of a pupil; empty: in none."""

    class_name = TextField(
        _l("Class or registration group"),
        hint=_l("For example 9B. It holds until 31 August. Leave it empty for a pupil who is in none."),
        longest=LONGEST_CLASS,
        autocomplete="off",
        spellcheck=False,
        required=False,
    )


class AssignTeacherSchema(FormSchema):
    """A teacher of a class from a day until another."""

    person = ChoiceField(
        _l("Class teacher"), widget="select", says={"missing": _l("Choose the class teacher")}
    )
    class_name = TextField(
        _l("Class or registration group"),
        longest=LONGEST_CLASS,
        autocomplete="off",
        spellcheck=False,
        says={"missing": _l("Enter the name of the class")},
    )
    effective_from = DateField(_l("First day"))
    effective_to = DateField(_l("Last day"), hint=_l("Leave empty if it is not known."), required=False)


class EndAssignmentSchema(FormSchema):
    """The last day on which a teacher has a class."""

    effective_to = DateField(_l("Last day"))
