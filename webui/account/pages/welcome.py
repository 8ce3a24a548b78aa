"""The front page: what the service is, and how to try it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from psycopg import OperationalError

from coordination.desk.demonstration import DemonstrationSignIn, published_sign_ins
from webui.parts.charts import ChartMark, ChartParty, ChartPeriod, strip
from webui.shell.authentication import current, needs_no_database
from webui.shell.navigation import home_address
from webui.shell.runtime import runtime

blueprint = Blueprint("welcome", __name__)


@blueprint.get("/")
@needs_no_database
def page() -> ResponseReturnValue:
    """Show the front page to any visitor, even without a database; redirect a signed-in user to their own desk."""
    if current() is not None:
        return redirect(home_address(), 303)
    return render_template("account/welcome.html", wait=EXAMPLE, sign_ins=_sign_ins())


# An example wait as the service draws it: unadjusted 41 days, 28 of them the agency's; the limit is 28.
EXAMPLE = strip(
    [
        ChartPeriod(ChartParty.AGENCY, 20),
        ChartPeriod(ChartParty.FAMILY, 13),
        ChartPeriod(ChartParty.AGENCY, 8),
    ],
    [
        ChartMark(0, _l("The agency receives the school’s referral.")),
        ChartMark(20, _l("The child is not brought to the appointment: the family is away.")),
        ChartMark(33, _l("The family is back; a new appointment is offered.")),
        ChartMark(41, _l("First contact: the child is seen.")),
    ],
)


def _sign_ins() -> list[DemonstrationSignIn]:
    try:
        with runtime().desk(timeout=0.7) as conn:
            return published_sign_ins(conn)
    except OperationalError:
        return []
