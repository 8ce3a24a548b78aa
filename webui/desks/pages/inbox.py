"""The clinician's inbox: the referrals waiting for a service, immediate risk and priority first; several can be
recorded at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from coordination.errors import Refusal
from coordination.sensitivity import Opened
from projections.case_file.queries import ReferralRow, ReferralSummary
from projections.inbox import queries
from projections.inbox.queries import InboxCriteria, ReportedMilestone, ServiceCount, Who
from webui.desks.selected_referrals import (
    NOTHING_OWED,
    SelectedReferral,
    acknowledge_commands,
    allocate_commands,
    confirm_commands,
    perform_each,
    selected_referrals,
)
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.parts.paging import Paging, page_number
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.referral.allocation import ALLOCATES, allocation_choices, may_allocate, person_of
from webui.referral.ended import ended_lines
from webui.referral.entries import headline
from webui.referral.status import move_words, step_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK
from webui.shell.runtime import runtime
from webui.words.formats import in_unit, number
from webui.words.naming import code_words, directory, organisation_name
from webui.words.refusals.translated import sentence

ENDED_ROWS = 10
"""So many of the referrals of which sight ended stand below the inbox."""
blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

PAGE_SIZE = 50
# The phases in which an acknowledgement is still due.
UNANSWERED = frozenset({"submitted", "received", "redirected", "reopened"})
WHOSE: dict[Who, Any] = {"all": _l("All"), "mine": _l("Mine"), "nobody": _l("Not allocated")}


class InboxItem(msgspec.Struct, frozen=True, kw_only=True):
    """A referral in the inbox. `tag` and `tone` show its status against the standard, `wait` the days of the limit;
    `picked` is the value of its checkbox, `to_acknowledge` whether that is still due; `who` is the person it is
    allocated to."""

    referral: ReferralSummary
    child: PupilIdentity | None
    school: str
    step: str
    move: str
    tag: str
    tone: str
    wait: str
    picked: str
    to_acknowledge: bool
    who: str
    mine: bool


class ReportToConfirm(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone that a school reported, with who told the school."""

    reported: ReportedMilestone
    child: PupilIdentity | None
    school: str
    what: str
    told_by: str
    how: str
    picked: str


@blueprint.get("")
@signed_in(*AGENCY_DESK)
def page() -> ResponseReturnValue:
    """List the waiting referrals, by service."""
    return _page(Form(NothingSchema))


@blueprint.post("/acknowledge")
@signed_in(*AGENCY_DESK)
def acknowledge() -> ResponseReturnValue:
    """Acknowledge the selected referrals. One without a receipt is recorded as received on the day it was sent."""
    form = Form(NothingSchema)
    form.take(request.form)
    picked = selected_referrals(request.form.getlist("referral"))
    if not picked:
        form.say(_("Select the referrals to acknowledge."))
        return _page(form)
    picked = [one for one in picked if one.about != NOTHING_OWED]
    if not picked:
        form.say(_("The selected referrals are already acknowledged."))
        return _page(form)
    done, refused = perform_each(form.command_id, picked, acknowledge_commands)
    return _after(form, done, refused, _page, url_for("inbox.page", **_where()))


@blueprint.post("/allocate")
@signed_in(*ALLOCATES)
def allocate() -> ResponseReturnValue:
    """Allocate the selected referrals to a person of the agency, or remove their allocation; `take`: the one referral
    whose button was pressed, allocated to the user."""
    form = Form(NothingSchema)
    form.take(request.form)
    taken = request.form.get("take")
    picked = selected_referrals([taken] if taken else request.form.getlist("referral"))
    code = str(viewer().person) if taken else request.form.get("person", "")
    if not picked or not code:
        form.say(_("Select the referrals and choose a person."))
        return _page(form)
    person = person_of(code)
    picked = [one for one in picked if one.who != person]
    if not picked:
        form.say(_("The selected referrals already have this allocation."))
        return _page(form)
    done, refused = perform_each(form.command_id, picked, lambda one: allocate_commands(one, person))
    return _after(form, done, refused, _page, url_for("inbox.page", **_where()))


@blueprint.get("/reported")
@signed_in(*AGENCY_DESK)
def reported() -> ResponseReturnValue:
    """List what schools reported in the agency's name and the agency has not answered."""
    return _reported_page(Form(NothingSchema))


@blueprint.post("/reported/confirm")
@signed_in(*AGENCY_DESK)
def confirm() -> ResponseReturnValue:
    """Confirm the selected reports."""
    form = Form(NothingSchema)
    form.take(request.form)
    picked = selected_referrals(request.form.getlist("entry"))
    if not picked:
        form.say(_("Select the entries to confirm."))
        return _reported_page(form)
    done, refused = perform_each(form.command_id, picked, confirm_commands)
    return _after(form, done, refused, _reported_page, url_for("inbox.reported", **_where()))


# The lists


def _page(form: Form) -> ResponseReturnValue:
    chosen = _service()
    who = _who()
    asked = InboxCriteria(service=chosen, who=who, page=page_number(request.args.get("page")), size=PAGE_SIZE)
    found = queries.inbox(casework.reader(), viewer(), asked)
    counts = _counts(found.services, chosen)
    pages = Paging.of(
        counts[{"all": "open", "mine": "mine", "nobody": "nobodys"}[who]], asked.page, PAGE_SIZE
    )
    if pages.number != asked.page:
        found = queries.inbox(casework.reader(), viewer(), msgspec.structs.replace(asked, page=pages.number))
    opened = casework.open_sealed([line.identity for line in found.rows])
    staff = allocation_choices([line.allocated for line in found.rows])
    lines = [_line(line, identity, staff.names) for line, identity in zip(found.rows, opened, strict=True)]
    casework.note_shown("inbox", [line.referral.pupil for line in lines], "disclosed")
    ended, of_ended = ended_lines(size=ENDED_ROWS)
    return form.page(
        "desks/inbox/inbox.html",
        no_service=not (viewer().services or viewer().whole_agency),
        ended=ended,
        ended_total=of_ended.total,
        lines=lines,
        services=found.services,
        code_of=lambda service: (
            found_service.code if (found_service := directory().service(service)) else "all"
        ),
        chosen=chosen,
        counts=counts,
        who=who,
        whose=WHOSE,
        tally={"all": counts["open"], "mine": counts["mine"], "nobody": counts["nobodys"]},
        people=staff.choices if may_allocate() else (),
        keep=_where,
        everything=sum(one.open for one in found.services),
        reported=found.reported,
        actions=found.actions,
        pages=pages,
        page_address=lambda n: url_for("inbox.page", **_where(), page=n if n > 1 else None),
        to_acknowledge=any(line.to_acknowledge for line in lines),
        log_position=found.position,
    )


def _line(line: ReferralRow, identity: Opened, names: Mapping[UUID, str]) -> InboxItem:
    referral = line.referral
    tag, tone = _tag(referral)
    about = NOTHING_OWED
    if referral.phase in UNANSWERED:
        sent = referral.since if referral.phase == "submitted" and referral.received_on is None else None
        about = sent.toordinal() if sent else 0
    picked = SelectedReferral(
        referral.pupil, referral.referral, referral.last_version, about, line.allocated
    ).box
    return InboxItem(
        referral=referral,
        child=open_identity(referral.pupil, identity) if line.identity is not None else None,
        school=organisation_name(referral.school),
        step=step_words(referral),
        # "your turn" is not shown here: it applies to every row
        move=move_words(referral) if referral.whose_move != "agency" else "",
        tag=tag,
        tone=tone,
        wait=_wait(referral),
        picked=picked,
        to_acknowledge=about != NOTHING_OWED,
        who=names[line.allocated] if line.allocated else "",
        mine=line.allocated == viewer().person,
    )


def _tag(referral: ReferralSummary) -> tuple[str, str]:
    """The status against the standard, in words and as a tone."""
    left = referral.days_left
    match referral.due:
        case "overdue":
            over = -(left or 0)
            return ngettext("%(count)s day over", "%(count)s days over", over, count=number(over)), "late"
        case "due_this_week":
            if not left:
                return _("Due today"), "soon"
            return ngettext("%(count)s day left", "%(count)s days left", left, count=number(left)), "soon"
        case "later":
            days_left = left or 0
            words = ngettext("%(count)s day left", "%(count)s days left", days_left, count=number(days_left))
            return words, "good"
        case _:
            return _no_limit(referral), "plain"


def _no_limit(referral: ReferralSummary) -> str:
    """Why there is no last day."""
    if referral.open_clock == "not_received":
        return _("Not received yet")
    if referral.terms_unknown:
        return _("Term dates missing")
    return _("No standard set") if referral.open_clock == "none" else _("Clock not running")


def _wait(referral: ReferralSummary) -> str:
    """12 of 28 days; 40 days of 14 weeks; without a clock only the days."""
    waited = number(referral.waited or 0)
    if referral.standard is None or referral.clock_from is None:
        return ngettext("%(count)s day so far", "%(count)s days so far", referral.waited or 0, count=waited)
    standard = directory().standard(referral.service, referral.standard, referral.clock_from)
    if standard is None:
        return ngettext("%(count)s day so far", "%(count)s days so far", referral.waited or 0, count=waited)
    if standard.unit == "calendar_days":
        return _("%(count)s of %(allowed)s", count=waited, allowed=in_unit(standard.limit, standard.unit))
    return ngettext(
        "%(count)s day of %(allowed)s",
        "%(count)s days of %(allowed)s",
        referral.waited or 0,
        count=waited,
        allowed=in_unit(standard.limit, standard.unit),
    )


def _reported_page(form: Form) -> ResponseReturnValue:
    chosen = _service()
    asked = InboxCriteria(service=chosen, page=page_number(request.args.get("page")), size=PAGE_SIZE)
    found = queries.reported_milestones(casework.reader(), viewer(), asked)
    if not found.rows and asked.page > 1:
        asked = msgspec.structs.replace(asked, page=1)
        found = queries.reported_milestones(casework.reader(), viewer(), asked)
    pages = Paging.of(found.total, asked.page, PAGE_SIZE)
    rows = found.rows
    places = [*(row.identity for row in rows), *(row.said if row.said.sealed else None for row in rows)]
    opened = casework.open_sealed(places)
    lines = [_said(row, opened[index], opened[len(rows) + index]) for index, row in enumerate(rows)]
    casework.note_shown("reported_in_our_name", [row.pupil for row in rows], "disclosed")
    return form.page(
        "desks/inbox/reported.html",
        lines=lines,
        chosen=chosen,
        pages=pages,
        page_address=lambda n: url_for("inbox.reported", **_where(), page=n if n > 1 else None),
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


def _service() -> UUID | None:
    """The service in the address; without one, the user's own service if it belongs to this agency."""
    asked = request.args.get("service")
    if asked == "all":
        return None
    ours = {s.code: s.id for s in directory().services_of(viewer().organisation)}
    if asked:
        return ours[asked] if asked in ours else abort(404)
    person = directory().person(viewer().person)
    own = {a.service for a in person.on(viewer().today)} if person else set()
    return next((service for service in ours.values() if service in own), None)


def _who() -> Who:
    """The person in the address."""
    asked = request.args.get("who")
    return next((one for one in WHOSE if one == asked), "all")


def _where(**other: Any) -> dict[str, Any]:
    """The selected service and person, to keep in addresses."""
    kept = {name: request.args[name] for name in ("service", "who") if request.args.get(name)}
    return kept | other


def _counts(services: Sequence[ServiceCount], chosen: UUID | None) -> dict[str, int]:
    """The numbers of urgent referrals in the list."""
    shown = [one for one in services if chosen in (None, one.service)]
    return {
        "open": sum(one.open for one in shown),
        "immediate_risk": sum(one.immediate_risk for one in shown),
        "overdue": sum(one.overdue for one in shown),
        "due_this_week": sum(one.due_this_week for one in shown),
        "not_received": sum(one.not_received for one in shown),
        "no_standard": sum(one.no_standard for one in shown),
        "terms_unknown": sum(one.terms_unknown for one in shown),
        "mine": sum(one.mine for one in shown),
        "nobodys": sum(one.nobodys for one in shown),
    }


def _after(
    form: Form,
    done: int,
    refused: Sequence[Refusal],
    again: Callable[[Form], ResponseReturnValue],
    where: str,
) -> ResponseReturnValue:
    """Redirect to the list, with a message about each refusal; the others are recorded."""
    if done:
        flash(ngettext("%(count)s entry recorded.", "%(count)s entries recorded.", done, count=number(done)))
    if not refused:
        return redirect(where, 303)
    for words in dict.fromkeys(sentence(why) for why in refused):
        form.say(words)
    left = len(refused)
    form.say(
        ngettext("%(count)s was not recorded.", "%(count)s were not recorded.", left, count=number(left))
    )
    form.command_id = str(runtime().new_id())
    return again(form)
