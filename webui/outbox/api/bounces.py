"""Notices that mail did not arrive, from an organisation's own mail system."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.desk.outbox import mark_bounced, recipients_of_mail
from coordination.errors import NotFound, Refusal
from coordination.outbox.bounce import Bounce, read_bounce
from webui.api.bearer import current_token
from webui.api.reading import ClosedSchema
from webui.api.resource import RecordingResult, RecordRequest, Resource
from webui.forms.fields import ChoiceField, LongTextField, TextField
from webui.shell.runtime import runtime
from webui.words.naming import directory

bounces = Resource(
    "bounces",
    "Notices that a message to your organisation, its services or its people did not arrive: as your mail system "
    "received it (RFC 3464), or by the Message-ID. An authority, which runs the mail for others, may tell of any "
    "message. The message is then shown as one that did not arrive, and is not tried again by itself.",
)
LONGEST = 200_000
PROBLEMS = (("mailbox_gone", "mailbox_gone"), ("bounced", "bounced"))


class BounceBody(ClosedSchema):
    """Either `notice`, or `message_id` with `problem`."""

    notice = LongTextField(
        "The whole notice as received: a multipart/report with its headers", longest=LONGEST, required=False
    )
    message_id = TextField("The Message-ID of the mail that came back", longest=300, required=False)
    problem = ChoiceField(
        "The address does not exist any more (mailbox_gone), or anything else that is for good (bounced)",
        choices=PROBLEMS,
        required=False,
    )


@bounces.records("/bounces", scope="bounces:write", takes=BounceBody, makes=("mail",))
def tell(typed: dict[str, Any], _asked: RecordRequest) -> RecordingResult:
    """Tell that a mail did not arrive. Telling of the same mail again changes nothing. A mail that is not known, or
    went to somebody else's organisation, is a 404."""
    found = _bounce(typed)
    now, token = runtime().now(), current_token()
    with runtime().desk() as desk:
        told = recipients_of_mail(desk, found.mail, now)
        if not told or not _may_tell(token.organisation, token.services, told):
            raise NotFound
        mark_bounced(desk, found.mail, found.problem, now)
    return RecordingResult({"mail": found.mail}, "/bounces")


def _bounce(typed: dict[str, Any]) -> Bounce:
    """Raises Refusal `not_a_bounce` for a notice of a delay, or any other mail."""
    if typed["notice"]:
        found = read_bounce(typed["notice"].encode())
        if found is None:
            raise Refusal("not_a_bounce", "notice")
        return found
    try:
        mail = UUID(str(typed["message_id"] or "").strip().strip("<>").partition("@")[0])
    except ValueError:
        raise Refusal("not_a_bounce", "message_id") from None
    return Bounce(mail, typed["problem"] or "bounced")


def _may_tell(organisation: UUID, services: tuple[UUID, ...] | None, told: set[UUID]) -> bool:
    """Whether all recipients are the organisation's own; an authority runs the mail for all."""
    known = directory()
    own = known.organisation(organisation)
    if own is not None and own.kind == "authority":
        return True
    of_agency = {one.id for one in known.services_of(organisation)}
    people = {one.person for one in known.people_of(organisation, runtime().today())}
    allowed = (of_agency & set(services)) if services else of_agency | people | {organisation}
    return told <= allowed
