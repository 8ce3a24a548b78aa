"""The second step of signing in: giving the code, and adding or removing the app that makes it."""

from __future__ import annotations

import io
from datetime import timedelta

import segno
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from coordination.desk.account_log import AccountChange, note_account
from coordination.desk.authenticators import (
    add_authenticator,
    authenticator_of,
    new_recovery_codes,
    new_secret,
    provisioning_address,
    remove_authenticator,
    replace_recovery_codes,
)
from coordination.desk.sessions import Session, end_sessions, second_factor_added
from coordination.desk.sign_in import CodeAttempt, SignInExpired, check_code, give_code
from coordination.desk.throttle import TooManyAttempts
from webui.account.browsers import browser_words
from webui.account.forms import AddAuthenticatorSchema, ConfirmSchema, SignInCodeSchema
from webui.account.pages.own_password import password_is_right
from webui.account.pages.sign_in import pending_token, welcome
from webui.forms import Form
from webui.parts.account_changes import changed_by
from webui.shell.authentication import before_second_step, current, second_step_missing, signed_in
from webui.shell.local_paths import local_path
from webui.shell.runtime import runtime
from webui.shell.saved_forms import open_form
from webui.words.formats import clock

blueprint = Blueprint("second_step", __name__)

OFFERED_FOR = timedelta(minutes=30)
"""How long a secret may be added that a page has shown."""


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Take the code that completes a sign-in; redirect to the sign-in page when no sign-in waits for one."""
    after, kept = local_path(request.values.get("next")), request.form.get("kept") or None
    form = Form(SignInCodeSchema)
    if not pending_token():
        return redirect(url_for("sign_in.page", next=after), 303)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        token = runtime().new_token()
        outcome = _try(typed["one_time_code"], token)
        if isinstance(outcome, Session):
            return welcome(outcome, token, after, open_form(kept, outcome.account.account))
        if isinstance(outcome, SignInExpired):
            return redirect(url_for("sign_in.page", next=after), 303)
        _say_wrong(form, outcome)
    return form.page("account/code.html", after=after, kept=kept)


def _try(typed: str, token: str) -> object:
    here = runtime()
    attempt = CodeAttempt(
        attempt=here.new_id(),
        pending=pending_token(),
        code=typed,
        address=request.remote_addr or "",
        now=here.now(),
        token=token,
        csrf=here.new_token(),
        browser=browser_words(request.user_agent.string),
    )
    return give_code(
        here.desk,
        here.coordination.record.outer,
        attempt,
        secret=here.settings.secret_key,
        length=here.settings.session_length,
    )


def _say_wrong(form: Form, outcome: object) -> None:
    if isinstance(outcome, TooManyAttempts):
        form.say(_("There were too many attempts. Try again at %(time)s.", time=clock(outcome.at)))
    else:
        form.errors["one_time_code"] = _(
            "This code is incorrect or was used before. Wait until the app shows the next one, and enter that."
        )


@blueprint.get("/account/second-step")
@signed_in()
@before_second_step
def page() -> ResponseReturnValue:
    """Say whether the account has an app, and how many recovery codes are left."""
    session = current() or abort(404)
    with runtime().desk() as conn:
        held = authenticator_of(conn, session.account.account)
    return render_template("account/second_step.html", held=held, required=_required(session))


@blueprint.route("/account/second-step/add", methods=["GET", "POST"])
@signed_in()
@before_second_step
def add() -> ResponseReturnValue:
    """Show a new secret as a QR code and as text; add it when the app shows its code, and show recovery codes once."""
    session = current() or abort(404)
    form = Form(AddAuthenticatorSchema)
    secret = _offered_secret(session) if request.method == "POST" else None
    typed = form.take(request.form) if secret is not None else None
    if secret is not None and typed is not None and password_is_right(form, session, typed["password"]):
        codes = _added(session, secret, typed["one_time_code"])
        if codes is not None:
            return render_template("account/recovery_codes.html", codes=codes)
        _say_wrong(form, None)
    secret = secret or new_secret()
    return form.page(
        "account/add_authenticator.html",
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        offer=_offer(session, secret),
        picture=_picture(provisioning_address(secret, session.account.username)),
        required=second_step_missing(session),
    )


def _added(session: Session, secret: str, code: str) -> list[str] | None:
    """Adds the app; the recovery codes to show, or None for a wrong code. Other sessions end: they showed none."""
    here, account = runtime(), session.account
    with here.desk() as conn:
        outer = here.coordination.record.outer
        if not add_authenticator(conn, outer, account.account, secret=secret, code=code, now=here.now()):
            return None
        codes = new_recovery_codes()
        replace_recovery_codes(conn, account.account, codes)
        end_sessions(conn, account.account, but=session.key)
        if session.key is not None:
            second_factor_added(conn, session.key)
        note_account(conn, account.account, AccountChange.TOTP_ADDED, by=changed_by(session), at=here.now())
    return codes


@blueprint.route("/account/second-step/recovery-codes", methods=["GET", "POST"])
@signed_in()
def recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes, for a code of the app; earlier ones are no longer good."""
    session = _with_app()
    form = Form(SignInCodeSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        here, account = runtime(), session.account
        with here.desk() as conn:
            outcome = check_code(
                conn,
                here.coordination.record.outer,
                account,
                typed["one_time_code"],
                attempt=here.new_id(),
                address=request.remote_addr or "",
                now=here.now(),
                secret=here.settings.secret_key,
            )
            if outcome is True:
                codes = new_recovery_codes()
                replace_recovery_codes(conn, account.account, codes)
                note_account(
                    conn,
                    account.account,
                    AccountChange.RECOVERY_CODES_MADE,
                    by=changed_by(session),
                    at=here.now(),
                )
                return render_template("account/recovery_codes.html", codes=codes)
        _say_wrong(form, outcome)
    return form.page("account/new_recovery_codes.html")


@blueprint.route("/account/second-step/remove", methods=["GET", "POST"])
@signed_in()
def remove() -> ResponseReturnValue:
    """Remove the app, after the password; 404 where the role requires one."""
    session = _with_app()
    if _required(session):
        abort(404)
    form = Form(ConfirmSchema)
    typed = form.take(request.form) if request.method == "POST" else None
    if typed is not None and password_is_right(form, session, typed["password"]):
        with runtime().desk() as conn:
            remove_authenticator(conn, session.account.account)
            note_account(
                conn,
                session.account.account,
                AccountChange.TOTP_REMOVED,
                by=changed_by(session),
                at=runtime().now(),
            )
        flash(_("The app is removed. You sign in with your password only."))
        return redirect(url_for("account.page"), 303)
    return form.page("account/remove_authenticator.html")


def _with_app() -> Session:
    """The session of a user who has an app; 404 without."""
    session = current() or abort(404)
    with runtime().desk() as conn:
        if authenticator_of(conn, session.account.account) is None:
            abort(404)
    return session


def _required(session: Session) -> bool:
    return session.account.role in runtime().settings.sign_in.totp_roles


def _offer(session: Session, secret: str) -> str:
    """The secret as the form sends it back, signed for this session: the app reads what the page shows, and nobody puts
    another secret in its place."""
    return _serializer().dumps([str(session.key), secret, runtime().now().timestamp()])


def _offered_secret(session: Session) -> str | None:
    """The secret that this form has shown to this session not long ago, otherwise None: the page then shows a new
    one."""
    try:
        key, secret, at = _serializer().loads(request.form.get("offer", ""))
    except (BadSignature, ValueError, TypeError):
        return None
    fresh = runtime().now().timestamp() - at <= OFFERED_FOR.total_seconds()
    return str(secret) if key == str(session.key) and fresh else None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="authenticator")


def _picture(address: str) -> Markup:
    """The QR code as an SVG in the page itself: no script, no style, no request to anybody."""
    drawn = io.BytesIO()
    code = segno.make(address, error="m")
    code.save(drawn, kind="svg", xmldecl=False, scale=5, light="#fff", svgclass="c-code", lineclass=None)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn here, from digits and letters
