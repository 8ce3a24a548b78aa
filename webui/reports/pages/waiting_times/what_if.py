"""What if: another limit, another rule or one party's days left out, beside the real figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import to_builtins

from coordination.clocks import PARTIES
from coordination.errors import Refusal
from projections.waiting_times.queries import WhatIfCriteria, WhatIfReport
from webui.forms import Form
from webui.parts.charts import PARTY_WORDS, ChartParty
from webui.reports.days import known_by, span_of_a_year
from webui.reports.forms import WhatIfCriteriaSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import address_of, files_of
from webui.reports.pages.waiting_times.beside import rows_beside
from webui.reports.pages.waiting_times.one_service import one_service
from webui.reports.pages.waiting_times.question import HERE, blueprint, day_of
from webui.reports.reading import note_report
from webui.reports.stamping import stamp_row, stamped
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.formats import in_unit
from webui.words.naming import directory, service_name

RULES: tuple[tuple[str, Any], ...] = (
    ("as_is", _l("As the standard says")),
    ("own_days", _l("The clock starts anew at each service")),
)


@blueprint.get("/waiting-times/what-if")
@signed_in(*REPORT_ROLES)
def what_if_page() -> ResponseReturnValue:
    """Show the figures of a service as they are, and as they would be."""
    form, asked = _asked()
    template = "reports/waiting_times/what_if.html"
    if asked is None:
        return form.page(template, report=None)
    try:
        found = stamped("what-if", _criteria(asked))
    except Refusal as refused:
        form.refuse(refused)
        return form.page(template, report=None)
    note_report("waits_what_if", viewer())
    return form.page(
        template,
        report=found,
        asked=asked,
        name=service_name(directory().service_by_code(asked["service"])),
        parts=[(group, rows_beside(group.real, group.changed)) for group in found.groups],
        changes=_changes(found),
        files=files_of("waiting_times.what_if_file", asked),
        back=address_of(HERE, {name: asked[name] for name in SAME}),
        log_position=found.log_position,
        parked=found.parked,
    )


SAME = ("service", "standard", "from_on", "to_on", "as_of", "known_at", "at")
"""The criteria that the waiting-time report has too."""


@blueprint.get("/waiting-times/what-if.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def what_if_file(kind: str) -> Response:
    """Send the same figures as a file: a row for the real figures and one for the changed of each version."""
    _form, asked = _asked()
    if asked is None:
        abort(404)
    try:
        found = stamped("what-if", _criteria(asked))
    except Refusal:
        abort(400)
    note_report("waits_what_if_file", viewer())
    rows = [
        {
            "version": group.version,
            "figures": name,
            "limit": figures.limit,
            "unit": group.unit,
            **{f"completed_{k}": v for k, v in to_builtins(figures.completed).items() if k != "bands"},
            **{f"waiting_{k}": v for k, v in to_builtins(figures.waiting).items() if k != "bands"},
        }
        for group in found.groups
        for name, figures in (("real", group.real), ("changed", group.changed))
    ]
    names = ("metric_version", "log_position", "as_of", "known_at", "limit", "without", "own_days", "parked")
    stamp = {name: getattr(found, name) for name in names} | dict(stamp_row(found.stamp))
    return as_file(kind, FigureFile(_("What if"), f"what-if-{found.service}-{found.as_of}", rows, stamp))


def _asked() -> tuple[Form, dict[str, Any] | None]:
    parties = [(party, PARTY_WORDS[ChartParty(party)]) for party in PARTIES]
    values = span_of_a_year(runtime().today())
    return one_service(WhatIfCriteriaSchema, values, {"without": parties, "rule": RULES})


def _criteria(asked: Mapping[str, Any]) -> WhatIfCriteria:
    return WhatIfCriteria(
        service=asked["service"],
        standard=asked["standard"],
        as_of=day_of(asked),
        from_on=asked["from_on"],
        to_on=asked["to_on"],
        known_at=known_by(asked["known_at"], runtime().today()),
        at=asked["at"],
        limit=asked["limit"],
        without=asked["without"],
        own_days=asked["rule"] == "own_days",
        few=runtime().settings.few_waits,
    )


def _changes(found: WhatIfReport) -> list[str]:
    """What is changed, in words."""
    said = []
    if found.limit is not None:
        units = {group.unit for group in found.groups}
        limit = in_unit(found.limit, units.pop()) if len(units) == 1 else str(found.limit)
        said.append(_("the limit is %(limit)s", limit=limit))
    if found.without is not None:
        said.append(_("these days do not count: %(party)s", party=PARTY_WORDS[ChartParty(found.without)]))
    if found.own_days:
        said.append(_("the clock starts anew at each service"))
    return said
