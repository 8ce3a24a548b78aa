"""Forms for attaching a document and taking it back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, LongTextField, TextField


class AttachSchema(FormSchema):
    """A file; it is sent in addition to the fields, and an error about it is shown at `file`."""

    file = TextField(_l("The file"), required=False)
    data_class = ChoiceField(
        _l("What does it contain?"),
        hint=_l("A service receives it only if the agreement covers this."),
        widget="select",
    )


class AttachToReferralSchema(AttachSchema):
    """Besides, which of the things that the service asks for it is."""

    requirement = ChoiceField(
        _l("Which of the things that the service asks for is it?"), widget="select", required=False
    )


class AttachToChallengeSchema(AttachSchema):
    """Besides, which pupils of the challenge it names."""

    pupils = ChoicesField(
        _l("Which of these pupils does it name?"),
        hint=_l("The agency receives it only if it may know about each of them."),
        required=False,
    )


class RemoveSchema(FormSchema):
    """The form to take a document back."""

    why = LongTextField(
        _l("Why is it removed?"),
        hint=_l("For example, it belongs to another child. This is kept in the record."),
        longest=500,
        rows=2,
        says={"missing": _l("Enter why it is removed")},
    )
