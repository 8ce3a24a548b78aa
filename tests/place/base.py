"""A resource base of an authority, for tests without a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.directory.commands import OpenService
from coordination.world import World
from tests.meeting import hwb
from tests.meeting.hwb import CONWY, GWYNEDD
from tests.pupil.case import DAY, PupilCase, agree, refer, register, submit

BASE, OTHER_BASE, FAR_BASE = UUID(int=0xBA5E), UUID(int=0xBA5E2), UUID(int=0xFA5E)
AS_PANEL: dict[str, Any] = {"person": UUID(int=0xBA1), "role": "service_manager", "organisation": GWYNEDD}
AS_FAR_PANEL: dict[str, Any] = {"person": UUID(int=0xBA2), "role": "service_manager", "organisation": CONWY}


def open_base(service: UUID, authority: UUID, code: str) -> OpenService:
    return OpenService(
        occurred_on=DAY,
        organisation=authority,
        service=service,
        code=code,
        profession="resource_base",
        open_from=date(2020, 9, 1),
        name=f"Base {code}",
    )


def with_bases() -> World:
    """The county with two bases of one authority, and one of another."""
    return hwb.world(
        open_base(BASE, GWYNEDD, "BASE"),
        open_base(OTHER_BASE, GWYNEDD, "BASE2"),
        open_base(FAR_BASE, CONWY, "FAR"),
    )


def asked(number: int | None = 2, taken: Mapping[UUID, str] | None = None) -> PupilCase:
    """A pupil whose school asked for a place in a base with so many places, of which some are taken by others."""
    case = PupilCase(with_bases())
    case.world = msgspec.structs.replace(
        case.world, places_taken=lambda _: taken or {}, places_on=lambda _service, _on: number
    )
    return case.does(register(), agree(agency=GWYNEDD, service=BASE), refer(service=BASE), submit())
