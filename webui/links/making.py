"""Making one-time links, listing and revoking them, and giving a code by telephone: for whoever's page it stands on."""

from __future__ import annotations

import secrets
from typing import NamedTuple
from uuid import UUID

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from coordination.calendars import local_date
from coordination.desk.link_proofs import as_digits, make_pin
from coordination.desk.one_time_links import OneTimeLink, good_until, links_about, make_link, revoke_link
from coordination.directory.organisation import Service
from coordination.outbox.message import case_reference
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import organisation_name, service_name


class AboutLink(NamedTuple):
    """What a link for a service is about: the kind of its page, the thing, and the pupil where the thing is of one."""

    kind: str
    thing: UUID
    pupil: UUID | None = None


def make_service_link(about: AboutLink, service: Service, command_id: str) -> str | None:
    """The address of a new link for a service, shown once. None when the same form made it before."""
    here, secret = runtime(), runtime().new_token()
    link = OneTimeLink(
        link=casework.new_id(command_id, "link"),
        kind=about.kind,
        thing=about.thing,
        pupil=about.pupil,
        audience_kind="service",
        audience=service.id,
        organisation=service.agency,
        school=viewer().organisation,
        made_by=viewer().person,
        made_at=here.now(),
        expires_at=good_until(here.now()),
    )
    with here.desk() as conn:
        fresh = make_link(conn, link, secret)
    return url_for("links.page", token=secret, _external=True) if fresh else None


def links_here(thing: UUID) -> list[OneTimeLink]:
    """The links about a thing of the user's school, over or not, the newest first."""
    with runtime().desk() as conn:
        return links_about(conn, thing, viewer().organisation)


def link_here(thing: UUID, link: UUID) -> OneTimeLink | None:
    """A link about a thing of the user's school."""
    return next((one for one in links_here(thing) if one.link == link), None)


def revoke(link: OneTimeLink) -> None:
    """Revoke a link, on the user's word. One that is over stays as it is."""
    with runtime().desk() as conn:
        revoke_link(conn, link.link, viewer().person, runtime().now())


def pin_for(link: OneTimeLink, command_id: str) -> str | None:
    """The code that the user says on the telephone, shown once. None when the link is over, or the same form made it
    before."""
    here = runtime()
    if not link.live(here.now()):
        return None
    digits = as_digits(secrets.randbelow(10**9))
    with here.desk() as conn:
        fresh = make_pin(
            conn,
            casework.new_id(command_id, "pin"),
            link,
            key=here.coordination.record.outer.lookup,
            digits=digits,
            by=viewer().person,
            now=here.now(),
        )
    return digits if fresh else None


def letters(address: str, service: UUID, thing: UUID) -> list[tuple[str, str]]:
    """The text to send with a link, in both languages; it names nobody."""
    until = local_date(good_until(runtime().now()))
    found = []
    for language, locale in (("cy", "cy"), ("en", "en_GB")):
        with force_locale(locale):
            words = _(
                "%(school)s asks for an answer from %(service)s, reference %(reference)s. You do not need an account. "
                "The link works until %(day)s and asks for a code first:",
                school=organisation_name(viewer().organisation),
                service=service_name(service),
                reference=case_reference(thing),
                day=day(until),
            )
            found.append((language, f"{words}\n{address}"))
    return found


def standing(link: OneTimeLink) -> str:
    """The status of a link, in words."""
    if link.used_at is not None:
        return _("Answered on %(day)s", day=day(local_date(link.used_at)))
    if link.revoked_at is not None:
        return _("Cancelled on %(day)s", day=day(local_date(link.revoked_at)))
    until = day(local_date(link.expires_at))
    if link.live(runtime().now()):
        return _("Works until %(day)s", day=until)
    return _("Expired on %(day)s", day=until)
