"""The governors' report of the viewer's school: to look at, to print, and as a PDF."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from coordination.permissions import Right, Thing, roles_with
from projections.governors.queries.report import GovernorsReport, governors_report
from webui.papers.paper import Paper
from webui.papers.sending import pdf_response
from webui.reports.governors import governors_paper
from webui.reports.reading import note_report
from webui.shell.authentication import signed_in, viewer
from webui.shell.runtime import runtime
from webui.words.languages import LOCALES, language
from webui.words.naming import directory, organisation_name

blueprint = Blueprint("governors", __name__)

READERS = roles_with(Thing.WAITING_FIGURES, Right.OWN_SCHOOL)


@blueprint.get("/reports/governors")
@signed_in(*READERS)
def page() -> ResponseReturnValue:
    """Show the report; `language` is that of the paper."""
    found = _found()
    note_report("governors", viewer())
    return render_template(
        "papers/sheet.html",
        paper=_paper(found),
        heading=_("Print the governors’ report"),
        to="governors.page",
        to_pdf="governors.pdf",
        at={},
        at_pdf={},
        back=url_for("school_support.page"),
        log_position=found.log_position,
    )


@blueprint.get("/reports/governors.pdf")
@signed_in(*READERS)
def pdf() -> ResponseReturnValue:
    """The report as PDF/UA."""
    found = _found()
    note_report("governors_file", viewer())
    return pdf_response(_paper(found), f"governors-{found.school}-{found.as_of.isoformat()}")


def _found() -> GovernorsReport:
    today = runtime().today()
    rule = runtime().settings.publishing
    # with the sight of the school and of its authority's figures: what it holds is published, whoever asks
    return governors_report(runtime().reader, directory(), viewer().organisation, today, today, rule)


def _paper(found: GovernorsReport) -> Paper:
    chosen = request.args.get("language") or language()
    if chosen not in LOCALES:
        abort(404)
    with force_locale(LOCALES[chosen]):
        return governors_paper(found, organisation_name(viewer().organisation), chosen)
