"""The look-up behind an arrival: who is recorded under the numbers, and under the names and dates of birth, of many
rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from coordination.directory.state import Organisation
from coordination.intake.arrival import Arrival, RecordedPupil, arrival
from coordination.intake.pupils import PupilRow
from coordination.intake.recording.recorded_profiles import RecordedProfile, recorded_profiles
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.matching import IdentityDetails, have_the_same_names
from coordination.service import Batch
from coordination.store.application import Record
from coordination.store.keys import OuterKeys
from coordination.store.likeness import pupils_alike


def described(row: PupilRow) -> IdentityDetails:
    """The identity that a row gives."""
    return IdentityDetails(
        upn=row.upn,
        surname=row.surname,
        forename=row.forename,
        date_of_birth=row.date_of_birth,
        preferred_surname=row.preferred_surname,
        preferred_forename=row.preferred_forename,
        former_surname=row.former_surname,
        former_upns=(row.former_upn,) if row.former_upn else (),
    )


def description_hash(outer: OuterKeys, details: IdentityDetails) -> str:
    """A keyed hash (64 hexadecimal digits) of a description, by which one that was refused is known again."""
    words = (details.upn, details.surname, details.forename, details.date_of_birth.isoformat())
    return outer.lookup_hmac("description", "\x00".join(words)).hex()


class PupilLookUp:
    """The recorded pupils whom some descriptions may be of. Pupils that the same batch registers are found as well."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._by_number: dict[str, UUID] = {}
        # numbers before an adoption: they find the pupil for the pupil's own school, and nobody for others
        self._withheld: dict[str, UUID] = {}
        self._files: dict[UUID, tuple[UUID, ...]] = {}
        self._alike: dict[IdentityDetails, frozenset[UUID]] = {}
        self._profiles: dict[UUID, RecordedProfile | None] = {}
        # what this batch has recorded and the database does not know yet
        self._added: dict[UUID, IdentityDetails] = {}

    def prepare(self, batch: Batch, details: Sequence[IdentityDetails]) -> None:
        """Looks up many descriptions in few round trips."""
        numbers = [n for one in details for n in sorted(one.numbers)]
        self._by_number = self.record.pupils_by_upn(numbers)
        self._withheld = self.record.pupils_by_withheld_upn([n for n in numbers if n not in self._by_number])
        alike = pupils_alike(self.record, details)
        self._alike = dict(zip(details, alike, strict=True))
        named = [*self._by_number.values(), *self._withheld.values(), *frozenset().union(*alike)]
        self._files = self.record.files_of_children(list(dict.fromkeys(named)))
        found = list(dict.fromkeys(file for files in self._files.values() for file in files))
        batch.prefetch(PUPIL_STREAM, found)
        self._profiles = recorded_profiles(self.record, found)

    def profile(self, pupil: UUID) -> RecordedProfile | None:
        """The recorded profile; None where it was erased."""
        return self._profiles.get(pupil)

    def is_recorded(self, pupil: UUID) -> bool:
        """Whether the pupil was on the record before this batch."""
        return pupil in self._profiles

    def add(self, pupil: UUID, details: IdentityDetails) -> None:
        """Notes what this batch recorded of a pupil's identity."""
        self._added[pupil] = details

    def arrival(
        self,
        batch: Batch,
        details: IdentityDetails,
        school: Organisation,
        *,
        whatever_is_alike: bool = False,
    ) -> Arrival:
        """What a prepared description is to the school. `whatever_is_alike`: it was decided that it is of none of those
        with the same names and date of birth."""
        former = next(iter(details.former_upns), None)
        return arrival(
            details,
            school,
            numbered=self._numbered(batch, details.upn, school),
            formerly=self._numbered(batch, former, school) if former else None,
            alike=() if whatever_is_alike else self._like(batch, details, school),
        )

    def _numbered(self, batch: Batch, number: str, school: Organisation) -> RecordedPupil | None:
        added = next((p for p, d in self._added.items() if number in d.numbers), None)
        found = self._recorded(batch, added or self._by_number.get(number), school)
        if found is not None or number not in self._withheld:
            return found
        withheld = self._recorded(batch, self._withheld[number], school)
        return withheld if withheld is not None and school.id in withheld.schools else None

    def _like(self, batch: Batch, details: IdentityDetails, school: Organisation) -> list[RecordedPupil]:
        added = [p for p, d in self._added.items() if _alike(d, details)]
        pupils: Iterable[UUID] = dict.fromkeys([*sorted(self._alike.get(details, ())), *added])
        return [found for pupil in pupils if (found := self._recorded(batch, pupil, school)) is not None]

    def _recorded(self, batch: Batch, pupil: UUID | None, school: Organisation) -> RecordedPupil | None:
        """The pupil, of a joined child by the file on the school's own roll: the one that leads, or else another."""
        if pupil is None:
            return None
        files = self._files.get(pupil, (pupil,))
        states = {file: batch.state(PUPIL_STREAM, file) for file in files}
        pupil = next((f for f in files if school.id in states[f].profile.schools()), pupil)
        case = states.get(pupil) or batch.state(PUPIL_STREAM, pupil)
        held = case.profile
        if not held.registered:  # added by a batch that was not committed
            return None
        identity = self._added.get(pupil)
        if identity is None:
            profile = self._profiles.get(pupil)
            identity = profile.details() if profile is not None else None
        return RecordedPupil(
            pupil, identity, held.schools(), held.last_school(), replaced=case.adoption.replaced > 0
        )


def _alike(one: IdentityDetails, other: IdentityDetails) -> bool:
    return one.date_of_birth == other.date_of_birth and have_the_same_names(one, other)


def with_former_number(details: IdentityDetails, former: str) -> IdentityDetails:
    """The details of a pupil who also had this number."""
    numbers = (*details.former_upns, former) if former and former != details.upn else details.former_upns
    return msgspec.structs.replace(details, former_upns=tuple(dict.fromkeys(numbers)))
