"""Messages that wait or could not be sent, and the mail addresses that they go to. Nothing here is about a pupil."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.message_wishes import choose, wishes_of
from coordination.desk.outbox import count_by_state, newest, try_again
from coordination.directory.commands import SetMailbox
from coordination.outbox.kinds import KINDS
from webui.administration.directory_forms import MailboxSchema
from webui.administration.pages.shared import ADMINISTRATOR, address_of, blueprint, perform_form, today
from webui.forms import Form
from webui.messages.about import told_of
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, service_name

NEWS = "referral_news"
"""A kind of which nothing must be acted on: what was chosen for it was chosen for all such messages."""


@blueprint.get("/administration/messages")
@signed_in(*ADMINISTRATOR)
def messages() -> ResponseReturnValue:
    """Show what waits and what was given up, the newest first."""
    with runtime().desk() as desk:
        counts = count_by_state(desk)
        rows = newest(desk, only_open=True)
    return render_template("administration/messages.html", counts=counts, lines=told_of(rows))


@blueprint.post("/administration/messages/<uuid:message>/again")
@signed_in(*ADMINISTRATOR)
def send_again(message: UUID) -> ResponseReturnValue:
    """Put a message that was given up back in the queue."""
    with runtime().desk() as desk:
        if not try_again(desk, message, runtime().now()):
            abort(404)
    flash(_("The message will be sent again."))
    return redirect(url_for("administration.messages"), 303)


@blueprint.route("/administration/services/<uuid:key>/mailbox", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def service_mailbox(key: UUID) -> ResponseReturnValue:
    """Set the mail address of a service."""
    found = directory().service(key) or abort(404)
    return _mailbox(found.agency, key, url_for("administration.one_service", key=key), service_name(found))


@blueprint.route("/administration/organisations/<uuid:key>/mailbox", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def organisation_mailbox(key: UUID) -> ResponseReturnValue:
    """Set the mail address of a school, an agency or an authority."""
    found = directory().organisation(key) or abort(404)
    return _mailbox(key, None, url_for("administration.one_organisation", key=key), organisation_name(found))


def _mailbox(organisation: UUID, service: UUID | None, back: str, whose: str) -> ResponseReturnValue:
    recipient = service or organisation
    before = address_of(recipient)
    with runtime().desk() as desk:
        wanted = wishes_of(desk, [recipient])[recipient].choices.get(NEWS, "at_once")
    form = Form(MailboxSchema, values={"address": before, "news": wanted})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetMailbox(
            occurred_on=today(),
            organisation=organisation,
            service=service,
            address=typed["address"] or None,
            before=before,
        )
        if perform_form(form, [command]):
            with (
                runtime().desk() as desk
            ):  # of what must be acted on, a mailbox gets all at once whatever is chosen
                choose(desk, recipient, dict.fromkeys(KINDS, typed["news"]))
            flash(_("The email address is recorded."))
            return redirect(back, 303)
    return form.page("administration/mailbox.html", whose=whose, back_to=back)
