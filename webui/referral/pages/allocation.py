"""Allocation of one referral to a person of the agency that holds it, from the referral's own page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound, Refusal
from coordination.pupil.referral.decide import AllocateReferral
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.referral.allocation import ALLOCATES, person_of, uuid_of
from webui.referral.pages import referrals
from webui.referral.reading import open_referral_page
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer

blueprint = Blueprint("allocation", __name__)


@blueprint.post("/pupils/<uuid:pupil>/referrals/<uuid:referral>/allocate")
@signed_in(*ALLOCATES)
def allocate(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Allocate the referral or remove its allocation. `was` is the person it was allocated to when the page was
    shown."""
    opened = open_referral_page(pupil, referral, note=False)
    form = Form(NothingSchema, seen=opened.file.referral.last_version)
    form.take(request.form)
    code, was = request.form.get("person", ""), request.form.get("was", "")
    if not code:
        form.say(_("Choose a person."))
        return referrals.show(opened, form)
    command = AllocateReferral(
        occurred_on=viewer().today,
        pupil=pupil,
        referral=referral,
        person=person_of(code),
        instead_of=uuid_of(was) if was else None,
    )
    try:
        casework.perform(command, form.command_id)
    except NotFound:
        raise
    except Refusal as refused:
        form.refuse(refused)
        return referrals.show(open_referral_page(pupil, referral, note=False), form)
    flash(_("Allocated.") if command.person else _("The allocation is removed."))
    return redirect(url_for("referrals.page", pupil=pupil, referral=referral), 303)
