"""Who may write a one-page profile: the school that has the pupil on its roll, or the authority of a child on no roll.

For anyone else the pupil does not exist (NotFound)."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args
from uuid import UUID

from coordination.authority import require_not_in_future
from coordination.decisions import Decision, decides
from coordination.errors import Refusal
from coordination.event import Command, Header
from coordination.guards import require_words
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.holders import require_holder
from coordination.pupil.one_page_profile.events import (
    AnyOnePageProfileEvent,
    Occasion,
    OnePageProfileWritten,
)
from coordination.pupil.profile.decisions.checks import require_known_code
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

LONGEST_PART = 1200
"""Letters under one heading at most, so that the profile stays on one page."""


class WriteOnePageProfile(Command, frozen=True, kw_only=True):
    """`occurred_on` is the day on which it was written; `profile` a new random id."""

    pupil: UUID
    profile: UUID
    occasion: Occasion
    language: str
    with_child: bool
    important: str
    admired: str
    support: str


def decide_write(
    case: CaseFile, command: WriteOnePageProfile, header: Header, world: World
) -> list[AnyOnePageProfileEvent]:
    """Refuses `unknown_occasion`, `unknown_code` for the language, `cannot_be_empty` and `profile_too_long` for a part,
    and `profile_already_written` for an id that was used."""
    by = require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if command.profile in case.one_page_profiles.written:
        raise Refusal("profile_already_written", "profile")
    if command.occasion not in get_args(Occasion):
        raise Refusal("unknown_occasion", "occasion")
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    return [
        OnePageProfileWritten(
            header=header,
            profile=command.profile,
            by=by,
            occasion=command.occasion,
            language=command.language,
            with_child=command.with_child,
            important=_part(command.important, "important"),
            admired=_part(command.admired, "admired"),
            support=_part(command.support, "support"),
        )
    ]


def _part(typed: str, field: str) -> str:
    words = require_words(typed, field)
    if len(words) > LONGEST_PART:
        raise Refusal("profile_too_long", field, most=LONGEST_PART)
    return words


DECISIONS: dict[type[Command], Decision] = dict([decides(WriteOnePageProfile, decide_write, PUPIL_STREAM)])
