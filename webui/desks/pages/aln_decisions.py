"""What the authority has to decide about additional learning needs, as a list of the caseworker's page."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from coordination.clocks import overdue
from projections.aln.queries.concerns import ConcernToDecide, concerns_to_decide
from webui.aln.words import LIMITS, PHASES
from webui.desks.worklists import Worklist, WorklistItem
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.codes import word_for
from webui.words.formats import day
from webui.words.naming import organisation_name


def aln_decisions_list(size: int) -> Worklist:
    """The concerns of which a time limit of the authority runs, the first due first."""
    found = concerns_to_decide(casework.reader(), viewer(), size)
    opened = casework.open_sealed([one.identity for one in found.rows])
    items = tuple(
        _item(one, open_identity(one.concern.pupil, identity))
        for one, identity in zip(found.rows, opened, strict=True)
    )
    return Worklist(
        key="aln-decisions",
        heading=_("Decisions about additional learning needs"),
        items=items,
        total=found.total,
    )


def _item(one: ConcernToDecide, who: PupilIdentity) -> WorklistItem:
    concern, own = one.concern, viewer().organisation
    return WorklistItem(
        heading=who.name,
        words=str(word_for(PHASES, concern.phase)),
        lines=tuple(
            _("%(limit)s: due %(day)s.", limit=word_for(LIMITS, clock.standard), day=day(clock.due_on))
            for clock in concern.running
            if clock.holder == own and clock.due_on is not None
        ),
        address=url_for("aln.page", pupil=concern.pupil),
        action=_("Open the decision"),
        pupil=concern.pupil,
        tag=organisation_name(concern.school) if concern.school is not None else "",
        late=overdue(concern.due_on(own), viewer().today),
    )
