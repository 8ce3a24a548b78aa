"""The page of a referral: whose days they were, its history, and the possible next steps."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.pupil.consent.decisions.basis_requests import RequestBasis
from coordination.pupil.consent.decisions.withdrawing import ResumeSharing
from coordination.pupil.referral.milestones import rules_of
from coordination.pupil.referral.missed import to_ask_after_child
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.forms.recording import record
from webui.pupil.identity import age, text_of, year_words
from webui.referral.allocation import allocation_choices, may_allocate
from webui.referral.choices import other_services
from webui.referral.clocks import clock_views
from webui.referral.ended import ended_lines, open_ended, stopped_with
from webui.referral.entries import rows_of
from webui.referral.forms.milestones import step_name
from webui.referral.forms.sharing import BasisRequestSchema
from webui.referral.next_steps import (
    can_only_report,
    missed_offer,
    next_steps,
    recordable_steps,
)
from webui.referral.reading import OpenedReferral, open_referral_page
from webui.referral.status import move_words, step_words
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, FILE_STAFF, OWN_PART_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.support.reading import OpenedSupportOfPupil, open_support
from webui.support.words import HEADINGS, words_of_support
from webui.words.naming import code_words, directory
from webui.words.text import Words

blueprint = Blueprint("referrals", __name__)
# The roles that can create links with which an agency answers without an account.
LINK_MAKERS = ("alnco",)


class PossibleStep(msgspec.Struct, frozen=True, kw_only=True):
    """A possible next step; `reported`: reported to the school by the agency; `at_once`: one press records it for
    today."""

    milestone: str
    words: Words
    href: str
    reported: bool
    at_once: bool = False


@blueprint.get("/pupils/<uuid:pupil>/referrals/<uuid:referral>")
@signed_in(*FILE_STAFF, *AGENCY_DESK)
def page(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Show the referral, for the pupil's school and the agencies it was disclosed to; to who had it before, that their
    sight ended, and what they had received and written."""
    try:
        return show(open_referral_page(pupil, referral))
    except NotFound:
        ended = open_ended(pupil, referral)
    return render_template("referral/ended.html", ended=ended, log_position=ended.position)


def show(opened: OpenedReferral, form: Form | None = None) -> ResponseReturnValue:
    """Render the page; `form` is that of the button that was pressed, if another user recorded something meanwhile."""
    form = form or Form(NothingSchema)
    form.seen = opened.file.referral.last_version
    return form.page(
        "referral/referral.html",
        opened=opened,
        next_steps=[_choice(opened, name) for name in next_steps(opened)],
        other_steps=other_steps(opened),
        answers_requests=viewer().role in OWN_PART_DESK and viewer().whole_agency,
        ask_after_child=to_ask_after_child(
            opened.file.referral.phase, opened.file.referral.since, viewer().today
        ),
        new_id=runtime().new_id,
        people=allocation_choices([opened.file.allocated]) if opened.holder and may_allocate() else None,
        own_person=viewer().person,
        may_link=viewer().role in LINK_MAKERS and opened.sent,
        **facts_shown(opened),
    )


def facts_shown(opened: OpenedReferral) -> dict[str, Any]:
    """What the page of a referral shows of it to everybody who may see it."""
    today, facts = viewer().today, facts_of(opened)
    return {
        "stands": opened.file.referral,
        "tried": _tried(opened.pupil),
        "headings": HEADINGS,
        **words_of_support(),
        "waits": clock_views(opened.held, directory(), today, opened.off_roll),
        "rows": rows_of(opened),
        "gone_by": missed_offer(opened),
        "facts": facts,
        "told_words": ", ".join(code_words("told", code) for code in facts.told),
        "needs_words": "; ".join(code_words("need", code) for code in facts.needs),
        "asked": _requirements(opened),
        "age": age(opened.child.born, today) if opened.child.born else None,
        "year_words": year_words,
        "step": step_words(opened.file.referral),
        "move": move_words(opened.file.referral),
        "contacts": _contacts(opened),
        "views": _views(opened),
        "stopped": stopped_with(opened),
        "today": today,
        "log_position": opened.file.position,
    }


@blueprint.get("/referrals/no-longer-shared")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def no_longer_shared() -> ResponseReturnValue:
    """List the referrals of which the user's organisation receives nothing new, with the date and the reason."""
    lines, found = ended_lines(size=200)
    return render_template(
        "referral/no_longer_shared.html",
        lines=lines,
        total=found.total,
        at_school=viewer().role in SCHOOL_DESK,
        log_position=found.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/referrals/<uuid:referral>/share-again", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
def share_again(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Share the referral with its service again, on a new agreement."""
    opened = open_referral_page(pupil, referral)
    form = Form(NothingSchema)
    if request.method == "POST" and form.take(request.form) is not None:
        command = ResumeSharing(occurred_on=viewer().today, pupil=pupil, referral=referral)
        if record(form, command) is None:
            flash(_("The referral is shared with the service again."))
            return redirect(url_for("referrals.page", pupil=pupil, referral=referral), 303)
    return form.page(
        "referral/share_again.html", opened=opened, stands=opened.file.referral, stopped=stopped_with(opened)
    )


@blueprint.route("/pupils/<uuid:pupil>/referrals/<uuid:referral>/ask-for-basis", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK)
def ask_for_basis(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Ask the school for agreement to pass the referral on to a service."""
    opened = open_referral_page(pupil, referral)
    if not opened.holder:
        raise NotFound
    form = Form(BasisRequestSchema, choices={"service": other_services(opened, viewer().today)})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = RequestBasis(
            occurred_on=viewer().today, pupil=pupil, referral=referral, service=UUID(typed["service"])
        )
        if record(form, command) is None:
            flash(_("The school is asked. It sees this on its page Today."))
            return redirect(url_for("referrals.page", pupil=pupil, referral=referral), 303)
    return form.page("referral/ask_for_basis.html", opened=opened, stands=opened.file.referral)


def address(opened: OpenedReferral, milestone: str) -> str:
    """The address where a step is recorded."""
    where: dict[str, Any] = {"pupil": opened.pupil, "referral": opened.referral}
    if milestone == "submitted":
        return url_for("refer.send", **where)
    return url_for("milestones.record", milestone=milestone, **where)


def other_steps(opened: OpenedReferral) -> list[PossibleStep]:
    """Every other step that the user may record, for today or an earlier day."""
    first = {one.milestone for one in map(partial(_choice, opened), next_steps(opened)) if not one.at_once}
    return [_choice(opened, name, at_once=False) for name in recordable_steps(opened) if name not in first]


def _choice(opened: OpenedReferral, milestone: str, *, at_once: bool = True) -> PossibleStep:
    reported = can_only_report(opened, milestone)
    return PossibleStep(
        milestone=milestone,
        words=step_name(milestone, reported=reported),
        href=address(opened, milestone),
        reported=reported,
        at_once=at_once and rules_of(milestone).at_once and not reported,
    )


# Further details


class ReferralFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The data of the opening entry: needs (codes, only if they were disclosed to the user), reason, whether the
    family was told, who was told of immediate risk and when."""

    needs: tuple[str, ...]
    reason: str
    informed: bool | None
    told: tuple[str, ...]
    told_at: datetime | None
    concern: str


def facts_of(opened: OpenedReferral) -> ReferralFacts:
    """The facts from the opening entry, and from the last entry about immediate risk."""
    begun = next((e for e in opened.file.entries if e.topic == "referral.opened"), None)
    risk = next((e for e in opened.file.entries if e.topic == "referral.immediate_risk_raised"), None)
    sealed = opened.sealed_of(begun.version) if begun else {}
    shared = opened.file.shared
    told_at = risk.clear.get("told_at") if risk else None
    return ReferralFacts(
        needs=tuple(sealed.get("needs") or ()) if shared is None or "needs" in shared else (),
        reason=str(sealed.get("reason") or ""),
        informed=begun.clear.get("informed_and_discussed") if begun else None,
        told=tuple(risk.clear.get("told", ())) if risk else (),
        told_at=datetime.fromisoformat(told_at) if told_at else None,
        concern=str(opened.sealed_of(risk.version).get("concern") or "") if risk else "",
    )


def _requirements(opened: OpenedReferral) -> list[tuple[str, bool]]:
    """The service's requirements, and whether each was sent with the referral or supplied later."""
    supplied: set[str] = set()
    missing: set[str] = set()
    for entry in sorted(opened.file.entries, key=lambda e: e.version):
        if entry.superseded_by is None and entry.topic == "referral.submitted":
            supplied, missing = set(entry.clear.get("supplied", ())), set(entry.clear.get("missing", ()))
        elif entry.superseded_by is None and entry.topic == "referral.information_supplied":
            supplied |= set(entry.clear.get("requirements", ()))
    service = directory().service(opened.held.service)
    in_turn = service.asks_for(opened.held.opened_on) if service else ()
    known = [*in_turn, *sorted((supplied | missing) - set(in_turn))]
    return [(code, code in supplied) for code in known if code in supplied | missing]


class DisclosedContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact whose details were disclosed to the user."""

    name: str
    relationship: str
    responsible: bool
    language: str
    telephone: str
    email: str


def _contacts(opened: OpenedReferral) -> list[DisclosedContact]:
    return [
        DisclosedContact(
            name=text_of(sealed, "name") or _("Name erased"),
            relationship=code_words("relationship", text_of(sealed, "relationship")),
            responsible=held.parental_responsibility,
            language=code_words("language", text_of(sealed, "language")),
            telephone=text_of(sealed, "telephone") or "",
            email=text_of(sealed, "email") or "",
        )
        for held, sealed in zip(opened.file.contacts, opened.contacts, strict=True)
        if held.ended_on is None
    ]


def _tried(pupil: UUID) -> OpenedSupportOfPupil | None:
    """The support that was tried and the one-page profiles, as far as they were disclosed; None: there are none."""
    try:
        found = open_support(pupil)
    except NotFound:
        return None
    return found if found.running or found.past or found.profiles else None


def _views(opened: OpenedReferral) -> list[tuple[str, str, date, str]]:
    """The latest views of the pupil and of each parent: the person, the language, the date and the words."""
    latest: dict[str, tuple[str, str, date, str]] = {}
    for held, sealed in zip(opened.file.views, opened.views, strict=True):
        words = text_of(sealed, "words")
        if words and held.whose not in latest:
            latest[held.whose] = (held.whose, held.language, held.said_on, str(words))
    return list(latest.values())
