"""The address that a calendar program reads: a feed of meetings, without a name of anybody."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from coordination.desk.calendar_feeds import feed_of_secret
from webui.meeting.calendar import feed_of
from webui.shell.authentication import needs_no_session
from webui.shell.runtime import runtime

blueprint = Blueprint("calendar_feed", __name__)


@blueprint.route("/calendar/<secret>")
@needs_no_session
def feed(secret: str) -> ResponseReturnValue:
    """The meetings of the feed with this secret, as iCalendar; 404 where there is none or it was revoked."""
    with runtime().desk() as conn:
        found = feed_of_secret(conn, secret)
    if found is None:
        abort(404)
    response = Response(feed_of(found), content_type="text/calendar; charset=utf-8")
    # the address is the secret: no other page may learn it
    for name, value in {
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "no-store",
    }.items():
        response.headers[name] = value
    return response
