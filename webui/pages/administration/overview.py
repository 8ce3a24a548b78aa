"""What there is to look after, and how the service does."""

from __future__ import annotations

from typing import Any

from flask import render_template

from projections.keeping_up import keeping_up
from webui import casework
from webui.naming import directory
from webui.pages.administration.desk import ADMINISTRATOR, KINDS, blueprint, today
from webui.signed_in import signed_in, viewer
from webui.world import world


@blueprint.get("/administration")
@signed_in(*ADMINISTRATOR)
def page() -> Any:
    """Counts of the directory, and how far the read models follow the log."""
    known, day = directory(), today()
    found = keeping_up(casework.reader(), viewer())
    log = max(world().coordination.record.last_position(), found.position)
    counts = {kind: len(known.of_kind(kind)) for kind in KINDS}
    people = sum(len(o.people) for o in known.organisations.values())
    terms = sum(len(o.terms) for o in known.organisations.values())
    return render_template(
        "administration/overview.html",
        counts=counts,
        services=sum(s.is_open(day) for s in known.services),
        people=people,
        terms=terms,
        standards=sum(len(known.standards_of(s.id)) for s in known.services),
        state=found,
        log=log,
        kinds=KINDS,
        log_position=found.position,
        parked=len(found.parked),
    )
