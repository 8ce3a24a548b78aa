"""Series of meetings: dated data of the school or authority whose meetings they are.

A series is on its host's stream because it is rare: a school has a handful, and each changes about once a year. The
meetings themselves, their invitations and answers are frequent and are on streams of their own.
"""

from __future__ import annotations

from datetime import date, time
from typing import Literal
from uuid import UUID

import msgspec

from coordination.event import Command, OrganisationEvent
from coordination.sensitivity import Operational

SeatPart = Literal["parents", "pupil", "gp", "police", "interpreter"]
"""Whom a seat is for that no account and no service stands for; who it is in person stands nowhere."""
Every = Literal["week", "fortnight", "month", "term"]


class Rhythm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a series meets; times are local. `weekday`: 0 is Monday. `week`: of a month, its first to fourth such
    weekday, or 5 the last; of a term, its first such weekday, its second and so on; else it has no meaning."""

    every: Every
    weekday: int
    starts_at: time
    ends_at: time
    week: int = 1


class SeriesMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member: a service, a named person, another organisation as a whole, or a seat. `substitutes` are people of the
    member's own organisation who may come instead."""

    organisation: UUID
    service: UUID | None = None
    person: UUID | None = None
    part: SeatPart | None = None
    substitutes: tuple[UUID, ...] = ()


class MeetingSeries(msgspec.Struct, frozen=True, kw_only=True):
    """A dated version of a series. `school`: the school that its meetings are about, where the host is another.
    `notice_working_days` is when the host invites at the latest, `papers_working_days` when it sends the papers; what
    a service requires itself is in its terms of reference."""

    series: UUID
    kind: str
    name: str
    rhythm: Rhythm
    members: tuple[SeriesMember, ...]
    effective_from: date
    effective_to: date | None = None
    school: UUID | None = None
    quorum: int | None = None
    notice_working_days: int = 10
    papers_working_days: int = 5


class MeetingSeriesSet(OrganisationEvent, frozen=True, kw_only=True):
    """A dated version of a series of meetings; one with the same first day replaces it. `name` is that of the series,
    as an office has it on its door."""

    topic = "meeting_series.set"

    series: Operational[UUID]
    kind: Operational[str]
    name: Operational[str]
    rhythm: Operational[Rhythm]
    members: Operational[tuple[SeriesMember, ...]]
    effective_from: Operational[date]
    effective_to: Operational[date | None] = None
    school: Operational[UUID | None] = None
    quorum: Operational[int | None] = None
    notice_working_days: Operational[int] = 10
    papers_working_days: Operational[int] = 5


class SetMeetingSeries(Command, frozen=True, kw_only=True):
    """A series from a day on; the same first day again replaces that version, for example to end it. `organisation` is
    the host."""

    organisation: UUID
    series: UUID
    kind: str
    name: str
    rhythm: Rhythm
    members: tuple[SeriesMember, ...]
    effective_from: date
    effective_to: date | None = None
    school: UUID | None = None
    quorum: int | None = None
    notice_working_days: int = 10
    papers_working_days: int = 5
