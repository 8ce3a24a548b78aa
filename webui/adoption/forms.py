"""Forms of the adoption officer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, LongTextField
from webui.pupil.forms.profile import WHICH_DAY, NameField, TelephoneField, UpnField


class FindSchema(FormSchema):
    upn = UpnField(
        _l("Unique pupil number"),
        hint=_l("The number that the child has now, or had before the adoption."),
        width="20",
    )


class ReplaceSchema(FormSchema):
    occurred_on = DateField(_l("When was the adoption order made?"), hint=WHICH_DAY)
    forename = NameField(_l("New first name"), required=False)
    surname = NameField(_l("New surname"), required=False)
    upn = UpnField(
        _l("Unique pupil number from now on"),
        hint=_l(
            "A new number if the school has issued one. Nobody else will find the child by the earlier number."
        ),
        width="20",
    )
    date_of_birth = DateField(_l("Date of birth"), hint=_l("For example 27 3 2012"))
    sex = ChoiceField(_l("Sex recorded in the school’s system"), required=False, inline=True)
    contact_name = NameField(
        _l("Name of an adoptive parent"),
        hint=_l("All earlier contacts end. More can be added in the case file."),
        says={"missing": _l("Enter the name of an adoptive parent")},
    )
    contact_relationship = ChoiceField(_l("Relationship to the pupil"), widget="select", required=False)
    contact_telephone = TelephoneField(
        _l("Telephone"), required=False, longest=40, width="20", inputmode="tel"
    )
    why = LongTextField(
        _l("What does this rest on?"),
        hint=_l(
            "For example the court and the date of the order. Only an adoption officer can read it later."
        ),
        rows=3,
        longest=500,
        says={"missing": _l("Enter what this rests on")},
    )
