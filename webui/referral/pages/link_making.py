"""Links with which an agency without an account answers what the school reported in its name: created, shown once,
revoked. The service itself sends nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from coordination.calendars import local_date
from coordination.desk.links import DAYS, OneTimeLink, create_link, links_of, revoke_link
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.referral.pages.links import unanswered_reports
from webui.referral.pages.referrals import LINK_MAKERS
from webui.referral.reading import OpenedReferral, open_referral_page
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import organisation_name, people_names, service_name

blueprint = Blueprint(
    "link_making", __name__, url_prefix="/pupils/<uuid:pupil>/referrals/<uuid:referral>/link"
)


@blueprint.route("", methods=["GET", "POST"])
@signed_in(*LINK_MAKERS)
def page(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Show the entries waiting for the agency's answer, the existing links, and the form for a new one."""
    opened = open_referral_page(pupil, referral, note=request.method == "GET")
    form = Form(NothingSchema, seen=opened.file.referral.last_version)
    if request.method == "GET":
        return _page(opened, form)
    form.take(request.form)
    secret = _made(opened, form)
    if secret is None:
        return _page(opened, form)
    address = url_for("links.page", token=secret, _external=True)
    return _page(opened, form, address=address, letters=_letters(opened, address))


@blueprint.post("/<uuid:link>/revoke")
@signed_in(*LINK_MAKERS)
def revoke(pupil: UUID, referral: UUID, link: UUID) -> ResponseReturnValue:
    """Revoke a link; 404 if it does not exist or belongs to another school."""
    opened = open_referral_page(pupil, referral, note=False)
    with runtime().desk() as conn:
        known = [one.link for one in links_of(conn, opened.referral, viewer().organisation)]
        if link not in known:
            abort(404)
        revoke_link(conn, link, opened.referral, viewer().organisation, runtime().now())
    flash(_("The link is cancelled. Anyone who opens it is told only that it does not work."))
    return redirect(url_for("link_making.page", pupil=pupil, referral=referral), 303)


def _made(opened: OpenedReferral, form: Form) -> str | None:
    """The secret of a new link for the entries that the agency has not answered; None if the form is refused."""
    asked = _reports_to_answer(opened)
    if asked is None:
        form.say(_("The agency has no reports of yours to confirm."))
        return None
    agency, entries = asked
    secret = runtime().new_token()
    with runtime().desk() as conn:
        fresh = create_link(
            conn,
            link=casework.new_id(form.command_id, "link"),
            secret=secret,
            pupil=opened.pupil,
            referral=opened.referral,
            agency=agency,
            school=viewer().organisation,
            entries=entries,
            made_by=viewer().person,
            now=runtime().now(),
        )
    if not fresh:
        form.command_id = str(runtime().new_id())
        form.say(
            _("This link was already created and is shown only once. Create another, and cancel the first.")
        )
        return None
    return secret


def _reports_to_answer(opened: OpenedReferral) -> tuple[UUID, list[int]] | None:
    """The agency whose answer is needed, and the entries; if there are several agencies, the current holder, else the
    last one."""
    held = opened.held
    for agency in (held.agency, *reversed(held.agencies)):
        steps = unanswered_reports(held, agency)
        if steps:
            return agency, [step.version for step in steps]
    return None


def _letters(opened: OpenedReferral, address: str) -> list[tuple[str, str]]:
    """The text to send with the link, in both languages; it does not name the pupil."""
    until = runtime().today().toordinal() + DAYS
    found = []
    for language, locale in (("cy", "cy"), ("en", "en_GB")):
        with force_locale(locale):
            words = _(
                "We recorded what you told us about a referral to %(service)s. Please tell us by %(day)s "
                "whether it is right. The link works once, and you do not need an account:",
                service=service_name(opened.held.service),
                day=day(local_date(runtime().now()).fromordinal(until)),
            )
            found.append((language, f"{words}\n{address}\n{organisation_name(viewer().organisation)}"))
    return found


def _page(opened: OpenedReferral, form: Form, **more: Any) -> ResponseReturnValue:
    with runtime().desk() as conn:
        made = links_of(conn, opened.referral, viewer().organisation)
    asked = _reports_to_answer(opened)
    agency = asked[0] if asked else opened.held.agency
    return form.page(
        "referral/links/make.html",
        opened=opened,
        agency=agency,
        steps=unanswered_reports(opened.held, agency),
        links=made,
        names=people_names(link.made_by for link in made),
        standing=lambda link: _standing(link),
        live=lambda link: link.live(runtime().now()),
        new_id=runtime().new_id,
        days=DAYS,
        log_position=opened.file.position,
        **more,
    )


def _standing(link: OneTimeLink) -> str:
    """The status of a link, in words."""
    if link.used_at is not None:
        return _("Answered on %(day)s", day=day(local_date(link.used_at)))
    if link.revoked_at is not None:
        return _("Cancelled on %(day)s", day=day(local_date(link.revoked_at)))
    until = day(local_date(link.expires_at))
    return (
        _("Works until %(day)s", day=until)
        if link.live(runtime().now())
        else _("Expired on %(day)s", day=until)
    )
