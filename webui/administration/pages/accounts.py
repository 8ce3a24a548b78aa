"""Accounts of people: a one-time link for a new password, ending sessions, removing a lost app, and the log."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.account_log import AccountChange, note_account
from coordination.desk.accounts import AccountSummary, account_known
from coordination.desk.authenticators import authenticator_of, remove_authenticator
from coordination.desk.reset_links import make_reset_link
from coordination.desk.sessions import end_sessions, open_sessions
from webui.administration.pages.shared import ADMINISTRATOR, administrator, blueprint, organisation
from webui.parts.account_changes import lines_about
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime


@blueprint.get("/administration/accounts/<uuid:account>")
@signed_in(*ADMINISTRATOR)
def one_account(account: UUID) -> ResponseReturnValue:
    """Show an account, where it is signed in, what happened to it, and what can be done."""
    known = _known(account)
    here = runtime()
    with here.desk() as conn:
        held = authenticator_of(conn, account)
        sessions = open_sessions(conn, account, now=here.now(), length=here.settings.session_length)
    lines, pages = lines_about([known.account.person])
    return render_template(
        "administration/account.html",
        known=known,
        held=held,
        sessions=sessions,
        lines=lines,
        pages=pages,
        address=lambda number: url_for("administration.one_account", account=account, page=number),
    )


@blueprint.route("/administration/accounts/<uuid:account>/link", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def reset_link(account: UUID) -> ResponseReturnValue:
    """Make a one-time link for a new password, after confirmation, and show it once."""
    known = _open(account)
    if request.method == "GET":
        return render_template("administration/reset_link.html", known=known)
    secret = runtime().new_token()
    with runtime().desk() as conn:
        until = make_reset_link(conn, account, secret=secret, by=administrator(), now=runtime().now())
    address = url_for("reset.page", secret=secret, _external=True)
    return render_template("administration/reset_link_made.html", known=known, address=address, until=until)


@blueprint.route("/administration/accounts/<uuid:account>/end-sessions", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def end_account_sessions(account: UUID) -> ResponseReturnValue:
    """Sign the account's owner out in all browsers, after confirmation."""
    known = _open(account)
    if request.method == "GET":
        return render_template("administration/end_sessions.html", known=known)
    with runtime().desk() as conn:
        count = end_sessions(conn, account)
        note_account(
            conn,
            account,
            AccountChange.SESSIONS_ENDED,
            by=administrator(),
            at=runtime().now(),
            count=count,
        )
    flash(_("The person is signed out in all browsers."))
    return redirect(url_for("administration.one_account", account=account), 303)


@blueprint.route("/administration/accounts/<uuid:account>/remove-app", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def remove_app(account: UUID) -> ResponseReturnValue:
    """Remove the authenticator app of somebody who has lost it, after confirmation; their sessions end."""
    known = _open(account)
    if request.method == "GET":
        return render_template("administration/remove_app.html", known=known)
    with runtime().desk() as conn:
        if remove_authenticator(conn, account):
            end_sessions(conn, account)
            note_account(conn, account, AccountChange.TOTP_REMOVED, by=administrator(), at=runtime().now())
    flash(_("The app is removed."))
    return redirect(url_for("administration.one_account", account=account), 303)


@blueprint.get("/administration/organisations/<uuid:key>/account-log")
@signed_in(*ADMINISTRATOR)
def organisation_log(key: UUID) -> ResponseReturnValue:
    """Show what happened to the accounts of an organisation's people."""
    found = organisation(key)
    lines, pages = lines_about(found.people)
    return render_template(
        "administration/account_log.html",
        found=found,
        lines=lines,
        pages=pages,
        address=lambda number: url_for("administration.organisation_log", key=key, page=number),
    )


def _known(account: UUID) -> AccountSummary:
    """The account; 404 for none."""
    with runtime().desk() as conn:
        found = account_known(conn, account)
    return found or abort(404)


def _open(account: UUID) -> AccountSummary:
    """The account, if it is open; otherwise 404."""
    found = _known(account)
    return found if found.disabled_at is None else abort(404)
