"""The front door: what this is, and how to try it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template
from flask_babel import lazy_gettext as _l
from psycopg import OperationalError

from coordination.desk.demonstration import DemonstrationSignIn, published_sign_ins
from webui.parts.charts import Mark, Party, Stretch, strip
from webui.shell.navigation import home
from webui.shell.signed_in import current, without_database
from webui.shell.world import world

blueprint = Blueprint("welcome", __name__)


@blueprint.get("/")
@without_database
def page() -> Any:
    """Open to everybody, with or without a database; who is signed in goes to their own desk."""
    if current() is not None:
        return redirect(home(), 303)
    return render_template("account/welcome.html", wait=EXAMPLE, sign_ins=_sign_ins())


# A wait as the service draws it: unadjusted 41 days, 28 of them the agency's, whose limit is 28.
EXAMPLE = strip(
    [
        Stretch(Party.AGENCY, 20),
        Stretch(Party.FAMILY, 13),
        Stretch(Party.AGENCY, 8),
    ],
    [
        Mark(0, _l("The agency receives the school’s referral.")),
        Mark(20, _l("The child is not brought to the appointment: the family is away.")),
        Mark(33, _l("The family is back; a new appointment is offered.")),
        Mark(41, _l("First contact: the child is seen.")),
    ],
)


def _sign_ins() -> list[DemonstrationSignIn]:
    try:
        with world().desk(timeout=0.7) as conn:
            return published_sign_ins(conn)
    except OperationalError:
        return []
