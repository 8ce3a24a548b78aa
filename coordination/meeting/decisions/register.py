"""The register: who came, corrections of a mark, conflicts of interest."""

from __future__ import annotations

from coordination.authority import command_day
from coordination.errors import Refusal, StaleVersion
from coordination.event import Header
from coordination.guards import require_current_version, require_words, strip_text
from coordination.meeting.commands import CorrectMark, DeclareConflict, MarkPresence
from coordination.meeting.decisions.checks import (
    require_day_reached,
    require_known_party,
    require_open,
    require_school,
)
from coordination.meeting.events import (
    PRESENT,
    AnyMeetingEvent,
    ConflictOfInterestDeclared,
    CorrectedAfterwards,
    MarkCorrected,
    Party,
    PresenceMarked,
)
from coordination.meeting.state import Invitation, Meeting
from coordination.world import World


def decide_mark(
    meeting: Meeting, command: MarkPresence, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Marks a party for the first time; a second mark is a correction (`already_marked`). A party that was not invited
    can be marked present but not absent (`not_invited`). A party that sent apologies cannot be marked absent
    (`apology_was_given`). A substitute stands for somebody of the party's own organisation (`substitute_elsewhere`)."""
    require_school(meeting, header)
    require_day_reached(meeting, header)
    key = command.party.key
    if key in meeting.register:
        raise Refusal("already_marked", "party", version=meeting.register[key].version)
    invitation = meeting.invitations.get(key)
    if invitation is None:
        require_known_party(command.party, meeting.host, world, command_day(header))
    _check_mark(invitation, command)
    _check_substitute(command.party, command, world)
    return [
        PresenceMarked(
            header=header,
            party=invitation.party if invitation else command.party,
            mark=command.mark,
            arrived_at=command.arrived_at,
            left_at=command.left_at,
            substitute_for=command.substitute_for,
            with_authority=command.with_authority,
        )
    ]


def decide_correct_mark(
    meeting: Meeting, command: CorrectMark, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Corrects a mark; the earlier one stays on the record. Raises StaleVersion when it was already corrected; refuses
    `not_marked`, and `cannot_be_empty` when a finalised register is changed without a reason."""
    require_school(meeting, header)
    if meeting.cancelled:
        require_open(meeting)
    line = meeting.register.get(command.party)
    if line is None:
        raise Refusal("not_marked", "party")
    if line.version != command.supersedes:
        raise StaleVersion(command.supersedes, line.version)
    require_current_version(command, line.version)
    _check_mark(meeting.invitations.get(command.party), command)
    _check_substitute(line.party, command, world)
    why = require_words(command.why, "why") if meeting.finalised else strip_text(command.why)
    corrected = MarkCorrected(
        header=header,
        party=line.party,
        mark=command.mark,
        supersedes=line.version,
        arrived_at=command.arrived_at,
        left_at=command.left_at,
        substitute_for=command.substitute_for,
        with_authority=command.with_authority,
        why=why,
    )
    if not meeting.finalised:
        return [corrected]
    version = meeting.minutes_version + 1
    return [corrected, CorrectedAfterwards(header=header, minutes_version=version, party=command.party)]


def _check_mark(invitation: Invitation | None, command: MarkPresence | CorrectMark) -> None:
    """Refuses a mark that contradicts the invitation or its own details."""
    present = command.mark in PRESENT
    if invitation is None and command.mark in ("apologies", "absent"):
        raise Refusal("not_invited", "party")
    if invitation is not None and command.mark == "absent" and invitation.answer == "apologies":
        raise Refusal("apology_was_given", "mark")
    if not present and (command.arrived_at or command.left_at):
        raise Refusal("was_not_there", "arrived_at" if command.arrived_at else "left_at")
    if command.arrived_at and command.left_at and command.left_at < command.arrived_at:
        raise Refusal("left_before_arriving", "left_at")
    if command.mark != "substitute" and (command.substitute_for or command.with_authority is not None):
        raise Refusal("not_a_substitute", "substitute_for")


def _check_substitute(party: Party, command: MarkPresence | CorrectMark, world: World) -> None:
    """The person replaced works, or worked, for the party's own organisation."""
    if command.substitute_for is None:
        return
    known = world.directory.person(command.substitute_for)
    if known is None or all(a.organisation != party.organisation for a in known.appointments):
        raise Refusal("substitute_elsewhere", "substitute_for")


def decide_conflict(
    meeting: Meeting, command: DeclareConflict, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Records a conflict of interest. Refuses `unknown_person`, `unknown_item`."""
    require_school(meeting, header)
    require_day_reached(meeting, header)
    if world.directory.person(command.person) is None:
        raise Refusal("unknown_person", "person")
    if command.item is not None and command.item not in meeting.items:
        raise Refusal("unknown_item", "item")
    return [ConflictOfInterestDeclared(header=header, person=command.person, item=command.item)]
