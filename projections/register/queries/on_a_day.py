"""The register of a school as of any day; counted by group for an authority."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.pupil.ages import year_on
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.reader import Reader, position
from projections.register.entry import RegisterLine, plan_of

ON_ROLL = f"""
select r.pupil, r.school, p.year, p.year_on, coalesce(v.provision, '') as provision, v.from_on as provision_from,
       s.level, s.review_on, {NAMED_COLUMNS}, exists (
           select from read.wait w where w.pupil = r.pupil and w.known_to is null and w.begins_on <= %(as_of)s
             and (w.end_on is null or w.end_on > %(as_of)s) and w.standard not in ('not_sent', 'not_received')
       ) as services
from read.register_roll r
left join read.pupil p on p.pupil = r.pupil
left join lateral (
    select v.provision, v.from_on from read.register_provision v
    where v.pupil = r.pupil and v.from_on <= %(as_of)s order by v.from_on desc, v.version desc limit 1
) v on true
left join lateral (
    select max(s.level) as level, min(s.review_on) as review_on from read.support s
    where s.pupil = r.pupil and s.started_on <= %(as_of)s and (s.ended_on is null or s.ended_on >= %(as_of)s)
) s on true
{named_joins("r")}
where r.from_on <= %(as_of)s and (r.until is null or r.until > %(as_of)s)
  and (%(school)s::uuid is null or r.school = %(school)s)
"""
STEPS = """
select l.pupil, l.on_day, l.step, l.body, l.ceases from read.register_plan l
where l.on_day <= %(as_of)s and l.pupil = any(%(pupils)s)
"""


class Register(msgspec.Struct, frozen=True):
    """Everybody on the roll on a day, as of a log position; those on the register are `listed`."""

    as_of: date
    entries: tuple[RegisterLine, ...]
    position: int

    @property
    def listed(self) -> tuple[RegisterLine, ...]:
        """Those with a plan, another provision or support, by when their review is due."""
        found = [one for one in self.entries if one.on_register]
        return tuple(sorted(found, key=lambda one: (one.review_due_on or date.max, one.pupil)))


def register_on(reader: Reader, viewer: Viewer, as_of: date, school: UUID | None = None) -> Register:
    """The register on a day, of one school or of every school of which the viewer may count it. Of a pupil who has left
    the support that ran then is shown to the authority only."""
    with reader.viewing(viewer) as cursor:
        asked: dict[str, Any] = {"as_of": as_of, "school": school}
        rows = cursor.execute(ON_ROLL.encode(), asked).fetchall()
        steps: dict[UUID, list[tuple[date, str, str, bool]]] = defaultdict(list)
        asked["pupils"] = [row["pupil"] for row in rows]
        for step in cursor.execute(STEPS, asked).fetchall():
            steps[step["pupil"]].append((step["on_day"], step["step"], step["body"], step["ceases"]))
        return Register(
            as_of, tuple(_entry(row, steps[row["pupil"]], as_of) for row in rows), position(cursor)
        )


def _entry(row: dict[str, Any], steps: list[tuple[date, str, str, bool]], as_of: date) -> RegisterLine:
    plan, plan_on = plan_of(row["provision"], steps, as_of)
    sealed = row["version"] is not None
    return RegisterLine(
        pupil=row["pupil"],
        school=row["school"],
        year=year_on(row["year"], row["year_on"], as_of),
        provision=row["provision"],
        provision_from=row["provision_from"],
        plan=plan,
        plan_on=plan_on,
        level=row["level"],
        support_review_on=row["review_on"],
        services=row["services"],
        identity=Coordinates(row["named"], row["version"], row["topic"], row["sealed"]) if sealed else None,
    )
