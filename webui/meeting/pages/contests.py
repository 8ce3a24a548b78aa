"""Marks of registers that services contest without a challenge: contested by the service, ruled on by neither party."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.challenge.contesting import ContestParties
from coordination.challenge.decisions.ruling import may_rule
from coordination.meeting.contests import ContestMark, ReadAs, RuleOnContest
from projections.attendance.queries.contests import ContestSummary, contests
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.meeting.forms.contests import RULINGS, ContestMarkSchema, ContestRulingSchema
from webui.meeting.pages.shared import blueprint, perform_meeting_form, today
from webui.meeting.reading import open_meeting
from webui.pupil.identity import text_of
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, AUDIT_DESK, CASEWORKER_DESK, SCHOOL_DESK
from webui.words.naming import code_words, directory

STRUCK_OUT = "struck_out"


class ContestView(msgspec.Struct, frozen=True, kw_only=True):
    """A contested mark with its words (None: erased), and whether the user may rule on it."""

    at: ContestSummary
    why: str | None
    reasons: str | None
    may_rule: bool


@blueprint.route("/meetings/<uuid:meeting>/register/<uuid:party>/contest", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK)
def contest(meeting: UUID, party: UUID) -> ResponseReturnValue:
    """Contest the mark of one's own service in a register."""
    held = open_meeting(meeting)
    seat = held.seat(party)
    if not seat.markings or seat.service is None or seat.organisation != viewer().organisation:
        abort(404)
    choices = [(code, code_words("attendance_mark", code)) for code in get_args(ReadAs) if code != seat.mark]
    form = Form(
        ContestMarkSchema,
        choices={"claims": [*choices, (STRUCK_OUT, _("Strike out the mark"))]},
        seen=seat.mark_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = ContestMark(
            occurred_on=today(),
            meeting=meeting,
            contest=casework.new_id(form.command_id, "contest"),
            party=party,
            mark_version=form.seen or 0,
            claims=None if typed["claims"] == STRUCK_OUT else typed["claims"],
            why=typed["why"],
        )
        if perform_meeting_form(form, [command], current=seat.mark_version):
            flash(_("The mark is contested. Somebody independent of both sides rules on it."))
            return redirect(url_for("meetings.contested"), 303)
    return form.page("meeting/contest.html", held=held, seat=seat)


@blueprint.get("/contested-marks")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK, *AUDIT_DESK, *CASEWORKER_DESK)
def contested() -> ResponseReturnValue:
    """List the marks that are contested without a challenge, with what was ruled."""
    found = contests(casework.reader(), viewer())
    return Form(NothingSchema).page(
        "meeting/contested.html",
        contests=_opened(found.rows),
        rulings=RULINGS,
        log_position=found.position,
    )


@blueprint.route("/contested-marks/<uuid:meeting>/<uuid:contest>", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK, *AUDIT_DESK, *CASEWORKER_DESK)
def rule_on_contest(meeting: UUID, contest: UUID) -> ResponseReturnValue:
    """Rule on a contested mark, for somebody of neither party."""
    rows = [
        row
        for row in contests(casework.reader(), viewer()).rows
        if (row.meeting, row.contest) == (meeting, contest)
    ]
    if not rows or not _may_rule(rows[0]):
        abort(404)
    marks = [(code, code_words("attendance_mark", code)) for code in get_args(ReadAs)]
    form = Form(ContestRulingSchema, choices={"reads": marks})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RuleOnContest(
            occurred_on=today(),
            meeting=meeting,
            contest=contest,
            ruling=typed["ruling"],
            reads=typed["reads"] if typed["ruling"] == "partly" else None,
            reasons=typed["reasons"],
        )
        if perform_meeting_form(form, [command]):
            flash(_("The ruling is recorded beside the mark and the dispute."))
            return redirect(url_for("meetings.contested"), 303)
    return form.page("meeting/rule_on_contest.html", one=_opened(rows)[0])


def _opened(rows: tuple[ContestSummary, ...] | list[ContestSummary]) -> list[ContestView]:
    """The contested marks with their words, opened with one look-up of keys."""
    opened = casework.open_sealed([row.why for row in rows] + [row.reasons for row in rows])
    whys, reasons = opened[: len(rows)], opened[len(rows) :]
    return [
        ContestView(
            at=row,
            why=text_of(why, "why"),
            reasons=text_of(reason, "reasons") if row.reasons else None,
            may_rule=_may_rule(row),
        )
        for row, why, reason in zip(rows, whys, reasons, strict=True)
    ]


def _may_rule(row: ContestSummary) -> bool:
    who, about = viewer(), ContestParties(row.school, row.agency, row.authority)
    return row.ruling is None and may_rule(
        about, who.person, who.organisation, who.role, directory(), who.today
    )
