"""Forms about a basis for sharing a referral."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField


class BasisRequestSchema(FormSchema):
    """The service to which a referral would be passed on."""

    service = ChoiceField(_l("To which service?"), widget="select")
