"""The support of a school: what is due for review, who has what, and how programmes went."""

from __future__ import annotations

from collections import defaultdict

import msgspec
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from coordination.permissions import Right, Thing, roles_with
from projections.support.queries.meanwhile import MeanwhileBy, MeanwhileCriteria, days_without_support
from projections.support.queries.of_school import RunningSupport, programme_outcomes, running_support
from webui.pupil.identity import PupilIdentity, by_name, open_identity
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK, SCHOOL_COORDINATION, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.support.words import LEVELS, programme_name
from webui.words.naming import directory

blueprint = Blueprint("school_support", __name__)

REPORTS = (
    *roles_with(Thing.WAITING_FIGURES, Right.OWN_SCHOOL),
    *roles_with(Thing.WAITING_FIGURES, Right.OWN_AUTHORITY),
)
OUTCOMES = ("met", "nearer", "same", "worse", "cannot_tell")


class SupportedPupil(msgspec.Struct, frozen=True):
    """Support that goes on, with the pupil."""

    row: RunningSupport
    child: PupilIdentity


@blueprint.get("/support")
@signed_in(*SCHOOL_DESK, *CASEWORKER_DESK)
def page() -> ResponseReturnValue:
    """Show what is due, and who has which support, by level."""
    found = running_support(casework.reader(), viewer())
    opened = casework.open_sealed([row.identity for row in found.rows])
    items = [
        SupportedPupil(row, open_identity(row.pupil, one))
        for row, one in zip(found.rows, opened, strict=True)
    ]
    today = runtime().today()
    due = {row.support for row in found.due(today)}
    by_level: dict[int, list[SupportedPupil]] = defaultdict(list)
    for item in sorted(items, key=lambda one: by_name(one.child)):
        by_level[item.row.level].append(item)
    casework.note_shown("support_list", [row.pupil for row in found.rows])
    return render_template(
        "support/of_school.html",
        due=[item for item in items if item.row.support in due],
        by_level=by_level,
        sees_figures=viewer().role in REPORTS,
        at_school=viewer().role in SCHOOL_DESK,
        sees_waits=viewer().role in (*SCHOOL_COORDINATION, *CASEWORKER_DESK),
        writes_for_governors=viewer().role in roles_with(Thing.WAITING_FIGURES, Right.OWN_SCHOOL),
        levels=LEVELS,
        programme_name=programme_name,
        today=today,
        sees_transitions=viewer().role in SCHOOL_DESK,
        log_position=found.position,
    )


@blueprint.get("/reports/support", endpoint="report")
@signed_in(*REPORTS)
def report() -> ResponseReturnValue:
    """Show which programmes help which need, and how many days of the waits had nothing in place."""
    today = runtime().today()
    reader, who, known = casework.reader(), viewer(), directory()
    asked = request.args.get("by")
    by: MeanwhileBy = "school" if asked == "school" else "need" if asked == "need" else "service"
    ask = MeanwhileCriteria(as_of=today, by=by)
    return render_template(
        "support/report.html",
        programmes=programme_outcomes(reader, who, today),
        waits=days_without_support(reader, who, known, ask),
        by=ask.by,
        outcomes=OUTCOMES,
        programme_name=programme_name,
        service_of=known.service_by_code,
        of_authority=who.role in roles_with(Thing.WAITING_FIGURES, Right.OWN_AUTHORITY),
    )
