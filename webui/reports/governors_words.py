"""The words of the governors' report: what each share is of, its parts, and the inspectors' words for a quantity."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from projections.governors.quantity_words import QuantityWord

QUANTITY_WORDS: dict[QuantityWord, Any] = {
    "nearly_all": _l("nearly all"),
    "most": _l("most"),
    "many": _l("many"),
    "a_majority": _l("a majority"),
    "half": _l("half"),
    "around_half": _l("around half"),
    "a_minority": _l("a minority"),
    "few": _l("few"),
    "very_few": _l("very few"),
    "none": _l("none"),
}
SHARE_WORDS: dict[str, Any] = {
    "plans": _l("Pupils on the roll, by plan"),
    "levels": _l("Pupils on the roll, by the highest level of their support"),
    "reviews": _l("Pupils on the register, by whether their next review is still in time"),
    "profiles": _l("Pupils on the register, by whether they have a one-page profile"),
    "outcomes": _l("Support that was reviewed, by its last review"),
    "decisions": _l("Decisions whether a pupil has additional learning needs, against the school’s limit"),
    "seen": _l("Waits for a service that ended, against the service’s limit"),
    "meanwhile": _l("Waits for a service that ended, by whether the pupil had support meanwhile"),
}
PART_WORDS: dict[str, Any] = {
    "school_plan": _l("A plan that the school maintains"),
    "authority_plan": _l("A plan that the authority maintains"),
    "no_plan": _l("On the register without a plan"),
    "not_on_register": _l("Not on the register"),
    "level_3": _l("Level 3: individual"),
    "level_2": _l("Level 2: targeted"),
    "level_1": _l("Level 1: the whole class"),
    "no_support": _l("No support recorded"),
    "with": _l("With a profile"),
    "without": _l("Without a profile"),
    "met": _l("Aim met"),
    "nearer": _l("Nearer to the aim"),
    "same": _l("No change"),
    "worse": _l("Worse"),
    "cannot_tell": _l("Cannot be told"),
    "in_time": _l("In time"),
    "late": _l("Late"),
    "supported": _l("Had support on at least one day"),
    "unsupported": _l("Had no support on any day"),
}
