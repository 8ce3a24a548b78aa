"""The messages of a school that did not arrive, as a list of its page Today: somebody has to tell their recipients."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from coordination.desk.outbox import lost_messages
from webui.desks.worklists import Worklist, WorklistItem
from webui.messages.about import told_of
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.formats import instant


def not_arrived_list(size: int) -> Worklist:
    """The oldest first; nobody is named in it."""
    with runtime().desk() as desk:
        rows, total = lost_messages(desk, viewer().organisation, size)
    items = tuple(
        WorklistItem(
            heading=one.what,
            words=_("To: %(name)s. Since %(when)s.", name=one.to, when=instant(one.row.created_at)),
            lines=(one.problem,) if one.problem else (),
            address=url_for("lost_messages.page"),
            action=_("Tell them by other means"),
            tag=_("Did not arrive"),
            late=True,
        )
        for one in told_of(rows)
    )
    return Worklist(key="not-arrived", heading=_("Messages that did not arrive"), items=items, total=total)
