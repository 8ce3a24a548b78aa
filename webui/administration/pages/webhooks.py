"""Webhooks of organisations' own systems: registered, tested, given a new secret, removed."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.webhooks import (
    Webhook,
    deliveries_of,
    end_webhook,
    queue_delivery,
    register_webhook,
    replace_secret,
    webhooks_of,
)
from coordination.errors import Refusal
from coordination.outbox.webhook_signing import SECRET_BYTES, secret_text
from webui.administration.forms import NewWebhookSchema
from webui.administration.pages.shared import ADMINISTRATOR, KINDS, blueprint
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.outgoing import Outgoing
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, service_name

STATES = {
    "new": _l("Not used yet"),
    "working": _l("Working"),
    "failing": _l("Failing"),
    "ended": _l("Removed"),
}
DELIVERY_STATES = {"waiting": _l("Waiting"), "sent": _l("Delivered"), "given_up": _l("Not delivered")}
DELIVERY_PROBLEMS = {
    "host_unknown": _l("There is no server of this name"),
    "not_public": _l("The name leads to an address that is not public"),
    "no_answer": _l("The server did not answer"),
    "not_trusted": _l("The server’s certificate is not valid"),
    "redirected": _l("The server answered with a redirect, which is not followed"),
    "refused": _l("The server answered with an error"),
}


class WebhookItem(msgspec.Struct, frozen=True):
    """A webhook with the names of its organisation and services."""

    webhook: Webhook
    organisation: str
    services: str


@blueprint.get("/administration/webhooks")
@signed_in(*ADMINISTRATOR)
def webhooks() -> ResponseReturnValue:
    """List all webhooks, newest first."""
    with runtime().desk() as desk:
        held = webhooks_of(desk)
    return render_template("administration/webhooks.html", items=[_item(one) for one in held], states=STATES)


@blueprint.route("/administration/webhooks/new", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def new_webhook() -> ResponseReturnValue:
    """Register a webhook and show its secret once."""
    known = directory()
    offered = sorted(
        ((str(o.id), organisation_name(o)) for kind in KINDS for o in known.of_kind(kind)),
        key=lambda one: one[1].casefold(),
    )
    services = sorted(
        (
            (str(s.id), f"{organisation_name(s.agency)}: {service_name(s)}")
            for s in known.services
            if s.is_open(runtime().today())
        ),
        key=lambda one: one[1].casefold(),
    )
    form = Form(NewWebhookSchema, choices={"organisation": offered, "services": services})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            key, secret = _registered(form, typed)
        except Refusal as refused:
            form.refuse(refused)
        else:
            return _secret_page(key, secret)
    return form.page("administration/new_webhook.html")


def _registered(form: Form, typed: dict[str, Any]) -> tuple[UUID, str | None]:
    """The webhook and its secret; None if the same form registered it before."""
    organisation = UUID(typed["organisation"])
    services = [UUID(one) for one in typed["services"] or ()]
    if not set(services) <= {s.id for s in directory().services_of(organisation)}:
        raise Refusal("service_not_of_agency", "services")
    Outgoing(runtime().settings.webhook_hosts).check(typed["url"])
    secret, key = secrets.token_bytes(SECRET_BYTES), casework.new_id(form.command_id, "webhook")
    with runtime().desk() as desk:
        made = register_webhook(
            desk,
            runtime().coordination.record.outer,
            webhook=key,
            organisation=organisation,
            services=services,
            url=typed["url"],
            secret=secret,
            by=viewer().person,
            now=runtime().now(),
        )
    return key, secret_text(secret) if made else None


def _secret_page(key: UUID, secret: str | None) -> str:
    return render_template("administration/webhook_secret.html", item=_item(_one(key)), secret=secret)


@blueprint.get("/administration/webhooks/<uuid:key>")
@signed_in(*ADMINISTRATOR)
def webhook(key: UUID) -> ResponseReturnValue:
    """Show a webhook with its latest deliveries."""
    found = _one(key)
    with runtime().desk() as desk:
        deliveries = deliveries_of(desk, [key], 50)
    return Form(NothingSchema).page(
        "administration/webhook.html",
        item=_item(found),
        deliveries=deliveries,
        states=STATES,
        delivery_states=DELIVERY_STATES,
        problems=DELIVERY_PROBLEMS,
    )


@blueprint.post("/administration/webhooks/<uuid:key>/test")
@signed_in(*ADMINISTRATOR)
def test_webhook(key: UUID) -> ResponseReturnValue:
    """Send a test."""
    if _one(key).ended_at is not None:
        abort(404)
    form = Form(NothingSchema)
    form.take(request.form)
    with runtime().desk() as desk:
        queue_delivery(desk, key, None, casework.new_id(form.command_id, "delivery"), runtime().now())
    flash(_("A test is on its way. Its result will be in the list below within a minute."))
    return redirect(url_for("administration.webhook", key=key), 303)


@blueprint.post("/administration/webhooks/<uuid:key>/secret")
@signed_in(*ADMINISTRATOR)
def new_webhook_secret(key: UUID) -> ResponseReturnValue:
    """Replace the secret and show the new one once."""
    if _one(key).ended_at is not None:
        abort(404)
    secret = secrets.token_bytes(SECRET_BYTES)
    with runtime().desk() as desk:
        replace_secret(desk, runtime().coordination.record.outer, key, secret, now=runtime().now())
    return _secret_page(key, secret_text(secret))


@blueprint.post("/administration/webhooks/<uuid:key>/remove")
@signed_in(*ADMINISTRATOR)
def remove_webhook(key: UUID) -> ResponseReturnValue:
    """Send nothing more to a webhook."""
    _one(key)
    with runtime().desk() as desk:
        end_webhook(desk, key, now=runtime().now())
    flash(_("The webhook is removed. Nothing more is sent to it."))
    return redirect(url_for("administration.webhooks"), 303)


def _item(one: Webhook) -> WebhookItem:
    return WebhookItem(
        one, organisation_name(one.organisation), ", ".join(service_name(s) for s in one.services)
    )


def _one(key: UUID) -> Webhook:
    with runtime().desk() as desk:
        found = next((one for one in webhooks_of(desk) if one.webhook == key), None)
    return found or abort(404)
