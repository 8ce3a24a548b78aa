"""What should be on the agenda of a school's meeting, from what is recorded of its pupils."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from coordination.meeting.proposing import Reason
from coordination.viewer import Viewer
from projections.case_file.queries.sharing import ON_ROLL
from projections.overdue import overdue
from projections.reader import Reader

CARRIED_FOR = timedelta(days=120)
"""How long a pupil who was not reached is carried over."""

REASONS = f"""
select pupil, why, since, services from (
    select f.pupil, 'breach' as why, f.due_on as since, array[f.service] as services
    from read.referral f where not f.ended and {overdue("f.due_on", "%(today)s")}
    union all
    select f.pupil, 'asked', coalesce(f.move_from, f.received_on), array[f.service]
    from read.referral f where not f.ended and f.received_on is not null and f.move_party = 'school'
    union all
    select a.pupil, 'overdue_action', a.due_on, array_remove(array[a.owner_service], null)
    from read.action a where a.ended is null and {overdue("a.due_on", "%(today)s")}
    union all
    select s.pupil, 'review_due', s.review_on, array_remove(array[v.advised_by], null)
    from read.support s left join read.support_advice v on v.support = s.support
    where s.ended_on is null and not s.left_school and s.review_on <= %(held_on)s
    union all
    select c.pupil, 'concern', c.told_on, array[]::uuid[]
    from read.told_concern c
    where c.school = %(organisation)s
      and not exists (select from read.concern_answer w where w.pupil = c.pupil and w.concern = c.concern)
    union all
    select i.pupil, 'carried_over', m.held_on, i.services
    from read.agenda_item i join read.meeting m on m.meeting = i.meeting
    where m.school = %(organisation)s and m.minutes_version > 0 and m.held_on between %(carried)s and %(held_on)s
      and not exists (
          select from read.minute n join read.meeting l on l.meeting = n.meeting
          where n.pupil = i.pupil and l.held_on >= m.held_on)
) found
where pupil in {ON_ROLL} and (%(pupil)s::uuid is null or pupil = %(pupil)s)
"""


def agenda_reasons(
    reader: Reader, viewer: Viewer, held_on: date, pupil: UUID | None = None
) -> tuple[Reason, ...]:
    """Why each pupil on the roll of the viewer's school should be discussed at a meeting on a day (or one pupil only);
    what the viewer may not see is no reason."""
    given = {
        "today": viewer.today,
        "organisation": viewer.organisation,
        "held_on": held_on,
        "carried": held_on - CARRIED_FOR,
        "pupil": pupil,
    }
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(REASONS.encode(), given).fetchall()
    return tuple(
        Reason(pupil=row["pupil"], why=row["why"], since=row["since"], services=tuple(row["services"]))
        for row in rows
    )
