"""Forms that set up the directory: an organisation, a service, what it asks for, letters, school terms."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from coordination.identifiers import check_school_number
from webui.forms.base import FormSchema
from webui.forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    LongTextField,
    TextField,
    WholeNumberField,
    YesNoField,
    month_number,
)

MOST_CLOSED_DAYS = 120
"""Days of one line or of a whole form, so that a mistyped year does not close a school for centuries."""


class SchoolNumberField(TextField):
    """A school's number: seven digits, the local authority's three and the school's four."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = check_school_number(super()._deserialize(value, attr, data, **kwargs))
        if not found.ok:
            raise ValidationError("school_number_format")
        return found.value


class ClosedDaysField(LongTextField):
    """Days and periods, one on each line, loaded as a tuple of weekdays in order.

    A line is a day ("26 October 2026", "2026-10-26", "26/10/2026") or two with "to" or "i" between them.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        lines = super()._deserialize(value, attr, data, **kwargs).splitlines()
        days = {day for line in lines if line.strip() for day in _days_of(line)}
        if len(days) > MOST_CLOSED_DAYS:
            raise ValidationError("too_many_days")
        return tuple(sorted(days))


def _days_of(line: str) -> list[date]:
    parts = re.split(r"\s+(?:to|i|hyd)\s+|\s*[–—]\s*", line.strip())
    if len(parts) > 2:
        raise ValidationError("no_such_day")
    first, last = _day(parts[0]), _day(parts[-1])
    if not 0 <= (last - first).days <= MOST_CLOSED_DAYS:
        raise ValidationError("term_ends_before_it_starts" if last < first else "too_many_days")
    period = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in period if day.weekday() < 5]


def _day(text: str) -> date:
    found = re.fullmatch(r"(\d{1,2})[\s./-]+(\w+)[\s./-]+(\d{4})", text)
    try:
        if found is None:
            return date.fromisoformat(text)
        month = month_number(found[2])
        return date(int(found[3]), month or 0, int(found[1]))
    except ValueError:
        raise ValidationError("no_such_day") from None


class AuthoritySchema(FormSchema):
    """A local authority."""

    code = TextField(
        _l("Number"), hint=_l("Its three digits, for example 660."), longest=20, spellcheck=False, width="5"
    )
    name = TextField(_l("Name in English"), says={"missing": _l("Enter the name")})
    name_cy = TextField(_l("Name in Welsh"), required=False)


class SchoolSchema(FormSchema):
    """A school."""

    code = SchoolNumberField(
        _l("School number"),
        hint=_l("Seven digits: the local authority’s three and the school’s four."),
        inputmode="numeric",
        width="10",
    )
    name = TextField(_l("Name in English"), says={"missing": _l("Enter the name")})
    name_cy = TextField(_l("Name in Welsh"), required=False)
    phase = ChoiceField(
        _l("Kind of school"), widget="select", says={"missing": _l("Choose the kind of school")}
    )
    language = ChoiceField(_l("Language of the school"), says={"missing": _l("Choose the language")})
    authority = ChoiceField(
        _l("Local authority"), widget="select", says={"missing": _l("Choose the local authority")}
    )


class AgencySchema(FormSchema):
    """An agency: a health board, a council's department, a charity."""

    code = TextField(
        _l("Code"),
        hint=_l("A short code of your own, for example BCUHB."),
        longest=40,
        spellcheck=False,
        width="10",
        says={"missing": _l("Enter a code")},
    )
    name = TextField(_l("Name in English"), says={"missing": _l("Enter the name")})
    name_cy = TextField(_l("Name in Welsh"), required=False)
    agency_kind = ChoiceField(
        _l("Kind of agency"), widget="select", says={"missing": _l("Choose the kind of agency")}
    )
    ods_code = TextField(
        _l("ODS code"),
        hint=_l("The NHS code of a health board or trust. Leave empty for others."),
        longest=10,
        spellcheck=False,
        width="10",
        required=False,
    )


class OpenServiceSchema(FormSchema):
    """A service that takes referrals."""

    code = TextField(
        _l("Code"),
        hint=_l("A short code that no other service has, for example CAMHS."),
        longest=40,
        spellcheck=False,
        width="10",
        says={"missing": _l("Enter a code")},
    )
    profession = ChoiceField(_l("Profession"), widget="select", says={"missing": _l("Choose the profession")})
    name = TextField(
        _l("Name in English"), hint=_l("Leave empty to use the name of the profession."), required=False
    )
    name_cy = TextField(_l("Name in Welsh"), required=False)
    open_from = DateField(_l("Takes referrals from"))


class RequirementsSchema(FormSchema):
    """What a service asks for with each referral."""

    requirements = ChoicesField(
        _l("What must come with a referral"),
        hint=_l("A school is told what is missing before it sends a referral."),
        required=False,
    )
    effective_from = DateField(_l("Start date"))


class SinglePointSchema(FormSchema):
    """The services for which a single point of access sorts referrals."""

    services = ChoicesField(
        _l("Services for which it sorts referrals"),
        hint=_l(
            "One agreement with this service then covers them all. The family can strike out any of them. "
            "Choose none if it sorts for itself only."
        ),
        required=False,
    )
    effective_from = DateField(_l("Start date"))
    effective_to = DateField(_l("Last day"), required=False)


class MailboxSchema(FormSchema):
    """The mail address to which messages to a service or an organisation go."""

    address = TextField(
        _l("Email address"),
        longest=254,
        required=False,
        hint=_l("A shared mailbox rather than a person’s. Leave it empty to send no messages there."),
    )
    news = ChoiceField(
        _l("Messages that need no action"),
        hint=_l("What must be acted on always goes to the mailbox at once."),
        choices=[
            ("at_once", _l("At once")),
            ("daily", _l("Once a day, together")),
            ("not", _l("Not by email")),
        ],
    )


class ChallengeRuleSchema(FormSchema):
    """A dated challenge rule, with its source."""

    code = ChoiceField(_l("Rule"), widget="select")
    least = WholeNumberField(_l("At least so many"), least=1, most=260, width="3")
    window = WholeNumberField(
        _l("Of the last so many meetings"),
        least=1,
        most=60,
        required=False,
        hint=_l("For meetings only."),
        width="3",
    )
    days = WholeNumberField(_l("Each more than so many working days late"), least=0, most=260, width="3")
    source = TextField(_l("Source"), hint=_l("Who decided it, and where it stands."), longest=300)
    effective_from = DateField(_l("From"), hint=_l("For example 27 3 2026"))
    effective_to = DateField(_l("Last day"), required=False)


class LetterWordingSchema(FormSchema):
    """What an authority wants its schools' letters about a subject to say."""

    subject = ChoiceField(
        _l("Letters about"),
        choices=[("attendance", _l("Attendance at meetings")), ("delay", _l("Waits over the limit"))],
    )
    opening = LongTextField(
        _l("Opening in English"),
        required=False,
        rows=3,
        hint=_l("In braces: {service}, {agency}, {school}, {reply_by}. Leave it empty for none."),
    )
    opening_cy = LongTextField(_l("Opening in Welsh"), required=False, rows=3)
    request = LongTextField(
        _l("Request in English"), required=False, rows=3, hint=_l("Empty: the usual request is made.")
    )
    request_cy = LongTextField(_l("Request in Welsh"), required=False, rows=3)
    effective_from = DateField(_l("From"), hint=_l("For example 27 3 2026"))
    effective_to = DateField(_l("Last day"), required=False)


class SchoolTermSchema(FormSchema):
    """A school term of an authority, or of one school that keeps its own."""

    first_day = DateField(_l("First day"))
    last_day = DateField(_l("Last day"))
    closed = ClosedDaysField(
        _l("Days without pupils"),
        hint=_l(
            "Half-term and training days, one day or period on each line. For example, 26 October 2026 to"
            " 30 October 2026."
        ),
        required=False,
    )


class ManyTermsSchema(FormSchema):
    """Terms of reference of several services for several schools' meetings."""

    services = ChoicesField(_l("Services"), says={"missing": _l("Choose at least one service")})
    schools = ChoicesField(_l("Schools"), says={"missing": _l("Choose at least one school")})
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
        _l("Have you seen each agency’s agreement in writing?"),
        kind="have you?",
        hint=_l(
            "You are recording this for the agencies. A service is expected only if its agency has agreed."
        ),
        inline=True,
    )
