"""One-time links with which people at a service answer without an account, made and revoked by a school's system."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from coordination.desk.one_time_links import OneTimeLink, link_of_id, links_of_school, revoke_link
from coordination.errors import NotFound, Refusal
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField
from webui.api.resource import RecordingResult, RecordRequest, Resource, ResourceRows, ResourceView
from webui.challenge.links import may_have_links
from webui.challenge.reading import find_challenge
from webui.forms.fields import ChoiceField
from webui.links.making import AboutLink, make_service_link
from webui.meeting.reading import open_meeting
from webui.referral.api.referrals import find_referral
from webui.referral.links import services_with_links
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

links = Resource(
    "links",
    "One-time links with which somebody at a service answers a referral, an invitation or a challenge without an "
    "account. A link is good for 28 days and asks for a second proof before it shows anything about a child: a code to "
    "the registered mailbox, or one told by telephone. Schools make them; a service without accounts gets one with "
    "each message by itself.",
)
ONE = "/links/<uuid:link>"
LISTED_FOR = timedelta(days=400)
ABOUT = ("referral", "meeting", "challenge")


class LinksQuery(ClosedSchema):
    """Filters for the list."""

    thing = IdField("Only about this referral, meeting or challenge", required=False)


class LinkBody(ClosedSchema):
    """A link to make."""

    about = ChoiceField("What it is about", choices=[(kind, kind) for kind in ABOUT])
    thing = IdField("The referral, meeting or challenge")
    service = IdField("The service that answers")


class OneTimeLinkSchema(Schema):
    """A link without its address. `standing`: `good`, `used`, `revoked` or `expired`. `made_by` null: it went with a
    message."""

    class Meta(Schema.Meta):
        include = fields_of(
            OneTimeLink,
            *("link", "thing", "made_by", "made_at", "expires_at", "revoked_at", "used_at"),
        )

    about = fields.String(required=True)
    service = fields.UUID(required=True)
    standing = fields.String(required=True)


@links.lists("/links", scope="links:read", query=LinksQuery, answers=OneTimeLinkSchema)
def list_links(query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the links for services of the last 400 days, made by your school or sent for it, the newest first."""
    since = runtime().now() - LISTED_FOR
    with runtime().desk() as desk:
        found = links_of_school(
            desk, viewer().organisation, since, UUID(query["thing"]) if query["thing"] else None
        )
    rows = [_out(one) for one in found]
    return ResourceRows(rows[page.first : page.past], len(rows))


@links.shows(ONE, scope="links:read", answers=OneTimeLinkSchema, tagged=False)
def show_link(link: UUID) -> ResourceView:
    """Show a link. Its address is in the first answer to the request that made it, and nowhere else."""
    return ResourceView(_out(_own(link)))


@links.records("/links", scope="links:write", takes=LinkBody, makes=("link",), once=("address",))
def make(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Make a link. Its `address` is in the first answer only."""
    about, services = _about(typed["about"], UUID(typed["thing"]))
    service = directory().service(UUID(typed["service"]))
    if service is None or service.id not in services:
        raise Refusal("service_without_part", "service")
    address = make_service_link(about, service, asked.command_id)
    key = asked.new_id("link")
    return RecordingResult({"link": key}, f"/links/{key}", once={"address": address} if address else {})


@links.removes(ONE, scope="links:write")
def revoke(link: UUID) -> None:
    """Revoke a link. One that is over stays as it is."""
    found = _own(link)
    with runtime().desk() as desk:
        revoke_link(desk, found.link, viewer().person, runtime().now())


def _about(kind: str, thing: UUID) -> tuple[AboutLink, Iterable[UUID]]:
    """What a link is about, and the services that can have one. Raises NotFound for what is not the school's."""
    match kind:
        case "referral":
            opened = find_referral(thing)
            sent = opened.at_school and opened.sent
            return AboutLink(kind, thing, opened.pupil), services_with_links(opened) if sent else ()
        case "meeting":
            held = open_meeting(thing)
            invited = [one.service for one in held.found.seats if one.service and one.invited_on]
            return AboutLink(kind, thing), invited if held.brief.school == viewer().organisation else ()
        case _:
            challenge = find_challenge(thing)
            own = challenge.challenge.school == viewer().organisation
            of = [challenge.challenge.service] if own and may_have_links(challenge) else []
            return AboutLink(kind, thing), of


def _own(link: UUID) -> OneTimeLink:
    with runtime().desk() as desk:
        found = link_of_id(desk, link)
    if found is None or found.school != viewer().organisation or found.audience_kind != "service":
        raise NotFound
    return found


def _out(link: OneTimeLink) -> dict[str, Any]:
    named = {name: getattr(link, name) for name in OneTimeLink.__struct_fields__}
    return named | {"about": link.kind, "service": link.audience, "standing": _standing(link)}


def _standing(link: OneTimeLink) -> str:
    if link.revoked_at is not None:
        return "revoked"
    if link.used_at is not None:
        return "used"
    return "good" if link.live(runtime().now()) else "expired"
