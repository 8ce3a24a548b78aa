"""The clinician's inbox: the referrals waiting for a service, immediate risk and priority first; several can be
recorded at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coordination.sensitivity import Opened
from projections.case_file.queries import ReferralRow, ReferralSummary
from projections.inbox import queries
from projections.inbox.queries import NEW_PHASES, InboxCriteria, ServiceCount
from webui.desks.inbox_filters import (
    MOST_LINES,
    PAGE_SIZE,
    SORT_WORDS,
    WHOSE,
    OfferedFilters,
    criteria_of,
    export_row,
    is_narrowed,
)
from webui.desks.pages import inbox_reports
from webui.desks.pages.inbox_shared import (
    after,
    blueprint,
    chosen_school,
    chosen_service,
    school_choices,
    where,
)
from webui.desks.selected_referrals import (
    NOTHING_OWED,
    SelectedReferral,
    acknowledge_commands,
    allocate_commands,
    perform_each,
    selected_referrals,
)
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.forms.fields import normalise_text
from webui.parts.paging import Paging, page_number
from webui.pupil.identity import PupilIdentity, open_identity
from webui.pupil.pages.kept_searches import KEY, keep_search, kept_search
from webui.referral.allocation import ALLOCATES, allocation_choices, may_allocate, person_of
from webui.referral.ended import ended_lines
from webui.referral.entries import headline
from webui.referral.status import move_words, step_words
from webui.reports.pages.files import FigureFile, as_file
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK
from webui.words.formats import in_unit, number
from webui.words.naming import directory, organisation_name

__all__ = ["blueprint", "inbox_reports"]

LONGEST = 100
ENDED_ROWS = 10
"""So many of the referrals of which sight ended stand below the inbox."""
UNANSWERED = frozenset(NEW_PHASES)


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


@blueprint.get("")
@signed_in(*AGENCY_DESK)
def page() -> ResponseReturnValue:
    """List the waiting referrals, by service."""
    return _page(Form(NothingSchema))


@blueprint.post("/find")
@signed_in(*AGENCY_DESK)
def find() -> ResponseReturnValue:
    """Keep the search text with the session and show what it finds: the text is in no address."""
    typed = normalise_text(request.form.get("words", "")[:LONGEST], multiline=False)
    kept = {name: value for name, value in where().items() if name != KEY}
    if typed:
        kept[KEY] = keep_search(typed)
    return redirect(url_for("inbox.page", **kept), 303)


@blueprint.get("/referrals.<any(csv, xlsx):kind>")
@signed_in(*AGENCY_DESK)
def file(kind: str) -> Response:
    """Send the filtered list as a file: references, days and states, without names."""
    asked = criteria(chosen_service(), kept_search(request.args.get(KEY)))
    found = queries.inbox(
        casework.reader(), viewer(), msgspec.structs.replace(asked, page=1, size=MOST_LINES)
    )
    casework.note_shown("inbox_file", [line.referral.pupil for line in found.rows], "disclosed")
    stamp = {"as_of": viewer().today, "log_position": found.position}
    rows = [export_row(line) for line in found.rows]
    return as_file(kind, FigureFile(_("Inbox"), f"inbox-{viewer().today}", rows, stamp))


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
    return after(form, done, refused, _page, url_for("inbox.page", **where()))


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
    return after(form, done, refused, _page, url_for("inbox.page", **where()))


def criteria(service: UUID | None, typed: str) -> InboxCriteria:
    """The criteria in the address of this request."""
    return criteria_of(request.args, service, chosen_school(), typed, page_number(request.args.get("page")))


def offered_filters(asked: InboxCriteria) -> OfferedFilters:
    """The schools and phases that occur in the list, and the ways to sort it."""
    places = queries.inbox_places(casework.reader(), viewer())
    schools = places.schools | ({asked.school} if asked.school else set())
    phases = sorted(places.codes | ({asked.phase} if asked.phase else set()))
    named = [(code, headline(f"referral.{code}")) for code in phases]
    return OfferedFilters(school_choices(schools), sorted(named, key=lambda one: str(one[1])), SORT_WORDS)


# The lists


def _page(form: Form) -> ResponseReturnValue:
    chosen = chosen_service()
    typed = kept_search(request.args.get(KEY))
    asked = criteria(chosen, typed)
    found = queries.inbox(casework.reader(), viewer(), asked)
    if not found.rows and asked.page > 1:
        first = queries.inbox(casework.reader(), viewer(), msgspec.structs.replace(asked, page=1))
        last = Paging.of(first.total, asked.page, PAGE_SIZE).number
        asked = msgspec.structs.replace(asked, page=last)
        found = first if last == 1 else queries.inbox(casework.reader(), viewer(), asked)
    counts = _counts(found.services, chosen)
    pages = Paging.of(found.total, asked.page, PAGE_SIZE)
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
        who=asked.who,
        whose=WHOSE,
        tally={"all": counts["open"], "mine": counts["mine"], "nobody": counts["nobodys"]},
        people=staff.choices if may_allocate() else (),
        keep=where,
        everything=sum(one.open for one in found.services),
        reported=found.reported,
        actions=found.actions,
        pages=pages,
        total=found.total,
        page_address=lambda n: url_for("inbox.page", **where(), page=n if n > 1 else None),
        to_acknowledge=any(line.to_acknowledge for line in lines),
        narrowed=is_narrowed(asked),
        offered=offered_filters(asked),
        typed=typed,
        files=[(kind.upper(), url_for("inbox.file", **where(), kind=kind)) for kind in ("csv", "xlsx")],
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
