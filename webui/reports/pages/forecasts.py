"""When half of those who ask a service now are seen, and how the forecasts before turned out."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.viewer import Viewer
from projections.statistics.forecast import Forecast
from projections.statistics.queries.forecasts import ScoredForecast, forecasts
from webui.reports.reading import note_report
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AUDIT_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.formats import number
from webui.words.naming import directory, service_name
from webui.words.text import Words

blueprint = Blueprint("forecasts", __name__)

FIGURES_ROLE = "auditor"
"""With whose sight it is counted: over all schools of the authority, of no child."""


@blueprint.get("/forecasts")
@signed_in(*SCHOOL_DESK, *AUDIT_DESK)
def page() -> ResponseReturnValue:
    """Show the forecast of each service with its record."""
    who, known, today = viewer(), directory(), runtime().today()
    authority = known.authority_of(who.organisation) or who.organisation
    counting = Viewer(person=who.person, organisation=authority, role=FIGURES_ROLE, today=today)
    found = forecasts(runtime().reader, counting, known, today)
    note_report("forecasts", who)
    items = sorted(
        (
            (
                service_name(one.service),
                forecast_words(one.made),
                [(s.on, scored_words(s)) for s in one.record],
            )
            for one in found.services
        ),
        key=lambda item: item[0].casefold(),
    )
    return render_template("reports/forecasts.html", items=items, log_position=found.log_position)


def forecast_words(made: Forecast | None) -> Words:
    """A forecast as a sentence; that there is none, where too few waited."""
    if made is None:
        return _("No forecast: too few children waited in the last year to say.")
    low, high = made.weeks
    if high is None:
        return _(
            "Half are seen in %(low)s weeks or more. It cannot be said how many at most.", low=number(low)
        )
    return _("Half are seen in %(low)s to %(high)s weeks.", low=number(low), high=number(high))


def scored_words(scored: ScoredForecast) -> Words:
    """An earlier forecast and how it turned out."""
    if scored.made is None or scored.outcome is None:
        return _("No forecast was possible.")
    said = forecast_words(scored.made)
    match scored.outcome:
        case "within":
            return _("%(said)s It was so.", said=said)
        case "sooner":
            return _("%(said)s They were seen sooner.", said=said)
        case "later":
            return _("%(said)s They waited longer.", said=said)
        case "too_few":
            return _("%(said)s Too few came since to say how it turned out.", said=said)
