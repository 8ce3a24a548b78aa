"""The support of one pupil: at a glance, started, reviewed, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.pupil.support.commands import EndSupport, StrikeOutSupport
from projections.case_file import queries
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.pages.profile import seen_file
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK, SCHOOL_COORDINATION, SCHOOL_DESK, TEACHER_DESK
from webui.shell.runtime import runtime
from webui.support.commands import review_command, start_command
from webui.support.forms import (
    EndSupportSchema,
    ReviewSupportSchema,
    StartSupportSchema,
    StrikeOutSupportSchema,
)
from webui.support.reading import OpenedSupport, OpenedSupportOfPupil, open_support
from webui.support.words import VOICES, programme_choices, words_of_support
from webui.words.formats import day
from webui.words.languages import language
from webui.words.naming import code_words, directory, service_name

blueprint = Blueprint("support", __name__)

STAFF = (*SCHOOL_DESK, *CASEWORKER_DESK)
REVIEWERS = (*SCHOOL_DESK, *TEACHER_DESK)


@blueprint.get("/pupils/<uuid:pupil>/support")
@signed_in(*STAFF)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show what the pupil has now, level by level, and what was tried before."""
    opened = open_support(pupil)
    casework.note_shown("support", [pupil], _purpose())
    return render_template(
        "support/support.html",
        opened=opened,
        child=opened.child,
        at_school=viewer().role in REVIEWERS,
        keeps_log=viewer().role in SCHOOL_COORDINATION,
        log_position=opened.found.position,
        **words_of_support(),
    )


@blueprint.route("/pupils/<uuid:pupil>/support/new", methods=["GET", "POST"])
@signed_in(*STAFF)
def start(pupil: UUID) -> ResponseReturnValue:
    """Start support; after a review that ends in a change, in place of the earlier support."""
    file = seen_file(pupil)[1]
    follows = _earlier(open_support(pupil), request.args.get("follows"))
    form = Form(
        StartSupportSchema,
        values={"occurred_on": runtime().today(), **({"level": follows.support.level} if follows else {})},
        choices=_choices(file.file),
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        support = casework.new_id(form.command_id, "support")
        command = start_command(pupil, support, typed, follows.support.support if follows else None)
        if record(form, command) is None:
            if not command.measure:
                flash(
                    _(
                        "Recorded. The aim has no measure, so progress can only be judged in words. An aim that can be"
                        " measured says how much, from where: “Reads 60 words a minute, from 42.”"
                    )
                )
            else:
                flash(_("The support is recorded."))
            return redirect(url_for("support.page", pupil=pupil), 303)
    return form.page("support/start.html", pupil=pupil, child=file.child, follows=follows)


def _earlier(opened: OpenedSupportOfPupil, typed: str | None) -> OpenedSupport | None:
    try:
        return opened.one(UUID(typed)) if typed else None
    except ValueError:
        abort(404)


def _choices(file: queries.PupilFile) -> dict[str, list[tuple[str, Any]]]:
    known, today = directory(), runtime().today()
    none = [("", _("None"))]
    needs = sorted(known.codes("need", today), key=lambda code: code not in file.pupil.needs)
    services = [service for service in known.services if service.is_open(today)]
    return {
        "need": none + [(code, code_words("need", code)) for code in needs],
        "programme": none + programme_choices(),
        "referral": none
        + [
            (
                str(one.referral),
                _("%(service)s, %(day)s", service=service_name(one.service), day=day(one.opened_on)),
            )
            for one in file.referrals
        ],
        "advised_by": none + sorted(((str(s.id), service_name(s)) for s in services), key=lambda one: one[1]),
    }


@blueprint.route("/pupils/<uuid:pupil>/support/<uuid:support>/review", methods=["GET", "POST"])
@signed_in(*REVIEWERS)
def review(pupil: UUID, support: UUID) -> ResponseReturnValue:
    """Review support, in up to three voices."""
    opened, held = _opened(pupil, support)
    today = runtime().today()
    outcomes = [
        (code, code_words("support_outcome", code)) for code in directory().codes("support_outcome", today)
    ]
    languages = [(code, code_words("language", code)) for code in directory().codes("language", today)]
    form = Form(
        ReviewSupportSchema,
        values={"occurred_on": today} | {f"{voice}_language": language() for voice in VOICES},
        choices={"outcome": outcomes}
        | {f"{voice}_outcome": [("", _("Not said")), *outcomes] for voice in VOICES}
        | {f"{voice}_language": languages for voice in VOICES},
        seen=held.support.last_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = review_command(pupil, support, typed, language())
        if record(form, command) is None:
            flash(_("The review is recorded."))
            return _after_review(pupil, support, command.next_step)
    return form.page("support/review.html", pupil=pupil, child=opened.child, held=held, back=_back(pupil))


def _after_review(pupil: UUID, support: UUID, next_step: str) -> ResponseReturnValue:
    if viewer().role in SCHOOL_DESK and next_step == "change":
        return redirect(url_for("support.start", pupil=pupil, follows=support), 303)
    if viewer().role in SCHOOL_DESK and next_step == "refer":
        return redirect(url_for("refer.page", pupil=pupil), 303)
    return redirect(_back(pupil), 303)


def _back(pupil: UUID) -> str:
    """Where the pupil's support is shown to the viewer."""
    if viewer().role in TEACHER_DESK:
        return url_for("teaching.profile", pupil=pupil)
    return url_for("support.page", pupil=pupil)


@blueprint.route("/pupils/<uuid:pupil>/support/<uuid:support>/end", methods=["GET", "POST"])
@signed_in(*STAFF)
def end(pupil: UUID, support: UUID) -> ResponseReturnValue:
    """End support."""
    opened, held = _opened(pupil, support)
    today = runtime().today()
    reasons = [(code, code_words("support_end", code)) for code in directory().codes("support_end", today)]
    form = Form(
        EndSupportSchema,
        values={"occurred_on": today},
        choices={"reason": reasons},
        seen=held.support.last_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = EndSupport(pupil=pupil, support=support, **typed)
        if record(form, command) is None:
            flash(_("The support has ended."))
            return redirect(url_for("support.page", pupil=pupil), 303)
    return form.page("support/end.html", pupil=pupil, child=opened.child, held=held)


@blueprint.route("/pupils/<uuid:pupil>/support/<uuid:support>/strike-out", methods=["GET", "POST"])
@signed_in(*STAFF)
def strike_out(pupil: UUID, support: UUID) -> ResponseReturnValue:
    """Say that support was recorded in error."""
    opened, held = _opened(pupil, support)
    form = Form(StrikeOutSupportSchema, seen=held.support.last_version)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = StrikeOutSupport(
            occurred_on=runtime().today(), pupil=pupil, support=support, why=typed["why"]
        )
        if record(form, command) is None:
            flash(_("The support no longer counts."))
            return redirect(url_for("support.page", pupil=pupil), 303)
    return form.page("support/strike_out.html", pupil=pupil, child=opened.child, held=held)


def _opened(pupil: UUID, support: UUID) -> tuple[OpenedSupportOfPupil, OpenedSupport]:
    opened = open_support(pupil)
    casework.note_shown("support", [pupil], _purpose())
    return opened, opened.one(support) or abort(404)


def _purpose() -> str:
    return "held_by_authority" if viewer().role in CASEWORKER_DESK else "own_pupil"
