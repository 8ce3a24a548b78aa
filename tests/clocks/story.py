"""Referrals, standards and terms in a few words, for the tests of the clocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from coordination.clocks import Wait, waits_of
from coordination.directory.organisation import Organisation, SchoolTerm, Service, Standard
from coordination.directory.state import Directory
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.phase import DatedMilestone
from coordination.pupil.referral.state import Interval, Referral

DAY0 = date(2025, 2, 3)
"""A Monday."""

SCHOOL = UUID(int=0x5C)
SERVICES = {name: UUID(int=number) for number, name in enumerate("ABC", 1)}
AGENCIES = {name: UUID(int=0x100 + number) for number, name in enumerate("ABC", 1)}
NAMES = {id: name for name, id in SERVICES.items()}


def day(number: int) -> date:
    return DAY0 + timedelta(days=number)


def standard(service: str = "A", **changed: Any) -> Standard:
    """28 days from receipt to the first contact."""
    usual: dict[str, Any] = {
        "code": f"std-{service}",
        "service": SERVICES[service],
        "start": "received",
        "stop": "first_contact",
        "limit": 28,
        "unit": "calendar_days",
        "target_percent": 80,
        "bands": (28, 56),
        "legal_route": None,
        "effective_from": date(2020, 1, 1),
        "effective_to": None,
        "source": "test",
    }
    return Standard(**{**usual, **changed})


def directory(*standards: Standard, terms: Iterable[SchoolTerm] = ()) -> Directory:
    """Services A, B and C, each of an agency of its own, with these standards; a school with these terms."""
    found = [Organisation(id=SCHOOL, kind="school", code="6990001", school_terms=tuple(terms))]
    for name, id in SERVICES.items():
        by_code: dict[tuple[UUID, str], tuple[Standard, ...]] = {}
        for one in (s for s in standards if s.service == id):
            versions = (*by_code.get((id, one.code), ()), one)
            by_code[id, one.code] = tuple(sorted(versions, key=lambda v: v.effective_from))
        service = Service(
            id=id, code=name, agency=AGENCIES[name], profession="camhs", open_from=date(2000, 1, 1)
        )
        found.append(
            Organisation(
                id=AGENCIES[name], kind="agency", code=f"X{name}", services={id: service}, standards=by_code
            )
        )
    return Directory.of(found)


def step(name: str, on: int, version: int, **more: Any) -> DatedMilestone:
    """A step; `to` is the service to which it passes the referral on, `by` whose word it is."""
    if "to" in more:
        to = more.pop("to")
        more |= {"to_service": SERVICES[to], "to_agency": AGENCIES[to]}
    if "by" in more:
        more["said_by"] = AGENCIES[more.pop("by")]
    return DatedMilestone(name, day(on), version, **more)


def referral(
    *said: tuple[Any, ...], to: str = "A", legal_route: str = "service_request", unavailable: Any = ()
) -> Referral:
    """A referral to a service with steps of (name, day) or (name, day, more)."""
    steps = [
        step(s[0], s[1], version, **(dict(s[2]) if len(s) > 2 else {})) for version, s in enumerate(said, 2)
    ]
    return with_steps(steps, to=to, legal_route=legal_route, unavailable=unavailable)


def with_steps(
    steps: Iterable[DatedMilestone],
    *,
    to: str = "A",
    legal_route: str = "service_request",
    unavailable: Iterable[Interval] = (),
) -> Referral:
    held = tuple(steps)
    return Referral(
        referral=UUID(int=0xAF),
        school=SCHOOL,
        service=SERVICES[to],
        agency=AGENCIES[to],
        legal_route=legal_route,
        basis="school_referral",
        priority="routine",
        immediate_risk=False,
        opened_on=min((s.on for s in held), default=DAY0),
        last_version=len(held) + 1,
        first_priority="routine",
        agencies=(AGENCIES[to],),
        services=(SERVICES[to],),
        steps=held,
        unavailable=tuple(unavailable),
    )


def waits(
    held: Referral, known: Directory, code: str | None = None, off_roll: Iterable[OffRoll] = ()
) -> list[Wait]:
    """The waits of a referral, of one standard or of all."""
    return [w for w in waits_of(held, known, off_roll) if code in (None, w.standard)]


def told(found: Iterable[Wait]) -> list[tuple[Any, ...]]:
    """Waits in short: the service, when the clock started and this part began, when and how it ended (in days)."""

    def short(on: date | None) -> int | None:
        return None if on is None else (on - DAY0).days

    return [
        (NAMES[w.service], short(w.start_on), short(w.begins_on), short(w.end_on), w.ending) for w in found
    ]
