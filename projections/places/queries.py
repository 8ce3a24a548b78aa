"""Bases with what was arranged for them, and the referrals for their places."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.pupil.referral.short_notice import WaitingChild, is_ready
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.results import coordinates
from projections.reader import Reader, position

ENTRIES = """
select * from read.base_entry where %(service)s::uuid is null or service = %(service)s
order by service, effective_from, version
"""
PLACEMENTS = f"""
select p.*, r.priority, r.opened_on, {NAMED_COLUMNS.replace("as version", "as named_version")},
       b.version as beyond_version, b.topic as beyond_topic, b.sealed as beyond_sealed
from read.placement p
left join read.referral r on r.referral = p.referral
left join read.placement_words b on b.pupil = p.pupil and b.version = p.beyond_at and b.kind = 'beyond'
{named_joins("p")}
where (%(service)s::uuid is null or p.service = %(service)s)
  and (%(referral)s::uuid is null or p.referral = %(referral)s)
order by coalesce(p.asked_on, p.decided_on, p.offered_on, p.placed_on), p.referral
"""
REVIEWS = """
select * from read.placement_words where referral = %(referral)s and kind = 'review' order by occurred_on, version
"""
WAITING_ALIKE = f"""
select r.referral, r.pupil, r.school, r.priority, r.phase, coalesce(r.missing, '{{}}') as missing,
       coalesce(r.received_on, r.opened_on) as waits_since, s.agreed_on,
       coalesce(s.away_from, '{{}}') as away_from, coalesce(s.away_until, '{{}}') as away_until, {NAMED_COLUMNS}
from read.referral r
left join read.short_notice s on s.referral = r.referral
{named_joins("r")}
where not r.ended and not r.in_error and r.service = %(service)s and r.school = any(%(schools)s)
"""


class BaseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What an authority said of its base; see the table `base_entry`."""

    service: UUID
    version: int
    kind: str
    recorded_on: date
    effective_from: date
    effective_to: date | None
    number: int | None
    school: UUID | None
    needs: tuple[str, ...]
    words: str | None
    more_words: str | None
    source: str


class BaseArrangement(msgspec.Struct, frozen=True, kw_only=True):
    """Everything said of one base, by day."""

    service: UUID
    entries: tuple[BaseEntry, ...]

    def of_kind(self, kind: str) -> tuple[BaseEntry, ...]:
        """The entries of one kind, the newest first."""
        return tuple(one for one in reversed(self.entries) if one.kind == kind)

    def now(self, kind: str, on: date) -> BaseEntry | None:
        """The entry of a kind that holds on a day: the last that began by then."""
        return next((one for one in self.of_kind(kind) if one.effective_from <= on), None)

    def places_on(self, on: date) -> int | None:
        """The number of places on a day; None: not recorded."""
        entry = self.now("places", on)
        return entry.number if entry is not None else None

    @property
    def version(self) -> int:
        """The version of the base's stream."""
        return max((one.version for one in self.entries), default=0)


class AskedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A referral for a place; `beyond_reason`: where the reason of a place beyond the number is sealed."""

    referral: UUID
    pupil: UUID
    service: UUID
    authority: UUID
    school: UUID
    placing_authority: UUID | None
    state: str
    asked_on: date | None
    decided_on: date | None
    offered_on: date | None
    starts_on: date | None
    placed_on: date | None
    exit_due_on: date | None
    ended_on: date | None
    beyond: bool
    reviewed_on: date | None
    next_review_on: date | None
    last_version: int
    identity: Coordinates | None
    beyond_reason: Coordinates | None

    def exit_is_due(self, on: date) -> bool:
        """Whether the pupil has the place and the day by which an exit is considered has come."""
        return self.state == "placed" and self.exit_due_on is not None and self.exit_due_on <= on


class PlacementReview(msgspec.Struct, frozen=True, kw_only=True):
    """A review of a place, and where its words are sealed."""

    version: int
    outcome: str
    occurred_on: date
    organisation: UUID
    words: Coordinates


class Placements(msgspec.Struct, frozen=True):
    """The referrals for places, those who asked first at the top, as of a log position."""

    rows: tuple[AskedPlace, ...]
    position: int

    def in_state(self, *states: str) -> tuple[AskedPlace, ...]:
        """Those that have come so far."""
        return tuple(one for one in self.rows if one.state in states)


def arrangements(reader: Reader, viewer: Viewer, service: UUID | None = None) -> dict[UUID, BaseArrangement]:
    """What was said of each base (or of one), in one statement."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(ENTRIES.encode(), {"service": service}).fetchall()
    entries = [BaseEntry(**{**row, "needs": tuple(row["needs"])}) for row in found]
    return {
        of: BaseArrangement(service=of, entries=tuple(one for one in entries if one.service == of))
        for of in dict.fromkeys(one.service for one in entries)
    }


def placements(
    reader: Reader, viewer: Viewer, service: UUID | None = None, referral: UUID | None = None
) -> Placements:
    """The referrals for places that the viewer may see, in one statement."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(PLACEMENTS.encode(), {"service": service, "referral": referral}).fetchall()
        return Placements(tuple(_placement(row) for row in found), position(cursor))


def reviews_of(reader: Reader, viewer: Viewer, referral: UUID) -> tuple[PlacementReview, ...]:
    """The reviews of a place, by day, in one statement."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(REVIEWS.encode(), {"referral": referral}).fetchall()
    return tuple(
        PlacementReview(
            version=row["version"],
            outcome=row["outcome"],
            occurred_on=row["occurred_on"],
            organisation=row["organisation"],
            words=Coordinates(row["pupil"], row["version"], row["topic"], row["sealed"]),
        )
        for row in found
    )


class WaitingAlike(msgspec.Struct, frozen=True, kw_only=True):
    """A child who waits for a service at some schools, as the rule takes them and with the name."""

    child: WaitingChild
    pupil: UUID
    phase: str
    identity: Coordinates | None


def waiting_alike(
    reader: Reader, viewer: Viewer, service: UUID, schools: Iterable[UUID], on: date
) -> tuple[WaitingAlike, ...]:
    """Who waits for a service at some schools, and is ready on a day, in one statement."""
    with reader.viewing(viewer) as cursor:
        given = {"service": service, "schools": list(schools)}
        found = cursor.execute(WAITING_ALIKE.encode(), given).fetchall()
    return tuple(
        WaitingAlike(
            child=WaitingChild(
                referral=row["referral"],
                school=row["school"],
                priority=row["priority"],
                waits_since=row["waits_since"],
                ready=is_ready(
                    row["phase"],
                    row["missing"],
                    zip(row["away_from"], row["away_until"], strict=True),
                    on,
                ),
                short_notice=row["agreed_on"] is not None,
            ),
            pupil=row["pupil"],
            phase=row["phase"],
            identity=coordinates(row),
        )
        for row in found
    )


def _placement(row: dict[str, Any]) -> AskedPlace:
    plain = {
        name: row[name] for name in AskedPlace.__struct_fields__ if name not in ("identity", "beyond_reason")
    }
    reason = (
        Coordinates(row["pupil"], row["beyond_version"], row["beyond_topic"], row["beyond_sealed"])
        if row["beyond_sealed"]
        else None
    )
    identity = coordinates({**row, "version": row["named_version"]})
    return AskedPlace(**plain, identity=identity, beyond_reason=reason)
