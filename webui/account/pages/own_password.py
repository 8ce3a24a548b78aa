"""Changing one's own password."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.account_log import AccountChange, note_account
from coordination.desk.account_messages import tell_account
from coordination.desk.accounts import change_password_hash
from coordination.desk.passwords import check_new_password
from coordination.desk.reset_links import forget_links
from coordination.desk.sessions import Session, end_sessions
from coordination.desk.sign_in import check_own_password
from coordination.desk.throttle import TooManyAttempts
from coordination.errors import Refusal
from webui.account.forms import ChangePasswordSchema
from webui.forms import Form
from webui.parts.account_changes import changed_by
from webui.shell.authentication import before_second_step, current, signed_in
from webui.shell.runtime import runtime
from webui.words.formats import clock

blueprint = Blueprint("own_password", __name__)


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in()
@before_second_step
def page() -> ResponseReturnValue:
    """Change the password: it asks for the one that the person has, and ends the person's other sessions."""
    session = current() or abort(404)
    form = Form(ChangePasswordSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        account = session.account
        if password_is_right(form, session, typed["password"]) and new_password_is_good(
            form, typed["new_password"], account.username, account.display_name
        ):
            hashed = runtime().passwords.hash(typed["new_password"])
            with runtime().desk() as conn:
                change_password_hash(conn, account.account, hashed)
                end_sessions(conn, account.account, but=session.key)
                forget_links(conn, account.account)
                note_account(
                    conn,
                    account.account,
                    AccountChange.PASSWORD_CHANGED,
                    by=changed_by(session),
                    at=runtime().now(),
                )
                tell_account(conn, "password_changed", account, runtime().now())
            flash(_("Your password is changed. You are signed out in all other browsers."))
            return redirect(url_for("account.page"), 303)
    return form.page("account/own_password.html")


def password_is_right(form: Form, session: Session, typed: str) -> bool:
    """Whether the signed-in user typed their own password; otherwise the form says why not."""
    outcome = check_own_password(
        runtime().desk,
        runtime().passwords,
        session.account,
        typed,
        attempt=runtime().new_id(),
        now=runtime().now(),
        secret=runtime().settings.secret_key,
        limits=runtime().settings.throttle,
    )
    if isinstance(outcome, TooManyAttempts):
        form.say(_("There were too many attempts. Try again at %(time)s.", time=clock(outcome.at)))
        return False
    if not outcome:
        form.errors["password"] = _("This is not your password. Enter the password that you sign in with.")
    return outcome


def new_password_is_good(form: Form, password: str, username: str, name: str) -> bool:
    """Whether the new password is accepted; otherwise the form says why not."""
    try:
        check_new_password(password, username=username, name=name)
    except Refusal as refused:
        form.refuse(Refusal(refused.code, "new_password", **refused.facts))
        return False
    return True
