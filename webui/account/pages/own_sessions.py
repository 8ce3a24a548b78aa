"""Where a person is signed in, and ending that."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.account_log import AccountChange, note_account
from coordination.desk.sessions import end_one_session, end_sessions, open_sessions
from webui.parts.account_changes import changed_by
from webui.shell.authentication import before_second_step, current, signed_in
from webui.shell.runtime import runtime

blueprint = Blueprint("own_sessions", __name__)


@blueprint.get("/account/sessions")
@signed_in()
@before_second_step
def page() -> str:
    """List the browsers in which the user is signed in."""
    session = current() or abort(404)
    here = runtime()
    with here.desk() as conn:
        held = open_sessions(
            conn, session.account.account, now=here.now(), length=here.settings.session_length
        )
    return render_template("account/own_sessions.html", held=held, own=session.key)


@blueprint.post("/account/sessions/<uuid:session>/end")
@signed_in()
@before_second_step
def end(session: UUID) -> ResponseReturnValue:
    """Sign the user out in one browser; 404 for a session that is not theirs."""
    own = current() or abort(404)
    with runtime().desk() as conn:
        if not end_one_session(conn, own.account.account, session):
            abort(404)
        note_account(
            conn,
            own.account.account,
            AccountChange.SESSIONS_ENDED,
            by=changed_by(own),
            at=runtime().now(),
            count=1,
        )
    flash(_("That browser is signed out."))
    return redirect(url_for("own_sessions.page"), 303)


@blueprint.post("/account/sessions/end-others")
@signed_in()
@before_second_step
def end_others() -> ResponseReturnValue:
    """Sign the user out everywhere but here."""
    own = current() or abort(404)
    with runtime().desk() as conn:
        count = end_sessions(conn, own.account.account, but=own.key)
        if count:
            note_account(
                conn,
                own.account.account,
                AccountChange.SESSIONS_ENDED,
                by=changed_by(own),
                at=runtime().now(),
                count=count,
            )
    flash(_("You are signed out in all other browsers."))
    return redirect(url_for("own_sessions.page"), 303)
