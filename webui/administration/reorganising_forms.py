"""Forms by which organisations change: a new name, a closing, a merger, a service that moves or closes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, TextField


class RenameSchema(FormSchema):
    """A new name of an organisation, from a day on."""

    name = TextField(_l("Name in English"), longest=200, says={"missing": _l("Enter the name")})
    name_cy = TextField(_l("Name in Welsh"), longest=200, required=False)
    effective_from = DateField(_l("First day with this name"))


class CloseOrganisationSchema(FormSchema):
    """The last day of an organisation."""

    effective_to = DateField(_l("Last day"))


class CloseSchoolSchema(CloseOrganisationSchema):
    """The last day of a school, and where its pupils go."""

    merged_into = ChoiceField(
        _l("Merges into"),
        hint=_l("Leave empty if its pupils go to different schools or to none."),
        widget="select",
        required=False,
    )


class MoveServiceSchema(FormSchema):
    """The agency that has a service from a day on."""

    to_agency = ChoiceField(_l("New agency"), widget="select", says={"missing": _l("Choose the agency")})
    occurred_on = DateField(_l("First day with the new agency"))


class CloseServiceSchema(FormSchema):
    """The last day of a service, and the service that takes on its open referrals."""

    open_to = DateField(_l("Last day"))
    inherited_by = ChoiceField(
        _l("Which service takes on its open referrals"),
        hint=_l("Leave empty if this is not decided yet. You can record it later on this page."),
        widget="select",
        required=False,
    )
