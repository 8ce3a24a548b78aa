"""Forms for a pupil's personal details."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from coordination.identifiers import check_upn, normalise_name
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, LongTextField, TextField, YesNoField
from webui.words.text import Words

_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{4,24}( ?(x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

WHICH_DAY = _l("For example 27 3 2026")
FROM_WHICH_DAY = _l("From what date?")


class UpnField(TextField):
    """A unique pupil number, in its normal form. Codes: upn_length, upn_characters, upn_check_letter."""

    def __init__(self, label: Words, **options: Any) -> None:
        says = {
            "missing": _l("Enter the unique pupil number"),
            "upn_length": _l("A unique pupil number has 13 characters. Check it and try again"),
            "upn_characters": _l(
                "A unique pupil number begins with a letter, followed by 12 digits (a temporary one ends in a letter)"
            ),
            "upn_check_letter": _l(
                "The first letter does not match the digits. Check the unique pupil number for a mistake"
            ),
        }
        super().__init__(label, longest=40, says=says, spellcheck="false", autocomplete="off", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        checked = check_upn(super()._deserialize(value, attr, data, **kwargs))
        if checked.problem is not None:
            raise ValidationError("missing" if checked.problem == "upn_missing" else checked.problem)
        return checked.value


class NameField(TextField):
    """A name, composed and with single spaces."""

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, longest=120, spellcheck="false", autocomplete="off", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return normalise_name(super()._deserialize(value, attr, data, **kwargs))


class TelephoneField(TextField):
    """A number as people write it. Code: not_a_telephone."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not _TELEPHONE.fullmatch(typed):
            raise ValidationError("not_a_telephone")
        return typed


class EmailField(TextField):
    """An e-mail address; only its shape is checked. Code: not_an_address."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not _MAIL.fullmatch(typed):
            raise ValidationError("not_an_address")
        return typed


class NeedsSchema(FormSchema):
    needs = ChoicesField(
        _l("Which needs does the pupil have?"),
        hint=_l("Select all the needs that the pupil has now."),
        required=False,
    )
    occurred_on = DateField(FROM_WHICH_DAY, hint=WHICH_DAY)


class ProvisionSchema(FormSchema):
    provision = ChoiceField(_l("Which provision does the pupil have?"))
    occurred_on = DateField(FROM_WHICH_DAY, hint=WHICH_DAY)


class YearSchema(FormSchema):
    year = ChoiceField(_l("Which year is the pupil in?"), widget="select")


class LanguageSchema(FormSchema):
    language = ChoiceField(
        _l("Which language does the pupil want to use?"),
        hint=_l("Ask at the first contact. Letters and forms to this person will be in this language."),
    )


class LookedAfterSchema(FormSchema):
    looked_after = YesNoField(_l("Is the pupil looked after by a local authority?"), kind="is it?")
    occurred_on = DateField(FROM_WHICH_DAY, hint=WHICH_DAY)


class IdentitySchema(FormSchema):
    """A pupil with one name leaves the other empty."""

    forename = NameField(_l("First name"), required=False)
    surname = NameField(
        _l("Surname"), hint=_l("A pupil with one name may have it in either field."), required=False
    )
    middle_names = NameField(_l("Middle names"), required=False)
    preferred_forename = NameField(
        _l("Preferred first name"),
        hint=_l("If the pupil goes by another name than the legal one."),
        required=False,
    )
    preferred_surname = NameField(_l("Preferred surname"), required=False)
    former_surname = NameField(_l("Former surname"), required=False)
    upn = UpnField(_l("Unique pupil number"), width="20")
    date_of_birth = DateField(_l("Date of birth"), hint=_l("For example 27 3 2012"))
    sex = ChoiceField(_l("Sex recorded in the school’s system"), required=False, inline=True)
    why = LongTextField(_l("Why are you changing it?"), required=False, rows=2, longest=500)


class LeadingSchoolSchema(FormSchema):
    """For a pupil on the roll of two schools; which ones are offered depends on the pupil."""

    school = ChoiceField(
        _l("Which school leads for this pupil?"),
        hint=_l("Only the leading school can change the pupil’s identity, needs, provision and contacts."),
    )
    occurred_on = DateField(FROM_WHICH_DAY, hint=WHICH_DAY)


class IdentityWithoutNumberSchema(IdentitySchema):
    """Of a child whom no school has given a number."""

    class Meta(FormSchema.Meta):
        exclude = ("upn",)


class ContactSchema(FormSchema):
    name = NameField(_l("Name"), says={"missing": _l("Enter the name of the contact")})
    relationship = ChoiceField(_l("Relationship to the pupil"), widget="select", required=False)
    parental_responsibility = YesNoField(
        _l("Does this person have parental responsibility?"),
        kind="is there?",
        hint=_l(
            "In law: all rights, duties and responsibilities for a child (Children Act 1989, section 3). "
            "Only a person who has it can agree for the child."
        ),
        inline=True,
    )
    language = ChoiceField(_l("Language of letters and forms"), required=False, inline=True)
    telephone = TelephoneField(
        _l("Telephone"),
        required=False,
        longest=40,
        width="20",
        inputmode="tel",
    )
    email = EmailField(
        _l("Email"),
        required=False,
        longest=200,
        inputmode="email",
        spellcheck="false",
    )
    address = LongTextField(_l("Address"), required=False, rows=3, longest=500)


class EndContactSchema(FormSchema):
    occurred_on = DateField(_l("When did this person stop representing the pupil?"), hint=WHICH_DAY)
    why = LongTextField(_l("Why?"), required=False, rows=2, longest=500)


class ViewsSchema(FormSchema):
    whose = ChoiceField(
        _l("Whose words are these?"), choices=[("child", _l("The child’s")), ("parent", _l("A parent’s"))]
    )
    contact = ChoiceField(_l("Which parent or contact?"), required=False)
    words = LongTextField(
        _l("What was said, in their own words"),
        hint=_l("Write exactly what was said, in the language that was used. Do not correct it."),
        rows=6,
        says={"missing": _l("Enter what was said")},
    )
    language = ChoiceField(_l("In which language?"), inline=True)
    occurred_on = DateField(_l("When was it said?"), hint=WHICH_DAY)


class LeaveSchema(FormSchema):
    occurred_on = DateField(_l("When did the pupil leave the school?"), hint=WHICH_DAY)


class RegisterSchema(FormSchema):
    upn = UpnField(
        _l("Unique pupil number"),
        hint=_l("13 characters. You can find it in the school’s system and in transfer files."),
        width="20",
    )
    forename = NameField(_l("First name"), required=False)
    surname = NameField(
        _l("Surname"), hint=_l("A pupil with one name may have it in either field."), required=False
    )
    date_of_birth = DateField(_l("Date of birth"), hint=_l("For example 27 3 2012"))
    sex = ChoiceField(_l("Sex recorded in the school’s system"), required=False, inline=True)
    year = ChoiceField(_l("Year"), widget="select", required=False)
    language = ChoiceField(_l("Which language does the pupil want to use?"), required=False, inline=True)
    needs = ChoicesField(_l("Needs"), required=False)
    provision = ChoiceField(_l("Provision"), widget="select", required=False)
    looked_after = YesNoField(
        _l("Is the pupil looked after by a local authority?"), kind="is it?", required=False, inline=True
    )
    contact_name = NameField(_l("Name of a parent or other contact"), required=False)
    contact_relationship = ChoiceField(_l("Relationship to the pupil"), widget="select", required=False)
    contact_responsible = YesNoField(
        _l("Does this person have parental responsibility?"), kind="is there?", required=False, inline=True
    )
    occurred_on = DateField(_l("On the roll since"), hint=WHICH_DAY)
    confidential = YesNoField(
        _l("Is the move confidential, or is there a concern about the school that the pupil comes from?"),
        kind="is it?",
        required=False,
        inline=True,
        hint=_l(
            "For example a refuge, or an allegation. Then the local authority’s safeguarding person is asked instead "
            "of the school, and nobody else sees where the pupil is."
        ),
    )
    confidential_why = LongTextField(_l("Why?"), required=False, rows=2, longest=1000)


class TakeOnChildSchema(FormSchema):
    """A child with one name leaves the other empty."""

    forename = NameField(_l("First name"), required=False)
    surname = NameField(
        _l("Surname"), hint=_l("A pupil with one name may have it in either field."), required=False
    )
    date_of_birth = DateField(_l("Date of birth"), hint=_l("For example 27 3 2012"))
    sex = ChoiceField(_l("Sex"), required=False, inline=True)
    language = ChoiceField(_l("Which language does the pupil want to use?"), required=False, inline=True)
    contact_name = NameField(_l("Name of a parent or other contact"), required=False)
    contact_relationship = ChoiceField(_l("Relationship to the pupil"), widget="select", required=False)
    contact_responsible = YesNoField(
        _l("Does this person have parental responsibility?"), kind="is there?", required=False, inline=True
    )
    occurred_on = DateField(_l("On the authority’s list since"), hint=WHICH_DAY)
