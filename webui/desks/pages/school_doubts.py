"""Doubts between two schools, as a list of the caseworker's page."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from webui.desks.worklists import Worklist, WorklistItem
from webui.pupil.doubting import waiting_count, waiting_lines
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
