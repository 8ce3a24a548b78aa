"""One-time links that services and families have: which are open, and revoking one. Nothing here is about a pupil."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.one_time_links import DAYS, OneTimeLink, links_since, revoke_link
from webui.administration.pages.shared import ADMINISTRATOR, blueprint
from webui.links.making import standing
from webui.shell.authentication import signed_in, viewer
from webui.shell.runtime import runtime
from webui.words.naming import service_name

KINDS = {"referral": _l("A referral"), "meeting": _l("A meeting"), "challenge": _l("A challenge")}


@blueprint.get("/administration/links")
@signed_in(*ADMINISTRATOR)
def one_time_links() -> ResponseReturnValue:
    """The links of the time for which a link is good, the newest first."""
    with runtime().desk() as desk:
        found = links_since(desk, runtime().now() - timedelta(days=DAYS))
    return render_template(
        "administration/one_time_links.html",
        links=found,
        kinds=KINDS,
        whose=_whose,
        standing=standing,
        live=lambda link: link.live(runtime().now()),
    )


@blueprint.post("/administration/links/<uuid:link>/revoke")
@signed_in(*ADMINISTRATOR)
def revoke_one_time_link(link: UUID) -> ResponseReturnValue:
    """Revoke a link: at once, also where its code was given already."""
    with runtime().desk() as desk:
        if not revoke_link(desk, link, viewer().person, runtime().now()):
            abort(404)
    flash(_("The link is cancelled. Anyone who opens it is told only that it does not work."))
    return redirect(url_for("administration.one_time_links"), 303)


def _whose(link: OneTimeLink) -> str:
    """For whom a link is; of a family nothing more than that."""
    return service_name(link.audience) if link.audience_kind == "service" else _("A family")
