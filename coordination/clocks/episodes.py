"""Who held a referral: its episodes, and in each the services that had it, from which day to which.

Derived from the clear fields of the counting steps, so that erasure changes nothing. A holding begins with the sending
(or, where no sending is on record, the first step that shows it), a redirection, or a new episode; the days until
receipt are the addressee's. A redirection that names no service passes nothing on. Before the first holding the school
has the referral. Between an ending and a reopening that goes on the holding lasts; nobody waits then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.pupil.referral.milestones import rules_of
from coordination.pupil.referral.phase import DatedMilestone, in_order
from coordination.pupil.referral.state import Referral

WaitEnding = Literal[
    "passed_on",
    "declined",
    "advice_given",
    "withdrawn",
    "discharged",
    "place_ended",
    "moved_away",
    "aged_out",
]
"""How a wait ends, other than by its own stop."""
ENDINGS: tuple[WaitEnding, ...] = (
    "passed_on",
    "declined",
    "advice_given",
    "withdrawn",
    "discharged",
    "place_ended",
    "moved_away",
    "aged_out",
)

SHOWS_RECEIPT = frozenset(
    {
        "received",
        "acknowledged",
        "triaged",
        "redirected",
        "opt_in_asked",
        "opt_in_unanswered",
        "waiting_list_reviewed",
        "accepted",
        "information_requested",
        "appointment_offered",
        "panel_decided",
        "place_offered",
    }
)
"""The service's own steps that are no contact and no outcome: where no receipt is recorded, the first of them shows it
on its day."""

_NOT_YET_SENT = frozenset({"decided", "withdrawn", "reopened"})


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """A service has the referral from a day up to another (None: still). `steps` are the places of its steps in the
    order, `first` being the step that began it; `past` the place after the last. `inherits`: the referral was passed
    on to it; `passed_on`: by it to the next, which was its last step."""

    number: int
    service: UUID
    agency: UUID
    from_on: date
    until: date | None
    cause: int
    first: int
    past: int
    inherits: bool
    passed_on: bool = False


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """From the first step, or a reopening that began anew, up to its end (None: it is open). `first` and `past` are
    places in the order of steps; without holdings it was never sent."""

    number: int
    from_on: date
    until: date | None
    first: int
    past: int
    holdings: tuple[Holding, ...]


def ending_of(step: DatedMilestone) -> str:
    """How an ending ends a wait: its own name, or that the child moved away or became too old."""
    return step.ending or step.name


def episodes(referral: Referral, ordered: Sequence[DatedMilestone] | None = None) -> tuple[Episode, ...]:
    """The episodes of a referral in order; none of one that was recorded in error. `ordered`: its counting steps in
    order, where they are known already."""
    steps = in_order(referral.counting()) if ordered is None else ordered
    if any(rules_of(step.name).effect == "voids" for step in steps):
        return ()
    begins = _begins(steps)
    found: list[Episode] = []
    held = _Addressee(referral.services[0], referral.agencies[0], 0)
    for number, first in enumerate(begins):
        past = begins[number + 1] if number + 1 < len(begins) else len(steps)
        until = _until(steps, first, past)
        holdings, held = _holdings(referral, steps, first, past, until, held)
        found.append(
            Episode(
                number=number + 1,
                from_on=steps[first].on,
                until=until,
                first=first,
                past=past,
                holdings=holdings,
            )
        )
    return tuple(found)


class _Addressee(msgspec.Struct, frozen=True):
    """To whom the next sending goes, and how many holdings there were before."""

    service: UUID
    agency: UUID
    holdings: int


def _begins(steps: Sequence[DatedMilestone]) -> list[int]:
    """The places at which an episode begins: the first step, and each reopening after an ending that says so."""
    begins, ended = [0] if steps else [], False
    for place, step in enumerate(steps):
        effect = rules_of(step.name).effect
        if effect == "ends":
            ended = True
        elif effect == "reopens":
            if ended and step.new_episode:
                begins.append(place)
            ended = False
    return begins


def _until(steps: Sequence[DatedMilestone], first: int, past: int) -> date | None:
    """The day of the ending that stands at the end of an episode."""
    until = None
    for step in steps[first:past]:
        effect = rules_of(step.name).effect
        if effect == "ends":
            until = step.on
        elif effect == "reopens":
            until = None
    return until


def _holdings(
    referral: Referral,
    steps: Sequence[DatedMilestone],
    first: int,
    past: int,
    until: date | None,
    to: _Addressee,
) -> tuple[tuple[Holding, ...], _Addressee]:
    """The holdings of an episode, and to whom the referral is addressed after it."""
    found: list[Holding] = []

    def begin(place: int, *, inherits: bool) -> None:
        nonlocal to
        to = msgspec.structs.replace(to, holdings=to.holdings + 1)
        step, agency = steps[place], referral.agency_now(to.service, to.agency)
        found.append(
            Holding(
                number=to.holdings,
                service=to.service,
                agency=agency,
                from_on=step.on,
                until=until,
                cause=step.version,
                first=place,
                past=past,
                inherits=inherits,
            )
        )

    sent_before = to.holdings > 0
    for place in range(first, past):
        step = steps[place]
        if not found and (sent_before or step.name not in _NOT_YET_SENT):
            begin(place, inherits=False)
        if step.to_service is not None and step.to_agency is not None:
            found[-1] = msgspec.structs.replace(found[-1], until=step.on, past=place + 1, passed_on=True)
            to = _Addressee(step.to_service, step.to_agency, to.holdings)
            begin(place, inherits=True)
    return tuple(found), to


def receipts(steps: Sequence[DatedMilestone], holding: Holding) -> frozenset[int]:
    """The places of the steps that are, or show, the receipt by the holder: each `received`; in a part (up to the next
    reopening) without one, the first own step that is no contact or outcome. A new episode that the holder itself
    opened was with it at once."""
    found: set[int] = set()
    shown: int | None = None
    recorded = False
    start = holding.first + 1 if holding.inherits else holding.first
    for place in range(start, holding.past):
        step = steps[place]
        if step.name == "reopened":
            if shown is not None and not recorded:
                found.add(shown)
            shown, recorded = None, False
            if place == holding.first and step.said_by == holding.agency:
                shown = place
        elif step.name == "received":
            recorded = True
            found.add(place)
        elif shown is None and step.name in SHOWS_RECEIPT:
            shown = place
    if shown is not None and not recorded:
        found.add(shown)
    return frozenset(found)


def first_own_step(steps: Sequence[DatedMilestone], holding: Holding) -> int | None:
    """The place of the first step that only the holder can say; a new episode that it opened itself counts."""
    start = holding.first + 1 if holding.inherits else holding.first
    for place in range(start, holding.past):
        step = steps[place]
        opened = place == holding.first and step.name == "reopened" and step.said_by == holding.agency
        if opened or rules_of(step.name).said_by == "agency":
            return place
    return None
