"""The tables of the register."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from projections.table import Table


class RegisterRollTableRow(msgspec.Struct, frozen=True):
    """On the roll of a school from a day until another (None: still)."""

    pupil: UUID
    school: UUID
    from_on: date
    authority: UUID | None
    until: date | None


class RegisterProvisionTableRow(msgspec.Struct, frozen=True):
    """The provision from a day on; empty once the stream is erased."""

    pupil: UUID
    version: int
    from_on: date
    provision: str


class RegisterPlanTableRow(msgspec.Struct, frozen=True):
    """A step of a plan that counts."""

    concern: UUID
    step: str
    on_day: date
    pupil: UUID
    organisation: UUID
    body: str
    ceases: bool
    plan_due: bool


REGISTER_ROLL = Table("register_roll", RegisterRollTableRow, key=3)
REGISTER_PROVISION = Table("register_provision", RegisterProvisionTableRow, key=2, coded=("provision", "''"))
REGISTER_PLAN = Table("register_plan", RegisterPlanTableRow, key=3)
TABLES = (REGISTER_ROLL, REGISTER_PROVISION, REGISTER_PLAN)
