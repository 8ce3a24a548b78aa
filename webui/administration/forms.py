"""What an administrator is asked: a person with an account, terms accepted for an agency, a standard."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from coordination.desk.tokens import LONGEST, LONGEST_LABEL
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, DateField, TextField, WholeNumberField, YesNoField

LANGUAGES = (("en", _l("English")), ("cy", _l("Welsh")))
UNITS = (
    ("calendar_days", _l("Calendar days")),
    ("working_days", _l("Working days")),
    ("school_days", _l("School days")),
    ("weeks", _l("Weeks")),
)


class BandsField(TextField):
    """Rising whole numbers with commas or spaces between them; loaded as a tuple."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        parts = super()._deserialize(value, attr, data, **kwargs).replace(",", " ").split()
        if not all(part.isascii() and part.isdecimal() and len(part) <= 5 for part in parts):
            raise ValidationError("not_a_number")
        return tuple(int(part) for part in parts)


class AppointSchema(FormSchema):
    """A person, a role, and an account to sign in with."""

    name = TextField(_l("Name"), longest=120, autocomplete="off", says={"missing": _l("Enter the name")})
    email = TextField(_l("E-mail address"), longest=200, autocomplete="off", required=False)
    role = ChoiceField(_l("Role"), widget="select", says={"missing": _l("Choose the role")})
    service = ChoiceField(_l("Service"), widget="select", required=False)
    effective_from = DateField(_l("From which day"))
    language = ChoiceField(_l("In which language they work"), choices=LANGUAGES, inline=True)
    username = TextField(
        _l("Username"),
        hint=_l("Leave empty for somebody who does not sign in."),
        longest=100,
        autocomplete="off",
        spellcheck=False,
        required=False,
    )


class PersonLeftSchema(FormSchema):
    """A person has left the organisation."""

    effective_to = DateField(_l("Last day"))


class TermsSchema(FormSchema):
    """Terms of reference that a service accepted for a school's meetings."""

    school = ChoiceField(_l("School"), widget="select", says={"missing": _l("Choose the school")})
    meetings = ChoiceField(_l("Which meetings"))
    notice_working_days = WholeNumberField(
        _l("Notice in working days"),
        hint=_l("With less notice the service is welcome, and not expected."),
        least=0,
        most=100,
        width="3",
    )
    effective_from = DateField(_l("From which day"))
    effective_to = DateField(_l("Until which day"), required=False)
    in_writing = YesNoField(
        _l("Have you seen the acceptance in writing?"),
        hint=_l("You record it in the agency’s name. Without its word nobody is expected."),
        inline=True,
    )


class EndTermsSchema(FormSchema):
    """Terms of reference end."""

    effective_to = DateField(_l("Last day on which the service is expected"))


class StandardSchema(FormSchema):
    """A dated version of a service standard."""

    code = TextField(
        _l("Code"),
        hint=_l("The same code again makes a new version of that standard."),
        longest=40,
        spellcheck=False,
        says={"missing": _l("Enter a code")},
    )
    start = ChoiceField(_l("The clock starts when"), widget="select")
    stop = ChoiceField(_l("The clock stops when"), widget="select")
    limit = WholeNumberField(_l("Limit"), least=1, most=2000, width="4")
    unit = ChoiceField(_l("Counted in"), choices=UNITS)
    target_percent = WholeNumberField(
        _l("Target in per cent"),
        hint=_l("How many should be within the limit. Leave empty where none is set."),
        least=1,
        most=100,
        width="3",
        required=False,
    )
    bands = BandsField(
        _l("Upper limits of the bands"),
        hint=_l("In the same unit, rising: for example 28, 56."),
        longest=80,
        required=False,
    )
    legal_route = ChoiceField(_l("Legal route"), widget="select", required=False)
    effective_from = DateField(_l("From which day"))
    source = TextField(
        _l("Source"),
        hint=_l("Where the standard is written down."),
        longest=300,
        says={"missing": _l("Say where it is written down")},
    )


class TokenSchema(FormSchema):
    """A token for a system of an organisation."""

    organisation = ChoiceField(
        _l("Organisation"), widget="select", says={"missing": _l("Choose the organisation")}
    )
    label = TextField(
        _l("Which system holds it"),
        hint=_l("For example the name of the records system. Nobody’s name, please."),
        longest=LONGEST_LABEL,
        autocomplete="off",
        spellcheck=False,
        says={"missing": _l("Say which system holds it")},
    )
    scopes = ChoicesField(
        _l("What it may do"),
        hint=_l("Beside these, it may never do more than the organisation’s own people."),
        says={"missing": _l("Choose at least one")},
    )
    days = WholeNumberField(
        _l("For how many days"),
        hint=_l("Two years at most. A new one can be made out before it ends."),
        least=1,
        most=LONGEST,
        width="4",
    )
