"""What an authority wants its schools' letters to say: a dated opening and request, in both languages."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import msgspec

from coordination.event import Command, OrganisationEvent
from coordination.sensitivity import Operational

PLACES = frozenset({"service", "agency", "school", "reply_by"})
"""What may stand in braces in a wording: `{service}`."""
SUBJECTS = ("attendance", "delay")

_BRACED = re.compile(r"\{([^{}]*)\}")


class LetterWording(msgspec.Struct, frozen=True, kw_only=True):
    """A dated wording of the letters about a subject (`attendance` or `delay`). `opening` stands before the evidence,
    `request` after it in place of the usual one; an empty text leaves that part as it is."""

    subject: str
    opening: str
    opening_cy: str
    request: str
    request_cy: str
    effective_from: date
    effective_to: date | None = None


class LetterWordingSet(OrganisationEvent, frozen=True, kw_only=True):
    """A dated wording of an authority. One with the same first day replaces it; a later one follows it."""

    topic = "letter_wording.set"

    subject: Operational[str]
    opening: Operational[str]
    opening_cy: Operational[str]
    request: Operational[str]
    request_cy: Operational[str]
    effective_from: Operational[date]
    effective_to: Operational[date | None] = None


class SetLetterWording(Command, frozen=True, kw_only=True):
    """A wording from a day on; the same first day again replaces that version, for example to end it."""

    organisation: UUID
    subject: str
    effective_from: date
    effective_to: date | None = None
    opening: str = ""
    opening_cy: str = ""
    request: str = ""
    request_cy: str = ""


def unknown_places(text: str) -> tuple[str, ...]:
    """What stands in braces and is none of PLACES; a single brace counts as one that is unknown."""
    named = _BRACED.findall(text)
    left = _BRACED.sub("", text)
    return tuple(one for one in named if one not in PLACES) + tuple(one for one in left if one in "{}")


def filled_in(text: str, places: dict[str, str]) -> str:
    """The text with its places filled in; a place without a value is left out."""
    return _BRACED.sub(lambda found: places.get(found[1], ""), text).strip()
