"""In and out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from coordination.desk.sessions import Session
from coordination.desk.sign_in import SignInAttempt, sign_in
from coordination.desk.throttle import TooManyAttempts
from webui.account.forms import SignInSchema
from webui.forms import Form
from webui.shell.local_paths import local_path
from webui.shell.navigation import home
from webui.shell.saved_forms import Kept, opened, sealed, typed_here
from webui.shell.settings import secret_key
from webui.shell.signed_in import current, end, had_session, hand_over, trust, without_database
from webui.shell.world import world
from webui.words.formats import clock
from webui.words.languages import leave_language, settle_language

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@without_database
def page() -> Response | Any:
    """The form; somebody who is signed in goes on to where they wanted."""
    after = local_path(request.args.get("next"))
    if current() is not None:
        return redirect(after or home(), 303)
    return Form(SignInSchema).page("account/sign_in.html", after=after, ended=had_session(), kept=None)


@blueprint.post("/sign-in")
def enter() -> Response | Any:
    """Try the name and the password."""
    after = local_path(request.form.get("next"))
    kept = request.form.get("kept") or None
    form = Form(SignInSchema)
    typed = form.take(request.form)
    if typed is None:
        return form.page("account/sign_in.html", after=after, ended=False, kept=kept)
    token = world().new_token()
    outcome = _try(typed["username"], typed["password"], token)
    if isinstance(outcome, Session):
        return _welcome(outcome, token, after, opened(kept, outcome.account.account))
    status = 422
    if isinstance(outcome, TooManyAttempts):
        status = 429
        form.say(_("There were too many tries. Try again at %(time)s.", time=clock(outcome.at)))
    else:
        form.say(_("The username or the password is not right. Check both and try again."))
    return form.page("account/sign_in.html", status=status, after=after, ended=False, kept=kept)


@blueprint.post("/sign-out")
def leave() -> Any:
    """End the session; nothing of it stays in the browser."""
    response = redirect(url_for("sign_in.gone"), 303)
    leave_language(response)
    end(response)
    return response


@blueprint.get("/signed-out")
@without_database
def gone() -> str:
    """What one sees after signing out."""
    return render_template("account/signed_out.html")


def session_over_page() -> Response:
    """A form was sent after its session had ended: ask to sign in, and keep what was typed.

    Registered with the application, because the guard of every page needs it.
    """
    over: Session | None = g.get("session_over")
    kept = typed_here(over.account.account) if over else None
    form = Form(SignInSchema)
    response = form.page(
        "account/sign_in.html",
        after=local_path(request.path) if kept is None else None,
        ended=True,
        kept=sealed(kept) if kept else None,
    )
    response.status_code = 401
    return response


def _try(username: str, password: str, token: str) -> Any:
    here = world()
    attempt = SignInAttempt(
        attempt=here.new_id(),
        username=username,
        password=password,
        address=request.remote_addr or "",
        now=here.now(),
        token=token,
        csrf=here.new_token(),
    )
    return sign_in(
        here.desk,
        here.passwords,
        attempt,
        secret=secret_key(here.settings.data),
        limits=here.settings.throttle,
        length=here.settings.session_length,
    )


def _welcome(opened_session: Session, token: str, after: str | None, kept: Kept | None) -> Any:
    trust(opened_session)
    response: AnyResponse
    if kept is not None:
        response = make_response(render_template("account/go_on.html", kept=kept))
    else:
        response = redirect(after or home(), 303)
    hand_over(response, token)
    settle_language(response)
    return response
