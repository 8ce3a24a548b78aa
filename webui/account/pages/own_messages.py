"""Which messages a person wants by email: each kind at once, once a day or not, and the hours at which it is quiet."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.message_wishes import (
    choose,
    choose_quiet_hours,
    recipient_of_stop,
    stop_digests,
    wishes_of,
)
from coordination.outbox.kinds import KINDS
from coordination.outbox.timing import QuietHours
from webui.account.forms import MessagesSchema
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.shell.authentication import current, needs_no_session, signed_in
from webui.shell.runtime import runtime

blueprint = Blueprint("own_messages", __name__)
stops = Blueprint("digest_stop", __name__)
HEADERS = {
    # the address of the page is the secret: no other page may learn it
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


@blueprint.route("/account/messages", methods=["GET", "POST"])
@signed_in()
def page() -> ResponseReturnValue:
    """Choose which messages come, and when."""
    session = current() or abort(404)
    person = session.account.person
    with runtime().desk() as conn:
        wishes = wishes_of(conn, [person])[person]
    hours = {}
    if wishes.quiet is not None:
        hours = {"quiet_from": str(wishes.quiet.quiet_from), "quiet_until": str(wishes.quiet.quiet_until)}
    form = Form(MessagesSchema, values=dict.fromkeys(KINDS, "at_once") | dict(wishes.choices) | hours)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        begin, end = typed["quiet_from"], typed["quiet_until"]
        if (begin is None) != (end is None) or (begin is not None and begin == end):
            form.errors["quiet_until"] = _("Choose two different hours, or neither.")
        else:
            with runtime().desk() as conn:
                choose(conn, person, {kind: typed[kind] for kind in KINDS})
                choose_quiet_hours(
                    conn, person, QuietHours(int(begin), int(end)) if begin is not None else None
                )
            flash(_("Your choices are recorded."))
            return redirect(url_for("account.page"), 303)
    return form.page("account/own_messages.html", kinds=KINDS)


@stops.after_request
def keep_secret(response: Response) -> Response:
    """Keep the address from other pages, robots and caches."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


@stops.route("/stop-digest/<secret>", methods=["GET", "POST"])
@needs_no_session
def stop(secret: str) -> ResponseReturnValue:
    """Stop a daily digest with the link that stands in it. Opening the page changes nothing, because programs that look
    at mail open links too; the button, and a mail program's one click (RFC 8058), do."""
    done = False
    with runtime().desk() as conn:
        recipient = recipient_of_stop(conn, secret, runtime().now())
        if recipient is not None and request.method == "POST":
            stop_digests(conn, recipient)
            done = True
    page = Form(NothingSchema).page(
        "account/stop_digest.html", signing_in=True, known=recipient is not None, done=done
    )
    return make_response(page, 200 if recipient is not None else 404)
