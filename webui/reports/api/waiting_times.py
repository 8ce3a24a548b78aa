"""Waiting times: all services compared, one against its standard, by month, the waits behind a figure, one wait."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.clocks import ENDINGS, PARTIES
from coordination.directory.organisation import Service
from coordination.errors import NotFound
from projections.waiting_times.queries import (
    GROUPINGS,
    WHICH,
    ClockHistory,
    OverviewCriteria,
    StandardVersion,
    WaitingTimesCriteria,
    WaitingTimesGroup,
    WaitRow,
    WaitsBehind,
    Which,
    months,
    version_in_force,
    wait_history,
    wait_rows,
    whose_days,
)
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField
from webui.api.resource import ReadLogNote, Resource, ResourceRows, ResourceView
from webui.forms.fields import ChoiceField, DateField
from webui.reports.api.question import (
    ABOUT,
    SpanQuery,
    footing,
    grouping,
    purpose,
    report_note,
    span,
    versions,
)
from webui.reports.api.waiting_times_answers import (
    MonthsSchema,
    OverviewSchema,
    WaitingTimesSchema,
    WaitLineSchema,
    WaitSchema,
)
from webui.reports.days import known_by
from webui.reports.reading import WAITING_TIMES_GROUPINGS, code_of, offered_services, over_by
from webui.reports.stamping import moment, stamp_alone, stamped
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.ledger_heads import head_before
from webui.shell.runtime import runtime
from webui.words.naming import directory

waiting_times = Resource(
    "waiting_times",
    "How long pupils wait, for which service, against which standard, and whose days the waits were. Pupils are not "
    f"named: a row has a referral's id, which gives access only to its clocks. {ABOUT}",
)

ONE = "/reports/waiting-times/services/<uuid:service>"


class ServiceQuery(SpanQuery):
    """One service against one of its standards."""

    standard = ChoiceField(
        "The code of a standard, or none, not_received or not_sent (default: the first; without one, none)",
        required=False,
    )


class GroupedQuery(ServiceQuery):
    """Waiting times compared by group."""

    by = ChoiceField("What to compare", choices=[(by, by) for by in GROUPINGS], required=False)


class WaitsQuery(ServiceQuery):
    """Filters for the waits."""

    which = ChoiceField(
        "Which waits (default: waiting)", choices=[(one, one) for one in WHICH], required=False
    )
    school = IdField("Only this school", required=False)
    version = DateField("Only waits of the version of the standard with this first day", required=False)
    ending = ChoiceField(
        "Of the waits that ended otherwise, only those that ended in this way",
        choices=[(one, one) for one in ENDINGS],
        required=False,
    )


class WaitQuery(ClosedSchema):
    """One referral on a date, as known on another date."""

    as_of = DateField("The date (default: today)", required=False)
    known_at = DateField(
        "Use only what was recorded by the end of this day (default: everything recorded)", required=False
    )


@waiting_times.shows(
    "/reports/waiting-times", scope="reports:read", query=SpanQuery, answers=OverviewSchema, tagged=False
)
def side_by_side(query: dict[str, Any]) -> ResourceView:
    """Compare all services by each of their standards, and all schools."""
    asked = _span(query)
    ask = OverviewCriteria(few=runtime().settings.few_waits, **asked)
    found = stamped("waiting-times-overview", ask)
    report_note("waiting_times")
    kept = {name: getattr(found, name) for name in ("services", "schools", "unconfirmed")}
    return ResourceView(kept | footing(found, asked))


@waiting_times.shows(ONE, scope="reports:read", query=GroupedQuery, answers=WaitingTimesSchema, tagged=False)
def of_service(query: dict[str, Any], service: UUID) -> ResourceView:
    """Get a service's waiting times against a standard, with whose days they were."""
    of, asked = _offered(service), _span(query)
    by = grouping(GroupedQuery(), query, WAITING_TIMES_GROUPINGS)
    few = runtime().settings.few_waits
    ask = WaitingTimesCriteria(service=of.code, standard=query["standard"], by=by, few=few, **asked)
    found = stamped("waiting-times", ask)
    whose = whose_days(casework.reader(), viewer(), moment("waiting-times", ask).directory, ask)
    report_note("waiting_times")
    return ResourceView(
        {
            "service": service,
            "standard": _standard(of, found.standard, ask),
            "versions": found.versions,
            "by": by,
            "started": found.started,
            "ended_otherwise": found.ended_otherwise,
            "uncountable": found.uncountable,
            "groups": [_group(group, whose.get(group.key, {})) for group in found.groups],
            "unconfirmed": found.unconfirmed,
            **footing(found, asked),
        }
    )


@waiting_times.shows(
    f"{ONE}/months", scope="reports:read", query=ServiceQuery, answers=MonthsSchema, tagged=False
)
def by_month(query: dict[str, Any], service: UUID) -> ResourceView:
    """Get a service's waiting times by month."""
    of, asked = _offered(service), _span(query)
    ask = WaitingTimesCriteria(service=of.code, standard=query["standard"], **asked)
    found = stamped("waiting-times", ask)
    found_months = months(casework.reader(), viewer(), moment("waiting-times", ask).directory, ask)
    report_note("waiting_times_months")
    more = {"service": service, "months": found_months.rows, "unconfirmed": found.unconfirmed}
    standard = _standard(of, found.standard, ask)
    return ResourceView(more | {"standard": standard} | footing(found, asked))


@waiting_times.lists(f"{ONE}/waits", scope="reports:read", query=WaitsQuery, answers=WaitLineSchema)
def waits(query: dict[str, Any], page: PageRequest, service: UUID) -> ResourceRows:
    """List the waits behind a figure, without names, longest first."""
    of, asked = _offered(service), _span(query)
    school = UUID(query["school"]) if query["school"] else None
    if school is not None and not code_of(school):
        raise NotFound
    ask = WaitingTimesCriteria(service=of.code, standard=query["standard"], **asked)
    behind = WaitsBehind(school=school, version=query["version"], ending=query["ending"])
    more: dict[str, Any] = {"behind": behind, "size": page.size}
    which: Which = query["which"] or "waiting"
    reader, who, known = casework.reader(), viewer(), moment("waiting-times", ask).directory
    found = wait_rows(reader, who, known, ask, which, page=page.number, **more)
    total = found.total
    if not found.rows and page.number > 1:  # the query does not count rows beyond the last page
        total = wait_rows(reader, who, known, ask, which, **more).total
    rests_on = {
        "from_on": asked["from_on"],
        "to_on": asked["to_on"],
        "as_of": ask.as_of,
        "known_at": ask.known_at,
        **versions(found.metric_version, ask.as_of),
        "log_position": found.log_position,
        "parked": found.parked,
        "stamp": stamp_alone("waiting-times", ask),
        "ledger_head": head_before(found.log_position),
        "standard": found.standard,
    }
    rows = [_line(line, ask) | rests_on | {"version": line.standard.version} for line in found.rows]
    return ResourceRows(rows, total, ReadLogNote("waits", [line.pupil for line in found.rows], purpose()))


@waiting_times.shows(
    "/reports/waiting-times/waits/<uuid:referral>",
    scope="reports:read",
    query=WaitQuery,
    answers=WaitSchema,
    tagged=False,
)
def wait(query: dict[str, Any], referral: UUID) -> ResourceView:
    """Get the clocks of a referral on a date, without names, with the entries they are based on."""
    today = runtime().today()
    as_of, known_at = query["as_of"] or today, known_by(query["known_at"], today)
    found = wait_history(casework.reader(), viewer(), directory(), referral, as_of, known_at)
    kept = ("referral", "school", "service", "entries", "as_of", "log_position", "parked")
    document = {name: getattr(found, name) for name in kept} | {
        "clocks": [_clock(clock, as_of) for clock in found.clocks],
        "known_at": known_at,
        **versions(found.metric_version, as_of),
    }
    return ResourceView(document, noted=ReadLogNote("wait", [found.pupil], purpose()))


def _span(query: dict[str, Any]) -> dict[str, Any]:
    """The period, which ends by the date of the open waits: what happened later had not happened."""
    asked = span(query)
    return asked | {"to_on": min(asked["to_on"] or asked["as_of"], asked["as_of"])}


def _offered(service: UUID) -> Service:
    """The service, if the user's desk may query it. Raises NotFound."""
    found = next((s for s in offered_services() if s.id == service), None)
    if found is None:
        raise NotFound
    return found


def _standard(of: Service, code: str, ask: WaitingTimesCriteria) -> StandardVersion:
    return version_in_force(directory(), of.id, code, ask.as_of)


def _group(group: WaitingTimesGroup, whose: Any) -> dict[str, Any]:
    parties = (*PARTIES, "other_service")
    days = {which: {p: whose.get(which, {}).get(p, 0) for p in parties} for which in ("completed", "waiting")}
    return msgspec.structs.asdict(group) | {"whose_days": days}


def _line(line: WaitRow, ask: WaitingTimesCriteria) -> dict[str, Any]:
    return msgspec.structs.asdict(line) | {"days_over": over_by(line, ask.as_of)}


def _clock(clock: ClockHistory, as_of: date) -> dict[str, Any]:
    line = (
        msgspec.structs.asdict(clock.line) | {"days_over": over_by(clock.line, as_of)} if clock.line else None
    )
    return {"standard": clock.standard, "line": line, "versions": len(clock.versions)}
