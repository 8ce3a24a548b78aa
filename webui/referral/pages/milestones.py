"""The form for a step of a referral; and the forms for existing entries: correct, strike out, confirm, contest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import Refusal
from coordination.event import Command
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    RaiseImmediateRisk,
    RecordMilestone,
    RecordUnavailability,
    StrikeEntry,
)
from coordination.pupil.referral.milestones import MILESTONES, MISSED
from coordination.pupil.referral.phase import DatedMilestone
from projections.case_file.queries import TimelineEntry
from projections.sentences.milestones import milestone_words
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.pupil.safeguarding import safeguarding_people
from webui.referral.choices import codes
from webui.referral.clocks import clock_views
from webui.referral.commands import command_of, referral_ids, told_instant
from webui.referral.done_words import done_words
from webui.referral.entries import entries_since, rows_of
from webui.referral.forms.milestones import (
    OFFERED,
    ContestSchema,
    StrikeSchema,
    UnavailableSchema,
    step_name,
)
from webui.referral.forms.refer import ReferForm, RiskSchema
from webui.referral.next_steps import (
    can_only_report,
    is_answerable,
    is_correctable,
    recordable_steps,
    require_counting,
)
from webui.referral.pages import referrals
from webui.referral.pages.refer import (
    refuse_future_told_time,
    risk_choices,
    risk_values,
)
from webui.referral.pages.step_forms import refuse_step, step_form
from webui.referral.reading import OpenedReferral, open_referral_page
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.drafts import saves_draft
from webui.shell.roles import AGENCY_DESK, FILE_STAFF
from webui.words.languages import language
from webui.words.naming import directory

blueprint = Blueprint("milestones", __name__, url_prefix="/pupils/<uuid:pupil>/referrals/<uuid:referral>")

ROLES = (*FILE_STAFF, *AGENCY_DESK)


@blueprint.route("/steps/<milestone>", methods=["GET", "POST"])
@signed_in(*ROLES)
@saves_draft
def record(pupil: UUID, referral: UUID, milestone: str) -> ResponseReturnValue:
    """Record a step, or report one that the agency told the school about."""
    opened = open_referral_page(pupil, referral, note=request.method == "GET")
    # keep what was typed even if another agency holds the referral by now: the decision refuses it
    if milestone not in MILESTONES or (request.method == "GET" and milestone not in recordable_steps(opened)):
        abort(404)
    form, since = step_form(opened, milestone), None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            return _recorded(opened, form, command_of(opened, form, milestone, typed))
        except Refusal as refused:
            opened, since = refuse_step(opened, form, refused)
    return _step_page(opened, form, milestone, since=since)


@blueprint.route("/entries/<int:entry>/correct", methods=["GET", "POST"])
@signed_in(*ROLES)
@saves_draft
def correct(pupil: UUID, referral: UUID, entry: int) -> ResponseReturnValue:
    """Correct an entry; both versions stay visible. `as` names another type of missed appointment."""
    opened = open_referral_page(pupil, referral, note=request.method == "GET")
    wrong = _entry(opened, entry, is_correctable)
    name = wrong.topic.partition(".")[2]
    milestone = request.args.get("as", name)
    if milestone != name and not {milestone, name} <= MISSED:
        abort(404)
    form, since = step_form(opened, milestone, correcting=wrong), None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            require_counting(wrong)
            return _recorded(opened, form, command_of(opened, form, milestone, typed, supersedes=entry))
        except Refusal as refused:
            opened, since = refuse_step(opened, form, refused)
    others = sorted(MISSED - {milestone}) if milestone in MISSED else []
    return _step_page(opened, form, milestone, since=since, wrong=wrong, others=others)


@blueprint.route("/entries/<int:entry>/strike", methods=["GET", "POST"])
@signed_in(*ROLES)
@saves_draft
def strike(pupil: UUID, referral: UUID, entry: int) -> ResponseReturnValue:
    """Strike out an entry made in error; it stays visible and no longer counts."""
    opened = open_referral_page(pupil, referral, note=request.method == "GET")
    wrong = _entry(opened, entry, is_correctable)
    form, since = Form(StrikeSchema, seen=opened.file.referral.last_version), None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = StrikeEntry(
            occurred_on=viewer().today, seen=form.seen, **referral_ids(opened), entry=entry, why=typed["why"]
        )
        try:
            require_counting(wrong)
            return _recorded(opened, form, command, entry)
        except Refusal as refused:
            opened, since = refuse_step(opened, form, refused)
    return _form_page(opened, form, "referral/milestones/strike.html", since=since, entry=wrong)


@blueprint.post("/entries/<int:entry>/confirm")
@signed_in(*AGENCY_DESK)
def confirm(pupil: UUID, referral: UUID, entry: int) -> ResponseReturnValue:
    """Record that the agency confirms what was reported in its name."""
    opened = open_referral_page(pupil, referral, note=False)
    said = _entry(opened, entry, is_answerable)
    form = Form(NothingSchema, seen=opened.file.referral.last_version)
    form.take(request.form)
    command = ConfirmMilestone(
        occurred_on=viewer().today, seen=form.seen, **referral_ids(opened), milestone=entry
    )
    try:
        require_counting(said)
        return _recorded(opened, form, command, entry)
    except Refusal as refused:
        opened, _since = refuse_step(opened, form, refused)
        return referrals.show(opened, form)


@blueprint.route("/entries/<int:entry>/contest", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK)
@saves_draft
def contest(pupil: UUID, referral: UUID, entry: int) -> ResponseReturnValue:
    """Record that the agency contests a report, and what is correct."""
    opened = open_referral_page(pupil, referral, note=request.method == "GET")
    said = _entry(opened, entry, is_answerable)
    form, since = Form(ContestSchema, seen=opened.file.referral.last_version), None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = ContestMilestone(
            occurred_on=viewer().today,
            seen=form.seen,
            **referral_ids(opened),
            milestone=entry,
            why=typed["why"],
            says_on=typed["says_on"],
        )
        try:
            require_counting(said)
            return _recorded(opened, form, command, entry)
        except Refusal as refused:
            opened, since = refuse_step(opened, form, refused)
    return _form_page(opened, form, "referral/milestones/contest.html", since=since, entry=said)


@blueprint.route("/unavailable", methods=["GET", "POST"])
@signed_in(*ROLES)
def unavailable(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Record that the family asked to wait; these days are deducted from the adjusted figure only."""
    opened = open_referral_page(pupil, referral, note=request.method == "GET")
    today = viewer().today
    form = Form(
        UnavailableSchema,
        values={"from_on": today},
        choices={"reason": codes("unavailability_reason", today)},
        seen=opened.file.referral.last_version,
    )
    since = None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RecordUnavailability(occurred_on=today, seen=form.seen, **referral_ids(opened), **typed)
        try:
            return _recorded(opened, form, command)
        except Refusal as refused:
            opened, since = refuse_step(opened, form, refused)
    return _form_page(opened, form, "referral/milestones/unavailable.html", since=since)


@blueprint.route("/immediate-risk", methods=["GET", "POST"])
@signed_in(*ROLES)
def risk(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Record immediate risk: who was told, and when."""
    opened = open_referral_page(pupil, referral, note=request.method == "GET")
    form = ReferForm(
        RiskSchema,
        values=risk_values(),
        choices={"told": risk_choices()},
        seen=opened.file.referral.last_version,
    )
    typed = form.take(request.form) if request.method == "POST" else None
    if typed is not None and not refuse_future_told_time(form, typed):
        command = RaiseImmediateRisk(
            occurred_on=viewer().today,
            # immediate risk is recorded whatever else was recorded meanwhile
            **referral_ids(opened),
            told=tuple(typed["told"]),
            told_at=told_instant(typed),
            concern=typed["concern"],
        )
        try:
            return _recorded(opened, form, command)
        except Refusal as refused:
            opened, _since = refuse_step(opened, form, refused)
    people = safeguarding_people(opened.file.referral.school)
    return _form_page(opened, form, "referral/milestones/risk.html", safeguarding_people=people)


# Shared by all of them


def _recorded(
    opened: OpenedReferral, form: Form, command: Command, about: int | None = None
) -> ResponseReturnValue:
    """Record the command and redirect to the referral, at the entry it is about or the new one. Raises Refusal."""
    version = casework.perform(command, form.command_id).version
    flash(_("Recorded: %(what)s.", what=done_words(command)))
    if _closes_sight(opened, command):
        return redirect(url_for("inbox.page"), 303)
    return redirect(
        url_for("referrals.page", **referral_ids(opened), _anchor=f"entry-{about or version}"), 303
    )


def _closes_sight(opened: OpenedReferral, command: Command) -> bool:
    """Whether the agency loses access: it does when it records that the whole referral was made in error."""
    in_error = isinstance(command, RecordMilestone) and command.milestone == "recorded_in_error"
    return in_error and not opened.at_school


def _entry(
    opened: OpenedReferral, version: int, may: Callable[[OpenedReferral, DatedMilestone], bool]
) -> TimelineEntry:
    """An entry to which the user may do this, whether or not it still counts; else 404."""
    step = next((s for s in opened.held.steps if s.version == version), None)
    entry = next((e for e in opened.file.entries if e.version == version), None)
    if step is None or entry is None or not may(opened, step):
        abort(404)
    return entry


def _step_page(
    opened: OpenedReferral,
    form: Form,
    milestone: str,
    *,
    since: int | None,
    wrong: TimelineEntry | None = None,
    others: Sequence[str] = (),
) -> ResponseReturnValue:
    reported = can_only_report(opened, milestone)
    return _form_page(
        opened,
        form,
        "referral/milestones/step.html",
        since=since,
        entry=wrong,
        milestone=milestone,
        reported=reported,
        action=step_name(milestone, reported=reported),
        explained=milestone_words(milestone, language()).explanation,
        others=others,
        offered=OFFERED,
    )


def _form_page(
    opened: OpenedReferral,
    form: Form,
    template: str,
    *,
    since: int | None = None,
    entry: TimelineEntry | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """A form shown with the record; `since` is the version after which all entries are new to the user."""
    rows = rows_of(opened)
    return form.page(
        template,
        opened=opened,
        rows=rows,
        waits=clock_views(opened.held, directory(), viewer().today, opened.off_roll),
        news_since=entries_since(opened, since),
        entry=next((row for row in rows if entry is not None and row.version == entry.version), None),
        log_position=opened.file.position,
        **more,
    )
