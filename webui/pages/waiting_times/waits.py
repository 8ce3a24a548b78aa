"""The waits behind a figure, without names, and one wait with its clock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import NotFound
from projections.reader import desk
from projections.waiting_times.queries import WHICH, Line, Which, history, lines
from webui import casework
from webui.charts import Mark, Party, Stretch, Strip, strip
from webui.desks import REPORT_ROLES
from webui.formats import short_day
from webui.naming import directory, service_name
from webui.pages.waiting_times.question import (
    HERE,
    ask_of,
    asked_here,
    blueprint,
    clock_words,
    frame,
    over_by,
    school_of,
    waits_address,
)
from webui.paging import Pages, page_number
from webui.reporting import address_of, files_of
from webui.signed_in import signed_in, viewer
from webui.world import world

PAGE_SIZE = 50

WHICH_WORDS: dict[Which, Any] = {
    "waiting": _l("Still waiting"),
    "waiting_over": _l("Still waiting, over the standard"),
    "ended": _l("Ended"),
    "ended_late": _l("Ended over the standard"),
}


@blueprint.get("/waiting-times/waits")
@signed_in(*REPORT_ROLES)
def waits() -> Any:
    """The waits behind one figure, without names."""
    _form, asked = asked_here()
    which = request.args.get("which", "waiting")
    if asked is None or not asked["service"] or which not in WHICH:
        abort(404)
    school = school_of(request.args.get("school"))
    wanted = page_number(request.args.get("page"))
    ask = ask_of(asked)
    reader, who = casework.reader(), viewer()
    # beyond the last page the last one is shown; no list is so long that this bound would cut it
    found = lines(
        reader, who, directory(), ask, which, school=school, page=min(wanted, 10**6), size=PAGE_SIZE
    )
    pages = Pages.of(found.total, wanted, PAGE_SIZE)
    if wanted > 1 and not found.rows:
        first = lines(reader, who, directory(), ask, which, school=school, size=PAGE_SIZE)
        pages = Pages.of(first.total, wanted, PAGE_SIZE)
        found = lines(reader, who, directory(), ask, which, school=school, page=pages.number, size=PAGE_SIZE)
    casework.shown("waits", [line.pupil for line in found.rows], purpose="figures")
    return render_template(
        "waiting_times/waits.html",
        **frame(asked),
        found=found,
        which=which,
        which_words=WHICH_WORDS,
        all_of=[(one, waits_address(asked, one, school=request.args.get("school"))) for one in WHICH],
        pages=pages,
        turn=lambda to: waits_address(asked, which, school=request.args.get("school"), page=to),
        school=school,
        back=address_of(HERE, asked),
        waits_files=files_of(
            "waiting_times.waits_file",
            {k: v for k, v in asked.items() if k not in ("by", "sort")},
            which=which,
            school=request.args.get("school"),
        ),
        several_schools=desk(who) != "school",
        over_by=lambda line: over_by(line, ask.as_of),
        log_position=found.log_position,
        parked=found.parked,
    )


@blueprint.get("/waiting-times/waits/<uuid:referral>")
@signed_in(*REPORT_ROLES)
def wait(referral: UUID) -> Any:
    """One wait: its clock, whose days they were, and how it was known."""
    standard = request.args.get("standard", "")
    try:
        found = history(casework.reader(), viewer(), directory(), referral, standard, world().today())
    except NotFound:
        abort(404)
    newest = found.versions[0]
    casework.shown("wait", [newest.line.pupil], purpose="figures")
    return render_template(
        "waiting_times/wait.html",
        found=found,
        line=newest.line,
        wait=_clock(newest.line),
        standing=newest.known_to is None,
        clock_words=clock_words(found.standard),
        of=service_name(newest.line.service),
        at=desk(viewer()),
        log_position=found.log_position,
    )


def _clock(line: Line) -> Strip:
    """The strip of one wait, with its limit and its end."""
    last = line.stop_on or line.ended_on or world().today()
    stretches = [Stretch(Party(s.party), max(0, ((s.until or last) - s.since).days)) for s in line.stretches]
    marks = [
        Mark(0, _("The clock starts, %(day)s.", day=short_day(line.start_on))),
        Mark(
            (line.due_on - line.start_on).days,
            _("Last day within the standard, %(day)s.", day=short_day(line.due_on)),
            limit=True,
        ),
    ]
    if line.stop_on:
        words = _("The clock stops, %(day)s.", day=short_day(line.stop_on))
        marks.append(Mark((line.stop_on - line.start_on).days, words))
    elif line.ended_on:
        words = _("Ended without what was waited for, %(day)s.", day=short_day(line.ended_on))
        marks.append(Mark((line.ended_on - line.start_on).days, words))
    return strip(stretches, marks)
