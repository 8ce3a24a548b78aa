"""What people who have left still have: listed for those who manage a service or a school, and handed over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from coordination.event import Command
from coordination.meeting.commands import NameChair
from coordination.pupil.actions.decide import ReassignAction
from coordination.pupil.actions.events import Owner
from coordination.pupil.referral.decide import AllocateReferral
from projections.case_file.queries.left_behind import HeldByLeaver, held_by_leavers
from webui.forms import Form, FormSchema
from webui.forms.fields import ChoiceField
from webui.pupil.identity import open_identity
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import HANDING_OVER
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import code_words, directory, people_names

blueprint = Blueprint("leavers", __name__)

KINDS = {
    "referral": _l("Referral of %(name)s, opened on %(day)s"),
    "action": _l("Action about %(name)s, agreed on %(day)s"),
    "meeting": _l("Meeting on %(day)s, to chair"),
}


class HandOverSchema(FormSchema):
    """Whose work goes to whom."""

    leaver = ChoiceField(_l("Whose work"), widget="select", says={"missing": _l("Choose who has left")})
    to = ChoiceField(_l("Hand over to"), widget="select", says={"missing": _l("Choose who takes it on")})


class LeaverItem(msgspec.Struct, frozen=True):
    """One thing that is to be handed over, in words, with the page where it is."""

    words: str
    address: str


class LeaverItems(msgspec.Struct, frozen=True):
    """A person who has left, and what they still have."""

    person: UUID
    name: str
    items: tuple[LeaverItem, ...]


@blueprint.route("/leavers", methods=["GET", "POST"], endpoint="page")
@signed_in(*HANDING_OVER)
def page() -> Any:
    """List what people who have left still have, and hand over all that one person has."""
    held, posts = _held(), _in_post()
    leavers = _leavers(held)
    names = people_names(posts)
    form = Form(
        HandOverSchema,
        choices={
            "leaver": [(str(one.person), one.name) for one in leavers],
            "to": sorted(
                ((str(p), f"{names[p]} ({', '.join(roles)})") for p, roles in posts.items()),
                key=lambda one: str(one[1]).casefold(),
            ),
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        leaver, to = UUID(typed["leaver"]), UUID(typed["to"])
        try:
            casework.perform_all(
                [_handed_over(one, to) for one in held if one.person == leaver], form.command_id
            )
        except Refusal as refused:
            form.refuse(refused)
        else:
            flash(_("Everything is handed over."))
            return redirect(url_for("leavers.page"), 303)
    casework.note_shown("leavers", [one.pupil for one in held if one.pupil is not None])
    return form.page("desks/leavers.html", leavers=leavers)


def _in_post() -> dict[UUID, list[str]]:
    """The people with a role at the user's organisation today, with their roles."""
    own = viewer()
    found: dict[UUID, list[str]] = {}
    for appointment in directory().people_of(own.organisation, own.today):
        words = code_words("role", appointment.role)
        roles = found.setdefault(appointment.person, [])
        if words not in roles:
            roles.append(words)
    return found


def _held() -> tuple[HeldByLeaver, ...]:
    own, in_post = directory().organisation(viewer().organisation), _in_post()
    gone = [person for person in (own.people if own else ()) if person not in in_post]
    return held_by_leavers(casework.reader(), viewer(), in_post=in_post, gone=gone)


def _leavers(held: Iterable[HeldByLeaver]) -> list[LeaverItems]:
    rows = list(held)
    opened = casework.open_sealed([one.identity for one in rows])
    names = people_names(one.person for one in rows)
    found: dict[UUID, list[LeaverItem]] = {}
    for one, identity in zip(rows, opened, strict=True):
        child = open_identity(one.pupil, identity).name if one.pupil is not None else ""
        words = str(KINDS[one.kind]) % {"name": child, "day": day(one.since)}
        found.setdefault(one.person, []).append(LeaverItem(words, _address(one)))
    people = [LeaverItems(person, names[person], tuple(items)) for person, items in found.items()]
    return sorted(people, key=lambda one: one.name.casefold())


def _address(one: HeldByLeaver) -> str:
    if one.kind == "meeting":
        return url_for("meetings.page", meeting=one.thing)
    if one.kind == "action":
        return url_for("actions.change", pupil=one.pupil, action=one.thing)
    return url_for("referrals.page", pupil=one.pupil, referral=one.thing)


def _handed_over(one: HeldByLeaver, to: UUID) -> Command:
    """The command that gives one thing to another person. Of a list, `pupil` is set but for meetings."""
    today = runtime().today()
    if one.kind == "meeting" or one.pupil is None:
        return NameChair(occurred_on=today, meeting=one.thing, chair=to)
    if one.kind == "action":
        owner = Owner(organisation=viewer().organisation, service=one.service, person=to)
        return ReassignAction(occurred_on=today, pupil=one.pupil, action=one.thing, owner=owner)
    return AllocateReferral(
        occurred_on=today, pupil=one.pupil, referral=one.thing, person=to, instead_of=one.person
    )
