"""What the register says of a pupil on a day, and when the next review is due. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.sensitivity import Coordinates

Plan = Literal["school", "authority", "none"]
"""Who maintains the plan."""
Invited = Literal["child", "parents", "class_teacher", "alnco", "services", "authority", "receiving_school"]
MONTHS = 12
"""A plan is reviewed before the end of so many months (ALN Act s.23); those without a plan are looked at as often, so
that nobody is missed."""
RECEIVING_FROM = 5
"""From this year group on the receiving school is invited to a primary pupil's review; from Year 4 where it was asked
for earlier (Estyn 2020, paragraph 42)."""
PLANS: dict[str, Plan] = {"idp_school": "school", "idp_la": "authority", "statement": "authority"}
"""Who maintains the plan that a code of provision names, where no date of a plan is on record."""
WITHOUT = ("", "no_aln")
"""Provisions of a pupil who is not on the register for it."""


class RegisterLine(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil on the roll of a school on a day. `plan_on`: when the plan was last issued or reviewed, None where its
    day is not on record. `level`: the highest of the support that ran (None: none); `support_review_on`: its next
    review. `provision_from`: since when the provision is on record. `services`: an agency's service was asked for the
    pupil and has not ended. Where the identity is sealed only for who may open it."""

    pupil: UUID
    school: UUID
    year: int | None
    provision: str
    provision_from: date | None
    plan: Plan
    plan_on: date | None
    level: int | None
    support_review_on: date | None
    services: bool
    identity: Coordinates | None = None

    @property
    def on_register(self) -> bool:
        """Whether the pupil has a plan, another provision or support."""
        return self.plan != "none" or self.level is not None or self.provision not in WITHOUT

    @property
    def review_due_on(self) -> date | None:
        """The last day of the next review: of a plan within 12 months, else of the support, else within 12 months of
        when the provision was recorded. None only where there is nothing to review, or no day to count from."""
        if not self.on_register:
            return None
        if self.plan != "none":
            known = self.plan_on or self.provision_from
            return months_after(known, MONTHS) if known is not None else None
        if self.support_review_on is not None:
            return self.support_review_on
        return months_after(self.provision_from, MONTHS) if self.provision_from is not None else None


def months_after(day: date, months: int) -> date:
    """The day so many months later; in a shorter month its last day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def plan_of(
    provision: str, steps: list[tuple[date, str, str, bool]], as_of: date
) -> tuple[Plan, date | None]:
    """Who maintains a plan on a day and when it was last issued or reviewed, from its steps (day, name, body, whether
    it ceases) and, without any, from the provision on record."""
    given = sorted(step for step in steps if step[0] <= as_of and step[1] in ("plan_issued", "plan_reviewed"))
    if not given:
        return PLANS.get(provision, "none"), None
    on, _name, body, ceases = given[-1]
    if ceases:
        return "none", None
    return ("authority" if body == "authority" else "school"), on


def invited_to(entry: RegisterLine, *, primary: bool, earlier: bool = False) -> tuple[Invited, ...]:
    """Who is invited to the pupil's review. `primary`: the pupil is at a primary school; `earlier`: the receiving
    school was asked to come from Year 4 on."""
    found: list[Invited] = ["child", "parents", "class_teacher", "alnco"]
    if entry.services:
        found.append("services")
    if entry.plan == "authority":
        found.append("authority")
    if primary and entry.year is not None and entry.year >= RECEIVING_FROM - earlier:
        found.append("receiving_school")
    return tuple(found)
