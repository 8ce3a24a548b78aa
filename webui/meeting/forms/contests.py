"""Forms for a mark that is contested without a challenge, and the words of its ruling."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField, LongTextField

NO_PUPILS = _l("Do not include anything about a pupil.")
RULINGS: dict[str, Any] = {
    "upheld": _l("Upheld: the agency is right"),
    "not_upheld": _l("Not upheld: the mark does not change"),
    "partly": _l("Upheld in part"),
}


class ContestMarkSchema(FormSchema):
    """The mark that the service says is correct."""

    claims = ChoiceField(_l("What should the mark be?"))
    why = LongTextField(
        _l("Why the mark is wrong"), hint=NO_PUPILS, says={"missing": _l("Say why the mark is wrong")}
    )


class ContestRulingSchema(FormSchema):
    """A ruling with its reasons."""

    ruling = ChoiceField(_l("Your ruling"), choices=list(RULINGS.items()))
    reads = ChoiceField(_l("Correct mark"), required=False, widget="select")
    reasons = LongTextField(_l("Reasons"), hint=NO_PUPILS, says={"missing": _l("Give your reasons")})
