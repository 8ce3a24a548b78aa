"""The case file: a summary of the pupil, the status of each matter, and the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coordination.permissions import Thing, may
from coordination.sensitivity import Coordinates
from projections.case_file import queries
from projections.case_file.queries import PupilFile, TimelineCriteria, TimelineEntry
from projections.waiting_times.clocks import clock_rows
from webui.actions.words import owner_words
from webui.aln.words import LIMITS, PHASES
from webui.parts.timeline import MATTERS, TimelineItem, place, place_text, recorders, timeline_items
from webui.pupil.file import RecordedViews, open_pupil_file
from webui.pupil.identity import age, year_of, year_words
from webui.pupil.kept import kept_off_paper
from webui.referral.status import ReferralStatus, referral_statuses
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK, DUE_DESK, FILE_STAFF, SCHOOL_COORDINATION, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.codes import word_for
from webui.words.naming import code_words, organisation_name, people_names

blueprint = Blueprint("case_file", __name__)

NEWEST = 8
MINUTES = 5
PAGE_SIZE = 50


@blueprint.get("/pupils/<uuid:pupil>", endpoint="page")
@signed_in(*FILE_STAFF)
def case_file(pupil: UUID) -> ResponseReturnValue:
    """Show the case file of a pupil, with links from each part: of a joined child by the file that leads."""
    file = _file(pupil)
    if file.pupil.pupil != pupil:
        return redirect(url_for("case_file.page", pupil=file.pupil.pupil), 303)
    reader, who = casework.reader(), viewer()
    newest = queries.timeline(reader, who, TimelineCriteria(pupil=pupil, limit=NEWEST))
    minutes = queries.timeline(reader, who, TimelineCriteria(pupil=pupil, matters=("minute",), limit=MINUTES))
    clocks = clock_rows(reader, who, [r.referral for r in file.referrals])
    places = [_place(entry) for entry in (*newest.entries, *minutes.entries)]
    shown = open_pupil_file(file, places)
    names = shown.names | people_names(recorders([*newest.entries, *minutes.entries]) | _owners(file))
    items = timeline_items((*newest.entries, *minutes.entries), shown.also, names)
    casework.note_shown("case_file", [pupil])
    today = runtime().today()
    referrals = referral_statuses(file.referrals, clocks, today)
    latest = [said for whose in ("child", "parent") for said in _first(shown.said, whose)]
    kept = kept_off_paper(file, casework.directory())
    return render_template(
        "case_file/case_file.html",
        file=file,
        kept=kept,
        printed=lambda some: [one for one in some if not kept.has(one.referral.referral)],
        asked_on_paper=any(not kept.has(one.consent) for one in file.consents),
        opened=shown,
        child=shown.child,
        age=age(shown.child.born, today) if shown.child.born else None,
        year=year_words(year_of(file.pupil.year, shown.child.born, today)),
        names_of_needs=", ".join(code_words("need", need) for need in file.pupil.needs),
        schools=", ".join(organisation_name(school) for school in file.pupil.schools),
        latest_said=latest,
        earlier_said=[said for said in shown.said if said not in latest],
        under_way=sorted((r for r in referrals if not r.referral.ended), key=_urgency),
        ended=[r for r in referrals if r.referral.ended],
        agreements=shown.newest_agreements(today),
        names=names,
        entries=items[: len(newest.entries)],
        more_entries=newest.more is not None,
        minutes=_standing_minutes(items[len(newest.entries) :]),
        more_minutes=minutes.more is not None,
        owner_words=lambda action: owner_words(action, names),
        at_desk=who.role in (*SCHOOL_DESK, *CASEWORKER_DESK),
        aln_phase=lambda code: word_for(PHASES, code),
        aln_limit=lambda code: word_for(LIMITS, code),
        today=today,
        may_settle=who.role in SCHOOL_COORDINATION,
        may_erase=who.role in DUE_DESK,
        at_school=who.role in SCHOOL_DESK,
        may_restrict=may(who.role, Thing.RESTRICTION),
        no_roll_from=_no_roll_from(file),
        log_position=file.position,
    )


@blueprint.get("/pupils/<uuid:pupil>/timeline", endpoint="timeline")
@signed_in(*FILE_STAFF)
def timeline_page(pupil: UUID) -> ResponseReturnValue:
    """Show all entries from the last day back, for one subject or for all."""
    file = _file(pupil)
    matter = request.args.get("matter")
    matter = matter if matter in MATTERS else None
    before = place(request.args.get("before"))
    ask = TimelineCriteria(
        pupil=pupil,
        matters=(matter,) if matter else None,  # type: ignore[arg-type]
        before=before,
        limit=PAGE_SIZE,
    )
    found = queries.timeline(casework.reader(), viewer(), ask)
    shown = open_pupil_file(file, [_place(entry) for entry in found.entries])
    names = shown.names | people_names(recorders(found.entries))
    casework.note_shown("timeline", [pupil])
    earlier = None
    if found.more is not None:
        earlier = url_for("case_file.timeline", pupil=pupil, matter=matter, before=place_text(found.more))
    return render_template(
        "case_file/timeline.html",
        file=file,
        child=shown.child,
        entries=timeline_items(found.entries, shown.also, names),
        kept=kept_off_paper(file, casework.directory()),
        matter=matter,
        matters=MATTERS,
        before=before,
        earlier=earlier,
        log_position=found.position,
    )


def _no_roll_from(file: PupilFile) -> date | None:
    """Since when no school has had the pupil on its roll; None if one has, or none ever had."""
    if file.pupil.schools:
        return None
    return max((r.until for r in file.registrations if r.until is not None), default=None)


def _urgency(one: ReferralStatus) -> tuple[bool, date, date]:
    """The order of urgency: immediate risk first, then by due date; matters without a limit last, the oldest first."""
    held = one.referral
    return (not held.immediate_risk, held.due_on or date.max, held.opened_on)


def _first(said: Sequence[RecordedViews], whose: str) -> list[RecordedViews]:
    """The latest views of the pupil, or of a parent."""
    return [one for one in said if one.whose == whose][:1]


def _file(of: UUID) -> PupilFile:
    """The file, or 404 for a wrong or foreign id (see NotFound)."""
    return queries.pupil(casework.reader(), viewer(), of)


def _place(entry: TimelineEntry) -> Coordinates | None:
    return entry.at if entry.at.sealed else None


def _owners(file: PupilFile) -> set[UUID]:
    return {a.owner_person for a in file.actions if a.owner_person is not None}


def _standing_minutes(items: list[TimelineItem]) -> list[TimelineItem]:
    """The current versions of the minutes; corrected versions appear only in the timeline."""
    return [line for line in items if not line.gone]
