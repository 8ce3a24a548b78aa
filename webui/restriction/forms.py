"""The forms of restrictions and interests."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, ChoicesField, LongTextField


class RestrictSchema(FormSchema):
    """Who may still see the file, and why."""

    roles = ChoicesField(_l("Which roles may still see the file?"), required=False)
    people = ChoicesField(_l("Which people may still see it, whatever their role?"), required=False)
    why = LongTextField(
        _l("Why is the file restricted?"),
        rows=3,
        longest=1000,
        hint=_l("Those who may still see the file can read this."),
        says={"missing": _l("Enter the reason")},
    )


class RestrictionEndSchema(FormSchema):
    """A reason."""

    why = LongTextField(_l("Why?"), rows=2, longest=1000, says={"missing": _l("Enter the reason")})


class InterestSchema(FormSchema):
    """Whose interest it is."""

    person = ChoiceField(
        _l("Who has the interest?"), widget="select", says={"missing": _l("Choose the person")}
    )


class OwnInterestSchema(FormSchema):
    """Nothing to fill in."""
