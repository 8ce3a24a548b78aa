"""Commands that bring a pupil's record up to date with a row of a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from coordination.classes import class_name, last_day_of_class
from coordination.event import Command
from coordination.identifiers import normalise_name
from coordination.intake.pupils import UNKNOWN_SEX, PupilRow
from coordination.intake.recording.outcomes import Difference
from coordination.intake.recording.recorded_profiles import RecordedProfile
from coordination.pupil.ages import years_since_cohort
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    RecordClass,
    RecordLanguageWish,
    RecordLookedAfter,
    RecordNeeds,
    RecordProvision,
    RecordYear,
)

MORE_NAMES = ("middle_names", "preferred_surname", "preferred_forename", "former_surname")
IDENTITY = ("upn", "surname", "forename", "date_of_birth", "sex", *MORE_NAMES)


class PupilChange(NamedTuple):
    """A command and the fields of the row that it is for."""

    what: tuple[str, ...]
    command: Command


def changes(
    row: PupilRow,
    pupil: UUID,
    known: RecordedProfile,
    year: int | None,
    on: date,
    *,
    whole: bool,
    keeps_identity: bool = False,
    why: str | None = None,
) -> Iterator[PupilChange]:
    """The changes of one row, dated `on` unless the file has a day for them.

    `whole` means that the file is complete (a sheet): a blank then means "none". In a transfer file it does not. `year`
    is the recorded one, on that day; one that contradicts the date of birth is not recorded. `keeps_identity`: the
    recorded identity was found right against this row's. `why` is the reason of a changed identity.
    """
    if not keeps_identity:
        yield from _identity(row, pupil, known, on, why)
    if row.language is not None and row.language != known.language:
        wish = RecordLanguageWish(occurred_on=on, pupil=pupil, language=row.language)
        yield PupilChange(("language",), wish)
    needs = _needs(row, known, whole)
    if needs is not None:
        yield PupilChange(("needs",), RecordNeeds(occurred_on=on, pupil=pupil, needs=needs))
    for day, provision in provisions(row, known.provisions, known.provision, on):
        said = RecordProvision(occurred_on=day, pupil=pupil, provision=provision)
        yield PupilChange(("provision",), said)
    if row.year is not None and row.year != year and not year_contradicts(row, year, on):
        yield PupilChange(("year",), RecordYear(occurred_on=on, pupil=pupil, year=row.year))
    if row.looked_after is not None and _care_differs(row, known):
        care = RecordLookedAfter(
            occurred_on=on,
            pupil=pupil,
            looked_after=row.looked_after,
            care_authority=row.care_authority or known.care_authority,
        )
        yield PupilChange(("looked_after",), care)


def class_change(
    row: PupilRow, pupil: UUID, known: RecordedProfile, school: UUID, on: date
) -> PupilChange | None:
    """The class of the row at a school, where it is not the recorded one of this school year. A blank is no
    change."""
    if not row.class_name or not row.class_name.strip():
        return None
    name = class_name(row.class_name, "class_name")
    recorded = known.classes.get(school)
    if recorded is not None and recorded[1] == name and on <= last_day_of_class(recorded[0]):
        return None
    return PupilChange(("class_name",), RecordClass(occurred_on=on, pupil=pupil, class_name=name))


def _care_differs(row: PupilRow, known: RecordedProfile) -> bool:
    """Whether the child is looked after now and was not, or the other way, or by another authority."""
    other = row.care_authority not in (None, known.care_authority)
    return row.looked_after != known.looked_after or (bool(row.looked_after) and other)


def year_contradicts(row: PupilRow, year: int | None, on: date) -> bool:
    """Whether the year of a row is neither the recorded one of that day nor near the one that follows from the row's
    date of birth. A child may be taught one year up or down, and a file be a year old; more is for a person to say."""
    if row.year is None or row.year == year:
        return False
    return abs(row.year - years_since_cohort(row.date_of_birth, on)) > 1


def _identity(
    row: PupilRow, pupil: UUID, known: RecordedProfile, on: date, why: str | None
) -> Iterator[PupilChange]:
    kept = {name: getattr(known, name) for name in letters_lost(row, known)}
    given = {name: value for name in IDENTITY if (value := getattr(row, name)) is not None}
    if given.get("sex") == UNKNOWN_SEX and known.sex is not None:
        del given["sex"]  # a file that does not know it takes nothing away
    now = {name: getattr(known, name) for name in IDENTITY} | given | kept
    what = tuple(name for name in IDENTITY if now[name] != getattr(known, name))
    if what:
        identity = ChangeIdentity(occurred_on=on, pupil=pupil, language=known.language, why=why, **now)
        yield PupilChange(what, identity)


def differences(
    what: Sequence[str], row: PupilRow, known: RecordedProfile, year: int | None
) -> tuple[Difference, ...]:
    """From what to what the fields change, for the school that holds the record."""
    group = next(iter(known.classes.values()), None)
    before = {"year": year, "provision": known.provision, "class_name": group[1] if group else None}
    return tuple(
        Difference(name, before.get(name, getattr(known, name, None)), getattr(row, name, None))
        for name in what
        if name != "contact"
    )


def _needs(row: PupilRow, known: RecordedProfile, whole: bool) -> tuple[str, ...] | None:
    """The needs to record; None for no change. Where some had no code of ours, none is removed."""
    if not row.needs and not (whole and row.needs_told):
        return None
    needs = tuple(dict.fromkeys([*row.needs, *known.needs])) if row.needs_not_mapped else row.needs
    return None if set(needs) == set(known.needs) else needs


def provisions(
    row: PupilRow, recorded: tuple[tuple[date, str], ...], current: str | None, on: date
) -> Iterator[tuple[date, str]]:
    """The steps of provision that are not recorded yet: a transfer file's on their own days, a sheet's on the
    import's."""
    steps = [
        (e.starts_on, e.code) for e in row.provision_history if e.starts_on and e.code and e.starts_on <= on
    ]
    for step in dict.fromkeys(steps):
        if step not in recorded:
            yield step
    dated = bool(steps) and steps[-1][1] == row.provision
    if row.provision is not None and not dated and row.provision != current:
        yield on, row.provision


def letters_lost(row: PupilRow, known: RecordedProfile) -> list[str]:
    """The names of the row that differ from the recorded ones only in accented letters, lost in the file: the recorded
    names are kept."""
    names = ("surname", "forename")
    return [name for name in names if _lost(getattr(row, name), getattr(known, name))]


_UNREADABLE = "?¿\ufffd"  # what programs write for a letter that their encoding lacks


def _lost(given: str, recorded: str) -> bool:
    if given == recorded or _accents(given) >= _accents(recorded):
        return False
    pattern = "".join("." if letter in _UNREADABLE else re.escape(letter) for letter in _bare(given))
    return re.fullmatch(pattern, _bare(recorded)) is not None


def _accents(name: str) -> int:
    return sum(map(bool, map(unicodedata.combining, unicodedata.normalize("NFD", name))))


def _bare(name: str) -> str:
    """A name without accents, and without the circumflex that some programs write after a letter."""
    apart = unicodedata.normalize("NFD", normalise_name(name).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter) and letter not in "^ˆ")
