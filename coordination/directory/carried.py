"""What a service takes with it when it moves to another agency, as its event stores it."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

OnTransfer = Literal["continues", "restarts"]
"""What becomes of a clock that runs when a referral is passed on to the service: it runs on from its first start, or
starts again with the service's own."""


class CarriedTriages(msgspec.Struct, frozen=True, kw_only=True):
    """The services for which a single point of access sorted referrals from a day to a last day."""

    effective_from: date
    effective_to: date | None
    services: tuple[UUID, ...]


class CarriedRequirements(msgspec.Struct, frozen=True, kw_only=True):
    """What a service required from a day on, as it was when the service moved to another agency."""

    effective_from: date
    codes: tuple[str, ...]


class CarriedStandard(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a standard of a service, as it was when the service moved to another agency. `limit` and `bands`
    are in `unit`."""

    code: str
    start: str
    stop: str
    limit: int
    unit: str
    target_percent: int | None
    bands: tuple[int, ...]
    legal_route: str | None
    effective_from: date
    effective_to: date | None
    source: str
    on_transfer: OnTransfer = "continues"
