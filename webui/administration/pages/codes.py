"""Code tables with their dates, in both languages."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from coordination.directory.organisation import CodeVersion
from webui.administration.pages.shared import ADMINISTRATOR, DATED, blueprint, today, validity
from webui.shell.authentication import signed_in
from webui.words.naming import directory


def _tables() -> dict[str, list[CodeVersion]]:
    """Every version of every code by table, in the order of the table."""
    tables: dict[str, list[CodeVersion]] = {}
    for organisation in directory().organisations.values():
        for (table, _code), versions in organisation.codes.items():
            tables.setdefault(table, []).extend(versions)
    return tables


@blueprint.get("/administration/codes")
@signed_in(*ADMINISTRATOR)
def codes() -> ResponseReturnValue:
    """List the tables and the number of codes in each."""
    tables = _tables()
    return render_template(
        "administration/codes.html",
        tables=[
            (name, len({v.code for v in tables[name]}), sum(v.cy_review for v in tables[name]))
            for name in sorted(tables)
        ],
    )


@blueprint.get("/administration/codes/<table>")
@signed_in(*ADMINISTRATOR)
def one_table(table: str) -> ResponseReturnValue:
    """Show the codes of a table with their dates."""
    found = _tables().get(table)
    if found is None:
        abort(404)
    return render_template(
        "administration/table.html",
        table=table,
        versions=found,
        words=DATED,
        dated=lambda thing: validity(thing, today()),
    )
