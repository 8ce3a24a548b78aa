"""Forms for terms of reference, at the agency's desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, DateField, WholeNumberField


class AcceptTermsSchema(FormSchema):
    """What a service agrees to."""

    service = ChoiceField(_l("Service"), widget="select")
    school = ChoiceField(_l("School"), widget="select")
    meetings = ChoiceField(_l("Meetings"), widget="select")
    notice_working_days = WholeNumberField(_l("Notice in working days"), least=0, most=60, width="3")
    effective_from = DateField(_l("From"), hint=_l("For example 27 3 2026"))
    effective_to = DateField(_l("Last day"), required=False)


class EndOwnTermsSchema(FormSchema):
    """The last day of terms."""

    effective_to = DateField(_l("Last day"), hint=_l("For example 27 3 2026"))
