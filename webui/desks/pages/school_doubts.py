"""Doubts about pupils as lists of a desk's page: those between two schools for the caseworker, and a school's own on
its page Today."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from coordination.calendars import local_date
from webui.desks.worklists import Worklist, WorklistItem
from webui.pupil.doubting import KINDS, waiting_count, waiting_doubts, waiting_lines
from webui.words.formats import day


def school_doubts_list(size: int) -> Worklist:
    """The children who are recorded at two schools under two numbers, the longest waiting first."""
    lines = waiting_lines(size)
    items = tuple(
        WorklistItem(
            heading=line.name,
            words=line.words,
            lines=(_("Waiting since %(day)s.", day=day(line.since)),),
            address=url_for("doubts.one", doubt=line.doubt),
            action=_("Decide"),
            pupil=line.pupil,
        )
        for line in lines
    )
    return Worklist(key="doubts", heading=_("Doubts about pupils"), items=items, total=waiting_count())


def own_doubts_list(size: int) -> Worklist:
    """The doubts that the user's school decides, the longest waiting first, in one statement: their kinds, no names."""
    waiting = waiting_doubts()
    items = tuple(
        WorklistItem(
            heading=str(KINDS[held.kind]),
            words=_("Waiting since %(day)s.", day=day(local_date(held.raised_at))),
            address=url_for("doubts.one", doubt=held.doubt),
            action=_("Decide"),
        )
        for held in waiting[:size]
    )
    return Worklist(key="doubts", heading=_("Doubts about pupils"), items=items, total=len(waiting))
