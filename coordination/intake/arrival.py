"""What a description of a pupil is to the school that sends it: a pupil of its own roll, a doubt, somebody new, or a
pupil of another school. One function for spreadsheet, transfer file, screen and API.

A pupil is on a school's *own roll* who has an open registration there. The school part of a number (characters 2 to 8)
says which school issued it. For a number that another school issued, and that is not on the own roll,
the answer does not depend on whether the number is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from coordination.directory.state import Organisation
from coordination.pupil.matching import (
    IdentityDetails,
    MatchDoubt,
    compare,
    have_the_same_names,
)

ArrivalKind = Literal["own", "doubtful", "new", "of_another_school"]
IdentityDoubt = MatchDoubt | Literal["exchanged_numbers", "two_files"]
"""`exchanged_numbers`: the number is one pupil's, names and date of birth are another's of the same roll (twins).
`two_files`: the number and the former number are two pupils'."""


class RecordedPupil(msgspec.Struct, frozen=True):
    """A pupil on the record, as found by number or by likeness. `identity` is None where it was erased; `schools` are
    those on whose roll the pupil is, `last_school` the one of the newest registration, open or ended. `replaced`: the
    pupil was adopted; only a description with exactly the new names is the pupil's."""

    pupil: UUID
    identity: IdentityDetails | None
    schools: frozenset[UUID]
    last_school: UUID | None
    replaced: bool = False


class DoubtfulPupil(msgspec.Struct, frozen=True):
    """A recorded pupil whom the description may be of, and why that is doubtful."""

    kind: IdentityDoubt
    pupil: UUID


class Arrival(msgspec.Struct, frozen=True):
    """What a description is. `pupil`: the pupil of the own roll (`own`), None otherwise. `doubts`: the recorded pupils
    of the own roll whom it may be of (`doubtful`), the one with the number first. `elsewhere`: pupils of other rolls
    with these names and this date of birth, for the authority's caseworker only: the school is not told."""

    kind: ArrivalKind
    pupil: UUID | None = None
    doubts: tuple[DoubtfulPupil, ...] = ()
    elsewhere: tuple[UUID, ...] = ()


def arrival(
    details: IdentityDetails,
    school: Organisation,
    *,
    numbered: RecordedPupil | None = None,
    formerly: RecordedPupil | None = None,
    alike: Sequence[RecordedPupil] = (),
) -> Arrival:
    """What a description sent by `school` is.

    `numbered` is the recorded pupil with its number, `formerly` the one with its former number; `alike` are those with
    its names and date of birth. Only pupils on the school's own roll make a doubt; of others nothing is told.
    """
    on_roll = [p for p in alike if school.id in p.schools and p.identity is not None]
    elsewhere = tuple(
        p.pupil for p in alike if school.id not in p.schools and _doubt(details, p) == "another_number"
    )
    held = numbered or formerly
    if held is not None and school.id in held.schools:
        if formerly is not None and formerly != held:
            both = (held, formerly) if school.id in formerly.schools else (held,)
            return Arrival("doubtful", doubts=tuple(DoubtfulPupil("two_files", p.pupil) for p in both))
        return _on_own_roll(details, held, [p for p in on_roll if p.pupil != held.pupil])
    if held is not None and _returns(details, held, school):
        return Arrival("own", held.pupil)
    found = tuple(DoubtfulPupil(doubt, p.pupil) for p in on_roll if (doubt := _doubt(details, p)) is not None)
    if found:
        return Arrival("doubtful", doubts=found)
    if held is not None or _issued_by_another(details.upn, school):
        return Arrival("of_another_school", elsewhere=elsewhere)
    return Arrival("new", elsewhere=elsewhere)


def _on_own_roll(details: IdentityDetails, held: RecordedPupil, like: Sequence[RecordedPupil]) -> Arrival:
    """Of the pupil on the own roll with the number. `like` are others there with the same names and date of birth."""
    if held.identity is None:
        return Arrival("own", held.pupil)
    match = compare(details, held.identity)
    exact = match.verdict == "same" and have_the_same_names(details, held.identity)
    if like and not exact:
        concerned = (held, *like)
        return Arrival(
            "doubtful", doubts=tuple(DoubtfulPupil("exchanged_numbers", p.pupil) for p in concerned)
        )
    doubt = match.doubt or ("names_changed" if held.replaced and not exact else None)
    if doubt is not None:
        return Arrival("doubtful", doubts=(DoubtfulPupil(doubt, held.pupil),))
    return Arrival("own", held.pupil)


def _doubt(details: IdentityDetails, found: RecordedPupil) -> MatchDoubt | None:
    return compare(details, found.identity).doubt if found.identity is not None else None


def _returns(details: IdentityDetails, held: RecordedPupil, school: Organisation) -> bool:
    """Whether a pupil on no roll, who was last on this school's, is certainly the one described."""
    if held.schools or held.last_school != school.id or held.identity is None:
        return False
    return compare(details, held.identity).verdict == "same"


def _issued_by_another(upn: str, school: Organisation) -> bool:
    """Whether another school issued the number, of this directory or not."""
    return upn[1:8] != school.code
