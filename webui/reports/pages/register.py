"""The register of the viewer's school as of any day: level, plan, when the next review is due, and who is invited."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from projections.register.entry import invited_to
from projections.register.queries.on_a_day import register_on
from webui.forms.base import FormSchema
from webui.pupil.identity import open_identity, year_words
from webui.reports.forms import ReportDateField
from webui.reports.pages.question import report_question
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.support.words import LEVELS
from webui.words.naming import directory

blueprint = Blueprint("aln_register", __name__)

PLANS = {
    "school": _l("The school’s plan"),
    "authority": _l("The authority’s plan"),
    "none": _l("Without a plan"),
}
INVITED = {
    "child": _l("the child"),
    "parents": _l("parents or carers"),
    "class_teacher": _l("class teacher"),
    "alnco": _l("ALNCo"),
    "services": _l("services involved"),
    "authority": _l("local authority"),
    "receiving_school": _l("receiving school"),
}


class RegisterDaySchema(FormSchema):
    """As of which day."""

    as_of = ReportDateField(_l("As of"), required=False)


@blueprint.get("/register")
@signed_in(*SCHOOL_DESK)
def page() -> ResponseReturnValue:
    """Show everybody on the register on a day, by when the next review is due."""
    today, who = runtime().today(), viewer()
    form, asked = report_question(RegisterDaySchema, {"as_of": today}, {})
    as_of = (asked or {}).get("as_of") or today
    found = register_on(casework.reader(), who, as_of, who.organisation)
    listed = found.listed
    opened = casework.open_sealed([one.identity for one in listed])
    school = directory().organisation(who.organisation)
    primary = school is not None and school.phase == "primary"
    casework.note_shown("support_list", [one.pupil for one in listed])
    items = [
        (
            one,
            open_identity(one.pupil, held),
            year_words(one.year),
            ", ".join(str(INVITED[code]) for code in invited_to(one, primary=primary)),
        )
        for one, held in zip(listed, opened, strict=True)
    ]
    return form.page(
        "reports/register.html",
        items=items,
        as_of=as_of,
        plans=PLANS,
        levels=LEVELS,
        log_position=found.position,
    )
