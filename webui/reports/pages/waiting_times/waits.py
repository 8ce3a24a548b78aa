"""The waits behind a figure, without names, and one wait with its clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import NotFound, Refusal
from projections.reader import desk
from projections.waiting_times.queries import (
    WHICH,
    ClockHistory,
    EntryReview,
    StandardVersion,
    WaitEntry,
    WaitHistory,
    WaitRow,
    WaitRows,
    Which,
    version_in_force,
    wait_history,
    wait_rows,
)
from webui.parts.charts import ChartMark, ChartParty, ChartPeriod, DayStrip, strip
from webui.parts.paging import Paging, page_number
from webui.reports.days import known_by
from webui.reports.forms import WaitCriteriaSchema
from webui.reports.pages.question import address_of, files_of, report_question
from webui.reports.pages.waiting_times.question import (
    HERE,
    ask_of,
    blueprint,
    criteria_from_address,
    day_of,
    report_frame,
    school_of,
    version_from_address,
    waits_address,
)
from webui.reports.reading import over_by
from webui.reports.stamping import moment, stamp_alone
from webui.reports.words import ENDING_WORDS, clock_words, future_warning
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.codes import milestone_name
from webui.words.formats import short_day
from webui.words.naming import directory, organisation_name, service_name

PAGE_SIZE = 50

WHICH_WORDS: dict[Which, Any] = {
    "waiting": _l("Still waiting"),
    "waiting_over": _l("Still waiting, over the limit"),
    "ended": _l("Ended"),
    "ended_late": _l("Ended, over the limit"),
    "ended_otherwise": _l("Ended otherwise"),
    "uncountable": _l("Cannot be counted"),
    "started": _l("Started"),
}


@blueprint.get("/waiting-times/waits")
@signed_in(*REPORT_ROLES)
def waits() -> ResponseReturnValue:
    """List the waits behind one figure, without names."""
    _form, asked = criteria_from_address()
    which = request.args.get("which", "waiting")
    if asked is None or which not in WHICH:
        abort(404)
    if not asked["service"]:  # the list is of one: it is chosen on the page of the report
        return redirect(url_for(HERE), 303)
    school, version = school_of(request.args.get("school")), version_from_address()
    kept = {"school": request.args.get("school"), "version": version}
    wanted = page_number(request.args.get("page"))
    ask = ask_of(asked)
    filters: dict[str, Any] = {"school": school, "version": version, "size": PAGE_SIZE}
    reader, who = casework.reader(), viewer()
    try:
        known = moment("waiting-times", ask).directory
    except Refusal:
        abort(400)
    # beyond the last page the last one is shown; no list is long enough to be cut by this bound
    found = wait_rows(reader, who, known, ask, which, page=min(wanted, 10**6), **filters)
    pages = Paging.of(found.total, wanted, PAGE_SIZE)
    if wanted > 1 and not found.rows:
        first = wait_rows(reader, who, known, ask, which, **filters)
        pages = Paging.of(first.total, wanted, PAGE_SIZE)
        found = wait_rows(reader, who, known, ask, which, page=pages.number, **filters)
    casework.note_shown("waits", [line.pupil for line in found.rows], purpose="figures")
    return render_template(
        "reports/waiting_times/waits.html",
        **report_frame(asked),
        found=found,
        stamp=stamp_alone("waiting-times", ask),
        measured_by=_measured_by(found, version, ask.as_of),
        warnings=[future_warning(ask.as_of > who.today)],
        which=which,
        which_words=WHICH_WORDS,
        all_of=[(one, waits_address(asked, one, **kept)) for one in WHICH],
        pages=pages,
        turn=lambda to: waits_address(asked, which, page=to, **kept),
        school=school,
        back=address_of(HERE, asked),
        waits_files=files_of(
            "waiting_times.waits_file",
            {k: v for k, v in asked.items() if k not in ("by", "sort")},
            which=which,
            **kept,
        ),
        several_schools=desk(who) != "school",
        several_versions=len({line.standard.version for line in found.rows}) > 1,
        over_by=lambda line: over_by(line, ask.as_of),
        wait_address=lambda line: address_of(
            "waiting_times.wait",
            {"as_of": asked["as_of"], "known_at": asked["known_at"], "standard": found.standard},
            referral=line.referral,
        ),
        log_position=found.log_position,
        parked=found.parked,
    )


def _measured_by(found: WaitRows, version: date | None, as_of: date) -> StandardVersion:
    """The version of the standard whose waits are listed; of several, the one in force on the day."""
    listed = {line.standard.version: line.standard for line in found.rows}
    if len(listed) == 1:
        return next(iter(listed.values()))
    return version_in_force(directory(), found.service, found.standard, version or as_of)


class ClockPicture(msgspec.Struct, frozen=True):
    """A clock with its strip; None if it does not run on the selected date."""

    clock: ClockHistory
    words: str
    strip: DayStrip | None


@blueprint.get("/waiting-times/waits/<uuid:referral>")
@signed_in(*REPORT_ROLES)
def wait(referral: UUID) -> ResponseReturnValue:
    """Show one referral without a name: its clocks, whose days they were, how they were known, and for the auditor the
    entries they are based on. The period of the report that led here is kept; the clock of its standard is shown
    first."""
    standard = request.args.get("standard")
    form, asked = report_question(WaitCriteriaSchema, {"as_of": runtime().today()}, {})
    if asked is None:
        return form.page("reports/waiting_times/wait.html", found=None, referral=referral, standard=standard)
    day = day_of(asked)
    try:
        found = wait_history(
            casework.reader(),
            viewer(),
            directory(),
            referral,
            day,
            known_by(asked["known_at"], runtime().today()),
        )
    except NotFound:
        abort(404)
    if standard and standard not in {clock.standard.code for clock in found.clocks}:
        abort(404)
    casework.note_shown("wait", [found.pupil], purpose="figures")
    clocks = sorted(found.clocks, key=lambda clock: clock.standard.code != standard)
    return form.page(
        "reports/waiting_times/wait.html",
        found=found,
        warnings=[future_warning(day > runtime().today())],
        referral=referral,
        clocks=[_drawn(clock, day) for clock in clocks],
        standard=standard,
        asked=asked,
        day=day,
        happened=entry_words,
        heard=review_words,
        of=service_name(found.service),
        ending_words=ENDING_WORDS,
        at=desk(viewer()),
        back=_back(found, asked, clocks[0]),
        log_position=found.log_position,
        parked=found.parked,
    )


def _back(found: WaitHistory, asked: Mapping[str, Any], clock: ClockHistory) -> str:
    """The address of the list of waits that includes this one."""
    service = directory().service(found.service)
    line = clock.line
    which = (
        "waiting"
        if line is None or line.ending is None
        else "ended"
        if line.ending == "stopped"
        else "ended_otherwise"
    )
    kept = {"as_of": asked["as_of"], "known_at": asked["known_at"]}
    of = {"service": service.code if service else "", "standard": clock.standard.code}
    return address_of("waiting_times.waits", {**of, **kept, "which": which})


def _drawn(clock: ClockHistory, day: date) -> ClockPicture:
    drawn = _strip(clock.line, day) if clock.line is not None else None
    return ClockPicture(clock, str(clock_words(clock.standard)), drawn)


def _strip(line: WaitRow, day: date) -> DayStrip:
    """The strip of one clock, with its limit and its end."""
    last = line.stop_on or line.ended_on or day
    stretches = [
        ChartPeriod(ChartParty(s.party), max(0, ((s.until or last) - s.since).days)) for s in line.stretches
    ]
    marks = [ChartMark(0, _("The clock starts, %(day)s.", day=short_day(line.start_on)))]
    if line.inherited_days:
        words = _(
            "%(service)s has the referral from %(day)s.",
            service=service_name(line.service),
            day=short_day(line.begins_on),
        )
        marks.append(ChartMark((line.begins_on - line.start_on).days, words))
    if line.due_on is not None:
        words = _("Last day within the limit, %(day)s.", day=short_day(line.due_on))
        marks.append(ChartMark((line.due_on - line.start_on).days, words, limit=True))
    if line.stop_on:
        words = _("The clock stops, %(day)s.", day=short_day(line.stop_on))
        marks.append(ChartMark((line.stop_on - line.start_on).days, words))
    elif line.ended_on:
        words = _("Ended before the clock stopped, %(day)s.", day=short_day(line.ended_on))
        marks.append(ChartMark((line.ended_on - line.start_on).days, words))
    return strip(stretches, marks)


def entry_words(entry: WaitEntry) -> str:
    """The name of an entry, in words."""
    match entry.kind:
        case "opened":
            return _("Referral opened")
        case "unavailable":
            return _(
                "The family asked to wait from %(first)s to %(last)s",
                first=short_day(entry.says_on),
                last=short_day(entry.until),
            )
        case _:
            return milestone_name(entry.kind)


def review_words(said: EntryReview) -> str:
    """The later remarks on an entry, by whom and when they were recorded."""
    facts = {"who": organisation_name(said.organisation), "day": short_day(said.recorded_at)}
    match said.what:
        case "corrected":
            return _("Corrected by %(who)s, recorded on %(day)s: the entry no longer counts.", **facts)
        case "struck":
            return _("Struck out by %(who)s, recorded on %(day)s: the entry no longer counts.", **facts)
        case "confirmed":
            return _("Confirmed by %(who)s, recorded on %(day)s.", **facts)
        case "contested" if said.says_on is not None:
            on = short_day(said.says_on)
            return _("Contested by %(who)s, who says %(on)s; recorded on %(day)s.", on=on, **facts)
        case _:
            return _("Contested by %(who)s, recorded on %(day)s.", **facts)
