"""Signing in with an outside provider, linking an account to it, and its sign-outs (back-channel)."""

from __future__ import annotations

import hmac

import structlog
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.provider_subjects import (
    ProvidedIdentity,
    end_provider_sessions,
    is_linked,
    link_subject,
    sign_in_with_provider,
    unlink_subject,
)
from coordination.desk.sign_in import CodeNeeded
from coordination.errors import Refusal
from webui.account.browsers import browser_words
from webui.account.forms import ConfirmSchema
from webui.account.openid import AuthorisationRequest, Provider, ProviderFailed
from webui.account.pages.own_password import password_is_right
from webui.account.pages.sign_in import keep_pending_token, welcome
from webui.forms import Form
from webui.shell.authentication import before_second_step, current, needs_no_session, signed_in
from webui.shell.local_paths import local_path
from webui.shell.runtime import runtime
from webui.words.refusals.translated import sentence

blueprint = Blueprint("provider", __name__)
log = structlog.get_logger("cydlynu.provider")


def _provider() -> Provider:
    """The provider of this application; 404 where none is set up."""
    settings = runtime().settings.sign_in.provider
    if settings is None:
        abort(404)
    found: Provider | None = current_app.extensions.get("provider")
    if found is None:
        found = current_app.extensions["provider"] = Provider(settings)
    return found


@blueprint.get("/sign-in/provider")
def go() -> ResponseReturnValue:
    """Send the browser to the provider. It is a link and no form: our policy lets no form lead to another site."""
    try:
        return redirect(_departed(after=local_path(request.args.get("next"))), 303)
    except ProviderFailed as failed:
        return _failed(failed)


@blueprint.get("/sign-in/provider/return")
def come_back() -> ResponseReturnValue:
    """Take the browser back from the provider, and sign the user in or link their account."""
    provider, kept = _provider(), browser_session.pop("provider", None)
    try:
        if not isinstance(kept, dict):
            raise ProviderFailed("this browser was not sent there")
        if not hmac.compare_digest(str(kept["state"]).encode(), request.args.get("state", "").encode()):
            raise ProviderFailed("another state came back")
        if request.args.get("iss", provider.settings.issuer) != provider.settings.issuer:
            raise ProviderFailed("another issuer answered")
        if "code" not in request.args:
            raise ProviderFailed("the provider gave no code")
        asked = AuthorisationRequest(kept["state"], kept["nonce"], kept["verifier"])
        identity = provider.redeem(request.args["code"], asked, _back(), int(runtime().now().timestamp()))
    except ProviderFailed as failed:
        return _failed(failed)
    if kept.get("link"):
        return _linked(identity, kept["link"])
    return _entered(identity, local_path(kept.get("next")))


@blueprint.post("/sign-in/provider/sign-out")
@needs_no_session
def sign_out() -> Response:
    """The provider says that somebody has signed out there (back-channel): their sessions end here too."""
    provider, now = _provider(), runtime().now()
    try:
        subject, session = provider.signed_out(request.form.get("logout_token", ""), int(now.timestamp()))
    except ProviderFailed as failed:
        log.warning("sign_out_refused", why=str(failed))
        response = make_response({"error": "invalid_request"}, 400)
    else:
        with runtime().desk() as conn:
            ended = end_provider_sessions(
                conn, provider.settings.issuer, subject=subject, provider_session=session, now=now
            )
        log.info("signed_out_at_provider", sessions=ended)
        response = make_response("", 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/account/provider", methods=["GET", "POST"])
@signed_in()
@before_second_step
def page() -> ResponseReturnValue:
    """Link the account to the provider, after the password; or say that it is linked."""
    provider, session = _provider(), current() or abort(404)
    form = Form(ConfirmSchema)
    with runtime().desk() as conn:
        linked = is_linked(conn, session.account, provider.settings.issuer)
    typed = form.take(request.form) if request.method == "POST" else None
    way = None
    if typed is not None and password_is_right(form, session, typed["password"]):
        if linked:
            with runtime().desk() as conn:
                unlink_subject(conn, session.account, provider.settings.issuer, now=runtime().now())
            flash(_("Your account is no longer linked."))
            return redirect(url_for("account.page"), 303)
        try:
            way = _departed(link=str(session.key))
        except ProviderFailed as failed:
            return _failed(failed)
    return form.page("account/provider.html", linked=linked, way=way, name=provider.settings.name)


def _departed(*, after: str | None = None, link: str | None = None) -> str:
    """The address at the provider; this browser keeps what it must come back with. `link` is the session whose account
    is to be linked."""
    asked = AuthorisationRequest(runtime().new_token(), runtime().new_token(), runtime().new_token())
    address = _provider().address(asked, _back())
    browser_session["provider"] = {
        "state": asked.state,
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "next": after,
        "link": link,
    }
    return address


def _back() -> str:
    return runtime().settings.sign_in.public_url + url_for("provider.come_back")


def _entered(identity: ProvidedIdentity, after: str | None) -> ResponseReturnValue:
    here, token = runtime(), runtime().new_token()
    with here.desk() as conn:
        outcome = sign_in_with_provider(
            conn,
            identity,
            token=token,
            csrf=here.new_token(),
            now=here.now(),
            length=here.settings.session_length,
            browser=browser_words(request.user_agent.string),
        )
    if outcome is None:
        html = render_template("account/not_linked.html", name=_provider().settings.name, signing_in=True)
        return make_response(html, 403)
    if isinstance(outcome, CodeNeeded):
        keep_pending_token(token)
        return redirect(url_for("second_step.code", next=after), 303)
    return welcome(outcome, token, after, None)


def _linked(identity: ProvidedIdentity, link: str) -> ResponseReturnValue:
    session = current()
    if session is None or str(session.key) != link:
        return _failed(ProviderFailed("the session that asked has ended"))
    try:
        with runtime().desk() as conn:
            link_subject(conn, session.account, identity, now=runtime().now())
    except Refusal as refused:
        flash(sentence(refused))
    else:
        flash(_("Your account is linked. You can sign in with %(name)s.", name=_provider().settings.name))
    return redirect(url_for("account.page"), 303)


def _failed(failed: ProviderFailed) -> ResponseReturnValue:
    """The page for any failure: the log says which check failed, the page does not."""
    log.warning("provider_failed", why=str(failed))
    html = render_template("account/provider_failed.html", signing_in=current() is None)
    return make_response(html, 400)
