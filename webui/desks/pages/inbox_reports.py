"""What schools reported in the agency's name: confirmed one by one, the ticked ones, or all of a school and step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import Refusal
from coordination.sensitivity import Opened
from projections.inbox import queries
from projections.inbox.queries import ReportedCriteria, ReportedMilestone
from webui.desks.inbox_filters import code_given
from webui.desks.pages.inbox_shared import (
    after,
    blueprint,
    chosen_school,
    chosen_service,
    school_choices,
    where,
)
from webui.desks.selected_referrals import (
    SelectedReferral,
    confirm_commands,
    perform_each,
    selected_referrals,
)
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.parts.paging import Paging, page_number
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.referral.entries import headline
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK
from webui.shell.runtime import runtime
from webui.words.naming import code_words, organisation_name

PAGE_SIZE = 50
AT_ONCE, MOST = 100, 2000
"""So many are confirmed in one save, and at most for one press."""


class ReportToConfirm(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone that a school reported, with who told the school."""

    reported: ReportedMilestone
    child: PupilIdentity | None
    school: str
    what: str
    told_by: str
    how: str
    picked: str


@blueprint.get("/reported")
@signed_in(*AGENCY_DESK)
def reported() -> ResponseReturnValue:
    """List what schools reported in the agency's name and the agency has not answered, by school and step."""
    return _reported_page(Form(NothingSchema))


@blueprint.post("/reported/confirm")
@signed_in(*AGENCY_DESK)
def confirm() -> ResponseReturnValue:
    """Confirm the ticked reports, or with `all` every one of the filtered list that was there when it was shown."""
    form = Form(NothingSchema)
    form.take(request.form)
    everything = request.form.get("all") == "yes"
    picked = _every_one() if everything else selected_referrals(request.form.getlist("entry"))
    if not picked:
        form.say(
            _("There is nothing left to confirm: it has been answered meanwhile.")
            if everything
            else _("Select the entries to confirm.")
        )
        return _reported_page(form)
    done, refused = 0, list[Refusal]()
    for start in range(0, len(picked), AT_ONCE):
        recorded, why = perform_each(form.command_id, picked[start : start + AT_ONCE], confirm_commands)
        done += recorded
        refused += why
    return after(form, done, refused, _reported_page, url_for("inbox.reported", **where()))


def _every_one() -> Sequence[SelectedReferral]:
    """Every report of the filtered list that had been recorded when the page was shown."""
    shown = _instant(request.form.get("shown"))
    ask = msgspec.structs.replace(_asked(), until=shown, page=1, size=MOST)
    found = queries.reported_milestones(casework.reader(), viewer(), ask)
    return [SelectedReferral(row.pupil, row.referral, row.last_version, row.entry) for row in found.rows]


def _instant(text: str | None) -> datetime:
    """The instant at which the page was shown; for anything else the present one."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return runtime().now()
    return found if found.tzinfo is not None else runtime().now()


def _asked() -> ReportedCriteria:
    return ReportedCriteria(
        service=chosen_service(),
        school=chosen_school(),
        milestone=code_given(request.args.get("step")),
        page=page_number(request.args.get("page")),
        size=PAGE_SIZE,
    )


def _reported_page(form: Form) -> ResponseReturnValue:
    asked = _asked()
    found = queries.reported_milestones(casework.reader(), viewer(), asked)
    if not found.rows and asked.page > 1:
        asked = msgspec.structs.replace(asked, page=1)
        found = queries.reported_milestones(casework.reader(), viewer(), asked)
    places = queries.reported_places(casework.reader(), viewer(), asked.service)
    steps = sorted(places.codes | ({asked.milestone} if asked.milestone else set()))
    pages = Paging.of(found.total, asked.page, PAGE_SIZE)
    rows = found.rows
    sealed = [*(row.identity for row in rows), *(row.said if row.said.sealed else None for row in rows)]
    opened = casework.open_sealed(sealed)
    lines = [_said(row, opened[index], opened[len(rows) + index]) for index, row in enumerate(rows)]
    casework.note_shown("reported_in_our_name", [row.pupil for row in rows], "disclosed")
    return form.page(
        "desks/inbox/reported.html",
        lines=lines,
        chosen=asked.service,
        total=found.total,
        school=request.args.get("school", ""),
        step=asked.milestone or "",
        schools=school_choices(places.schools | ({asked.school} if asked.school else set())),
        steps=[(code, headline(f"referral.{code}")) for code in steps],
        shown=runtime().now().isoformat(),
        keep=where,
        pages=pages,
        page_address=lambda n: url_for("inbox.reported", **where(), page=n if n > 1 else None),
        log_position=found.position,
    )


def _said(row: ReportedMilestone, identity: Opened, sealed: Opened) -> ReportToConfirm:
    return ReportToConfirm(
        reported=row,
        child=open_identity(row.pupil, identity) if row.identity is not None else None,
        school=organisation_name(row.school),
        what=headline(f"referral.{row.milestone}"),
        told_by=text_of(sealed, "reported_by") or "",
        how=code_words("reported_how", row.reported_how),
        picked=SelectedReferral(row.pupil, row.referral, row.last_version, row.entry).box,
    )
