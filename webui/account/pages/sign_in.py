"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from coordination.desk.sessions import Session
from coordination.desk.sign_in import CodeNeeded, SignInAttempt, WrongPassword, sign_in
from coordination.desk.throttle import TooManyAttempts
from webui.account.browsers import browser_words
from webui.account.forms import SignInCodeSchema, SignInSchema
from webui.account.pages.desk import own_places
from webui.forms import Form
from webui.shell.authentication import (
    begin_session,
    current,
    end_current_session,
    has_session_cookie,
    needs_no_database,
    set_session_cookie,
)
from webui.shell.device_cookie import known_devices, remember_device
from webui.shell.local_paths import local_path
from webui.shell.navigation import home_address
from webui.shell.runtime import runtime
from webui.shell.saved_forms import SavedForm, open_form, seal_form, submitted_form
from webui.words.formats import clock
from webui.words.languages import keep_language_at_sign_out, set_language_at_sign_in

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@needs_no_database
def page() -> ResponseReturnValue:
    """Show the form; redirect a user who is already signed in to the page they requested."""
    after = local_path(request.args.get("next"))
    if current() is not None:
        return redirect(after or home_address(), 303)
    return sign_in_page(Form(SignInSchema), after=after, ended=has_session_cookie(), kept=None)


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Check the username and password."""
    after = local_path(request.form.get("next"))
    kept = request.form.get("kept") or None
    form = Form(SignInSchema)
    typed = form.take(request.form)
    if typed is None:
        return sign_in_page(form, after=after, kept=kept)
    token = runtime().new_token()
    outcome = _try(typed["username"], typed["password"], token)
    if isinstance(outcome, Session):
        return welcome(outcome, token, after, open_form(kept, outcome.account.account))
    if isinstance(outcome, CodeNeeded):
        keep_pending_token(token)
        return Form(SignInCodeSchema).page("account/code.html", after=after, kept=kept)
    status = 422
    if isinstance(outcome, TooManyAttempts):
        status = 429
        form.say(_("There were too many attempts. Try again at %(time)s.", time=clock(outcome.at)))
    else:
        form.say(_("The username or password is incorrect. Check both and try again."))
    return sign_in_page(form, status=status, after=after, kept=kept)


@blueprint.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End the session and clear its data from the browser."""
    response = redirect(url_for("sign_in.gone"), 303)
    keep_language_at_sign_out(response)
    end_current_session(response)
    return response


@blueprint.get("/signed-out")
@needs_no_database
def gone() -> str:
    """The page shown after signing out."""
    return render_template("account/signed_out.html")


def session_over_page() -> Response:
    """Show the sign-in form when a form was sent after its session had ended, and keep what was typed.

    Registered with the application, because the guard of every page needs it.
    """
    over: Session | None = g.get("session_over")
    kept = submitted_form(over.account.account) if over else None
    form = Form(SignInSchema)
    response = sign_in_page(
        form,
        after=local_path(request.path) if kept is None else None,
        ended=True,
        kept=seal_form(kept) if kept else None,
    )
    response.status_code = 401
    return response


def sign_in_page(
    form: Form, *, status: int = 422, after: str | None, ended: bool = False, kept: str | None
) -> Response:
    """The sign-in form, with the other ways in that are set up."""
    settings = runtime().settings.sign_in
    return form.page(
        "account/sign_in.html",
        status=status,
        after=after,
        ended=ended,
        kept=kept,
        by_mail=settings.mail is not None,
        provider=settings.provider,
    )


def keep_pending_token(token: str) -> None:
    """Keep the token of a sign-in that waits for its code in this browser."""
    browser_session["pending"] = token


def pending_token() -> str:
    """The token of the sign-in that waits for its code in this browser; empty for none."""
    return str(browser_session.get("pending", ""))


def _try(username: str, password: str, token: str) -> Session | CodeNeeded | WrongPassword | TooManyAttempts:
    here = runtime()
    attempt = SignInAttempt(
        attempt=here.new_id(),
        username=username,
        password=password,
        address=request.remote_addr or "",
        now=here.now(),
        token=token,
        csrf=here.new_token(),
        devices=known_devices(),
        browser=browser_words(request.user_agent.string),
    )
    return sign_in(
        here.desk,
        here.passwords,
        attempt,
        secret=here.settings.secret_key,
        limits=here.settings.throttle,
        length=here.settings.session_length,
    )


def welcome(
    opened_session: Session, token: str, after: str | None, kept: SavedForm | None
) -> ResponseReturnValue:
    """Sign the user in and lead them where they wanted to go; the browser is known to the account from now on."""
    begin_session(opened_session)
    response: AnyResponse
    if kept is not None:
        response = make_response(render_template("account/go_on.html", kept=kept))
    elif len(own_places()) > 1:
        response = redirect(url_for("desk.choose", next=after), 303)
    else:
        response = redirect(after or home_address(), 303)
    set_session_cookie(response, token)
    remember_device(response, opened_session.account.account)
    set_language_at_sign_in(response)
    return response
