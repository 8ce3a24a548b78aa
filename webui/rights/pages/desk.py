"""The rights desk: what waits for a decision, what is due, and the rules on how long records are kept."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.commands import SetRetentionRule
from coordination.directory.organisation import REFERENCE
from coordination.errors import NotFound
from projections.rights.queries import rights_overview
from webui.forms import Form
from webui.forms.recording import record
from webui.rights.forms import RetentionRuleSchema
from webui.rights.reading import due_records, names_of
from webui.rights.words import CASES, GROUNDS, KINDS, STARTS
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import DUE_DESK, RIGHTS_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory

blueprint = Blueprint("rights", __name__)


@blueprint.get("/rights")
@signed_in(*RIGHTS_DESK)
def page() -> ResponseReturnValue:
    """List proposals, holds and open requests. Who only carries out decisions is shown no names."""
    found = rights_overview(casework.reader(), viewer())
    pupils = [one.pupil for some in (found.proposals, found.holds, found.requests) for one in some]
    named = viewer().role != "administrator"
    if named:
        casework.note_shown("rights", pupils, "rights")
    return render_template(
        "rights/desk.html",
        found=found,
        names=names_of(pupils) if named and pupils else {},
        named=named,
        decides=viewer().role in DUE_DESK,
        grounds=GROUNDS,
        kinds=KINDS,
    )


@blueprint.get("/rights/due")
@signed_in(*DUE_DESK)
def due() -> ResponseReturnValue:
    """List the records that need not be kept after a month: of former pupils, and of children whom the authority
    holds."""
    today = viewer().today
    month = _month(request.args.get("month"), today)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    found = due_records(last)
    casework.note_shown("due_records", [one.pupil for one in found], "rights")
    return render_template(
        "rights/due.html",
        found=found,
        today=today,
        last=last,
        before=month - timedelta(days=1),
        after=last + timedelta(days=1),
    )


@blueprint.get("/rights/retention")
@signed_in(*RIGHTS_DESK)
def retention() -> ResponseReturnValue:
    """Show the rules on how long records are kept, with their sources."""
    rules = directory().retention_rules(viewer().today)
    return render_template(
        "rights/retention.html",
        rules=rules,
        cases=CASES,
        starts=STARTS,
        may_change=viewer().role == "administrator",
    )


@blueprint.route("/rights/retention/change", methods=["GET", "POST"])
@signed_in("administrator")
def change_rule() -> ResponseReturnValue:
    """Set a version of a rule from a day on."""
    rules = {rule.code: rule for rule in directory().retention_rules(viewer().today)}
    form = Form(
        RetentionRuleSchema,
        values={"effective_from": viewer().today},
        choices={"code": [(code, CASES[rule.applies]) for code, rule in rules.items()]},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        reference = next(iter(directory().of_kind(REFERENCE)), None)
        if reference is None:
            raise NotFound
        rule = rules[typed["code"]]
        command = SetRetentionRule(
            occurred_on=runtime().today(),
            organisation=reference.id,
            applies=rule.applies,
            begins=rule.begins,
            **typed,
        )
        if record(form, command) is None:
            flash(_("The rule is set."))
            return redirect(url_for("rights.retention"), 303)
    return form.page(
        "rights/form.html", heading=_("Change how long records are kept"), button=_("Set the rule")
    )


def _month(text: str | None, today: date) -> date:
    """The first day of a month `YYYY-MM` within a century of today; of this month for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if abs(found.year - today.year) <= 100 else today.replace(day=1)
