"""The page behind a one-time link. No user is signed in: the page shows only what identifies the referral and nothing
about the pupil, and an invalid link shows the same page whatever the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from coordination.authority import LINK_ROLE
from coordination.desk.links import OneTimeLink, answerable_link, use_link
from coordination.desk.read_log import note_reading
from coordination.desk.throttle import ThrottleLimits, attempt_succeeded, begin_attempt, key_of
from coordination.errors import NotFound, Refusal
from coordination.event import Command, CommandContext
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import ConfirmMilestone, ContestMilestone
from coordination.pupil.referral.phase import DatedMilestone
from coordination.pupil.referral.state import Referral
from coordination.viewer import Viewer
from webui.forms import Form
from webui.referral.forms.links import LEAVE, RIGHT, answer_schema
from webui.shell.authentication import needs_no_session
from webui.shell.runtime import runtime

blueprint = Blueprint("links", __name__)

# The attempts with invalid links from one address in a quarter of an hour; an address may be shared by a hospital.
LIMITS = ThrottleLimits(by_pair=30, by_address=30)
HEADERS = {
    # the address is the secret: no other page may learn it
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


class ReportLink(msgspec.Struct, frozen=True):
    """A valid link, its referral, and the reports that still wait for an answer."""

    link: OneTimeLink
    held: Referral
    steps: tuple[DatedMilestone, ...]

    @property
    def sent_on(self) -> date:
        """The day on which the referral was sent to the agency, if recorded; else the day it was begun."""
        return next((s.on for s in self.held.counting() if s.name == "submitted"), self.held.opened_on)


@blueprint.after_request
def keep_secret(response: Response) -> Response:
    """Keep the address from other pages, robots and caches."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


@blueprint.route("/answer/<token>", methods=["GET", "POST"])
@needs_no_session
def page(token: str) -> Response:
    """Show what was reported, and record one answer to it."""
    asked = _link_request(token)
    if asked is None:
        return _not_good()
    form = Form(answer_schema(step.version for step in asked.steps))
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        commands = _commands(asked, typed)
        if not commands:
            form.say(_("Answer at least one of them."))
            return _page(asked, form)
        try:
            return _answered(asked) if _perform(asked.link, commands) else _not_good()
        except NotFound:
            return _not_good()
        except Refusal as refused:
            form.refuse(refused)
    return _page(asked, form)


def _page(asked: ReportLink, form: Form) -> Response:
    return form.page(
        "referral/links/answer.html",
        asked=asked,
        signing_in=True,
    )


def _not_good() -> Response:
    return make_response(render_template("referral/links/not_good.html", signing_in=True), 404)


def _answered(asked: ReportLink) -> Response:
    html = render_template("referral/links/answered.html", held=asked.held, signing_in=True)
    return make_response(html, 200)


# Internal functions


def _link_request(token: str) -> ReportLink | None:
    """The request behind a link; None for an invalid link, and after too many such attempts from an address."""
    here, now = runtime(), runtime().now()
    secret, address = here.settings.secret_key, request.remote_addr or ""
    with here.desk() as conn:
        attempt = here.new_id()
        wait = begin_attempt(
            conn,
            attempt=attempt,
            username_key=key_of(secret, "link " + address),
            address_key=key_of(secret, "links from " + address),
            now=now,
            limits=LIMITS,
        )
        found = answerable_link(conn, token, now) if wait is None else None
        if found is None:
            return None
        asked = _still_asked(found)
        if asked is None:
            return None
        attempt_succeeded(conn, attempt)
        reader = Viewer(person=found.link, organisation=found.agency, role=LINK_ROLE, today=here.today())
        note_reading(conn, reader, kind="link", ids=[found.pupil], at=now, purpose="disclosed")
        return asked


def _still_asked(link: OneTimeLink) -> ReportLink | None:
    """The reports still waiting; None if there are none, or the agency can no longer see the referral."""
    case = runtime().coordination.batch().state(PUPIL_STREAM, link.pupil)
    held = case.referrals.get(link.referral)
    if held is None:
        return None
    steps = [
        s
        for s in unanswered_reports(held, link.agency)
        if s.version in link.entries
        and case.consents.receives(link.referral, link.agency, held.holder_at(s.version)[0])
    ]
    return ReportLink(link, held, tuple(steps)) if steps else None


def unanswered_reports(held: Referral, agency: UUID) -> Sequence[DatedMilestone]:
    """The reports in the name of an agency that it has not answered, in date order."""
    found = [s for s in held.counting() if s.word == "reported" and s.standing == "said"]
    return sorted(
        (s for s in found if held.holder_at(s.version)[1] == agency), key=lambda s: (s.on, s.version)
    )


def _commands(asked: ReportLink, typed: dict[str, Any]) -> dict[int, Command]:
    """The commands for the answers, by entry."""
    found: dict[int, Command] = {}
    for step in asked.steps:
        answer = typed[f"answer_{step.version}"]
        if answer == LEAVE:
            continue
        about: dict[str, Any] = {
            "occurred_on": runtime().today(),
            "pupil": asked.link.pupil,
            "referral": asked.link.referral,
            "milestone": step.version,
            "link_of": asked.link.school,
            "answered_by": typed["answered_by"],
            "answered_as": typed["answered_as"],
        }
        if answer == RIGHT:
            found[step.version] = ConfirmMilestone(**about)
        else:
            says = {"why": typed[f"why_{step.version}"], "says_on": typed[f"says_on_{step.version}"]}
            found[step.version] = ContestMilestone(**about, **says)
    return found


def _perform(link: OneTimeLink, commands: dict[int, Command]) -> bool:
    """Record the answers, all or none, and use up the link; False if another user was faster. Raises Refusal, and the
    link then stays valid."""
    here = runtime()
    now = here.now()
    with here.desk() as conn:
        if not use_link(conn, link.link, now):
            return False
        here.coordination.perform_all((c, _order(link, entry, now)) for entry, c in commands.items())
    return True


def _order(link: OneTimeLink, entry: int, now: datetime) -> CommandContext:
    """The context of the command for an entry: the link answers in the agency's name."""
    return CommandContext(
        person=link.link,
        organisation=link.agency,
        role=LINK_ROLE,
        source="link",
        command_id=f"link/{link.link}/{entry}",
        recorded_at=now,
    )
