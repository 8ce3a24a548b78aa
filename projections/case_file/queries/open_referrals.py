"""How many open referrals services have, among those that the viewer may count."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from coordination.viewer import Viewer
from projections.reader import Reader

OPEN = """
select f.service, count(*) as n from read.referral f
where not f.ended and f.service = any(%(services)s) group by f.service
"""


def open_referrals_by_service(reader: Reader, viewer: Viewer, services: Iterable[UUID]) -> dict[UUID, int]:
    """The number of open referrals to each of these services; those without any are left out."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(OPEN, {"services": list(services)})
        return {row["service"]: row["n"] for row in found}
