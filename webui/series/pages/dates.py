"""A series with its members and the dates of a term, and scheduling its meetings in one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from coordination.directory.meeting_series import MeetingSeries
from coordination.directory.organisation import SchoolTerm
from webui.forms import Form
from webui.series.commands import schedule_series
from webui.series.forms import DatesSchema
from webui.series.pages.shared import blueprint, done, perform_series_form
from webui.series.reading import (
    PlannedDate,
    member_names,
    one_series,
    planned_dates,
    term_of,
    terms_of,
    upcoming_terms,
)
from webui.series.words import member_words, rhythm_words, skipped_words
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SERIES_DESK
from webui.words.formats import day, number
from webui.words.naming import people_names


@blueprint.route("/meetings/series/<uuid:series>", methods=["GET", "POST"])
@signed_in(*SERIES_DESK)
def page(series: UUID) -> ResponseReturnValue:
    """Show a series with its dates in a term; the form schedules meetings on those that are chosen."""
    one = one_series(series)
    holder = one.school or viewer().organisation
    term = term_of(holder, request.args.get("term"))
    dates = planned_dates(one, term.first_day, term.last_day)
    form = _form(dates)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        days = [date.fromisoformat(on) for on in typed["dates"]]
        if perform_series_form(form, schedule_series(form.command_id, one, days)):
            words = ngettext(
                "%(count)s meeting is scheduled, and its members are invited.",
                "%(count)s meetings are scheduled, and their members are invited.",
                len(days),
                count=number(len(days)),
            )
            return done(url_for("series.page", series=series, term=term.first_day), words)
    return _shown(one, form, dates, term)


def _form(dates: Sequence[PlannedDate]) -> Form:
    free = [one.date.held_on for one in dates if one.free]
    instead = [one.date.instead for one in dates if one.date.instead and one.meeting is None]
    return Form(
        DatesSchema,
        values={"dates": [on.isoformat() for on in free]},
        choices={"dates": [(on.isoformat(), day(on)) for on in sorted({*free, *instead})]},
    )


def _shown(
    one: MeetingSeries, form: Form, dates: Sequence[PlannedDate], term: SchoolTerm
) -> ResponseReturnValue:
    people = people_names(member_names(one))
    holder = one.school or viewer().organisation
    return form.page(
        "series/series.html",
        one=one,
        rhythm=rhythm_words(one.rhythm),
        members=[(member, member_words(member, people), terms_of(one, member)) for member in one.members],
        people=people,
        dates=dates,
        skipped_words=skipped_words,
        term=term,
        terms=upcoming_terms(holder),
    )
