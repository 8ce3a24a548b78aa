"""A message that waits to be sent: ids, the rule it came from and the event; no address and no text."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec

RecipientKind = Literal["service", "organisation", "person", "contact", "young_person"]
"""A service (its mailbox), a school or authority (its mailbox, or the people who coordinate there), one person with
an account; a contact of a pupil or the young person (then the pupil's id), who answer by a link."""

Subject = Literal[
    "referral",
    "meeting",
    "challenge",
    "action",
    "file_request",
    "advice",
    "account",
    "link_code",
    "family",
    "family_card",
]
"""What the message is about, and so where its link leads."""

NOT_TOLD = frozenset({"import", "command_line", "demonstration"})
"""History that is taken in today, and fiction, tell nobody anything."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What one recipient is told of one event. `rule` is a code with its words in `webui.words.messages`; `service`
    (for a family: the school that asks) and `detail` (a milestone) are what the words name. `thing` is the id of the
    subject. `urgent`: never held back.
    `once`: at most one for the thing, whatever number of events it follows from."""

    rule: str
    recipient_kind: RecipientKind
    recipient: UUID
    subject: Subject
    thing: UUID
    service: UUID | None = None
    detail: str = ""
    urgent: bool = False
    once: bool = False


class QueuedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message with the event that caused it: its stream and its version there. `pupil` is the pupil's stream where
    the event is on one: an erasure takes the message with it. `school`: on whose behalf it goes."""

    message: Message
    stream: UUID
    version: int
    pupil: UUID | None
    created_at: datetime
    school: UUID | None = None

    @property
    def id(self) -> UUID:
        """Always the same for the same event, recipient and rule: a message that is sent twice can be recognised."""
        told = self.message
        return uuid5(NAMESPACE_OID, f"{self.stream} {self.version} {told.rule} {told.recipient}")


def code_message(code: UUID, recipient_kind: RecipientKind, recipient: UUID, now: datetime) -> QueuedMessage:
    """The message with a code that opens one-time links. The code itself is made when the message is made."""
    told = Message(
        rule="link_code",
        recipient_kind=recipient_kind,
        recipient=recipient,
        subject="link_code",
        thing=code,
        urgent=True,
    )
    return QueuedMessage(message=told, stream=code, version=0, pupil=None, created_at=now)


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")


def reference_range(typed: str) -> tuple[UUID, UUID] | None:
    """The first and last id with a reference that somebody typed, with or without its dash; None for other text.
    Letters that were taken for digits are read as those."""
    text = typed.strip().upper().replace("-", "").replace(" ", "").translate(_MISREAD)
    if len(text) != 8 or any(letter not in _ALPHABET for letter in text):
        return None
    number = 0
    for letter in text:
        number = number << 5 | _ALPHABET.index(letter)
    return UUID(int=number << 88), UUID(int=(number + 1 << 88) - 1)


def case_reference(thing: UUID) -> str:
    """The reference under which both sides find a referral, meeting or challenge on their pages: eight characters of
    its random id, without letters that are taken for digits. It tells nothing of anybody."""
    number = thing.int >> 88
    text = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{text[:4]}-{text[4:]}"
