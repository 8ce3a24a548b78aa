"""Which steps of a challenge are open to each side."""

from __future__ import annotations

from typing import Literal

import msgspec

from coordination.challenge.state import WITH_THE_AGENCY

Side = Literal["school", "head", "agency", "ruler"]
"""The school's staff, its head teacher, the agency that is challenged, a person of neither party who may rule."""


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """How far a challenge has come.

    `answered`: a reply is on the record; `overdue`: the day for it has passed. `still_met`: the evidence still meets
    the rule, as disputes and rulings leave it. `lines_to_dispute`: lines that are not disputed yet. `rulers_to_ask`:
    people of neither party who are not asked yet.
    """

    phase: str
    closed: bool
    answered: bool
    overdue: bool
    still_met: bool
    next_level: str | None
    open_disputes: bool
    lines_to_dispute: bool
    rulers_to_ask: bool


def open_steps(about: OpenQuestion, side: Side) -> list[str]:
    """The steps that a side may take now, the usual one first."""
    if about.closed:
        return []
    if side == "ruler":
        return ["rule"] if about.open_disputes else []
    asking = ["name_ruler"] if about.open_disputes and about.rulers_to_ask else []
    if side == "agency":
        return [*_of_the_agency(about), *asking]
    return [*_of_the_school(about, side), *asking]


def _of_the_agency(about: OpenQuestion) -> list[str]:
    if about.phase not in WITH_THE_AGENCY:
        return []
    steps = ["acknowledge"] if about.phase == "sent" else []
    steps.append("reply")
    if about.lines_to_dispute:
        steps.append("dispute")
    return [*steps, "promise"]


def _of_the_school(about: OpenQuestion, side: Side) -> list[str]:
    steps: list[str] = []
    settled = not about.open_disputes
    if about.phase == "raised" and side == "head":
        steps += ["approve", "decline"]
    if about.phase == "approved":
        steps.append("send")
    if about.phase == "raised" or (about.phase == "approved" and side == "head"):
        steps.append("word")
    if about.phase in WITH_THE_AGENCY:
        if settled and about.answered:
            steps.append("resolve")
        steps += ["report_reply", "promise"]
        if settled and not about.answered:
            steps.append("resolve")
        if settled and about.next_level and about.still_met and (about.answered or about.overdue):
            steps.append("escalate")
    # a withdrawn challenge leaves no one to rule on an open dispute
    return [*steps, *(["withdraw"] if settled else []), "bypass"]
