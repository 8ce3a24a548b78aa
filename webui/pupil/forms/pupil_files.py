"""The form for a file of pupils: from the school's information system, or a transfer file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, TextField


class PupilUploadSchema(FormSchema):
    """The file itself is sent in addition to the fields; an error about it is shown at `file`."""

    file = TextField(
        _l("The file"),
        hint=_l("CSV or XLSX with one pupil in each row, or a Common Transfer File (XML)."),
        required=False,
    )
    elsewhere = ChoiceField(
        _l("Pupils in the file who are on another school’s roll"),
        choices=[
            ("both", _l("are registered at both schools")),
            ("moved", _l("have left that school and joined ours")),
        ],
    )
