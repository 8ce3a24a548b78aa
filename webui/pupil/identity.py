"""A pupil's opened identity for a page, and the search for pupils by name or number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.identifiers import normalise_upn
from coordination.pupil.ages import year_group
from coordination.sensitivity import Opened

# The minimum number of characters of a number; else a two-letter word would match half the school by check letter.
_NUMBER = 4
# Letters that no decomposition folds, and what people type for them.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_APART = re.compile(r"[\W_]+")
_WITHIN_A_NAME = str.maketrans(dict.fromkeys("'’‘ʼ`´", ""))


MORE_NAMES = ("preferred_surname", "preferred_forename", "middle_names", "former_surname")


class PupilIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil's identity, opened for one page. `erased`: the key is gone and no name can be shown; `hidden`: there is a
    name, and it is not for this user."""

    pupil: UUID
    surname: str = ""
    forename: str = ""
    preferred_surname: str = ""
    preferred_forename: str = ""
    middle_names: str = ""
    former_surname: str = ""
    upn: str = ""
    born: date | None = None
    sex: str | None = None
    language: str | None = None
    erased: bool = False
    hidden: bool = False

    @property
    def nameless(self) -> str:
        """What stands in place of a name that cannot be shown."""
        return _("Name not shown to you") if self.hidden else _("Name erased")

    @property
    def name(self) -> str:
        """The name in speech, as the pupil prefers it: Siân Gŵyn-Llŷr."""
        return f"{self._forename} {self._surname}".strip() or self.nameless

    @property
    def legal_name(self) -> str:
        """The whole legal name, for letters and official forms: Siân Mair Gŵyn-Llŷr."""
        parts = (self.forename, self.middle_names, self.surname)
        return " ".join(part for part in parts if part) or self.nameless

    @property
    def listed(self) -> str:
        """The name in a list, as the pupil prefers it: Gŵyn-Llŷr, Siân."""
        return ", ".join(part for part in (self._surname, self._forename) if part) or self.nameless

    @property
    def known_as(self) -> str:
        """The name to use in a sentence about the pupil."""
        return self._forename or self.name

    @property
    def all_names(self) -> str:
        """Every name by which the pupil may be looked for."""
        names = (self.forename, self.preferred_forename, self.middle_names)
        return " ".join((*names, self.surname, self.preferred_surname, self.former_surname))

    @property
    def _forename(self) -> str:
        return self.preferred_forename or self.forename

    @property
    def _surname(self) -> str:
        return self.preferred_surname or self.surname

    def __repr__(self) -> str:
        return f"PupilIdentity({self.pupil})"


def open_identity(pupil: UUID, identity: Opened) -> PupilIdentity:
    """The pupil for an opened identity; `hidden` for none ({})."""
    if not isinstance(identity, Mapping):
        return PupilIdentity(pupil=pupil, erased=True)
    if not identity:  # there is no place from which it was opened
        return PupilIdentity(pupil=pupil, hidden=True)
    born = identity.get("date_of_birth")
    return PupilIdentity(
        pupil=pupil,
        surname=str(identity.get("surname") or ""),
        forename=str(identity.get("forename") or ""),
        preferred_surname=str(identity.get("preferred_surname") or ""),
        preferred_forename=str(identity.get("preferred_forename") or ""),
        middle_names=str(identity.get("middle_names") or ""),
        former_surname=str(identity.get("former_surname") or ""),
        upn=str(identity.get("upn") or ""),
        born=date.fromisoformat(born) if born else None,
        sex=identity.get("sex"),
        language=identity.get("language"),
    )


def age(born: date, on: date) -> int:
    """Completed years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def fold_text(text: str) -> str:
    """Text without accents, capitals and apostrophes, for comparison with typed text. Words are separated by one
    space."""
    plain = text
    # decomposed before and after lower-casing: a capital can be hidden in a composed letter
    for _again in range(2):
        plain = unicodedata.normalize("NFKD", plain).casefold()
    plain = unicodedata.normalize("NFKD", plain.translate(_WITHIN_A_NAME).translate(_PLAIN))
    return _APART.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def by_name(found: PupilIdentity) -> tuple[str, str, str]:
    """The sort key for lists of pupils; those without a name come last."""
    surname = fold_text(found.preferred_surname or found.surname)
    return (surname or "\uffff", fold_text(found.preferred_forename or found.forename), found.upn)


class PupilSearch:
    """The text typed to find a pupil: beginnings of names in any order, or part of the number."""

    def __init__(self, typed: str) -> None:
        self.words = tuple(fold_text(typed).split())
        number = normalise_upn(typed)
        self.number = number if len(number) >= _NUMBER and number.isascii() and number.isalnum() else ""

    def __bool__(self) -> bool:
        return bool(self.words)

    def finds(self, somebody: PupilIdentity) -> bool:
        """Whether each word is the beginning of a different name, or the number contains the typed text."""
        if self.number and self.number in somebody.upn:
            return True
        names = fold_text(somebody.all_names).split()
        return bool(self.words) and _each_begins_one(self.words, names)

    def among(self, children: Iterable[PupilIdentity]) -> list[PupilIdentity]:
        """The pupils found, in the order given."""
        return [one for one in children if self.finds(one)]


def _each_begins_one(words: tuple[str, ...], names: list[str]) -> bool:
    """Whether each word is the beginning of a different name: "an an" does not match a single Ann."""
    if not words:
        return True
    return any(
        name.startswith(words[0]) and _each_begins_one(words[1:], names[:i] + names[i + 1 :])
        for i, name in enumerate(names)
    )


def year_of(recorded: int | None, born: date | None, on: date) -> int | None:
    """The year group on a day: the recorded one as it has gone on since, else the one that follows from the date of
    birth."""
    if recorded is not None or born is None:
        return recorded
    return year_group(born, on)


def year_words(year: int | None) -> str:
    """Year 8, Reception, Nursery; empty if unknown."""
    match year:
        case None:
            return ""
        case 0:
            return _("Reception")
        case -1:
            return _("Nursery")
        case -2:
            return _("Nursery, first year")
        case _:
            return _("Year %(year)s", year=year)


def text_of(opened: Opened, field: str) -> Any:
    """A field of the opened identity; None if it is missing or erased."""
    return opened.get(field) if isinstance(opened, Mapping) else None
