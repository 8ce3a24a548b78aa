"""The names of classes and registration groups, and for how long a pupil's class holds. Pure functions."""

from __future__ import annotations

import unicodedata
from datetime import date

from coordination.errors import Refusal
from coordination.pupil.ages import school_year

LONGEST_CLASS = 60
"""Letters of the name of a class at most."""


def class_name(typed: str, field: str) -> str:
    """The name of a class in its normal form: NFC, single spaces. Raises Refusal `cannot_be_empty`,
    `class_name_too_long`."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name:
        raise Refusal("cannot_be_empty", field)
    if len(name) > LONGEST_CLASS or not name.isprintable():
        raise Refusal("class_name_too_long", field, most=LONGEST_CLASS)
    return name


def last_day_of_class(recorded_on: date) -> date:
    """The last day on which a class recorded on a day holds: 31 August of that school year. After it the class has to
    be recorded anew, so that no teacher goes on seeing the pupils of the year before."""
    return date(school_year(recorded_on) + 1, 8, 31)
