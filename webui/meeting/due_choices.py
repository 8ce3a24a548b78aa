"""When an action is due, as it is said at a meeting: in two weeks, by the next meeting, or on a date."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from coordination.calendars import wales
from coordination.meeting.due_dates import IN_WEEKS, NEXT_MEETING, due_in_weeks
from webui.meeting.reading import MeetingPage
from webui.shell.runtime import runtime
from webui.words.formats import day, number
from webui.words.naming import directory


def due_choices(held: MeetingPage) -> list[tuple[str, str]]:
    """The choices of a due date without a calendar, each with its day."""
    found = [
        (
            code,
            ngettext("In %(count)s week", "In %(count)s weeks", weeks, count=number(weeks))
            + f" ({day(_in_weeks(held, weeks, at_school=False))})",
        )
        for code, weeks in IN_WEEKS.items()
    ]
    if held.brief.next_on is not None and held.brief.next_on > runtime().today():
        found.append((NEXT_MEETING, _("At the next meeting (%(day)s)", day=day(held.brief.next_on))))
    return found


def due_day(held: MeetingPage, due_on: date | None, due_in: str | None, owner: str | None) -> date | None:
    """The due date: the date typed, or else the day that was chosen. An owner at the school has school days only."""
    if due_on is not None or not due_in:
        return due_on
    if due_in == NEXT_MEETING:
        return held.brief.next_on
    return _in_weeks(held, IN_WEEKS[due_in], at_school=bool(owner and owner.startswith("person ")))


def _in_weeks(held: MeetingPage, weeks: int, *, at_school: bool) -> date:
    school = directory().school_days(held.brief.school) if at_school else None
    return due_in_weeks(runtime().today(), weeks, wales(), school)
