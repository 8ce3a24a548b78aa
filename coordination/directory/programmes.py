"""Programmes of support: dated data of a school or an authority."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.event import Command, OrganisationEvent
from coordination.sensitivity import Operational


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A dated version of a programme. `level`: 1 the whole class, 2 targeted, 3 individual; `needs`: codes of the table
    `need` that it is for; `usual_weeks`: how long it usually lasts."""

    code: str
    name: str
    name_cy: str | None
    level: int
    needs: tuple[str, ...]
    entry_criteria: str
    exit_criteria: str
    usual_weeks: int
    effective_from: date
    effective_to: date | None = None


class ProgrammeSet(OrganisationEvent, frozen=True, kw_only=True):
    """A dated version of a programme of a school or an authority. One with the same first day replaces it; a later one
    follows it."""

    topic = "programme.set"

    code: Operational[str]
    name: Operational[str]
    level: Operational[int]
    needs: Operational[tuple[str, ...]]
    entry_criteria: Operational[str]
    exit_criteria: Operational[str]
    usual_weeks: Operational[int]
    effective_from: Operational[date]
    effective_to: Operational[date | None] = None
    name_cy: Operational[str | None] = None


class SetProgramme(Command, frozen=True, kw_only=True):
    """A programme from a day on; the same first day again replaces that version, for example to end it."""

    organisation: UUID
    code: str
    name: str
    level: int
    entry_criteria: str
    exit_criteria: str
    usual_weeks: int
    effective_from: date
    effective_to: date | None = None
    name_cy: str | None = None
    needs: tuple[str, ...] = ()
