"""Actions: of one pupil, and those still to be done by whom they fall to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.clocks import overdue
from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.results import ActionSummary, coordinates
from projections.case_file.queries.sharing import ON_ROLL
from projections.reader import Desk, Reader, desk, position

# What an action is stands in the entry that agreed it.
ACTIONS = f"""
select a.*, t.version as agreed_version, s.sealed as what, {NAMED_COLUMNS}, count(*) over () as total
from read.action a
left join read.timeline t on t.pupil = a.pupil and t.thing = a.action and t.topic = 'action.agreed'
left join read.seal s on s.pupil = t.pupil and s.version = t.version
{named_joins("a")}
where {{wanted}}
order by {{order}}
limit %(limit)s offset %(offset)s
"""

OF_PUPIL = "a.pupil = any(%(files)s)"
ONE = "a.action = %(action)s"
BY_STATE = "a.ended is not null, a.due_on nulls last, a.agreed_on desc, a.action"

WHOSE: dict[Desk, str] = {
    "school": f"a.pupil in {ON_ROLL}",
    "agency": "a.owner_organisation = %(organisation)s",
}
STILL_TO_DO = "a.ended is null and (%(due_to)s::date is null or a.due_on <= %(due_to)s) and {whose}"
BY_DUE = "a.due_on nulls last, a.agreed_on, a.action"


class ActionRow(msgspec.Struct, frozen=True, kw_only=True):
    """An action in a list, with where the pupil's identity is sealed."""

    action: ActionSummary
    identity: Coordinates | None


class ActionCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Actions still to be done that are due by a day (None: all of them, those without a day last). Pages from 1."""

    due_to: date | None = None
    page: int = 1
    size: int = 50


class ActionList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list and how many there are in all (0 on a page past the end)."""

    rows: tuple[ActionRow, ...]
    total: int
    position: int


def actions(reader: Reader, viewer: Viewer, ask: ActionCriteria) -> ActionList:
    """For a school what is to be done for its pupils, for an agency what it owns; in two statements."""
    with reader.viewing(viewer) as cursor:
        rows, total = action_lines(cursor, viewer, ask)
        return ActionList(rows=rows, total=total, position=position(cursor))


def action(reader: Reader, viewer: Viewer, action: UUID) -> tuple[ActionRow, int]:
    """One action, for the pupil's school and for its owner's organisation, and the log position; in two statements.
    Raises NotFound: a wrong or foreign id, which look the same."""
    query = ACTIONS.format(wanted=ONE, order=BY_STATE)
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(query.encode(), {"action": action, "limit": 1, "offset": 0}).fetchone()
        if row is None:
            raise NotFound
        line = ActionRow(action=action_of(row, viewer.today), identity=coordinates(row))
        return line, position(cursor)


def action_lines(
    cursor: Cursor[DictRow], viewer: Viewer, ask: ActionCriteria
) -> tuple[tuple[ActionRow, ...], int]:
    """A page of what is still to be done and the number in all, in one statement."""
    whose = WHOSE.get(desk(viewer), "false")
    given = {
        "organisation": viewer.organisation,
        "today": viewer.today,
        "due_to": ask.due_to,
        "limit": ask.size,
        "offset": (max(ask.page, 1) - 1) * ask.size,
    }
    query = ACTIONS.format(wanted=STILL_TO_DO.format(whose=whose), order=BY_DUE)
    found = cursor.execute(query.encode(), given).fetchall()
    shown = tuple(ActionRow(action=action_of(row, viewer.today), identity=coordinates(row)) for row in found)
    return shown, found[0]["total"] if found else 0


def actions_of(cursor: Cursor[DictRow], viewer: Viewer, files: Sequence[UUID]) -> tuple[ActionSummary, ...]:
    """All actions for a pupil, by the files of the child, those still to be done first."""
    query = ACTIONS.format(wanted=OF_PUPIL, order=BY_STATE)
    given = {"files": list(files), "limit": None, "offset": 0}
    return tuple(action_of(row, viewer.today) for row in cursor.execute(query.encode(), given))


def action_of(row: Mapping[str, Any], today: date) -> ActionSummary:
    """The action of a row of ACTIONS, judged on a day."""
    return ActionSummary(
        action=row["action"],
        pupil=row["pupil"],
        school=row["school"],
        owner_organisation=row["owner_organisation"],
        owner_service=row["owner_service"],
        owner_person=row["owner_person"],
        agreed_on=row["agreed_on"],
        due_on=row["due_on"],
        meeting=row["meeting"],
        minute=row["minute"],
        phase=_phase(row, today),
        ended_on=row["ended_on"],
        last_version=row["last_version"],
        at=Coordinates(row["pupil"], row["agreed_version"] or 0, "action.agreed", row["what"] or ""),
    )


def _phase(
    row: Mapping[str, Any], today: date
) -> Literal["incomplete", "open", "overdue", "completed", "cancelled"]:
    """As coordination.pupil.actions.state.Action.phase."""
    match row["ended"]:
        case "completed":
            return "completed"
        case "cancelled":
            return "cancelled"
        case _:
            pass
    if row["owner_organisation"] is None or row["due_on"] is None:
        return "incomplete"
    return "overdue" if overdue(row["due_on"], today) else "open"
