"""A new password for somebody who has forgotten theirs: asking for a link by mail, and using a link."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from psycopg import Connection

from coordination.authority import OPERATOR
from coordination.desk.accounts import Account, account_for_sign_in
from coordination.desk.co_signing import prepare
from coordination.desk.places import places_of
from coordination.desk.reset_links import UsedLink, account_of_link, ask_by_mail, use_reset_link
from coordination.desk.throttle import (
    ThrottleLimits,
    TooManyAttempts,
    attempt_succeeded,
    begin_attempt,
    key_of,
)
from webui.account.forms import ForgottenSchema, NewPasswordSchema
from webui.account.pages.own_password import new_password_is_good
from webui.forms import Form
from webui.shell.authentication import needs_no_session
from webui.shell.device_cookie import remember_device
from webui.shell.runtime import runtime
from webui.words.formats import clock
from webui.words.naming import directory

blueprint = Blueprint("reset", __name__)

# links tried, or asked for, from one address in a quarter of an hour; an address may be shared by a school
LIMITS = ThrottleLimits(by_pair=30, by_address=30)
HEADERS = {
    # the address of the page is the secret: no other page may learn it
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


@blueprint.after_request
def keep_secret(response: Response) -> Response:
    """Keep the address from other pages, robots and caches."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


@blueprint.route("/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link by mail; 404 where no mail is set up. The answer and its time are the same for an unknown name:
    the worker sends the mail."""
    if runtime().settings.sign_in.mail is None:
        abort(404)
    form = Form(ForgottenSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        wait = _counted("forgotten", runtime().new_id())
        if wait is None:
            with runtime().desk() as conn:
                found = account_for_sign_in(conn, typed["username"])
                ask_by_mail(conn, runtime().new_id(), found[0].account if found else None, runtime().now())
            return make_response(render_template("account/link_sent.html", signing_in=True))
        form.say(_("There were too many attempts. Try again at %(time)s.", time=clock(wait.at)))
    return form.page("account/forgotten.html", signing_in=True)


@blueprint.route("/reset/<secret>", methods=["GET", "POST"])
@needs_no_session
def page(secret: str) -> ResponseReturnValue:
    """Set a new password with a one-time link. Opening the page does not use it up: programs that look at mail open
    links too."""
    account = _owner(secret)
    if account is None:
        return make_response(render_template("account/link_not_good.html", signing_in=True), 404)
    form = Form(NewPasswordSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        password = typed["new_password"]
        if new_password_is_good(form, password, account.username, account.display_name):
            hashed = runtime().passwords.hash(password)
            with runtime().desk() as conn:
                used = use_reset_link(conn, secret, password_hash=hashed, now=runtime().now())
                if used is not None:
                    _let_wait(conn, used)
            if used is None:
                return make_response(render_template("account/link_not_good.html", signing_in=True), 404)
            response = redirect(url_for("reset.done"), 303)
            remember_device(response, used.account.account)
            return response
    return form.page("account/reset.html", signing_in=True)


@blueprint.get("/reset-done")
@needs_no_session
def done() -> str:
    """The page after setting a new password: the user signs in with it."""
    return render_template("account/reset_done.html", signing_in=True)


def _let_wait(conn: Connection, used: UsedLink) -> None:
    """Let the person's roles wait for a co-signature when somebody else made the link: otherwise an administrator could
    take the account over. A link by mail reached its owner."""
    maker, person = used.made_by, used.account.person
    if maker.person is None or maker.person == person:
        return
    known = directory()
    for place in places_of(used.account, known, runtime().today()):
        organisation = known.organisation(place.organisation)
        if organisation is None:
            continue
        prepare(
            conn,
            "role",
            person,
            organisation,
            place.role,
            by=maker.person,
            authority=organisation.authority or maker.organisation,
            now=runtime().now(),
            at_once=maker.person == OPERATOR,
        )


def _owner(secret: str) -> Account | None:
    """The account of a link that is good; None also after too many bad links from this address."""
    attempt = runtime().new_id()
    if isinstance(_counted("links", attempt), TooManyAttempts):
        return None
    with runtime().desk() as conn:
        account = account_of_link(conn, secret, runtime().now())
        if account is not None:
            attempt_succeeded(conn, attempt)
    return account


def _counted(what: str, attempt: UUID) -> TooManyAttempts | None:
    key = key_of(runtime().settings.secret_key, f"{what} {request.remote_addr or ''}")
    with runtime().desk() as conn:
        return begin_attempt(
            conn, attempt=attempt, username_key=key, address_key=key, now=runtime().now(), limits=LIMITS
        )
