"""The papers that people take away, each as a page to print in either language and as a PDF."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from coordination.permissions import Right, Thing, roles_with
from projections.aln.queries.told import told_concerns
from projections.register.queries.on_a_day import register_on
from projections.support.queries.briefing import weekly_briefing
from projections.support.queries.of_school import programme_outcomes
from projections.support.queries.report import outcomes_by_need
from projections.worse.queries.triages import new_triages
from webui.papers.paper import Paper
from webui.papers.sending import pdf_response
from webui.pupil.identity import open_identity, text_of
from webui.reports.reading import note_report
from webui.reports.take_away import LogEntry, briefing_paper, log_paper, monitoring_paper, overview_paper
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_COORDINATION, SCHOOL_DESK, TEACHER_DESK
from webui.shell.runtime import runtime
from webui.support.reading import open_support
from webui.support.words import VOICES
from webui.support.worse import OUTCOMES
from webui.words.languages import LOCALES, language
from webui.words.naming import code_words, organisation_name

blueprint = Blueprint("take_away", __name__)

SHOWN = 500
WEEK = timedelta(days=6)
OF_AUTHORITY = roles_with(Thing.WAITING_FIGURES, Right.OWN_AUTHORITY)
KINDS = "<any(page, pdf):form>"


@blueprint.get(f"/briefing/{KINDS}")
@signed_in(*SCHOOL_DESK, *TEACHER_DESK)
def briefing(form: str) -> ResponseReturnValue:
    """The weekly staff briefing: to a class teacher that of their classes."""
    today = runtime().today()
    found = weekly_briefing(casework.reader(), viewer(), today - WEEK, today)
    opened = casework.open_sealed([one.identity for one in found.lines])
    names = {
        one.pupil: open_identity(one.pupil, held).name for one, held in zip(found.lines, opened, strict=True)
    }
    casework.note_shown("briefing", list(names))
    chosen = _language()
    with force_locale(LOCALES[chosen]):
        paper = briefing_paper(found, names, _own_name(), chosen)
    return _shown(form, paper, "briefing", _("Print the weekly briefing"), found.position)


@blueprint.get(f"/pupils/<uuid:pupil>/home-school-log/{KINDS}")
@signed_in(*SCHOOL_COORDINATION)
def home_school_log(pupil: UUID, form: str) -> ResponseReturnValue:
    """The home-school log and record of concerns of a pupil."""
    opened = open_support(pupil)
    casework.note_shown("support", [pupil])
    chosen = _language()
    with force_locale(LOCALES[chosen]):
        paper = log_paper(opened.child.name, _entries(pupil), _own_name(), runtime().today(), chosen)
    return _shown(form, paper, "home_school_log", _("Print the home-school log"), None, pupil=pupil)


def _entries(pupil: UUID) -> list[LogEntry]:
    reader, who = casework.reader(), viewer()
    concerns = [one for one in told_concerns(reader, who, SHOWN) if one.pupil == pupil]
    worse = [one for one in new_triages(reader, who).rows if one.pupil == pupil]
    places = [place for one in concerns for place in (one.words, one.answer)]
    places += [place for one in worse for place in (one.words, one.answer)]
    opened = [text_of(held, "words") or "" for held in casework.open_sealed(places)]
    entries = [
        LogEntry(
            on=one.told_on,
            who=_("Concern of a teacher"),
            words=opened[2 * n],
            answered_on=one.answered_on,
            answer=_joined(
                code_words("concern_answer", one.outcome) if one.outcome else "", opened[2 * n + 1]
            ),
        )
        for n, one in enumerate(concerns)
    ]
    for n, triage in enumerate(worse, len(concerns)):
        outcome = str(OUTCOMES[triage.outcome]) if triage.outcome else ""
        entries.append(
            LogEntry(
                on=triage.told_on,
                who=_("%(who)s: worse while waiting", who=str(VOICES[triage.voice])),
                words=opened[2 * n],
                answered_on=triage.answered_on,
                answer=_joined(outcome, opened[2 * n + 1]),
            )
        )
    return sorted(entries, key=lambda entry: entry.on)


def _joined(outcome: str, words: str) -> str:
    return ". ".join(part for part in (outcome, words) if part)


@blueprint.get(f"/pupils/<uuid:pupil>/inclusion-monitoring/{KINDS}")
@signed_in(*SCHOOL_DESK)
def monitoring(pupil: UUID, form: str) -> ResponseReturnValue:
    """The inclusion monitoring form of a pupil."""
    opened = open_support(pupil)
    casework.note_shown("support", [pupil])
    chosen = _language()
    supports = [(one.activity, one.aim) for one in opened.running]
    with force_locale(LOCALES[chosen]):
        paper = monitoring_paper(opened.child.name, supports, _own_name(), runtime().today(), chosen)
    return _shown(form, paper, "monitoring", _("Print the inclusion monitoring form"), None, pupil=pupil)


@blueprint.get(f"/reports/overview/{KINDS}")
@signed_in(*OF_AUTHORITY)
def overview(form: str) -> ResponseReturnValue:
    """The authority's overview by school and need."""
    today = runtime().today()
    reader, who = casework.reader(), viewer()
    found = register_on(reader, who, today)
    needs = outcomes_by_need(programme_outcomes(reader, who, today))
    note_report("overview", who)
    chosen = _language()
    with force_locale(LOCALES[chosen]):
        paper = overview_paper(found.entries, needs, _own_name(), today, chosen)
    return _shown(form, paper, "overview", _("Print the overview"), found.position)


def _own_name() -> str:
    return organisation_name(viewer().organisation)


def _language() -> str:
    chosen = request.args.get("language") or language()
    if chosen not in LOCALES:
        abort(404)
    return chosen


def _shown(
    form: str, paper: Paper, name: str, heading: str, position: int | None, **at: Any
) -> Response | str:
    """The paper as its page, or as a PDF whose name says nobody's."""
    if form == "pdf":
        return pdf_response(paper, f"{name.replace('_', '-')}-{runtime().today().isoformat()}")
    return render_template(
        "papers/sheet.html",
        paper=paper,
        heading=heading,
        to=f"take_away.{name}",
        to_pdf=f"take_away.{name}",
        at={**at, "form": "page"},
        at_pdf={**at, "form": "pdf"},
        back=_back(name, at),
        no_stamp=position is None,
        log_position=position,
    )


def _back(name: str, at: dict[str, Any]) -> str:
    if "pupil" in at:
        return url_for("support.page", **at)
    if name == "overview":
        return url_for("school_support.report")
    return url_for("teaching.page" if viewer().role in TEACHER_DESK else "school_support.page")
