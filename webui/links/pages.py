"""The pages of every one-time link before its own: the second proof, asked for and given. Opening one changes nothing:
programs that look at mail open links too."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.link_proofs import (
    LinkSession,
    ask_code,
    begin_link_session,
    end_link_sessions,
    take_code,
)
from coordination.desk.one_time_links import OneTimeLink
from coordination.desk.throttle import (
    ThrottleLimits,
    TooManyAttempts,
    attempt_succeeded,
    begin_attempt,
    key_of,
)
from coordination.outbox.message import code_message
from coordination.store.queue import queue_messages
from webui.forms import Form
from webui.links.answering import forget_word
from webui.links.browser import browser_token, cookie_name, keep_secret, link_url
from webui.links.door import ask_for_proof, link_not_good
from webui.links.forms import LinkCodeSchema
from webui.links.kinds import kind_of
from webui.links.proof import open_link, proof_in_browser
from webui.shell.authentication import needs_no_session
from webui.shell.headers import secure_cookies
from webui.shell.runtime import runtime
from webui.shell.saved_forms import SavedForm, open_form
from webui.words.formats import clock

blueprint = Blueprint("links", __name__)
keep_secret(blueprint)

# wrong codes at the links of one audience from one address, and from all, in a quarter of an hour
LIMITS = ThrottleLimits(by_pair=10, by_address=30, by_username=30)


@blueprint.get("/link/<token>")
@needs_no_session
def page(token: str) -> ResponseReturnValue:
    """The page of the link, where the second proof was given in this browser; else the page that asks for it."""
    link = open_link(token)
    if link is None:
        return link_not_good()
    if proof_in_browser(link) is None:
        return ask_for_proof(link)
    return redirect(_own_page(link), 303)


@blueprint.post("/link/<token>/code")
@needs_no_session
def send_code(token: str) -> ResponseReturnValue:
    """Have a code sent to the registered mailbox of whom the link is for."""
    link = open_link(token)
    if link is None:
        return link_not_good()
    here, code = runtime(), runtime().new_id()
    form = Form(LinkCodeSchema)
    with here.desk() as conn:
        asked = ask_code(conn, code, link, here.now())
        if asked:
            with conn.cursor() as cursor:
                queue_messages(cursor, [code_message(code, link.audience_kind, link.audience, here.now())])
    if not asked:
        form.say(_("Several codes were sent in the last hour. Look for the newest one, or try again later."))
    return ask_for_proof(link, form, sent=asked, kept=request.form.get("kept"), status=429)


@blueprint.post("/link/<token>/proof")
@needs_no_session
def prove(token: str) -> ResponseReturnValue:
    """Take the code. The browser then opens the links of the same audience for twelve hours."""
    link = open_link(token)
    if link is None:
        return link_not_good()
    form, kept = Form(LinkCodeSchema), request.form.get("kept")
    typed = form.take(request.form)
    if typed is None:
        return ask_for_proof(link, form, kept=kept)
    outcome = _proved(link, typed["one_time_code"])
    if isinstance(outcome, LinkSession):
        return _welcome(link, outcome, open_form(kept, link.audience))
    if isinstance(outcome, TooManyAttempts):
        form.say(_("There were too many attempts. Try again at %(time)s.", time=clock(outcome.at)))
        return ask_for_proof(link, form, kept=kept, status=429)
    form.say(_("The code is not right, or it is too old. Check it, or ask for another."))
    return ask_for_proof(link, form, kept=kept)


@blueprint.post("/links/finish")
@needs_no_session
def finish() -> ResponseReturnValue:
    """Close the links in this browser, on a shared computer."""
    if browser_token():
        with runtime().desk() as conn:
            end_link_sessions(conn, browser_token())
    forget_word()
    response = make_response(render_template("links/finished.html", signing_in=True))
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="Lax", secure=secure_cookies())
    return response


def _proved(link: OneTimeLink, digits: str) -> LinkSession | TooManyAttempts | None:
    here, now, attempt = runtime(), runtime().now(), runtime().new_id()
    secret, address = here.settings.secret_key, request.remote_addr or ""
    with here.desk() as conn:
        wait = begin_attempt(
            conn,
            attempt=attempt,
            username_key=key_of(secret, f"link code {link.audience}"),
            address_key=key_of(secret, "link codes from " + address),
            now=now,
            limits=LIMITS,
        )
        if wait is not None:
            return wait
        found = take_code(conn, link, here.coordination.record.outer.lookup, digits, now)
        if found is not None:
            attempt_succeeded(conn, attempt)
        return found


def _welcome(link: OneTimeLink, proof: LinkSession, kept: SavedForm | None) -> Response:
    """The page of the link, or what was typed before the proof was over."""
    token = browser_token() or runtime().new_token()
    with runtime().desk() as conn:
        begin_link_session(conn, token, proof, runtime().now())
    if kept is not None:
        response = make_response(render_template("links/kept.html", kept=kept, signing_in=True))
    else:
        response = make_response(redirect(_own_page(link), 303))
    response.set_cookie(
        cookie_name(),
        token,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=secure_cookies(),
        expires=proof.expires_at,
    )
    return response


def _own_page(link: OneTimeLink) -> str:
    kind = kind_of(link)
    if kind is None:
        raise LookupError(link.kind)  # open_link lets none through
    return link_url(kind.endpoint)
