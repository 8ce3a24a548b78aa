"""What waits at the rights desk, as the viewer may see it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.struct_types import prepared
from coordination.viewer import Viewer
from projections.reader import Reader

OVERVIEW = """
select (select coalesce(json_agg(p order by p.proposed_on, p.pupil), '[]') from read.erasure_proposal p) as proposals,
       (select coalesce(json_agg(h order by h.review_on, h.hold), '[]') from read.legal_hold h) as holds,
       (select coalesce(json_agg(r order by r.received_on, r.request), '[]')
        from read.rights_request r where r.outcome is null) as requests
"""


class ProposedErasure(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal to erase a record that was neither declined nor carried out."""

    pupil: UUID
    proposal: UUID
    ground: str
    approved: bool
    schools: tuple[UUID, ...]
    proposed_on: date


class HeldRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record under a legal hold."""

    pupil: UUID
    hold: UUID
    placed_on: date
    review_on: date


class OpenRightsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that the viewer's organisation has to answer."""

    request: UUID
    pupil: UUID
    kind: str
    received_on: date
    stopped: bool
    acknowledged_on: date | None


class RightsOverview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that waits at the rights desk."""

    proposals: tuple[ProposedErasure, ...]
    holds: tuple[HeldRecord, ...]
    requests: tuple[OpenRightsRequest, ...]


def rights_overview(reader: Reader, viewer: Viewer) -> RightsOverview:
    """The proposals, holds and open requests that the viewer may see, in one statement."""
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(OVERVIEW.encode()).fetchone() or {}
    return msgspec.convert(row, prepared(RightsOverview))
