"""Service standards with their dates and sources."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.codes import StandardTemplate, first_statutory_standards, templates_for
from coordination.directory.commands import SetNoAnswerRule, SetStandard, SetStatutoryStandard
from coordination.directory.organisation import REFERENCE, Standard
from coordination.pupil.referral.milestones import MILESTONES
from webui.administration.forms import NoAnswerRuleSchema, StandardSchema, StatutoryStandardSchema
from webui.administration.pages.shared import (
    ADMINISTRATOR,
    DATED,
    blueprint,
    perform_form,
    service,
    today,
    validity,
)
from webui.aln.words import LIMITS, step_name
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.shell.authentication import signed_in
from webui.words.codes import milestone_name, word_for
from webui.words.naming import code_words, directory, organisation_name, service_name


class StandardItem(msgspec.Struct, frozen=True):
    standard: Standard
    service: str
    agency: str


@blueprint.get("/administration/standards")
@signed_in(*ADMINISTRATOR)
def standards() -> ResponseReturnValue:
    """List every version of every standard, by service."""
    known = directory()
    lines = [
        StandardItem(standard, service_name(one), organisation_name(one.agency))
        for one in known.services
        for standard in known.standards_of(one.id)
    ]
    lines.sort(key=lambda one: (one.service.casefold(), one.standard.code, one.standard.effective_from))
    missing = [
        c for one in known.of_kind(REFERENCE) for c in first_statutory_standards(one.id, today(), known)
    ]
    return Form(NothingSchema).page(
        "administration/standards.html",
        missing=len(missing),
        lines=lines,
        limits=known.statutory_standards(),
        step_name=step_name,
        limit_name=lambda code: word_for(LIMITS, code),
        words=DATED,
        dated=lambda thing: validity(thing, today()),
    )


@blueprint.route("/administration/services/<uuid:key>/no-answer-rule", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def no_answer_rule(key: UUID) -> ResponseReturnValue:
    """Record, dated, what a service says about families that do not answer; families read it on their card."""
    found = service(key)
    form = Form(NoAnswerRuleSchema, values={"effective_from": today(), "told_days": 14})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetNoAnswerRule(occurred_on=today(), organisation=found.agency, service=key, **typed)
        if perform_form(form, [command]):
            flash(_("The rule is recorded."))
            return redirect(url_for("administration.no_answer_rule", key=key), 303)
    return form.page("administration/no_answer_rule.html", found=found)


@blueprint.route("/administration/services/<uuid:key>/standard", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def set_standard(key: UUID) -> ResponseReturnValue:
    """Record a new standard or a new version of one; `like` fills in the form from a published standard."""
    found = service(key)
    templates = templates_for(found.profession)
    like = next((t for t in templates if t.code == request.args.get("like")), None)
    steps = [(name, milestone_name(name)) for name in MILESTONES]
    form = Form(
        StandardSchema,
        values=_usual(like),
        choices={
            "start": steps,
            "stop": steps,
            "legal_route": [
                (c, code_words("legal_route", c)) for c in directory().codes("legal_route", today())
            ],
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        given = {**typed, "bands": typed["bands"] or ()}
        command = SetStandard(occurred_on=today(), organisation=found.agency, service=key, **given)
        if perform_form(form, [command]):
            flash(_("The standard is set."))
            return redirect(url_for("administration.one_service", key=key), 303)
    return form.page("administration/set_standard.html", found=found, templates=templates, like=like)


@blueprint.post("/administration/statutory-standards")
@signed_in(*ADMINISTRATOR)
def add_statutory_standards() -> ResponseReturnValue:
    """Record the statutory time limits of the first set of which there is no version yet."""
    form = Form(NothingSchema)
    reference = directory().of_kind(REFERENCE)
    if form.take(request.form) is not None and reference:
        commands = first_statutory_standards(reference[0].id, today(), directory())
        if perform_form(form, commands):
            flash(_("The time limits are added."))
    return redirect(url_for("administration.standards"), 303)


@blueprint.route("/administration/statutory-standards/<code>", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def set_statutory_standard(code: str) -> ResponseReturnValue:
    """Record a new version of a statutory time limit; its body and its steps stay."""
    versions = [v for v in directory().statutory_standards() if v.code == code]
    if not versions:
        abort(404)
    last = versions[-1]
    form = Form(
        StatutoryStandardSchema,
        values={"limit": last.limit, "unit": last.unit, "effective_from": today(), "source": last.source},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetStatutoryStandard(
            occurred_on=today(),
            organisation=directory().of_kind(REFERENCE)[0].id,
            code=code,
            body=last.body,
            start=last.start,
            stop=last.stop,
            repeats=last.repeats,
            from_consent=last.from_consent,
            target_percent=last.target_percent,
            bands=last.bands if typed["unit"] == last.unit else (),
            **typed,
        )
        if perform_form(form, [command]):
            flash(_("The time limit is set."))
            return redirect(url_for("administration.standards"), 303)
    return form.page("administration/set_statutory.html", title=word_for(LIMITS, code))


def _usual(like: StandardTemplate | None) -> dict[str, Any]:
    if like is None:
        return {
            "start": "received",
            "unit": "calendar_days",
            "on_transfer": "continues",
            "effective_from": today(),
        }
    return {
        "code": like.code,
        "start": like.start,
        "stop": like.stop,
        "limit": like.limit,
        "unit": like.unit,
        "target_percent": like.target_percent,
        "bands": ", ".join(map(str, like.bands)),
        "legal_route": like.legal_route,
        "on_transfer": like.on_transfer,
        "effective_from": max(like.effective_from, today().replace(month=1, day=1)),
        "source": like.source,
    }
