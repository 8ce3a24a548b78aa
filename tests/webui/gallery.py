"""A page with one of every field and chart, to be looked at and tested; no part of the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from webui.forms import (
    ChoiceField,
    ChoicesField,
    DateField,
    Form,
    FormSchema,
    LongTextField,
    TextField,
    WholeNumberField,
    YesNoField,
)
from webui.parts.charts import ChartBar, ChartMark, ChartParty, ChartPeriod, bars, strip
from webui.shell.authentication import signed_in

blueprint = Blueprint("gallery", __name__, template_folder=str(Path(__file__).parent / "templates"))


class GallerySchema(FormSchema):
    surname = TextField(_l("Name"), hint="As on the register.", says={"missing": "Enter the name"})
    notes = LongTextField("Notes", required=False, longest=50)
    happened_on = DateField("Day of the appointment", hint="For example 27 3 2026")
    outcome = ChoiceField("Outcome", choices=[("attended", "Attended"), ("not_brought", "Was not brought")])
    service = ChoiceField("Service", widget="select")
    needs = ChoicesField(
        "Needs", choices=[("ASD", "Autism"), ("SLCD", "Speech and language"), ("HI", "Hearing")]
    )
    risk = YesNoField("Is there an immediate risk?", kind="is there?", inline=True)
    weeks = WholeNumberField("Weeks", least=1, most=52, width="3", required=False)


@blueprint.route("/gallery/guarded", methods=["GET", "POST"], endpoint="guarded")
@signed_in()
def guarded() -> Any:
    return page()


@blueprint.route("/gallery", methods=["GET", "POST"])
def page() -> Any:
    form = Form(
        GallerySchema,
        choices={"service": [("camhs-1", "CAMHS"), ("slt-1", "Speech and language therapy")]},
        seen=17,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if typed["surname"] == "refused":
            form.refuse(Refusal("username_taken", "surname"))
        elif typed["surname"] == "overtaken":
            form.refuse(Refusal("overtaken", "seen"))
        else:
            return {"typed": {k: str(v) for k, v in typed.items()}, "seen": form.seen, "id": form.command_id}
    marks = [
        ChartMark(0, "Received."),
        ChartMark(28, "Limit of the standard.", limit=True),
        ChartMark(50, "Seen."),
    ]
    wait = strip(
        [
            ChartPeriod(ChartParty.SCHOOL, 4),
            ChartPeriod(ChartParty.AGENCY, 30),
            ChartPeriod(ChartParty.FAMILY, 6),
            ChartPeriod(ChartParty.EXEMPT, 10),
        ],
        marks,
    )
    lines = bars(
        [
            ChartBar("28 days or fewer", 120, "120 (60.0%)", "good"),
            ChartBar("29 to 56 days", 60, "60 (30.0%)"),
            ChartBar("More than 56 days", 20, "20 (10.0%)", "late"),
            ChartBar("Nobody", 0, "0"),
        ]
    )
    return form.page("gallery.html", wait=wait, lines=lines)
