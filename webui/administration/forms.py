"""Forms for administrators: a person with an account, terms accepted by an agency, a service standard, a token."""

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


ON_TRANSFER = (
    ("continues", _l("It continues from its first start")),
    ("restarts", _l("It restarts when this service receives the referral")),
)


class BandsField(TextField):
    """Increasing whole numbers separated by commas or spaces; loaded as a tuple."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        parts = super()._deserialize(value, attr, data, **kwargs).replace(",", " ").split()
        if not all(part.isascii() and part.isdecimal() and len(part) <= 5 for part in parts):
            raise ValidationError("not_a_number")
        return tuple(int(part) for part in parts)


class AppointSchema(FormSchema):
    """A person, a role and an account to sign in with."""

    name = TextField(_l("Name"), longest=120, autocomplete="off", says={"missing": _l("Enter the name")})
    email = TextField(_l("Email address"), longest=200, autocomplete="off", required=False)
    role = ChoiceField(_l("Role"), widget="select", says={"missing": _l("Choose the role")})
    service = ChoiceField(_l("Service"), widget="select", required=False)
    effective_from = DateField(_l("Start date"))
    language = ChoiceField(_l("Working language"), choices=LANGUAGES, inline=True)
    username = TextField(
        _l("Username"),
        hint=_l("Leave empty for a person who does not sign in."),
        longest=100,
        autocomplete="off",
        spellcheck=False,
        required=False,
    )


class AppointKnownSchema(FormSchema):
    """A further role of a person who signs in already."""

    username = TextField(
        _l("Username"),
        longest=100,
        autocomplete="off",
        spellcheck=False,
        says={"missing": _l("Enter the username")},
    )
    role = ChoiceField(_l("Role"), widget="select", says={"missing": _l("Choose the role")})
    service = ChoiceField(_l("Service"), widget="select", required=False)
    effective_from = DateField(_l("Start date"))


class PeopleFileSchema(FormSchema):
    """A file of people; it is sent in addition to the fields, and an error about it is shown at `file`."""

    file = TextField(_l("The file"), hint=_l("CSV or XLSX with one person in each row."), required=False)


class PersonLeftSchema(FormSchema):
    """The form to record that a person has left the organisation."""

    effective_to = DateField(_l("Last day"))


class TermsSchema(FormSchema):
    """Terms of reference that a service has accepted for a school's meetings."""

    school = ChoiceField(_l("School"), widget="select", says={"missing": _l("Choose the school")})
    meetings = ChoiceField(_l("Which meetings"))
    notice_working_days = WholeNumberField(
        _l("Notice in working days"),
        hint=_l("With less notice the service may attend but is not expected."),
        least=0,
        most=100,
        width="3",
    )
    effective_from = DateField(_l("Start date"))
    effective_to = DateField(_l("End date"), required=False)
    in_writing = YesNoField(
        _l("Have you seen the agency’s agreement in writing?"),
        kind="have you?",
        hint=_l(
            "You are recording this for the agency. A service is expected only if its agency has agreed."
        ),
        inline=True,
    )


class EndTermsSchema(FormSchema):
    """The form to end terms of reference."""

    effective_to = DateField(_l("Last day on which the service is expected"))


class NoAnswerRuleSchema(FormSchema):
    """A service's dated rule about families that do not answer."""

    days = WholeNumberField(
        _l("After how many days without an answer may it take a child off its list?"),
        hint=_l("Leave empty if it takes nobody off its list because of no answer."),
        least=1,
        most=366,
        required=False,
    )
    told_days = WholeNumberField(_l("How many days before does it tell the school?"), least=1, most=366)
    telephone = TextField(_l("Telephone number for families"), longest=40, required=False)
    effective_from = DateField(_l("First day"))


class StandardSchema(FormSchema):
    """A dated version of a service standard."""

    code = TextField(
        _l("Code"),
        hint=_l("Use the same code again to create a new version of that standard."),
        longest=40,
        spellcheck=False,
        says={"missing": _l("Enter a code")},
    )
    start = ChoiceField(_l("The clock starts when"), widget="select")
    stop = ChoiceField(_l("The clock stops when"), widget="select")
    limit = WholeNumberField(_l("Limit"), least=1, most=2000, width="4")
    unit = ChoiceField(_l("Unit"), choices=UNITS)
    target_percent = WholeNumberField(
        _l("Target percentage"),
        hint=_l(
            "The percentage of waits that should be within the limit. Leave empty if there is no target."
        ),
        least=1,
        most=100,
        width="3",
        required=False,
    )
    bands = BandsField(
        _l("Upper limits of the bands"),
        hint=_l("In the same unit, smallest first. For example, 28, 56."),
        longest=80,
        required=False,
    )
    legal_route = ChoiceField(_l("Legal route"), widget="select", required=False)
    on_transfer = ChoiceField(
        _l("When a referral is passed on to this service, the clock"),
        choices=ON_TRANSFER,
    )
    effective_from = DateField(_l("Start date"))
    source = TextField(
        _l("Source"),
        hint=_l("Where the standard is published."),
        longest=300,
        says={"missing": _l("Say where the standard is published")},
    )


class StatutoryStandardSchema(FormSchema):
    """A dated version of a statutory time limit."""

    limit = WholeNumberField(_l("Limit"), least=1, most=2000, width="4")
    unit = ChoiceField(_l("Unit"), choices=(*UNITS, ("months", _l("Months"))))
    effective_from = DateField(_l("Start date"))
    source = TextField(
        _l("Source"),
        hint=_l("Where the standard is published."),
        longest=300,
        says={"missing": _l("Say where the standard is published")},
    )


class TokenSchema(FormSchema):
    """A token for a system of an organisation."""

    organisation = ChoiceField(
        _l("Organisation"), widget="select", says={"missing": _l("Choose the organisation")}
    )
    services = ChoicesField(
        _l("For which services of an agency"),
        hint=_l("Needed for an agency that has several services. It sees nothing of the other services."),
        required=False,
    )
    label = TextField(
        _l("Which system will use it"),
        hint=_l("For example, the name of the records system. Do not enter a person’s name."),
        longest=LONGEST_LABEL,
        autocomplete="off",
        spellcheck=False,
        says={"missing": _l("Enter the system that will use it")},
    )
    scopes = ChoicesField(
        _l("What it can do"),
        hint=_l("Whatever you choose, it can never do more than the organisation’s own staff."),
        says={"missing": _l("Choose at least one")},
    )
    days = WholeNumberField(
        _l("Valid for how many days"),
        hint=_l("Two years at most. You can create a new one before it expires."),
        least=1,
        most=LONGEST,
        width="4",
    )


class NewWebhookSchema(FormSchema):
    """A webhook of an organisation."""

    organisation = ChoiceField(
        _l("Organisation"), widget="select", says={"missing": _l("Choose the organisation")}
    )
    services = ChoicesField(
        _l("Only messages to these services of an agency"),
        hint=_l("Choose none to send what concerns the whole organisation."),
        required=False,
    )
    url = TextField(
        _l("Address"),
        hint=_l("The address of the organisation’s own system, beginning with https://."),
        longest=2000,
        autocomplete="off",
        spellcheck=False,
        says={"missing": _l("Enter the address")},
    )
