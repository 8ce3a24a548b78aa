"""Who one is signed in as."""

from __future__ import annotations

from flask import Blueprint, render_template

from webui.shell.authentication import current, signed_in

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@signed_in()
def page() -> str:
    """The signed-in person's own account; also where a role without a desk lands."""
    return render_template("account/account.html", session=current())
