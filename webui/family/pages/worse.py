"""A parent or child says by their link that it got worse while they wait, and sees what was answered."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from coordination.desk.one_time_links import OneTimeLink
from coordination.errors import NotFound
from coordination.pupil.casefile import CaseFile
from coordination.pupil.family.receiving import referrals_for
from coordination.pupil.referral.state import Referral
from coordination.pupil.worse.decide import TellWorse, answer_by, waits
from coordination.pupil.worse.state import WorseRecord
from webui.family.reading import opened_for_link
from webui.forms import Form
from webui.forms.recording import record
from webui.links.browser import keep_secret, link_url
from webui.links.proof import by_link
from webui.pupil.safeguarding import safeguarding_people
from webui.shell import casework
from webui.shell.runtime import runtime
from webui.support.worse import OUTCOMES, FamilyTellsWorseSchema
from webui.words.naming import service_name

blueprint = Blueprint("worse_by_link", __name__, url_prefix="/link/<token>/worse")
keep_secret(blueprint)
KINDS = ("family", "family_card")


@blueprint.get("")
@by_link(*KINDS)
def page(link: OneTimeLink) -> Response:
    """Show for what the child waits, and what this person said and was answered."""
    case, person, child = opened_for_link(link)
    waiting = [
        (held.referral, service_name(held.service), _said(case, held.referral, person.contact))
        for held in _waiting(case, person.contact)
    ]
    return make_response(
        render_template(
            "family/worse/list.html",
            child=child,
            waiting=waiting,
            outcomes=OUTCOMES,
            back=link_url(f"{_home(link)}.page"),
            signing_in=True,
        )
    )


@blueprint.route("/<uuid:referral>", methods=["GET", "POST"])
@by_link(*KINDS)
def tell(link: OneTimeLink, referral: UUID) -> Response | Redirect:
    """Say that it got worse. Danger is asked first; then nothing is kept, and whom to ring is shown."""
    case, person, child = opened_for_link(link)
    held = next((one for one in _waiting(case, person.contact) if one.referral == referral), None)
    if held is None:
        raise NotFound
    people = safeguarding_people(link.organisation)
    back = link_url("worse_by_link.page")
    today = runtime().today()
    form = Form(FamilyTellsWorseSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if typed["danger"]:
            return make_response(
                render_template("support/danger_now.html", people=people, back=back, signing_in=True)
            )
        command = TellWorse(
            occurred_on=today,
            pupil=person.pupil,
            worse=casework.new_id(form.command_id, "worse"),
            voice="child" if person.contact is None else "parent",
            words=typed["words"] or "",
            referral=referral,
            contact=person.contact,
        )
        if record(form, command) is None:
            flash(_("Thank you. The school and the service can see what you wrote."))
            return redirect(back, 303)
    return form.page(
        "family/worse/tell.html",
        child=child,
        service=service_name(held.service),
        people=people,
        back=back,
        answer_by=answer_by(today),
        signing_in=True,
    )


def _waiting(case: CaseFile, contact: UUID | None) -> list[Referral]:
    return [one for one in referrals_for(case, contact) if waits(one)]


def _said(case: CaseFile, referral: UUID, contact: UUID | None) -> list[WorseRecord]:
    """What this person said themselves: what others said is not theirs to read."""
    voice = "child" if contact is None else "parent"
    return [
        one
        for one in case.worse.values()
        if (one.referral, one.voice, one.contact) == (referral, voice, contact)
    ]


def _home(link: OneTimeLink) -> str:
    return "card_by_link" if link.kind == "family_card" else "family_by_link"
