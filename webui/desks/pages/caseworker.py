"""The page Children of the authority's caseworker: the children whom the authority holds, and what waits for its
answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from projections.case_file.queries.unplaced import unplaced_referrals
from webui.desks.pages.aln_decisions import aln_decisions_list
from webui.desks.pages.closed_services import closed_services_list
from webui.desks.pages.moves import AUTHORITY_LISTS
from webui.desks.pages.no_roll import no_roll_list
from webui.desks.pages.of_age import of_age_list
from webui.desks.pages.school_doubts import school_doubts_list
from webui.desks.worklists import Worklist
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory

blueprint = Blueprint("caseworker", __name__)

WORKLISTS: tuple[Callable[[int], Worklist], ...] = (
    no_roll_list,
    aln_decisions_list,
    closed_services_list,
    of_age_list,
    school_doubts_list,
    *AUTHORITY_LISTS,
)
"""The lists of the page in order. The owner of a matter adds the function that reads its list."""
SIZE = 10
"""Items of one list, while all lists are shown."""
ALL = 500
"""Items where one list is shown alone."""


@blueprint.get("/caseworker", endpoint="page")
@signed_in(*CASEWORKER_DESK)
def page() -> ResponseReturnValue:
    """Show all lists, or one of them whole."""
    only = request.args.get("only")
    lists = [read(ALL if only else SIZE) for read in WORKLISTS]
    only = only if only in {one.key for one in lists} else None
    lists = [one for one in lists if only in (None, one.key)]
    pupils = [item.pupil for one in lists for item in one.items if item.pupil is not None]
    casework.note_shown("caseworker", pupils, "held_by_authority")
    return render_template("desks/caseworker.html", lists=lists, only=only, day_=runtime().today())


@blueprint.get("/caseworker/unplaced", endpoint="unplaced")
@signed_in(*CASEWORKER_DESK)
def unplaced() -> ResponseReturnValue:
    """List the open referrals that no desk can see: there must be none."""
    closed = [o.id for o in directory().organisations.values() if not o.is_open(viewer().today)]
    found = unplaced_referrals(casework.reader(), viewer(), closed)
    casework.note_shown("unplaced", [one.referral for one in found], "audit")
    return render_template("desks/unplaced.html", found=found)
