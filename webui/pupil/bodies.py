"""What a request about pupils may contain: filters and bodies."""

from __future__ import annotations

from webui.api.reading import ClosedSchema, IdField, closed_schema
from webui.forms.fields import ChoiceField, WholeNumberField
from webui.pupil.forms.profile import LeadingSchoolSchema, RegisterSchema, UpnField, ViewsSchema

YOUNGEST, OLDEST = -2, 14
"""Years: -2 and -1 are nursery, 0 is reception."""


class PupilsQuery(ClosedSchema):
    """Filters for the list."""

    need = ChoiceField("The code of a need", required=False)
    year = WholeNumberField("The year", least=YOUNGEST, most=OLDEST, required=False)
    provision = ChoiceField("The code of the provision", required=False)
    service = IdField("A service that the pupil is waiting for", required=False)


class FindBody(ClosedSchema):
    """The unique pupil number, which must not be part of an address."""

    upn = UpnField("Unique pupil number")


class RegisterBody(closed_schema(RegisterSchema)):  # type: ignore[misc]
    """The same fields as the page, with the year as a number."""

    year = WholeNumberField("Year", least=YOUNGEST, most=OLDEST, required=False)


class YearBody(ClosedSchema):
    """The year, as a number."""

    year = WholeNumberField("Year", least=YOUNGEST, most=OLDEST)


class LeadingSchoolBody(closed_schema(LeadingSchoolSchema)):  # type: ignore[misc]
    """The same fields as the page, with the school as an id."""

    school = IdField("Which school leads for this pupil?")


class ViewsBody(closed_schema(ViewsSchema)):  # type: ignore[misc]
    """The same fields as the page, with the contact as an id."""

    contact = IdField("Which parent or contact?", required=False)
