"""The waits behind a figure, without names, and one wait with its clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound, Refusal
from projections.reader import desk
from projections.waiting_times.queries import (
    WHICH,
    ClockHistory,
    EntryReview,
    OneWaitCriteria,
    StandardVersion,
    WaitBand,
    WaitEntry,
    WaitRow,
    WaitRows,
    Which,
    version_in_force,
)
from webui.parts.charts import ChartMark, ChartParty, ChartPeriod, DayStrip, strip
from webui.parts.paging import Paging, page_number
from webui.reports.days import known_by
from webui.reports.forms import WaitCriteriaSchema
from webui.reports.pages.question import files_of, report_question
from webui.reports.pages.waiting_times.back import (
    OF_THE_REPORT,
    back_to_list,
    back_to_report,
    kept_of_list,
    wait_address,
)
from webui.reports.pages.waiting_times.figures import band_words, key_words
from webui.reports.pages.waiting_times.question import (
    GROUPING_WORDS,
    HERE,
    blueprint,
    criteria_from_address,
    day_of,
    list_from_address,
    list_of,
    report_frame,
    waits_address,
)
from webui.reports.reading import over_by
from webui.reports.stamping import stamped
from webui.reports.words import ENDING_WORDS, clock_words, future_warning
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.codes import milestone_name
from webui.words.formats import short_day
from webui.words.naming import directory, organisation_name, service_name

PAGE_SIZE = 50


@blueprint.get("/waiting-times/waits")
@signed_in(*REPORT_ROLES)
def waits() -> ResponseReturnValue:
    """List the waits behind one figure, without names."""
    _form, asked = criteria_from_address()
    if asked is None:
        abort(404)
    if not asked["service"]:  # the list is of one: it is chosen on the page of the report
        return redirect(url_for(HERE), 303)
    listed = list_from_address(asked)
    which, wanted = listed["which"], page_number(request.args.get("page"))
    try:
        # beyond the last page the last one is shown; no list is long enough to be cut by this bound
        ask = list_of(asked, listed, page=min(wanted, 10**6), size=PAGE_SIZE)
        found = stamped("waits", ask)
        pages = Paging.of(found.total, wanted, PAGE_SIZE)
        if wanted > 1 and not found.rows:
            first = stamped("waits", msgspec.structs.replace(ask, page=1))
            pages = Paging.of(first.total, wanted, PAGE_SIZE)
            found = stamped("waits", msgspec.structs.replace(ask, page=pages.number))
    except Refusal:
        abort(400)
    casework.note_shown("waits", [line.pupil for line in found.rows], purpose="figures")
    of_report = {name: request.args[name] for name in OF_THE_REPORT.values() if name in request.args}
    kept = {name: value for name, value in listed.items() if name != "which"} | of_report
    return render_template(
        "reports/waiting_times/waits.html",
        **report_frame(asked),
        found=found,
        stamp=found.stamp,
        measured_by=_measured_by(found, listed["version"], ask.as_of),
        warnings=[future_warning(ask.as_of > viewer().today)],
        which=which,
        narrowed=list(_narrowed(asked, listed, found)),
        without_filter=waits_address(asked, which, **of_report),
        all_of=[(one, waits_address(asked, one, **_kept_for(one, kept))) for one in WHICH],
        pages=pages,
        turn=lambda to: waits_address(asked, which, page=to, **kept),
        back=back_to_report(asked, request.args),
        waits_files=files_of("waiting_times.waits_file", asked, which=which, **kept),
        several_versions=len({line.standard.version for line in found.rows}) > 1,
        over_by=lambda line: over_by(line, ask.as_of),
        wait_address=lambda line: wait_address(
            line.referral, found.standard, asked, listed | of_report | {"page": pages.number}
        ),
        log_position=found.log_position,
        parked=found.parked,
    )


def _kept_for(which: Which, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The filters that also narrow another list: a way of ending belongs to those that ended otherwise, a band to those
    that wait or have ended."""
    without = {
        *(("ending",) if which != "ended_otherwise" else ()),
        *(("band",) if which not in ("waiting", "ended") else ()),
    }
    return {name: value for name, value in kept.items() if name not in without}


def _narrowed(asked: Mapping[str, Any], listed: Mapping[str, Any], found: WaitRows) -> Iterator[str]:
    """The filters of the list, in words."""
    if listed["school"]:
        yield organisation_name(directory().by_code("school", listed["school"]))
    if listed["key"] is not None:
        yield f"{GROUPING_WORDS[asked['by']]}: {key_words(asked['by'], listed['key'])}"
    if listed["version"]:
        yield _("version of %(day)s", day=short_day(listed["version"]))
    if listed["ending"]:
        yield str(ENDING_WORDS[listed["ending"]])
    if listed["band"] is not None:
        standard = _measured_by(found, listed["version"], day_of(asked))
        limits: list[int | None] = [None, *standard.bands, None]
        if listed["band"] <= len(standard.bands):
            over, up_to = limits[listed["band"]], limits[listed["band"] + 1]
            yield band_words(WaitBand(over=over, up_to=up_to, count=0), standard.unit)


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
    """Show one referral without a name: its clocks, whose days they were and why, how they were known, and for the
    auditor the entries they are based on. The list that led here is kept; the clock of its standard is shown first."""
    standard = request.args.get("standard")
    list_kept = kept_of_list(request.args)
    form, asked = report_question(WaitCriteriaSchema, {"as_of": runtime().today()}, {})
    if asked is None:
        return form.page(
            "reports/waiting_times/wait.html",
            found=None,
            referral=referral,
            standard=standard,
            list_kept=list_kept,
        )
    day = day_of(asked)
    known_at = known_by(asked["known_at"], runtime().today())
    try:
        found = stamped(
            "one-wait", OneWaitCriteria(referral=referral, as_of=day, known_at=known_at, at=asked["at"])
        )
    except NotFound:
        abort(404)
    except Refusal:
        abort(400)
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
        list_kept=list_kept,
        asked=asked,
        day=day,
        happened=entry_words,
        heard=review_words,
        causes={entry.version: entry for entry in found.entries},
        of=service_name(found.service),
        ending_words=ENDING_WORDS,
        at=desk(viewer()),
        back=back_to_list(found, asked, clocks[0], list_kept),
        log_position=found.log_position,
        parked=found.parked,
    )


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
