"""The signed heads of the ledger, for every organisation that wants to keep one."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from webui.shell.authentication import signed_in
from webui.shell.ledger_heads import latest_head
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime

blueprint = Blueprint("ledger_heads", __name__)
blueprint.add_app_template_global(latest_head, "ledger_head")

LISTED = 31


@blueprint.get("/ledger-heads")
@signed_in(*REPORT_ROLES)
def page() -> ResponseReturnValue:
    """List the last heads, with the file of the newest."""
    return render_template(
        "reports/ledger_heads.html", heads=runtime().coordination.record.ledger_heads(LISTED)
    )


@blueprint.get("/ledger-heads/<int:size>.json")
@signed_in(*REPORT_ROLES)
def file(size: int) -> Response:
    """Send the file of a head."""
    record = runtime().coordination.record
    found = [one for one in record.ledger_heads(LISTED) if one.head.size == size]
    if not found:
        abort(404)
    response = Response(record.head_file(found[0]), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="ledger-head-{size}.json"'
    return response
