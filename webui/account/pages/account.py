"""The account of the signed-in user."""

from __future__ import annotations

from flask import Blueprint, render_template

from coordination.desk.co_signing import AWAITING
from coordination.desk.outbox import not_arrived
from webui.shell.authentication import before_second_step, current, signed_in
from webui.shell.roles import CO_SIGNERS, HANDING_OVER
from webui.shell.runtime import runtime
from webui.words.naming import directory

blueprint = Blueprint("account", __name__)
RESPONSIBLE = frozenset({"administrator", "alnco", "head", "service_manager", "la_caseworker"})
"""The roles that see to it that their organisation is reached."""


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
        not_arrived=_not_arrived(),
    )


def _not_arrived() -> int:
    """How many messages to the mailboxes of the user's organisation, or of their service, did not arrive."""
    session = current()
    if session is None or session.account.role not in RESPONSIBLE:
        return 0
    own = session.account
    services = [own.service] if own.service else [s.id for s in directory().services_of(own.organisation)]
    with runtime().desk() as desk:
        return not_arrived(desk, [own.organisation, *services])
