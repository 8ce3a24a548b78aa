"""The report: all services compared, or one service against its standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from flask.typing import ResponseReturnValue

from coordination.errors import Refusal
from projections.reader import desk
from projections.statistics.queries import trends
from projections.waiting_times.queries import (
    By,
    ServiceRow,
    default_standard,
    in_force,
    months,
    report,
    whose_days,
)
from webui.forms import Form
from webui.reports.pages.question import in_order
from webui.reports.pages.waiting_times.back import days_of_report
from webui.reports.pages.waiting_times.figures import (
    KEYS,
    SCHOOL_KEYS,
    parties_of,
    rows_of,
    version_figures,
)
from webui.reports.pages.waiting_times.question import (
    GROUPING_WORDS,
    ask_of,
    blueprint,
    criteria_from_address,
    report_frame,
    span_of,
)
from webui.reports.pages.waiting_times.row_charts import row_charts
from webui.reports.reading import (
    code_of,
    note_report,
    offered_services,
    service_code,
    unlisted_standards,
)
from webui.reports.stamping import moment, stamped
from webui.reports.words import future_warning
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AUDIT_DESK, REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.naming import directory


@blueprint.get("/waiting-times")
@signed_in(*REPORT_ROLES)
def page() -> ResponseReturnValue:
    """Show all services compared, or the service in the address."""
    form, asked = criteria_from_address()
    if asked is None:
        return form.page("reports/waiting_times/overview.html", **report_frame({}), found=None)
    try:
        return _one(form, asked) if asked["service"] else _side_by_side(form, asked)
    except Refusal as refused:
        form.refuse(refused)
        return form.page("reports/waiting_times/overview.html", **report_frame(asked), found=None)


def _side_by_side(form: Form, asked: Mapping[str, Any]) -> ResponseReturnValue:
    services = {s.id for s in offered_services()}
    span = span_of(asked)
    found = stamped("waiting-times-overview", span)
    by_month = trends(casework.reader(), viewer(), span, services)
    note_report("waiting_times", viewer())
    # each wait once: by the first standard of its service
    first = [s for s in found.services if s.standard.code == default_standard(directory(), s.service)]
    return form.page(
        "reports/waiting_times/overview.html",
        **report_frame(asked),
        found=found,
        warnings=[future_warning(found.as_of > viewer().today)],
        services=in_order(found.services, asked["sort"], KEYS),
        charts={
            (line.service, line.standard): row_charts(
                line, by_month.get((line.service, line.standard.code, line.standard.version))
            )
            for line in found.services
        },
        schools=in_order(found.schools, asked["sort"], SCHOOL_KEYS) if desk(viewer()) != "school" else [],
        ended_of_all=sum(s.completed.count for s in first),
        waiting_of_all=sum(s.waiting.count for s in first),
        over_of_all=sum(s.waiting.over_standard or 0 for s in first),
        otherwise_of_all=sum(sum(s.ended_otherwise.values()) for s in first),
        uncountable_of_all=sum(s.uncountable for s in first),
        few=runtime().settings.few_waits,
        quality=viewer().role in AUDIT_DESK,
        several_versions=_with_several_versions(found.services),
        unlisted=unlisted_standards(
            moment("waiting-times-overview", span).directory,
            {(s.service, s.standard.code) for s in found.services},
            found.as_of,
        ),
        service_code=service_code,
        school_code=lambda school: code_of(school),
        log_position=found.log_position,
        parked=found.parked,
    )


def _with_several_versions(services: Iterable[ServiceRow]) -> set[tuple[UUID, str]]:
    """The services and standards that stand in several lines, one for each version."""
    lines = Counter((line.service, line.standard.code) for line in services)
    return {key for key, count in lines.items() if count > 1}


def _one(form: Form, asked: Mapping[str, Any]) -> ResponseReturnValue:
    reader, who, ask = casework.reader(), viewer(), ask_of(asked)
    known = moment("waiting-times", ask).directory
    whole = stamped("waiting-times", ask)
    earlier = ask.known_at is not None or ask.at is not None
    now = report(reader, who, directory(), ask_of(asked, known_at=None, at=None)) if earlier else None
    by: By = asked["by"] or "service"
    grouped = stamped("waiting-times", ask_of(asked, by=by)) if by != "service" else None
    note_report("waiting_times", who)
    service = known.service_by_code(ask.service)
    assert service is not None
    by_month = months(reader, who, known, ask)
    rows = in_order(rows_of(grouped, by), asked["sort"], KEYS) if grouped else []
    over = sum(group.waiting.over_standard or 0 for group in whole.groups)
    return form.page(
        "reports/waiting_times/service.html",
        **report_frame(asked),
        service=service,
        in_force=in_force(known, service.id, whole.standard, ask.as_of),
        no_standard=not known.standards_of(service.id),
        report=msgspec.structs.replace(whole, stamp=(grouped or whole).stamp),
        now=now,
        parts=version_figures(whole, now),
        ended_otherwise=sum(whole.ended_otherwise.values()),
        whose=parties_of(whose_days(reader, who, known, ask).get(ask.service, {})),
        months=by_month.rows[::-1],
        of_report=days_of_report(asked),
        month_versions=len({month.version.version for month in by_month.rows}) > 1,
        warnings=[future_warning(whole.as_of > who.today)],
        by=by,
        by_words=GROUPING_WORDS,
        rows=rows,
        row_versions=len({row.standard.version for row in rows}) > 1,
        can_challenge=desk(who) == "school" and over > 0,
        few=ask.few,
        log_position=whole.log_position,
        parked=whole.parked,
    )
