"""Tokens and roles that speak for an organisation: co-signed by somebody who works there, or seen."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.account_log import AccountChange, ChangedBy, note_account
from coordination.desk.accounts import accounts_of
from coordination.desk.co_signing import CoSignature, co_sign, waiting_for
from coordination.desk.tokens import Token, tokens_of
from coordination.errors import Refusal
from webui.account.forms import CoSignSchema, SeenSchema, TelephoneSchema
from webui.forms import Form
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CO_SIGNERS
from webui.shell.runtime import runtime
from webui.words.naming import code_words, organisation_name, people_names

blueprint = Blueprint("co_signing", __name__)


class CoSignatureItem(msgspec.Struct, frozen=True):
    """A row with its names. `by_telephone`: it is of another organisation, which is telephoned first."""

    row: CoSignature
    subject: str
    organisation: str
    role: str
    prepared_by: str
    by_telephone: bool
    scopes: tuple[str, ...]


@blueprint.get("/co-signing")
@signed_in(*CO_SIGNERS)
def page() -> ResponseReturnValue:
    """List what waits for a co-signature, and what was done on the machine itself."""
    items = _items()
    return render_template(
        "account/co_signing.html",
        waiting=[item for item in items if not item.row.at_once],
        told=[item for item in items if item.row.at_once],
    )


@blueprint.route("/co-signing/<uuid:key>", methods=["GET", "POST"])
@signed_in(*CO_SIGNERS)
def one(key: UUID) -> ResponseReturnValue:
    """Show one, and sign or decline it, or say that it was seen."""
    item = next((item for item in _items() if item.row.co_signature == key), None) or abort(404)
    form = Form(SeenSchema if item.row.at_once else TelephoneSchema if item.by_telephone else CoSignSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        declined = typed.get("decision") == "decline"
        try:
            with runtime().desk() as connection:
                signed = co_sign(
                    connection,
                    key,
                    person=viewer().person,
                    organisation=viewer().organisation,
                    now=runtime().now(),
                    telephoned_on=typed.get("telephoned_on"),
                    declined=declined,
                )
                if signed.kind == "role" and not signed.at_once:
                    for known in accounts_of(connection, [signed.subject]).get(signed.subject, ()):
                        note_account(
                            connection,
                            known.account.account,
                            AccountChange.CO_SIGNATURE_DECLINED if declined else AccountChange.CO_SIGNED,
                            by=ChangedBy(viewer().person, viewer().organisation),
                            at=runtime().now(),
                            role=signed.role,
                            organisation=str(signed.organisation),
                        )
        except Refusal as refused:
            form.refuse(refused)
        else:
            flash(_done(item, declined))
            return redirect(url_for("co_signing.page"), 303)
    return form.page("account/co_sign.html", item=item)


def _done(item: CoSignatureItem, declined: bool) -> str:
    if item.row.at_once:
        return _("It is recorded that you have seen it.")
    return _("Declined. It does not work.") if declined else _("Co-signed. It works from now on.")


def _items() -> list[CoSignatureItem]:
    own = viewer().organisation
    with runtime().desk() as connection:
        rows = waiting_for(connection, viewer().person, own)
        tokens = {
            token.token: token
            for organisation in {row.organisation for row in rows if row.kind == "token"}
            for token in tokens_of(connection, organisation)
        }
    people = people_names({row.prepared_by for row in rows} | {r.subject for r in rows if r.kind == "role"})
    return [_item(row, tokens.get(row.subject), people, own) for row in rows]


def _item(row: CoSignature, token: Token | None, people: dict[UUID, str], own: UUID) -> CoSignatureItem:
    return CoSignatureItem(
        row,
        token.label if token else people.get(row.subject, ""),
        organisation_name(row.organisation),
        code_words("role", row.role),
        _("The command line") if row.at_once else people[row.prepared_by],
        not row.at_once and row.organisation != own,
        token.scopes if token else (),
    )
