"""Whether two descriptions are of the same child: the same, doubtful, or different.

Pure. Names are compared as people write them: without capitals, accents, apostrophes, hyphens and spaces; a letter that
a program could not write (`?`) fits any letter; a preferred name or a former surname counts as the name; a child with
one name may have it in either field. The order of the two descriptions makes no difference.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import product
from typing import Literal, NamedTuple

import msgspec

Verdict = Literal["same", "doubtful", "different"]
MatchDoubt = Literal["birth_date_changed", "names_changed", "number_of_another", "another_number"]
"""Why a match is doubtful. `birth_date_changed`: number and a name agree, the date of birth does not.
`names_changed`: number and date of birth agree, no name does. `number_of_another`: only the number agrees.
`another_number`: names and date of birth agree, the number does not (a temporary one made permanent, one retyped)."""

# Letters that no decomposition folds, and what people type for them.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_UNREADABLE = "?¿\ufffd"  # what programs write for a letter that their encoding lacks
_ANY = "\u0298"  # a letter of no name, kept by the folding, for one that could not be read
_MARKS = str.maketrans(dict.fromkeys(_UNREADABLE, _ANY) | dict.fromkeys("^ˆ'’‘ʼʻʽʹ`´′", None))
_APART = re.compile(r"[\W_]+")


class IdentityDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Who a child is, as recorded or as a file or form says. One of `surname` and `forename` may be empty (a child with
    one name). `former_upns` are earlier numbers of the child."""

    upn: str
    surname: str
    forename: str
    date_of_birth: date
    preferred_surname: str | None = None
    preferred_forename: str | None = None
    former_surname: str | None = None
    former_upns: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "IdentityDetails()"

    @property
    def numbers(self) -> frozenset[str]:
        """The child's number and earlier ones."""
        return frozenset({self.upn, *self.former_upns} - {""})

    @property
    def surnames(self) -> frozenset[str]:
        """The surname, the preferred and the former one, folded."""
        return _folded(self.surname, self.preferred_surname, self.former_surname)

    @property
    def forenames(self) -> frozenset[str]:
        """The forename and the preferred one, folded."""
        return _folded(self.forename, self.preferred_forename)


class IdentityMatch(NamedTuple):
    """The verdict, and of a doubtful one why."""

    verdict: Verdict
    doubt: MatchDoubt | None = None


def compare(one: IdentityDetails, other: IdentityDetails) -> IdentityMatch:
    """Whether two descriptions are of the same child. The same needs the number (or a former one), surname or forename,
    and date of birth to agree."""
    number = bool(one.numbers & other.numbers)
    born = one.date_of_birth == other.date_of_birth
    if number and born:
        return (
            IdentityMatch("same") if share_a_name(one, other) else IdentityMatch("doubtful", "names_changed")
        )
    if number:
        shared = share_a_name(one, other)
        return IdentityMatch("doubtful", "birth_date_changed" if shared else "number_of_another")
    if born and have_the_same_names(one, other):
        return IdentityMatch("doubtful", "another_number")
    return IdentityMatch("different")


def share_a_name(one: IdentityDetails, other: IdentityDetails) -> bool:
    """Whether surname or forename agree; the only name of a child may be either name of the other."""
    if _any_agree(one.surnames, other.surnames) or _any_agree(one.forenames, other.forenames):
        return True
    only = [d for d in (one, other) if not d.surnames or not d.forenames]
    return bool(only) and _any_agree(one.surnames | one.forenames, other.surnames | other.forenames)


def have_the_same_names(one: IdentityDetails, other: IdentityDetails) -> bool:
    """Whether surname and forename agree, in either order; of one name, that both have no other."""
    straight = _all_agree(one.surnames, other.surnames) and _all_agree(one.forenames, other.forenames)
    crossed = _all_agree(one.surnames, other.forenames) and _all_agree(one.forenames, other.surnames)
    return straight or crossed


def likenesses(details: IdentityDetails) -> frozenset[str]:
    """The texts under which a child with these names and this date of birth is found, whatever the number. Two
    descriptions with the same names and date of birth share one, unless a letter could not be read."""
    pairs = product(details.surnames or {""}, details.forenames or {""})
    born = details.date_of_birth.isoformat()
    return frozenset("\x00".join((*sorted(pair), born)) for pair in pairs)


def fold_name(name: str) -> str:
    """A name without capitals, accents, apostrophes, hyphens and spaces, for comparison only."""
    plain = _read_again(name).translate(_MARKS)
    # decomposed before and after lower-casing: a capital can be hidden in a composed letter
    for _again in range(2):
        plain = unicodedata.normalize("NFKD", plain).casefold()
    # and the signs once more: a letter can be composed of them
    plain = unicodedata.normalize("NFKD", plain.translate(_PLAIN)).translate(_MARKS)
    return _APART.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


def names_agree(one: str, other: str) -> bool:
    """Whether two names are the same but for spelling signs; a letter that could not be read fits any letter."""
    return _agree(fold_name(one), fold_name(other))


def _read_again(name: str) -> str:
    """A name whose UTF-8 was read as Windows-1252 (`SiÃ¢n`), read as it was written; any other as it is."""
    try:
        return name.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return name


def _folded(*names: str | None) -> frozenset[str]:
    return frozenset(filter(None, (fold_name(name) for name in names if name)))


def _agree(one: str, other: str) -> bool:
    if one == other:
        return True
    if _ANY not in one + other or len(one) != len(other):
        return False
    return all(a == b or _ANY in (a, b) for a, b in zip(one, other, strict=True))


def _any_agree(some: frozenset[str], others: frozenset[str]) -> bool:
    return any(_agree(one, other) for one in some for other in others)


def _all_agree(some: frozenset[str], others: frozenset[str]) -> bool:
    return _any_agree(some, others) or (not some and not others)
