"""Tokens for an organisation's own systems: created, shown once, revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from psycopg.errors import UniqueViolation

from coordination.authority import OPERATOR
from coordination.desk.tokens import ROLES, SCOPES, USUAL, Token, create_token, revoke_token, tokens_of
from coordination.errors import NotFound, Refusal
from webui.administration.forms import TokenSchema
from webui.administration.pages.co_signing import prepare_token
from webui.administration.pages.people import WHOLE_AGENCY
from webui.administration.pages.shared import ADMINISTRATOR, blueprint
from webui.forms import Form
from webui.parts.paging import Paging, page_number
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, people_names, service_name

PAGE_SIZE = 50
SCOPE_WORDS = {
    "pupils:read": _l("Pupils: read"),
    "pupils:write": _l("Pupils: register and change"),
    "consents:read": _l("Agreements to share: read"),
    "consents:write": _l("Agreements to share: ask and record"),
    "referrals:read": _l("Referrals: read"),
    "referrals:write": _l("Referrals: send and answer"),
    "meetings:read": _l("Meetings: read"),
    "meetings:write": _l("Meetings: answer and record"),
    "challenges:read": _l("Challenges: read"),
    "challenges:write": _l("Challenges: raise and reply"),
    "advice:read": _l("Advice: read"),
    "advice:write": _l("Advice: ask and answer"),
    "places:read": _l("Places: read"),
    "places:write": _l("Places: arrange and review"),
    "reports:read": _l("Both reports"),
    "changes:read": _l("Changes since a position in the record"),
    "documents:read": _l("Documents: list and open"),
    "documents:write": _l("Documents: attach and remove"),
    "webhooks:read": _l("Webhooks: read"),
    "webhooks:write": _l("Webhooks: register, test and remove"),
    "links:read": _l("Links without an account: list"),
    "links:write": _l("Links without an account: create and cancel"),
    "bounces:write": _l("Mail that came back: report"),
}
STANDING = {
    "valid": _l("Valid"),
    "expired": _l("Expired"),
    "revoked": _l("Revoked"),
    "waiting": _l("Not co-signed"),
}


class TokenItem(msgspec.Struct, frozen=True):
    """A token with the names of its organisation and of the person who created it."""

    token: Token
    organisation: str
    made_by: str
    standing: str


def token_state(token: Token, now: datetime) -> str:
    """Whether the token can be used."""
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= now:
        return "expired"
    return "waiting" if token.waiting else "valid"


@blueprint.get("/administration/tokens")
@signed_in(*ADMINISTRATOR)
def tokens() -> ResponseReturnValue:
    """List all tokens without their secrets, newest first."""
    with runtime().desk() as connection:
        held = tokens_of(connection)
    pages = Paging.of(len(held), page_number(request.args.get("page")), PAGE_SIZE)
    return render_template(
        "administration/tokens.html",
        lines=_lines(held[pages.first : pages.past]),
        scope_words=SCOPE_WORDS,
        standing_words=STANDING,
        pages=pages,
        address=lambda number: url_for("administration.tokens", page=number),
    )


def _lines(held: list[Token]) -> list[TokenItem]:
    names = people_names(token.created_by for token in held if token.created_by != OPERATOR)
    now = runtime().now()
    return [
        TokenItem(
            token,
            organisation_name(token.organisation),
            names.get(token.created_by) or _("The command line"),
            token_state(token, now),
        )
        for token in held
    ]


@blueprint.route("/administration/tokens/new", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def new_token() -> ResponseReturnValue:
    """Create a token and show its secret once."""
    offered = sorted(
        ((str(o.id), organisation_name(o)) for kind in ROLES for o in directory().of_kind(kind)),
        key=lambda one: one[1].casefold(),
    )
    form = Form(
        TokenSchema,
        values={"days": USUAL},
        choices={
            "organisation": offered,
            "services": [*_open_services(), (WHOLE_AGENCY, _("The whole agency"))],
            "scopes": [(scope, SCOPE_WORDS[scope]) for scope in SCOPES],
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            made, secret = _made_out(form, typed)
        except Refusal as refused:
            form.refuse(refused)
        else:
            return render_template(
                "administration/token_made.html", token=made, secret=secret, scope_words=SCOPE_WORDS
            )
    return form.page("administration/new_token.html")


def _open_services() -> list[tuple[str, str]]:
    """Every open service with its agency, by name."""
    found = (s for s in directory().services if s.is_open(runtime().today()))
    named = ((str(s.id), f"{organisation_name(s.agency)}: {service_name(s)}") for s in found)
    return sorted(named, key=lambda one: one[1].casefold())


def _made_out(form: Form, typed: dict[str, Any]) -> tuple[Token, str | None]:
    """The token and its secret; None if the same form created it before, because the secret is shown once."""
    key = casework.new_id(form.command_id, "token")
    try:
        with runtime().desk() as connection:
            organisation = directory().organisation(UUID(typed["organisation"]))
            made, secret = create_token(
                connection,
                token=key,
                secret=runtime().new_token(),
                organisation=organisation,
                scopes=typed["scopes"],
                label=typed["label"],
                created_by=viewer().person,
                now=runtime().now(),
                days=typed["days"],
                services=[UUID(one) for one in typed["services"] or () if one != WHOLE_AGENCY],
                whole_agency=WHOLE_AGENCY in (typed["services"] or ()),
            )
            if organisation is not None:
                prepare_token(connection, organisation, made)
            return made, secret
    except UniqueViolation:
        return _one(key), None


@blueprint.route("/administration/tokens/<uuid:key>/revoke", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def revoke(key: UUID) -> ResponseReturnValue:
    """Revoke a token after confirmation."""
    token = _one(key)
    if request.method == "POST":
        try:
            with runtime().desk() as connection:
                revoke_token(connection, key, now=runtime().now())
        except NotFound:
            abort(404)
        flash(_("The token is revoked. It no longer works."))
        return redirect(url_for("administration.tokens"), 303)
    [line] = _lines([token])
    return render_template(
        "administration/revoke_token.html", line=line, scope_words=SCOPE_WORDS, standing_words=STANDING
    )


def _one(key: UUID) -> Token:
    with runtime().desk() as connection:
        found = next((token for token in tokens_of(connection) if token.token == key), None)
    return found or abort(404)
