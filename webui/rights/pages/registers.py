"""Registers for the data-protection officer, printed from the code's own register of fields."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from coordination.processing import processing_activities
from coordination.sensitivity import Sensitivity
from webui.rights.registers import ACTIVITIES, RISKS
from webui.rights.words import CASES, STARTS
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import RIGHTS_DESK
from webui.words.naming import directory

blueprint = Blueprint("registers", __name__)


@blueprint.get("/rights/registers", endpoint="page")
@signed_in(*RIGHTS_DESK)
def page() -> ResponseReturnValue:
    """Show the record of processing with the controllers by class of data, and the draft impact assessment."""
    return render_template(
        "rights/registers.html",
        activities=processing_activities(),
        words=ACTIVITIES,
        classes=Sensitivity,
        rules=directory().retention_rules(viewer().today),
        cases=CASES,
        starts=STARTS,
        risks=RISKS,
    )


@blueprint.get("/rights/notice", endpoint="notice")
@signed_in(*RIGHTS_DESK)
def notice() -> ResponseReturnValue:
    """Show the privacy notice of the viewer's organisation, to give out in both languages."""
    return render_template(
        "rights/notice.html",
        activities=processing_activities(),
        words=ACTIVITIES,
        rules=directory().retention_rules(viewer().today),
        cases=CASES,
        organisation=viewer().organisation,
    )
