"""What happened to one's own account."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for

from webui.parts.account_changes import lines_about
from webui.shell.authentication import before_second_step, current, signed_in

blueprint = Blueprint("account_log", __name__)


@blueprint.get("/account/log")
@signed_in()
@before_second_step
def page() -> str:
    """The log of the signed-in user's own account."""
    session = current() or abort(404)
    lines, pages = lines_about([session.account.person])
    return render_template(
        "account/account_log.html",
        lines=lines,
        pages=pages,
        address=lambda number: url_for("account_log.page", page=number),
    )
