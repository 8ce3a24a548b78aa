"""Webhooks: addresses of an organisation's own system that are told of the same as its mailboxes."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from coordination.desk.tokens import Token
from coordination.desk.webhooks import (
    Delivery,
    Webhook,
    deliveries_of,
    end_webhook,
    queue_delivery,
    register_webhook,
    replace_secret,
    webhooks_of,
)
from coordination.errors import NotFound, Refusal
from coordination.outbox.webhook_signing import SECRET_BYTES, secret_text
from webui.api.bearer import current_token
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdsField
from webui.api.resource import RecordingResult, RecordRequest, Resource, ResourceRows, ResourceView
from webui.forms.fields import TextField
from webui.shell.outgoing import LONGEST_URL, Outgoing
from webui.shell.runtime import runtime
from webui.words.naming import directory

webhooks = Resource(
    "webhooks",
    "Addresses of your own system that are told at once of what is also sent to the mailboxes of your organisation "
    "and its services: ids, a reference, what happened, and a link, and nothing about a pupil. Each delivery is signed "
    "as in the Standard Webhooks specification (https://www.standardwebhooks.com): check it with a library of yours. A "
    "delivery that is not answered with 2xx is tried again for three days; it may come twice, with the same "
    "`webhook-id`. Redirects are not followed, and the address must be on the public internet, with https.",
)

ONE = "/webhooks/<uuid:webhook>"
LATEST = 20


class WebhookBody(ClosedSchema):
    """A webhook to register."""

    url = TextField("The address, with https", longest=LONGEST_URL)
    services = IdsField(
        "Of an agency: only messages to these services; left out: to all of them", required=False
    )


class WebhookActionBody(ClosedSchema):
    """Nothing: the address says it all."""


class WebhookSchema(Schema):
    """A webhook. `state`: `new`, `working`, `failing` (since `failing_since`) or `ended`."""

    class Meta(Schema.Meta):
        include = fields_of(Webhook, "webhook", "url", "made_at", "succeeded_at", "failing_since", "ended_at")

    services = fields.List(fields.UUID(), required=True)
    state = fields.String(required=True)


class WebhookDeliverySchema(Schema):
    """A delivery. `message` is null for a test; `status` that of the last answer; `problem` a code."""

    class Meta(Schema.Meta):
        include = fields_of(
            Delivery,
            *(
                "delivery",
                "message",
                "created_at",
                "due_at",
                "attempts",
                "status",
                "problem",
                "sent_at",
            ),
        )

    state = fields.String(required=True)


class WebhookWholeSchema(WebhookSchema):
    """A webhook with its latest deliveries."""

    deliveries = fields.List(fields.Nested(WebhookDeliverySchema), required=True)


@webhooks.lists("/webhooks", scope="webhooks:read", answers=WebhookSchema)
def list_webhooks(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the webhooks of your organisation, the newest first."""
    found = _own()
    return ResourceRows(found[page.first : page.past], len(found))


@webhooks.shows(ONE, scope="webhooks:read", answers=WebhookWholeSchema, tagged=False)
def show_webhook(webhook: UUID) -> ResourceView:
    """Show a webhook and its latest deliveries."""
    found = _one(webhook)
    with runtime().desk() as desk:
        latest = deliveries_of(desk, [webhook], LATEST)
    document = {name: getattr(found, name) for name in (*Webhook.__struct_fields__, "state")}
    return ResourceView(document | {"deliveries": latest})


@webhooks.records(
    "/webhooks", scope="webhooks:write", takes=WebhookBody, makes=("webhook",), once=("secret",)
)
def register(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Register a webhook. Its `secret` is in the first answer only."""
    token = current_token()
    services = tuple(typed["services"] or ())
    _check_services(token, services)
    Outgoing(runtime().settings.webhook_hosts).check(typed["url"])
    secret, key = secrets.token_bytes(SECRET_BYTES), asked.new_id("webhook")
    with runtime().desk() as desk:
        made = register_webhook(
            desk,
            runtime().coordination.record.outer,
            webhook=key,
            organisation=token.organisation,
            services=services or token.services or (),
            url=typed["url"],
            secret=secret,
            by=token.token,
            now=runtime().now(),
        )
    return RecordingResult(
        {"webhook": key}, f"/webhooks/{key}", once={"secret": secret_text(secret)} if made else {}
    )


@webhooks.records(
    ONE + "/secret", scope="webhooks:write", takes=WebhookActionBody, makes=("webhook",), once=("secret",)
)
def new_secret(_typed: dict[str, Any], _asked: RecordRequest, webhook: UUID) -> RecordingResult:
    """Replace the secret. It is in the first answer only; for a day, deliveries are signed with the former one too."""
    _one(webhook)
    secret = secrets.token_bytes(SECRET_BYTES)
    with runtime().desk() as desk:
        replace_secret(desk, runtime().coordination.record.outer, webhook, secret, now=runtime().now())
    return RecordingResult({"webhook": webhook}, f"/webhooks/{webhook}", once={"secret": secret_text(secret)})


@webhooks.records(ONE + "/test", scope="webhooks:write", takes=WebhookActionBody, makes=("delivery",))
def test(_typed: dict[str, Any], asked: RecordRequest, webhook: UUID) -> RecordingResult:
    """Send a test within seconds, once. Its result is among the webhook's deliveries."""
    if _one(webhook).ended_at is not None:
        raise NotFound
    key = asked.new_id("delivery")
    with runtime().desk() as desk:
        queue_delivery(desk, webhook, None, key, runtime().now())
    return RecordingResult({"delivery": key}, f"/webhooks/{webhook}")


@webhooks.removes(ONE, scope="webhooks:write")
def remove(webhook: UUID) -> None:
    """Remove a webhook: nothing more is sent to it, also not what waits."""
    _one(webhook)
    with runtime().desk() as desk:
        end_webhook(desk, webhook, now=runtime().now())


def _own() -> list[Webhook]:
    """The webhooks that the token may see: of its organisation, and where it is for some services of these only."""
    token = current_token()
    with runtime().desk() as desk:
        held = webhooks_of(desk, token.organisation)
    if not token.services:
        return held
    return [one for one in held if one.services and set(one.services) <= set(token.services)]


def _one(webhook: UUID) -> Webhook:
    found = next((one for one in _own() if one.webhook == webhook), None)
    if found is None:
        raise NotFound
    return found


def _check_services(token: Token, services: tuple[UUID, ...]) -> None:
    own = {s.id for s in directory().services_of(token.organisation)}
    allowed = own & set(token.services) if token.services else own
    if not set(services) <= allowed:
        raise Refusal("service_not_of_agency", "services")
