"""Decisions that need one stream: the case file of a pupil."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from coordination.event import Command, Event, Header
from coordination.pupil.casefile import CaseFile
from coordination.world import World

C = TypeVar("C", bound=Command)

# What the service calls: the states of the command's streams, the command, the header, the world.
Decide = Callable[..., list[Event]]


def for_case_file(
    command: type[C], decide: Callable[[CaseFile, C, Header, World], list[Event]]
) -> tuple[type[Command], Decide]:
    """A decision under its command; a decision about another command or another stream does not type-check."""
    return command, decide
