"""Who may join two files of one child and separate them, and when.

The named staff of a school that has both on its roll; the authority's caseworker where no school has both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from coordination.authority import SCHOOL_ROLES, acting_organisation, require_not_in_future
from coordination.decisions import AddressedEvent, Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_words
from coordination.pupil.casefile import OTHER_PUPIL_STREAM, PUPIL_STREAM
from coordination.pupil.joining.commands import JoinPupils, SeparatePupils
from coordination.pupil.joining.events import Part, PupilsJoined, PupilsSeparated
from coordination.pupil.profile.decisions.registering import registration_ended
from coordination.pupil.profile.events import RegistrationAdded, RegistrationEnded
from coordination.pupil.profile.state import evolve as evolve_profile
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

CASEWORKER = "la_caseworker"


def decide_join(
    leads: CaseFile, follows: CaseFile, command: JoinPupils, header: Header, world: World
) -> list[AddressedEvent]:
    """Joins `other` to `pupil`; a third file joins the group of the file that leads it.

    Refuses a file with itself (`joined_with_itself`), a file that follows another already (`already_joined`) or that
    others follow (`others_are_joined_to_it`), two different dates of birth (`birth_dates_differ`), a day in the future,
    and no reason (`cannot_be_empty`). Raises NotFound for who may not.
    """
    if command.pupil == command.other:
        raise Refusal("joined_with_itself", "other")
    _require_entitled(leads, follows, header, world)
    require_not_in_future(header, command.occurred_on)
    if leads.joining.leading is not None or follows.joining.leading is not None:
        raise Refusal("already_joined", "other")
    if follows.joining.following:
        raise Refusal("others_are_joined_to_it", "other")
    born, other = world.about_pupil(command.pupil).born, world.about_pupil(command.other).born
    if born is not None and other is not None and born != other:
        raise Refusal("birth_dates_differ", "other")
    why = require_words(command.why, "why")
    return [
        *_joined(command.pupil, leads, command.other, follows, "leads", why, header),
        *_joined(command.other, follows, command.pupil, leads, "follows", why, header),
    ]


def decide_separate(
    leads: CaseFile, follows: CaseFile, command: SeparatePupils, header: Header, world: World
) -> list[AddressedEvent]:
    """Ends the link from here on. Refuses two files that are not joined in this order (`not_joined`), a day in the
    future, and no reason (`cannot_be_empty`). Raises NotFound for who may not. The record itself refuses an erased
    file (`record_erased`)."""
    if command.pupil == command.other:
        raise Refusal("not_joined", "other")
    _require_entitled(leads, follows, header, world)
    require_not_in_future(header, command.occurred_on)
    if command.other not in leads.joining.following or follows.joining.leading != command.pupil:
        raise Refusal("not_joined", "other")
    why = require_words(command.why, "why")
    return [
        *_separated(command.pupil, leads, command.other, "leads", why, header, world),
        *_separated(command.other, follows, command.pupil, "follows", why, header, world),
    ]


def _joined(
    file: UUID, case: CaseFile, other: UUID, other_case: CaseFile, part: Part, why: str, header: Header
) -> list[AddressedEvent]:
    """The event on one of the files. A file on no roll is taken by the schools that have the child on theirs."""
    rolls = () if case.profile.schools() else tuple(sorted(other_case.profile.schools()))
    joined = PupilsJoined(header=header, other=other, part=part, rolls=rolls, why=why)
    taken = (RegistrationAdded(header=header, school=school) for school in rolls)
    return [AddressedEvent(file, event) for event in (joined, *taken)]


def _separated(
    file: UUID, case: CaseFile, other: UUID, part: Part, why: str, header: Header, world: World
) -> list[AddressedEvent]:
    """The event on one of the files; it leaves the rolls that it came on by the joining."""
    separated = PupilsSeparated(header=header, other=other, part=part, why=why)
    events: list[PupilsSeparated | RegistrationEnded] = [separated]
    profile = case.profile
    for school in case.joining.rolls.get(other, ()):
        if school in profile.schools():
            ended = registration_ended(msgspec.structs.replace(case, profile=profile), school, header, world)
            profile = evolve_profile(profile, ended, case.version)
            events.append(ended)
    return [AddressedEvent(file, event) for event in events]


def _require_entitled(one: CaseFile, other: CaseFile, header: Header, world: World) -> None:
    """Raises NotFound, so that who may not learns nothing of either file."""
    if not (one.profile.registered and other.profile.registered):
        raise NotFound
    both = one.profile.schools() & other.profile.schools()
    if acting_organisation(header) in both and header.role in SCHOOL_ROLES:
        return
    authorities = {world.directory.authority_of(s) for s in _responsible(one) | _responsible(other)}
    if not both and header.role == CASEWORKER and authorities == {acting_organisation(header)}:
        return
    raise NotFound


def _responsible(case: CaseFile) -> frozenset[UUID]:
    """The schools on whose roll the child is; the last one for a child on no roll."""
    return case.profile.schools() or frozenset({case.profile.registrations[-1].school})


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(JoinPupils, decide_join, PUPIL_STREAM, OTHER_PUPIL_STREAM),
        decides(SeparatePupils, decide_separate, PUPIL_STREAM, OTHER_PUPIL_STREAM),
    ]
)
