"""The account of the signed-in user."""

from __future__ import annotations

from flask import Blueprint, render_template

from coordination.desk.co_signing import AWAITING
from webui.shell.authentication import before_second_step, current, signed_in
from webui.shell.roles import CO_SIGNERS, HANDING_OVER
from webui.shell.runtime import runtime

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@signed_in()
@before_second_step
def page() -> str:
    """The signed-in user's own account, and the start page of a role without a desk."""
    return render_template(
        "account/account.html",
        session=current(),
        provider=runtime().settings.sign_in.provider,
        handing_over=HANDING_OVER,
        co_signers=CO_SIGNERS,
        awaiting=AWAITING,
    )
