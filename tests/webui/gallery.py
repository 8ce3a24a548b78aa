"""A page with one of every field and chart, to be looked at and tested; no part of the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from webui.forms import Choice, Choices, Day, Form, FormSchema, LongText, Text, WholeNumber, YesNo
from webui.parts.charts import Bar, Mark, Party, Stretch, bars, strip
from webui.shell.signed_in import signed_in

blueprint = Blueprint("gallery", __name__, template_folder=str(Path(__file__).parent / "templates"))


class GallerySchema(FormSchema):
    surname = Text(_l("Name"), hint="As on the register.", says={"missing": "Enter the name"})
    notes = LongText("Notes", required=False, longest=50)
    happened_on = Day("Day of the appointment", hint="For example 27 3 2026")
    outcome = Choice("Outcome", choices=[("attended", "Attended"), ("not_brought", "Was not brought")])
    service = Choice("Service", widget="select")
    needs = Choices("Needs", choices=[("ASD", "Autism"), ("SLCD", "Speech and language"), ("HI", "Hearing")])
    risk = YesNo("Is there an immediate risk?", inline=True)
    weeks = WholeNumber("Weeks", least=1, most=52, width="3", required=False)


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
    marks = [Mark(0, "Received."), Mark(28, "Limit of the standard.", limit=True), Mark(50, "Seen.")]
    wait = strip(
        [
            Stretch(Party.SCHOOL, 4),
            Stretch(Party.AGENCY, 30),
            Stretch(Party.FAMILY, 6),
            Stretch(Party.EXEMPT, 10),
        ],
        marks,
    )
    lines = bars(
        [
            Bar("28 days or fewer", 120, "120 (60.0%)", "good"),
            Bar("29 to 56 days", 60, "60 (30.0%)"),
            Bar("More than 56 days", 20, "20 (10.0%)", "late"),
            Bar("Nobody", 0, "0"),
        ]
    )
    return form.page("gallery.html", wait=wait, lines=lines)
