"""Messages to a pupil's family and about its answers: decided by rules, and asked for by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from coordination.authority import acting_organisation
from coordination.event import Event
from coordination.outbox.message import Message, QueuedMessage
from coordination.permissions import FAMILY_ROLE
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.events import ConsentRequested
from coordination.pupil.family.receiving import reason_not_to_send

FAMILY_ASKED, FAMILY_CARD, FAMILY_ANSWERED = "family_asked", "family_card", "family_answered"


def about_family(event: Event, case: CaseFile, pupil: UUID) -> Iterator[Message]:
    """A contact is told that the school asks them online: never of a restricted or bereaved family, nor who may not
    have it for another reason. Whether the pupil is looked after is sealed, and asked when the message is sent. The
    school is told of what a family answers by its link."""
    if event.header.role == FAMILY_ROLE:
        yield Message(
            rule=FAMILY_ANSWERED,
            recipient_kind="organisation",
            recipient=acting_organisation(event.header),
            subject="family",
            thing=pupil,
        )
    elif isinstance(event, ConsentRequested) and event.route == "online" and event.contact is not None:
        contact = event.contact
        barred = reason_not_to_send(
            case,
            contact,
            sender=acting_organisation(event.header),
            on=event.header.occurred_on,
            looked_after=lambda: contact in (case.family.recipients or ()),
        )
        if barred is None:
            yield family_told(FAMILY_ASKED, pupil, contact, acting_organisation(event.header))


def family_told(rule: str, pupil: UUID, contact: UUID, school: UUID) -> Message:
    """What a contact of a pupil is told by a school. Whether they may receive it is asked again when it is sent."""
    return Message(
        rule=rule,
        recipient_kind="contact",
        recipient=contact,
        subject="family_card" if rule == FAMILY_CARD else "family",
        thing=pupil,
        service=school,
    )


def family_message(message: UUID, pupil: UUID, contact: UUID, school: UUID, now: datetime) -> QueuedMessage:
    """A link that a school sends by hand. `message` is its own id, so that pressing twice sends once."""
    return QueuedMessage(
        message=family_told(FAMILY_ASKED, pupil, contact, school),
        stream=message,
        version=0,
        pupil=pupil,
        created_at=now,
        school=school,
    )


def card_message(
    card: UUID, number: int, pupil: UUID, contact: UUID, school: UUID, now: datetime
) -> QueuedMessage:
    """The card "Whose turn is it?" for the `number`th time."""
    return QueuedMessage(
        message=family_told(FAMILY_CARD, pupil, contact, school),
        stream=card,
        version=number,
        pupil=pupil,
        created_at=now,
        school=school,
    )
