"""The signed heads of the ledger, for other systems that keep them. They contain no personal data."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from webui.api.paging import PageRequest
from webui.api.resource import Resource, ResourceRows
from webui.shell.runtime import runtime

ledger = Resource(
    "ledger",
    "Signed heads of the ledger: keep them, to show later that nothing recorded before was changed or removed. Any "
    "token of an organisation can read them.",
)

ANY_TOKEN = ""
LISTED = 400


class LedgerHeadSchema(Schema):
    """A signed head: the store, the number of leaves, the root of their tree (RFC 6962) and the position in the log, in
    the file format of `cydlynu ledger head`. `signature`: Ed25519, by `key`. `made_at`:
    in UTC, as it was signed."""

    form = fields.String(required=True)
    store = fields.String(required=True)
    size = fields.Integer(required=True)
    root = fields.String(required=True)
    position = fields.Integer(required=True)
    made_at = fields.String(required=True)
    key = fields.String(required=True)
    signature = fields.String(required=True)


@ledger.lists("/ledger/heads", scope=ANY_TOKEN, answers=LedgerHeadSchema)
def heads(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the signed heads, the newest first."""
    found = runtime().coordination.record.ledger_heads(LISTED)
    return ResourceRows([one.plain for one in found[page.first : page.past]], len(found))
