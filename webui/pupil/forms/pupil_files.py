"""The form for a file of pupils: from the school's information system, or a transfer file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import TextField


class PupilUploadSchema(FormSchema):
    """The file itself is sent in addition to the fields; an error about it is shown at `file`."""

    file = TextField(
        _l("The file"),
        hint=_l("CSV or XLSX with one pupil in each row, or a Common Transfer File (XML)."),
        required=False,
    )
