"""On whose word an answer by a one-time link is recorded: said with every event that a service can record by a link."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from coordination.decisions import AddressedEvent
from coordination.event import CommandContext
from coordination.guards import require_words
from coordination.sensitivity import SEALED

SEALED_WORDS = ("answered_by", "answered_as")

LINKED_ROLES = frozenset({"clinician"})
"""As whom a service answers by a link. A family has its own events, which name the contact."""


def with_given_word(decided: Sequence[AddressedEvent], order: CommandContext) -> list[AddressedEvent]:
    """The events with the name and job of who answered; None for those that did not come by a link. Raises Refusal
    `cannot_be_empty` for an answer by a link of a service without them."""
    said: dict[str, object] = dict.fromkeys(SEALED_WORDS)
    if order.source == "link" and order.role in LINKED_ROLES:
        word = order.word
        said = {name: require_words(getattr(word, name, None), name) for name in SEALED_WORDS}
        said["link_of"] = word.link_of if word else None
    found = []
    for stream, event in decided:
        open_still = {n: v for n, v in said.items() if getattr(event, n, v) in (SEALED, None)}
        told = {name: value for name, value in open_still.items() if name in event.__struct_fields__}
        found.append(AddressedEvent(stream, msgspec.structs.replace(event, **told) if told else event))
    return found
