"""Numbers of pupils and schools: their normal form, and what is wrong with one.

Nothing here prints a number: a result's `repr` leaves the value out, so that it cannot reach a log.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from stdnum.gb import nhs, upn

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # I, O and S are left out
_UPN_SHAPE = re.compile(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]")
_SCHOOL_SHAPE = re.compile(r"([0-9]{3})\s*[/\-\s]?\s*([0-9]{4})")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class CheckedIdentifier:
    """An identifier in its normal form, and the code of what is wrong with it (None: nothing)."""

    value: str = field(repr=False)
    problem: str | None

    @property
    def ok(self) -> bool:
        """Whether the identifier can be used."""
        return self.problem is None


def normalise_upn(text: str) -> str:
    """A unique pupil number in capitals, without any white space."""
    return "".join(text.translate(_INVISIBLE).split()).upper()


def check_upn(text: str) -> CheckedIdentifier:
    """Check a unique pupil number: 13 characters, check letter, LA (3), school (4), year (2), serial (3).

    A temporary number ends in a letter. Problems: `upn_missing`, `upn_length`, `upn_characters`,
    `upn_check_letter`. The check letter is python-stdnum's; its own `validate` is not used because it refuses
    every authority in Wales (its list of LA numbers is of England only). That an LA number exists is not
    checked: old authorities' numbers stay on pupils' records for good.
    """
    value = normalise_upn(text)
    if not value:
        return CheckedIdentifier(value, "upn_missing")
    if len(value) != 13:
        return CheckedIdentifier(value, "upn_length")
    if not _UPN_SHAPE.fullmatch(value):
        return CheckedIdentifier(value, "upn_characters")
    if upn.calc_check_digit(value[1:]) != value[0]:
        return CheckedIdentifier(value, "upn_check_letter")
    return CheckedIdentifier(value, None)


def is_temporary_upn(value: str) -> bool:
    """Whether a checked number is a temporary one, which a permanent one will replace."""
    return value[-1:].isalpha()


def check_school_number(text: str) -> CheckedIdentifier:
    """Check a school's number: LA (3 digits) and establishment (4), as `6702012` or `670/2012`.

    The normal form is the seven digits. Problems: `school_number_missing`, `school_number_format`.
    """
    value = text.translate(_INVISIBLE).strip()
    if not value:
        return CheckedIdentifier(value, "school_number_missing")
    found = _SCHOOL_SHAPE.fullmatch(value)
    if found is None:
        return CheckedIdentifier(value, "school_number_format")
    return CheckedIdentifier(found[1] + found[2], None)


def normalise_name(text: str) -> str:
    """A person's name composed (Unicode NFC, so that w + ^ is ŵ), trimmed, one space between words."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def check_nhs_number(text: str) -> CheckedIdentifier:
    """Check an NHS number: ten digits, the last a check digit (modulo 11, NHS Data Dictionary). Blanks and dashes in it
    are left out. Problems: `nhs_number_digits`, `nhs_number_check_digit`."""
    value = "".join(text.translate(_INVISIBLE).split()).replace("-", "")
    if not re.fullmatch(r"[0-9]{10}", value):
        return CheckedIdentifier(value, "nhs_number_digits")
    if nhs.checksum(value) != 0:
        return CheckedIdentifier(value, "nhs_number_check_digit")
    return CheckedIdentifier(value, None)
