"""Expected moves, the yearly transfer lists, and the educational record that follows the pupil."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.authority import SCHOOL_ROLES, acting_organisation, command_day, require_not_in_future
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import strip_text
from coordination.pupil.moves.commands import (
    RECORD_PARTS,
    AgreeToMove,
    CancelMove,
    CompleteMove,
    ExpectMove,
    SendRecord,
    TakeOnRecord,
)
from coordination.pupil.moves.events import (
    AnyMoveEvent,
    MoveAgreed,
    MoveExpected,
    MoveFellThrough,
    RecordSent,
    RecordTakenOn,
)
from coordination.pupil.moves.state import Departure, ExpectedMove
from coordination.pupil.profile.events import AnyProfileEvent, SchoolMoved
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def decide_expect(case: CaseFile, command: ExpectMove, header: Header, world: World) -> list[AnyMoveEvent]:
    """The pupil's school expects the move. The same move expected again records nothing.

    Refuses `unknown_school`, `move_to_own_school` and `move_in_the_past`.
    """
    if acting_organisation(header) != command.from_school or header.role not in SCHOOL_ROLES:
        raise NotFound
    if command.from_school not in case.profile.schools():
        raise NotFound
    school = world.directory.organisation(command.to_school)
    if school is None or school.kind != "school" or not school.is_open(command_day(header)):
        raise Refusal("unknown_school", "to_school")
    if command.to_school in case.profile.schools():
        raise Refusal("move_to_own_school", "to_school")
    if command.expected_on < command_day(header):
        raise Refusal("move_in_the_past", "expected_on")
    if case.moves.expected_between(command.from_school, command.to_school) is not None:
        return []
    return [
        MoveExpected(
            header=header,
            move=command.move,
            from_school=command.from_school,
            to_school=command.to_school,
            expected_on=command.expected_on,
            transfer=command.transfer,
        )
    ]


def decide_agree(case: CaseFile, command: AgreeToMove, header: Header, world: World) -> list[AnyMoveEvent]:
    """The receiving school agrees. Records nothing when it had; refuses `pupil_moved_on` when the pupil has left the
    school that proposed it."""
    move = _move(case, command.move)
    if acting_organisation(header) != move.to_school or header.role not in SCHOOL_ROLES:
        raise NotFound
    if not move.open or move.from_school not in case.profile.schools():
        raise Refusal("pupil_moved_on")
    return [] if move.agreed else [MoveAgreed(header=header, move=move.move, to_school=move.to_school)]


def decide_complete(
    case: CaseFile, command: CompleteMove, header: Header, world: World
) -> list[AnyProfileEvent]:
    """Moves the pupil as agreed, on its day or after. Records nothing for a pupil who is already there.

    Refuses `move_not_agreed`, `move_not_yet` and `pupil_moved_on`. Only the service itself.
    """
    move = _move(case, command.move)
    if header.role != "operator":
        raise NotFound
    if not move.open or move.to_school in case.profile.schools():
        return []
    if not move.agreed:
        raise Refusal("move_not_agreed")
    if command_day(header) < move.expected_on:
        raise Refusal("move_not_yet")
    if move.from_school not in case.profile.schools():
        raise Refusal("pupil_moved_on")
    return [SchoolMoved(header=header, from_school=move.from_school, to_school=move.to_school)]


def decide_cancel(case: CaseFile, command: CancelMove, header: Header, world: World) -> list[AnyMoveEvent]:
    """Either school records that the move fell through. Refuses `pupil_moved_on` after the move."""
    move = _move(case, command.move)
    school = acting_organisation(header)
    if school not in (move.from_school, move.to_school) or header.role not in SCHOOL_ROLES:
        raise NotFound
    if move.fell_through:
        return []
    if move.done:
        raise Refusal("pupil_moved_on")
    return [MoveFellThrough(header=header, move=move.move, why=strip_text(command.why))]


def _move(case: CaseFile, move: object) -> ExpectedMove:
    found = next((m for key, m in case.moves.expected.items() if key == move), None)
    if found is None:
        raise NotFound
    return found


def decide_send_record(
    case: CaseFile, command: SendRecord, header: Header, world: World
) -> list[AnyMoveEvent]:
    """The former school sent the record, once. Refuses `record_sent_before`, `unknown_code` (a part that is not in
    RECORD_PARTS), `cannot_be_empty` (no part)."""
    left = _departure(case, command)
    if acting_organisation(header) != left.from_school or header.role not in SCHOOL_ROLES:
        raise NotFound
    if left.sent_on is not None:
        raise Refusal("record_sent_before")
    if not command.parts:
        raise Refusal("cannot_be_empty", "parts")
    if not set(command.parts) <= set(RECORD_PARTS):
        raise Refusal("unknown_code", "parts", table="record_part")
    require_not_in_future(header, command.occurred_on)
    return [
        RecordSent(
            header=header,
            from_school=left.from_school,
            to_school=left.to_school,
            parts=tuple(part for part in RECORD_PARTS if part in command.parts),
        )
    ]


def decide_take_on_record(
    case: CaseFile, command: TakeOnRecord, header: Header, world: World
) -> list[AnyMoveEvent]:
    """The next school received the record, whether or not the sending was recorded. Refuses `record_taken_before`."""
    left = _departure(case, command)
    school = acting_organisation(header)
    if left.to_school != school or school not in case.profile.schools() or header.role not in SCHOOL_ROLES:
        raise NotFound
    if left.taken_on is not None:
        raise Refusal("record_taken_before")
    require_not_in_future(header, command.occurred_on)
    _require_after(left, command)
    return [RecordTakenOn(header=header, from_school=left.from_school, to_school=school)]


def _departure(case: CaseFile, command: SendRecord | TakeOnRecord) -> Departure:
    found = case.moves.departures.get(command.from_school)
    if found is None:
        raise NotFound
    return found


def _require_after(left: Departure, command: TakeOnRecord) -> None:
    if left.sent_on is not None and command.occurred_on < left.sent_on:
        raise Refusal("before_it_was_sent", "occurred_on", sent=left.sent_on.isoformat())
