"""The look-ups of children: by number, and from one file of a child to the others.

A number that a child had before stays as a look-up, marked former. A current number is one child's only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor


class NumberRows:
    """The numbers that one save gives to pupils."""

    def __init__(self) -> None:
        # in the order of the events: the last is the current one
        self._given: defaultdict[UUID, list[bytes]] = defaultdict(list)
        self._replaced: dict[UUID, None] = {}

    def now(self, stream: UUID, number: bytes, *, replaced: bool = False) -> None:
        """The number of a pupil from now on. `replaced`: nobody finds them by the earlier ones any more."""
        self._given[stream].append(number)
        if replaced:
            self._replaced[stream] = None

    def write(self, cursor: Cursor[Any]) -> None:
        """Marks the earlier numbers former and adds the new; a number that is another pupil's now is refused by the
        database (pupil_upn_current)."""
        if not self._given:
            return
        current = {stream: numbers[-1] for stream, numbers in self._given.items()}
        rows = sorted(
            (number, stream, number != current[stream] or self._is_of_another_file(stream, number))
            for stream, numbers in self._given.items()
            for number in dict.fromkeys(numbers)
        )
        cursor.execute(
            "update log.pupil_upn u set former = true"
            " from unnest(%s::uuid[], %s::bytea[]) as now(stream, number)"
            " where u.stream = now.stream and u.upn_hmac <> now.number and not u.former",
            _columns(list(current.items())),
        )
        cursor.execute(
            "insert into log.pupil_upn (upn_hmac, stream, former)"
            " select * from unnest(%s::bytea[], %s::uuid[], %s::boolean[])"
            " on conflict (upn_hmac, stream) do update set former = excluded.former",
            _columns(rows),
        )
        if self._replaced:
            replaced = [(stream, current[stream]) for stream in self._replaced]
            cursor.execute(
                "update log.pupil_upn u set withheld = true"
                " from unnest(%s::uuid[], %s::bytea[]) as now(stream, number)"
                " where u.stream = now.stream and u.upn_hmac <> now.number",
                _columns(replaced),
            )

    def _is_of_another_file(self, stream: UUID, number: bytes) -> bool:
        """A new identity is recorded on every file of a joined child; its number is current on the first of them."""
        replaced = list(self._replaced)
        if stream not in replaced:
            return False
        return any(self._given[one][-1] == number for one in replaced[: replaced.index(stream)])


def holders(cursor: Cursor[Any], numbers: Sequence[bytes]) -> dict[bytes, UUID]:
    """The child of each number: whose it is now, else the only one whose it was; by the file that leads."""
    cursor.execute(
        "select u.upn_hmac, coalesce(j.child, u.stream), u.former from log.pupil_upn u"
        " left join log.joined_pupil j on j.pupil = u.stream"
        " where u.upn_hmac = any(%s) and not u.withheld",
        (list(numbers),),
        prepare=True,
    )
    now: dict[bytes, UUID] = {}
    before: defaultdict[bytes, set[UUID]] = defaultdict(set)
    for number, child, former in cursor:
        if former:
            before[bytes(number)].add(child)
        else:
            now[bytes(number)] = child
    alone = {number: next(iter(children)) for number, children in before.items() if len(children) == 1}
    return alone | now


def earlier_holders(cursor: Cursor[Any], numbers: Sequence[bytes]) -> dict[bytes, UUID]:
    """The only child whose number each was before an adoption; by the file that leads."""
    cursor.execute(
        "select u.upn_hmac, coalesce(j.child, u.stream) from log.pupil_upn u"
        " left join log.joined_pupil j on j.pupil = u.stream"
        " where u.upn_hmac = any(%s) and u.withheld",
        (list(numbers),),
    )
    found: defaultdict[bytes, set[UUID]] = defaultdict(set)
    for number, child in cursor:
        found[bytes(number)].add(child)
    return {number: next(iter(children)) for number, children in found.items() if len(children) == 1}


def files(cursor: Cursor[Any], pupils: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """By pupil, all files of the same child, the one that leads first."""
    cursor.execute(
        "select w.pupil, coalesce(own.child, w.pupil),"
        " array(select j.pupil from log.joined_pupil j where j.child = coalesce(own.child, w.pupil)"
        " order by j.pupil)"
        " from unnest(%s::uuid[]) as w(pupil) left join log.joined_pupil own on own.pupil = w.pupil",
        (list(pupils),),
    )
    return {pupil: (leading, *others) for pupil, leading, others in cursor}


def several_current(cursor: Cursor[Any]) -> list[UUID]:
    """The streams with more than one number that is not marked former: of a record before numbers were marked."""
    cursor.execute(
        "select stream from log.pupil_upn where not former group by stream having count(*) > 1 order by 1"
    )
    return [stream for (stream,) in cursor]


def mark_former(cursor: Cursor[Any], stream: UUID, current: bytes) -> None:
    """Marks every number of a stream but its current one."""
    cursor.execute(
        "update log.pupil_upn set former = true where stream = %s and upn_hmac <> %s", (stream, current)
    )


def _columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))
